"""Calls of a tool that does nothing, in each era, beside the official Python SDK's server with the same tool."""
import contextlib
import http.client
import json
import statistics
import sys

from measuring import JSON_HEADERS, call_body, call_headers, free_port, load, post, python, root, row, running

TOOL = "test_simple_text"
TEXT = "This is a simple text response for testing."
ERAS = ["2025-06-18", "2025-11-25", "2026-07-28"]
CONNECTIONS = [1, 16]
ROUNDS = 3


def opened(port, era):
    """The headers and the body of a call; in a session where the era has them and the server opens one."""
    if era == "2026-07-28":
        return call_headers(TOOL), call_body(TOOL, {})
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        _, answered = post(connection, JSON_HEADERS, json.dumps({
            "jsonrpc": "2.0", "id": 0, "method": "initialize",
            "params": {"protocolVersion": era, "capabilities": {}, "clientInfo": {"name": "benchmark", "version": "1"}},
        }).encode())
        headers = JSON_HEADERS | {"MCP-Protocol-Version": era}
        if session := answered.get("mcp-session-id"):
            headers["Mcp-Session-Id"] = session
        post(connection, headers, b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
    return headers, json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": TOOL, "arguments": {}}}).encode()


def check(port, headers, body):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        data, _ = post(connection, headers, body)
    if (content := json.loads(data)["result"]["content"][0].get("text")) != TEXT:
        sys.exit(f"port {port} answered {content}, so the two servers do not do the same")


def measure_protocol(server, seconds, scratch):
    if not python.exists():
        sys.exit("Benchmarks/run: no Python SDK to measure against. Fix: scripts/bootstrap --tests")
    ours, sdk = free_port(), free_port()
    with contextlib.ExitStack() as servers:
        servers.enter_context(running([server, "--listen", f"localhost:{ours}"], ours, scratch))
        # Without sessions and without event streams, which is the fastest that it can.
        servers.enter_context(running([python, root / "Benchmarks/sdk_server.py", str(sdk)], sdk, scratch))
        for era in ERAS:
            calls = {port: opened(port, era) for port in (ours, sdk)}
            for port in calls:
                check(port, *calls[port])
                load(port, *calls[port], 4, 1, scratch)
            for connections in CONNECTIONS:
                rates = {port: [] for port in calls}
                # In turns, so that a slow minute of the machine falls on both.
                for _ in range(ROUNDS):
                    for port in calls:
                        rates[port].append(load(port, *calls[port], connections, seconds, scratch))
                fast, slow = statistics.median(rates[ours]), statistics.median(rates[sdk])
                row(f"tools/call/s, {era}, {connections} connection{'s' * (connections > 1)}", f"{fast:,.0f}",
                    f"official Python SDK {slow:,.0f}", f"{fast / slow:.1f}", "20")
