"""The official Python SDK, 2.x, as a client of conformance-server; see `run` in checks.py for its arguments."""
import contextlib
import warnings

import httpx2

import common_checks
import legacy_checks
import sdk2
import stateless_checks
import task_extension_checks
from checks import run
from mcp import MCPDeprecationWarning
from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from task_extension import TasksExtension


class Peer(sdk2.Peer):
    @contextlib.asynccontextmanager
    async def connect(self):
        options = dict(self.options)
        ends_session = options.pop("ends_session", True)
        if options.pop("tasks", False):
            self.tasks = TasksExtension(self)
            options["extensions"] = [self.tasks]
        async with contextlib.AsyncExitStack() as stack:
            if options.pop("transport") == "sse":
                streams = sse_client(self.url)
                self.listens.set()
            else:
                client = httpx2.AsyncClient(timeout=httpx2.Timeout(30, read=300))
                client.event_hooks["response"].append(self.hear)
                await stack.enter_async_context(client)
                streams = streamable_http_client(self.url, http_client=client, terminate_on_close=ends_session)
            self.client = await stack.enter_async_context(Client(streams, **self.callbacks(), **options))
            self.session = self.client.session
            yield

    async def tools(self):
        return (await self.sent(self.client.list_tools()))["tools"]

    async def call(self, name, arguments=None, steps=None, **options):
        return await self.sent(self.client.call_tool(name, arguments, progress_callback=self.collecting(steps), **options))

    async def resources(self):
        return (await self.sent(self.client.list_resources()))["resources"]

    async def templates(self):
        return (await self.sent(self.client.list_resource_templates()))["resourceTemplates"]

    async def read(self, uri):
        return await self.sent(self.client.read_resource(uri))

    async def prompts(self):
        return (await self.sent(self.client.list_prompts()))["prompts"]

    async def prompt(self, name, arguments=None):
        return await self.sent(self.client.get_prompt(name, arguments))

    async def complete(self, reference, argument, value):
        answer = await self.sent(self.client.complete(self.reference(reference), {"name": argument, "value": value}))
        return answer["completion"]


def over(transport, mode):
    return lambda url, answers, **options: Peer.opened(url, answers, **{"transport": transport, "mode": mode, **options})


if __name__ == "__main__":
    # Whatever 2026-07-28 has not is deprecated.
    warnings.simplefilter("ignore", MCPDeprecationWarning)
    legacy = [common_checks.suite, legacy_checks.suite, legacy_checks.concurrent]
    stateless = [common_checks.suite, stateless_checks.suite, stateless_checks.official, task_extension_checks.suite]
    run({
        "http": ([*legacy, legacy_checks.resumption, legacy_checks.elsewhere], over("http", "legacy")),
        # Where the transport is older than the newest revision, asking for that revision first must do no harm.
        "sse": (legacy, over("sse", "auto")),
        "stateless": (stateless, over("http", "auto")),
    })
