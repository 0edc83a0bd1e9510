"""What the measurements share: servers that run while something is measured, load from wrk, and the rows of the table."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parent.parent
python = root / ".cache/python/mcp2/bin/python"
rows = []


def row(what, ours, reference, ratio, aim):
    rows.append({"what": what, "magenta": ours, "reference": reference, "ratio": ratio, "aim": aim})
    print(f"  {what}: {ours}; {reference}; {ratio}", file=sys.stderr)


def table():
    columns = ["what", "magenta", "reference", "ratio", "aim"]
    widths = [max(len(column), *(len(row[column]) for row in rows)) for column in columns]
    for cells in [columns, ["-" * width for width in widths]] + [[row[column] for column in columns] for row in rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |")


def build(package, product, configuration):
    command = ["swift", "build", "--package-path", package, "--configuration", configuration]
    subprocess.run(command + ["--product", product], check=True, stdout=sys.stderr)
    return pathlib.Path(subprocess.run(command + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()) / product


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, port, scratch):
    """Runs a server on `port` until the block ends; gives the process once it accepts connections."""
    log = open(scratch / "server.log", "ab")
    process = subprocess.Popen(command, env={"HOME": str(scratch), "PATH": os.environ["PATH"]}, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command[0]} did not come up: {open(scratch / 'server.log').read()[-2000:]}")
            time.sleep(0.001)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def load(port, headers, body, connections, seconds, scratch):
    """Requests per second of wrk, which posts one message again and again over connections that stay open."""
    (scratch / "call.json").write_bytes(body)
    (scratch / "call.headers").write_text("".join(f"{name}: {value}\n" for name, value in headers.items()))
    environment = dict(os.environ, CALL_BODY=str(scratch / "call.json"), CALL_HEADERS=str(scratch / "call.headers"))
    answer = subprocess.run(
        ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", root / "Benchmarks/post.lua", f"http://127.0.0.1:{port}/mcp"],
        env=environment, capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout.split("RESULT ")[1])
    if result["errors"] or result["not200"]:
        sys.exit(f"wrk on port {port}: {result}")
    return result["requests"] / result["seconds"]


# MCP, revision 2026-07-28

JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def call_body(tool, arguments):
    return json.dumps({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": arguments, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "benchmark", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }},
    }).encode()


def call_headers(tool):
    return JSON_HEADERS | {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool}


def post(connection, headers, body):
    """The JSON of the answer, and the answer's headers."""
    connection.request("POST", "/mcp", body, headers)
    response = connection.getresponse()
    data = response.read()
    if response.status not in (200, 202):
        sys.exit(f"{body[:200]}: {response.status} {data[:500]}")
    if response.getheader("content-type", "").startswith("text/event-stream"):
        data = [line for line in data.splitlines() if line.startswith(b"data:")][-1][5:]
    return data, response.headers
