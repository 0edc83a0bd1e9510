"""A connection of the official Python SDK, 2.x, and of what is built upon it: FastMCP gives its session, too."""
import asyncio
import contextlib

import httpx2
import pydantic

import mcp_types as types
from checks import Answers, Mailbox, Refused, ping_status
from mcp import MCPError
from mcp.client import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import ClientMessageMetadata

ANY_RESULT = pydantic.TypeAdapter(dict)


def wire(model):
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


@contextlib.contextmanager
def own_errors():
    try:
        yield
    except MCPError as error:
        raise Refused(error.error.code, error.error.message, error.error.data) from None


class Peer:
    """One connection; what it gives back is JSON as it stands on the wire. Subclasses say how it is opened, in `connect`."""

    def __init__(self, url, answers, **options):
        self.url = url
        self.answers = answers or Answers()
        self.options = options
        self.heard = Mailbox()
        self.logs = Mailbox()
        self.session_id = None
        self.listens = asyncio.Event()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, url, answers=None, **options):
        peer = cls(url, answers, **options)
        async with peer.connect():
            yield peer

    def open(self, answers=None, **options):
        return self.opened(self.url, answers, **{**self.options, **options})

    @property
    def revision(self):
        return self.session.protocol_version

    @property
    def server(self):
        return wire(self.session.server_info)

    @property
    def capabilities(self):
        return wire(self.session.server_capabilities)

    @property
    def instructions(self):
        return self.session.instructions

    # Questions of the server

    async def sampling(self, context, params):
        return await self._answered("sampling", wire(params), types.CreateMessageResult)

    async def elicitation(self, context, params):
        return await self._answered("elicitation", wire(params), types.ElicitResult)

    async def roots(self, context):
        return await self._answered("roots", {}, types.ListRootsResult)

    async def _answered(self, kind, params, result_type):
        try:
            return result_type.model_validate(await self.answers.answer(kind, params))
        except Refused as refusal:
            return types.ErrorData(code=refusal.code, message=refusal.message)

    async def message(self, message):
        if not isinstance(message, Exception):
            await self.heard.put(wire(message))

    async def log(self, params):
        await self.logs.put(wire(params))

    def callbacks(self):
        return {
            "sampling_callback": self.sampling if self.answers.sampling else None,
            "elicitation_callback": self.elicitation if self.answers.elicitation else None,
            "list_roots_callback": self.roots if self.answers.roots else None,
            "logging_callback": self.log,
            "message_handler": self.message,
        }

    # Requests of the client, by its session; a subclass with methods of its own uses those.

    async def sent(self, request):
        with own_errors():
            return wire(await request)

    async def ping(self):
        return await self.sent(self.session.send_ping())

    async def subscribe(self, uri):
        return await self.sent(self.session.subscribe_resource(uri))

    async def unsubscribe(self, uri):
        return await self.sent(self.session.unsubscribe_resource(uri))

    async def set_level(self, level):
        return await self.sent(self.session.set_logging_level(level))

    async def roots_changed(self):
        await self.session.send_roots_list_changed()

    async def request(self, method, params):
        with own_errors():
            return await self.session.send_request(types.Request[dict, str](method=method, params=params), ANY_RESULT)

    @staticmethod
    def reference(reference):
        kind = types.PromptReference if reference["type"] == "ref/prompt" else types.ResourceTemplateReference
        return kind.model_validate(reference)

    @staticmethod
    def collecting(steps):
        async def step(progress, total, message):
            steps.append((progress, total, message))

        return None if steps is None else step

    # Giving up and coming back

    def start(self, name, arguments=None):
        self.started = asyncio.ensure_future(self.call(name, arguments))
        return self.started

    async def give_up(self):
        # This SDK tells the server when whoever waits for a call is cancelled.
        self.started.cancel()
        await asyncio.wait([self.started])

    async def call_resumable(self, name, tokens, resume=None):
        async def on_token(token):
            tokens.append(token)

        request = types.CallToolRequest(params=types.CallToolRequestParams(name=name, arguments={}))
        metadata = ClientMessageMetadata(resumption_token=resume, on_resumption_token_update=on_token)
        return await self.sent(self.session.send_request(request, types.CallToolResult, metadata=metadata))

    async def start_resumable(self, name):
        tokens = Tokens()
        call = asyncio.ensure_future(self.call_resumable(name, tokens))
        return await tokens.first, call

    async def resume(self, name, session, token, answers):
        """Takes the call up on a connection of its own, which knows of the session nothing but its id."""
        peer = Peer(self.url, answers)
        headers = {"Mcp-Session-Id": session, "MCP-Protocol-Version": self.revision}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as client,
            streamable_http_client(self.url, http_client=client, terminate_on_close=False) as streams,
            ClientSession(*streams, **peer.callbacks()) as peer.session,
        ):
            return await peer.call_resumable(name, [], resume=token)

    async def status_of_ping(self, session):
        return await ping_status(self.url, session)

    async def hear(self, response):
        """A hook for the HTTP client: the SDK keeps the session's id, and whether its stream is open, to itself."""
        self.session_id = response.headers.get("mcp-session-id", self.session_id)
        if response.request.method == "GET" and response.status_code == 200:
            self.listens.set()


class Tokens:
    """Event ids as they come; the first one can be waited for."""

    def __init__(self):
        self.first = asyncio.get_running_loop().create_future()

    def append(self, token):
        if not self.first.done():
            self.first.set_result(token)
