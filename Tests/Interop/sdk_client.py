"""The official Python SDK (1.x or 2.x, whichever this interpreter has) as a client.

Argument: {"checks": [{"transport": "stdio" | "sse" | "http", "url": ..., "command": [...], "environment": {...}}],
           "tool": NAME, "arguments": {...}}
Prints one JSON array with, per check, what the client saw: {"sdk", "server", "revision", "tools", "isError", "structured"} or
{"error"}.
"""
import asyncio
import contextlib
import importlib.metadata
import json
import sys
import traceback

SDK = importlib.metadata.version("mcp")
TIMEOUT = 30


@contextlib.asynccontextmanager
async def session_1(check):
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.sse import sse_client
    from mcp.client.stdio import stdio_client
    from mcp.client.streamable_http import streamablehttp_client

    if check["transport"] == "stdio":
        transport = stdio_client(
            StdioServerParameters(command=check["command"][0], args=check["command"][1:], env=check["environment"])
        )
    else:
        transport = {"sse": sse_client, "http": streamablehttp_client}[check["transport"]](check["url"])
    async with transport as streams, ClientSession(streams[0], streams[1]) as session:
        greeting = await session.initialize()
        yield session, greeting.serverInfo.name, str(greeting.protocolVersion)


@contextlib.asynccontextmanager
async def session_2(check):
    from mcp.client import Client
    from mcp.client.sse import sse_client
    from mcp.client.stdio import StdioServerParameters

    if check["transport"] == "stdio":
        target = StdioServerParameters(command=check["command"][0], args=check["command"][1:], env=check["environment"])
    elif check["transport"] == "sse":
        target = sse_client(check["url"])
    else:
        target = check["url"]
    async with Client(target) as client:
        yield client, client.server_info.name if client.server_info else None, client.protocol_version


async def see(check, tool, arguments):
    session = session_1 if SDK.startswith("1.") else session_2
    async with session(check) as (client, server, revision):
        tools = sorted(tool.name for tool in (await client.list_tools()).tools)
        answer = await client.call_tool(tool, arguments)
        answer = answer.model_dump(by_alias=True, mode="json")
        return {
            "sdk": SDK,
            "server": server,
            "revision": revision,
            "tools": tools,
            "isError": bool(answer.get("isError")),
            "structured": answer.get("structuredContent"),
        }


def reason(error):
    """The leaves of a group of errors: the group's own text names none of them."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(reason(inner) for inner in error.exceptions)
    return "".join(traceback.format_exception_only(error)).strip()


async def main(order):
    seen = []
    for check in order["checks"]:
        try:
            async with asyncio.timeout(TIMEOUT):
                seen.append(await see(check, order["tool"], order["arguments"]))
        except BaseException as error:  # exception groups too: what went wrong is the answer
            seen.append({"error": reason(error)})
    print(json.dumps(seen))


asyncio.run(main(json.loads(sys.argv[1])))
