"""A stand-in for the model's API on loopback, with which the real Claude Code runs without an account.

    model_api.py SCRIPT LOG COMMAND...

Runs COMMAND with ANTHROPIC_BASE_URL naming the stand-in, and ends with its exit code. SCRIPT holds a JSON array of steps, one an answer:
{"tool": NAME, "input": {...}} or {"text": TEXT}; with "wait": FILE an answer is held until that file is there. Which step is next is
read off the request: the results that it carries. LOG gets one JSON object a line for each result that came back: {"step", "isError",
"text"}. Where MODEL_API_REQUESTS names a file, it gets every request for a message, one a line.
"""
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "toolu_step_"
HOLD = 60  # seconds that a step waits for its file


def results(request):
    """The results of the script's tool uses that a request carries, by their steps."""
    found = {}
    for message in request.get("messages", []):
        content = message.get("content")
        for block in content if isinstance(content, list) else []:
            match = re.fullmatch(PREFIX + r"(\d+)", block.get("tool_use_id", "")) if block.get("type") == "tool_result" else None
            if match:
                parts = block.get("content") or ""
                text = parts if isinstance(parts, str) else "\n".join(part.get("text", "") for part in parts)
                found[int(match[1])] = {"step": int(match[1]), "isError": bool(block.get("is_error")), "text": text}
    return found


def block_for(step, index):
    if "tool" in step:
        return {"type": "tool_use", "id": f"{PREFIX}{index}", "name": step["tool"], "input": step["input"]}
    return {"type": "text", "text": step["text"]}


def events(message, block):
    """The stream of an answer that has one block."""
    empty, delta = dict(block), {"type": "text_delta", "text": block.get("text")}
    if block["type"] == "tool_use":
        empty["input"], delta = {}, {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    else:
        empty["text"] = ""
    start = {**message, "content": [], "stop_reason": None}
    yield {"type": "message_start", "message": start}
    yield {"type": "content_block_start", "index": 0, "content_block": empty}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": message["stop_reason"], "stop_sequence": None}, "usage": message["usage"]}
    yield {"type": "message_stop"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(404, "application/json", b'{"type":"error","error":{"type":"not_found_error","message":"no such path"}}')

    do_HEAD = do_GET

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        path = self.path.split("?")[0]
        if path == "/v1/messages/count_tokens":
            return self.answer(200, "application/json", b'{"input_tokens":1}')
        if path != "/v1/messages":
            return self.do_GET()
        self.server.keep(request)
        step, index = {"text": "ok"}, 0
        # What asks for no tools is beside the conversation, such as a title for it.
        if request.get("tools"):
            found = results(request)
            index = max(found, default=-1) + 1
            self.server.write_down(found)
            step = self.server.steps[index] if index < len(self.server.steps) else step
            deadline = time.monotonic() + HOLD
            while "wait" in step and not os.path.exists(step["wait"]) and time.monotonic() < deadline:
                time.sleep(0.02)
        block = block_for(step, index)
        message = {
            "id": f"msg_step_{index}", "type": "message", "role": "assistant", "model": request.get("model", "stand-in"),
            "content": [block], "stop_reason": "tool_use" if "tool" in step else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }
        if not request.get("stream"):
            return self.answer(200, "application/json", json.dumps(message).encode())
        stream = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events(message, block))
        self.answer(200, "text/event-stream", stream.encode())

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class ModelAPI(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script, log):
        try:
            super().__init__(("127.0.0.1", 0), Handler)
        except OSError:  # a host that has IPv6 alone
            self.address_family = socket.AF_INET6
            super().__init__(("::1", 0), Handler)
        self.host = "127.0.0.1" if self.address_family == socket.AF_INET else "[::1]"
        with open(script) as file:
            self.steps = json.load(file)
        self.log, self.written, self.writing = log, set(), threading.Lock()
        self.requests = os.environ.pop("MODEL_API_REQUESTS", None)

    def keep(self, request):
        if self.requests:
            with self.writing, open(self.requests, "a") as file:
                file.write(json.dumps(request) + "\n")

    def write_down(self, found):
        with self.writing, open(self.log, "a") as file:
            for step in sorted(found.keys() - self.written):
                file.write(json.dumps(found[step]) + "\n")
                self.written.add(step)


def main():
    server = ModelAPI(sys.argv[1], sys.argv[2])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(os.environ)
    environment["ANTHROPIC_BASE_URL"] = f"http://{server.host}:{server.server_address[1]}"
    environment["ANTHROPIC_API_KEY"] = "stand-in-and-no-key"
    sys.exit(subprocess.run(sys.argv[3:], env=environment, stdin=subprocess.DEVNULL).returncode)


if __name__ == "__main__":
    main()
