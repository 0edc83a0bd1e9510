// Node's own fetch as a client, with no MCP library: what a small script of a user's does.
//
// Argument: {"checks": [{"transport": "http" | "sse", "url": ...}], "tool": NAME, "arguments": {...}}
// Prints one JSON array with, per check, {"server", "revision", "tools", "isError", "structured"} or {"error"}.

const order = JSON.parse(process.argv[2]);
const timeout = 30_000;

const initialize = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "node-fetch", version: process.versions.node },
};

// The events of a body, as they arrive.
async function* events(body) {
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text = (text + part).replaceAll("\r\n", "\n");
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name) =>
        lines.filter((line) => line.startsWith(name + ":")).map((line) => line.slice(name.length + 1).replace(/^ /, "")).join("\n");
      if (field("data")) yield { type: field("event") || "message", data: field("data") };
    }
  }
}

function headers(more) {
  return { "content-type": "application/json", accept: "application/json, text/event-stream", ...more };
}

// Streamable HTTP: each answer comes in the body of its POST.
async function streamable(url, signal) {
  const session = {};
  return async function send(message) {
    const response = await fetch(url, { method: "POST", headers: headers(session), body: JSON.stringify(message), signal });
    if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
    const id = response.headers.get("mcp-session-id");
    if (id) session["mcp-session-id"] = id;
    session["mcp-protocol-version"] = "2025-11-25";
    if (message.id === undefined) return undefined;
    if (response.headers.get("content-type").startsWith("application/json")) return await response.json();
    for await (const event of events(response.body)) {
      const answer = JSON.parse(event.data);
      if (answer.id === message.id) return answer;
    }
    throw new Error(`the stream ended without an answer to ${message.method}`);
  };
}

// HTTP+SSE: answers come on the stream, whose first event names the place to post to.
async function serverSentEvents(url, signal) {
  const stream = await fetch(url, { headers: { accept: "text/event-stream" }, signal });
  if (!stream.ok) throw new Error(`GET ${url}: ${stream.status} ${await stream.text()}`);
  const source = events(stream.body);
  const first = (await source.next()).value;
  if (first?.type !== "endpoint") throw new Error(`first event is ${JSON.stringify(first)}, not endpoint`);
  const endpoint = new URL(first.data, url);
  return async function send(message) {
    const response = await fetch(endpoint, { method: "POST", headers: headers(), body: JSON.stringify(message), signal });
    if (!response.ok) throw new Error(`POST ${endpoint}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    while (message.id !== undefined) {
      const { value, done } = await source.next();
      if (done) throw new Error(`the stream ended without an answer to ${message.method}`);
      const answer = JSON.parse(value.data);
      if (answer.id === message.id) return answer;
    }
    return undefined;
  };
}

async function see(check) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(new Error(`no answer within ${timeout} ms`)), timeout);
  try {
    const send = await (check.transport === "http" ? streamable : serverSentEvents)(check.url, stop.signal);
    let id = 0;
    const request = async (method, params) => {
      const answer = await send({ jsonrpc: "2.0", id: id++, method, params });
      if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
      return answer.result;
    };
    const greeting = await request("initialize", initialize);
    await send({ jsonrpc: "2.0", method: "notifications/initialized" });
    const { tools } = await request("tools/list", {});
    const answer = await request("tools/call", { name: order.tool, arguments: order.arguments });
    return {
      server: greeting.serverInfo.name,
      revision: greeting.protocolVersion,
      tools: tools.map((tool) => tool.name).sort(),
      isError: answer.isError ?? false,
      structured: answer.structuredContent,
    };
  } finally {
    clearTimeout(alarm);
    stop.abort();
  }
}

const seen = [];
for (const check of order.checks) {
  try {
    seen.push(await see(check));
  } catch (error) {
    // `fetch failed` says nothing: the reason is in its cause.
    seen.push({ error: `${error}${error.cause ? `: ${error.cause}` : ""}` });
  }
}
process.stdout.write(JSON.stringify(seen) + "\n");
