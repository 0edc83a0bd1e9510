"""The official Python SDK, 1.x, as a client of conformance-server; see `run` in checks.py for its arguments."""
import asyncio
import contextlib
import warnings

import httpx
from pydantic import BaseModel

import common_checks
import core_task_checks
import legacy_checks
import older_checks
from checks import Answers, Mailbox, Refused, ping_status, run
from mcp import ClientSession, McpError, types
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import ClientMessageMetadata


class RawRequest(BaseModel):
    method: str
    params: dict


def wire(model):
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


@contextlib.contextmanager
def own_errors():
    try:
        yield
    except McpError as error:
        raise Refused(error.error.code, error.error.message, error.error.data) from None


def error_data(refusal):
    return types.ErrorData(code=refusal.code, message=refusal.message)


class Peer:
    """One connection; what it gives back is JSON as it stands on the wire."""

    def __init__(self, url, transport, answers):
        self.url = url
        self.transport = transport
        self.answers = answers or Answers()
        self.heard = Mailbox()
        self.logs = Mailbox()
        self.listens = asyncio.Event()

    def open(self, answers=None, **options):
        return connect(self.url, answers, transport=self.transport, **options)

    @property
    def session_id(self):
        return self.get_session_id()

    # Questions of the server

    async def sampling(self, context, params):
        return await self._answered("sampling", params, types.CreateMessageResult)

    async def elicitation(self, context, params):
        return await self._answered("elicitation", params, types.ElicitResult)

    async def roots(self, context):
        return await self._answered("roots", None, types.ListRootsResult)

    async def _answered(self, kind, params, result_type):
        try:
            return result_type.model_validate(await self.answers.answer(kind, wire(params) if params else {}))
        except Refused as refusal:
            return error_data(refusal)

    async def message(self, message):
        if isinstance(message, types.ServerNotification):
            await self.heard.put(wire(message))

    async def log(self, params):
        await self.logs.put(wire(params))

    def session_of(self, streams):
        return ClientSession(
            streams[0], streams[1],
            sampling_callback=self.sampling if self.answers.sampling else None,
            elicitation_callback=self.elicitation if self.answers.elicitation else None,
            list_roots_callback=self.roots if self.answers.roots else None,
            logging_callback=self.log, message_handler=self.message)

    # Requests of the client

    async def ping(self):
        return await self._sent(self.session.send_ping())

    async def tools(self):
        return (await self._sent(self.session.list_tools()))["tools"]

    async def call(self, name, arguments=None, steps=None):
        async def step(progress, total, message):
            steps.append((progress, total, message))

        return await self._sent(self.session.call_tool(name, arguments, progress_callback=None if steps is None else step))

    async def resources(self):
        return (await self._sent(self.session.list_resources()))["resources"]

    async def templates(self):
        return (await self._sent(self.session.list_resource_templates()))["resourceTemplates"]

    async def read(self, uri):
        return await self._sent(self.session.read_resource(uri))

    async def subscribe(self, uri):
        return await self._sent(self.session.subscribe_resource(uri))

    async def unsubscribe(self, uri):
        return await self._sent(self.session.unsubscribe_resource(uri))

    async def prompts(self):
        return (await self._sent(self.session.list_prompts()))["prompts"]

    async def prompt(self, name, arguments=None):
        return await self._sent(self.session.get_prompt(name, arguments))

    async def complete(self, reference, argument, value):
        kind = types.PromptReference if reference["type"] == "ref/prompt" else types.ResourceTemplateReference
        answer = await self._sent(self.session.complete(kind.model_validate(reference), {"name": argument, "value": value}))
        return answer["completion"]

    async def set_level(self, level):
        return await self._sent(self.session.set_logging_level(level))

    async def roots_changed(self):
        await self.session.send_roots_list_changed()

    async def request(self, method, params):
        return await self._sent(self.session.send_request(RawRequest(method=method, params=params), types.Result))

    async def _sent(self, request):
        with own_errors():
            return wire(await request)

    # Giving up and coming back

    def start(self, name, arguments=None):
        self.started = self.session._request_id
        return asyncio.ensure_future(self.call(name, arguments))

    async def give_up(self):
        notification = types.CancelledNotification(params=types.CancelledNotificationParams(requestId=self.started))
        await self.session.send_notification(types.ClientNotification(notification))

    async def call_resumable(self, name, tokens, arguments=None, resume=None):
        async def on_token(token):
            tokens.append(token)

        request = types.CallToolRequest(params=types.CallToolRequestParams(name=name, arguments=arguments or {}))
        metadata = ClientMessageMetadata(resumption_token=resume, on_resumption_token_update=on_token)
        return await self._sent(
            self.session.send_request(types.ClientRequest(request), types.CallToolResult, metadata=metadata))

    async def start_resumable(self, name):
        tokens = Tokens()
        call = asyncio.ensure_future(self.call_resumable(name, tokens))
        return await tokens.first, call

    async def resume(self, name, session, token, answers):
        """Takes the call up on a connection of its own, which knows of the session nothing but its id."""
        peer = Peer(self.url, self.transport, answers)
        headers = {"Mcp-Session-Id": session, "MCP-Protocol-Version": self.revision}
        async with (
            httpx.AsyncClient(headers=headers, timeout=30) as client,
            streamable_http_client(self.url, http_client=client, terminate_on_close=False) as streams,
            peer.session_of(streams) as peer.session,
        ):
            return await peer.call_resumable(name, [], resume=token)

    async def hear(self, response):
        """A hook for the HTTP client: the SDK keeps to itself whether its stream is open."""
        if response.request.method == "GET" and response.status_code == 200:
            self.listens.set()

    async def status_of_ping(self, session):
        return await ping_status(self.url, session)


