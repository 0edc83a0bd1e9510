"""The official Python SDK's own server with the tools that a benchmark calls, without sessions: the fastest that it can.

Usage: sdk_server.py PORT [FILE], where FILE holds the structuredContent that get_message_by_id gives.
"""
import json
import sys

from mcp.server import MCPServer

answer = json.load(open(sys.argv[2])) if len(sys.argv) > 2 else {}
server = MCPServer("benchmark", log_level="ERROR")


@server.tool(structured_output=True)
def get_message_by_id(message_id: str) -> dict[str, object]:
    return answer


@server.tool(structured_output=False)
def test_simple_text() -> str:
    return "This is a simple text response for testing."


server.run("streamable-http", port=int(sys.argv[1]), stateless_http=True, json_response=True)
