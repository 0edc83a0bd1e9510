"""The official Python SDK's own server with one tool, get_message_by_id, that returns a given structured answer.

Usage: sdk_server.py PORT FILE, where FILE holds the structuredContent that magenta gave.
"""
import json
import sys

from mcp.server import MCPServer

answer = json.load(open(sys.argv[2]))
server = MCPServer("memory")


@server.tool(structured_output=True)
def get_message_by_id(message_id: str) -> dict[str, object]:
    return answer


server.run("streamable-http", port=int(sys.argv[1]), stateless_http=True, json_response=True)