class Tokens:
    """Event ids as they come; the first one can be waited for."""

    def __init__(self):
        self.first = asyncio.get_running_loop().create_future()

    def append(self, token):
        if not self.first.done():
            self.first.set_result(token)


@contextlib.contextmanager
def asking_for(revision):
    """The SDK asks for the newest revision that it knows, and takes any that it knows for an answer."""
    newest, types.LATEST_PROTOCOL_VERSION = types.LATEST_PROTOCOL_VERSION, revision
    try:
        yield
    finally:
        types.LATEST_PROTOCOL_VERSION = newest


@contextlib.asynccontextmanager
async def connect(url, answers, transport, ends_session=True, revision=types.LATEST_PROTOCOL_VERSION):
    peer = Peer(url, transport, answers)
    async with contextlib.AsyncExitStack() as stack:
        if transport == "sse":
            streams = sse_client(url)
            peer.listens.set()
        else:
            client = httpx.AsyncClient(timeout=httpx.Timeout(30, read=300))
            client.event_hooks["response"].append(peer.hear)
            await stack.enter_async_context(client)
            streams = streamable_http_client(url, http_client=client, terminate_on_close=ends_session)
        streams = await stack.enter_async_context(streams)
        peer.get_session_id = streams[2] if transport == "http" else None
        peer.session = await stack.enter_async_context(peer.session_of(streams))
        with asking_for(revision):
            greeting = await peer.session.initialize()
        peer.asked_revision = revision
        peer.revision = str(greeting.protocolVersion)
        peer.server = wire(greeting.serverInfo)
        peer.capabilities = wire(greeting.capabilities)
        peer.instructions = greeting.instructions
        yield peer


def over(transport):
    return lambda url, answers, **options: connect(url, answers, transport=transport, **options)


if __name__ == "__main__":
    # The whole experimental part of this SDK is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    suites = [common_checks.suite, legacy_checks.suite, core_task_checks.suite, older_checks.suite]
    run({"http": ([*suites, legacy_checks.resumption, legacy_checks.elsewhere], over("http")), "sse": (suites, over("sse"))})
