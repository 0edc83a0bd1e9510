"""FastMCP's client against conformance-server; see `run` in checks.py for its arguments."""
import contextlib
import warnings

import httpx2
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport
from fastmcp.exceptions import ToolError
from mcp import MCPDeprecationWarning

import common_checks
import legacy_checks
import mcp_types as types
import sdk2
import stateless_checks
import task_extension_checks
from checks import Answers, Suite, accept, holds, run, same
from task_extension import TasksExtension

own = Suite()


class Peer(sdk2.Peer):
    @contextlib.asynccontextmanager
    async def connect(self):
        def client(**options):
            options.setdefault("timeout", httpx2.Timeout(30, read=300))
            client = httpx2.AsyncClient(**options)
            client.event_hooks["response"].append(self.hear)
            return client

        options = dict(self.options)
        if options.pop("tasks", False):
            self.tasks = TasksExtension(self)
            options["extensions"] = [self.tasks]
        if options.pop("transport") == "sse":
            transport = SSETransport(self.url)
            self.listens.set()
        else:
            transport = StreamableHttpTransport(self.url, httpx_client_factory=client)
        handlers = {
            "sampling_handler": self.asked_for_sampling if self.answers.sampling else None,
            "elicitation_handler": self.asked_for_elicitation if self.answers.elicitation else None,
            "roots": self.asked_for_roots if self.answers.roots else None,
        }
        async with Client(transport, log_handler=self.log, message_handler=self.message, **handlers, **options) as self.client:
            self.session = self.client.session
            yield

    # Its handlers get what they are asked in another form than the SDK's.

    async def asked_for_sampling(self, messages, params, context):
        return self._result(await self.sampling(context, params))

    async def asked_for_elicitation(self, message, response_type, params, context):
        return self._result(await self.elicitation(context, params))

    async def asked_for_roots(self, context):
        return self._result(await self.roots(context)).roots

    def _result(self, result):
        # What a handler raises becomes an answer with the error's text.
        if isinstance(result, types.ErrorData):
            raise RuntimeError(result.message)
        return result

    async def ping(self):
        holds(await self.client.ping(), "no pong")
        return {}

    async def set_level(self, level):
        await self.client.set_logging_level(level)
        return {}

    async def tools(self):
        return (await self.sent(self.client.list_tools_mcp()))["tools"]

    async def call(self, name, arguments=None, steps=None, meta=None):
        return await self.sent(
            self.client.call_tool_mcp(name, arguments or {}, progress_handler=self.collecting(steps), meta=meta))

    async def resources(self):
        return (await self.sent(self.client.list_resources_mcp()))["resources"]

    async def templates(self):
        return (await self.sent(self.client.list_resource_templates_mcp()))["resourceTemplates"]

    async def read(self, uri):
        return await self.sent(self.client.read_resource_mcp(uri))

    async def prompts(self):
        return (await self.sent(self.client.list_prompts_mcp()))["prompts"]

    async def prompt(self, name, arguments=None):
        return await self.sent(self.client.get_prompt_mcp(name, arguments))

    async def complete(self, reference, argument, value):
        answer = await self.sent(self.client.complete_mcp(self.reference(reference), {"name": argument, "value": value}))
        return answer["completion"]


def over(transport, mode):
    return lambda url, answers, **options: Peer.opened(url, answers, **{"transport": transport, "mode": mode, **options})


@own.check("its own calls give what the tools give", lambda: Answers(elicitation=accept(name="Ada")))
async def calls(peer):
    same((await peer.client.call_tool("greet", {"name": "Ada"})).content[0].text, "Hello, Ada!")
    same((await peer.client.call_tool("test_input_required_result_elicitation")).content[0].text, "Hello, Ada!")
    try:
        await peer.client.call_tool("test_error_handling")
    except ToolError as error:
        same(str(error), "This tool intentionally returns an error for testing")
    else:
        raise AssertionError("a tool that fails raised nothing")
    tools = [tool.name for tool in await peer.client.list_tools()]
    holds(len(tools) == len(set(tools)) > 30, tools)
    contents, = await peer.client.read_resource("test://static-text")
    same(contents.text, "This is the content of the static text resource.")
    prompt = await peer.client.get_prompt("test_prompt_with_arguments", {"arg1": "a", "arg2": "b"})
    same(prompt.messages[0].content.text, "Prompt with arguments: arg1='a', arg2='b'")


if __name__ == "__main__":
    # Whatever 2026-07-28 has not is deprecated.
    warnings.simplefilter("ignore", MCPDeprecationWarning)
    legacy = [common_checks.suite, legacy_checks.suite, legacy_checks.concurrent, own]
    stateless = [common_checks.suite, stateless_checks.suite, task_extension_checks.suite, own]
    run({
        "http": ([*legacy, legacy_checks.resumption], over("http", "legacy")),
        "sse": (legacy, over("sse", "auto")),
        "stateless": (stateless, over("http", "auto")),
    })
