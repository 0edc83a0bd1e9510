"""What a client of 2025-11-25, the last revision with a handshake, can do with conformance-server beyond what every client can."""
import asyncio

from checks import QUIET_SECONDS, Answers, Refused, Suite, accept, always, failure, holds, refused, same, text
from common_checks import ROOTS, WATCHED

suite = Suite()
resumption = Suite()
# For clients that answer questions while they do other things.
concurrent = Suite()
# For clients that can go away without ending their session.
elsewhere = Suite()


@suite.check("the handshake names the server and what it can do")
async def handshake(peer):
    same(peer.revision, "2025-11-25")
    same(peer.server["name"], "conformance-server")
    for name in ["tools", "prompts", "resources"]:
        same(peer.capabilities[name].get("listChanged"), True, name)
    same(peer.capabilities["resources"].get("subscribe"), True)
    for name in ["logging", "completions"]:
        holds(name in peer.capabilities, f"no capability {name}")
    holds("extensions" not in peer.capabilities, "extensions belong to 2026-07-28")
    holds(peer.instructions, "no instructions")
    same(await peer.ping(), {})


@suite.check("the server asks for the client's roots", lambda: Answers(roots=always({"roots": ROOTS})))
async def roots(peer):
    same(text(await peer.call("test_input_required_result_list_roots")), "The client works in 2 roots: Project, Notes")
    await peer.roots_changed()
    same(text(await peer.call("test_input_required_result_list_roots")), "The client works in 2 roots: Project, Notes")


@suite.check("a client that declares nothing is asked nothing")
async def undeclared(peer):
    same(text(await peer.call("test_input_required_result_capabilities")), "The client can be asked nothing.")
    for name, arguments in [("test_sampling", {"prompt": "Anything?"}), ("test_elicitation", {"message": "Who are you?"})]:
        failure(await peer.call(name, arguments))


@suite.check("log messages come from the level that the client sets")
async def logging(peer):
    same(await peer.set_level("debug"), {})
    same(text(await peer.call("test_tool_with_logging")), "Tool with logging executed.")
    expected = ["Tool execution started", "Tool processing data", "Tool execution completed"]
    heard = await peer.logs.find("log messages", lambda message: True, 3)
    same([(message["level"], message["data"]) for message in heard], [("info", message) for message in expected])
    await peer.set_level("error")
    await peer.call("test_tool_with_logging")
    await peer.set_level("info")
    await peer.call("test_logging_tool")
    last = await peer.logs.find("the message of the other tool", lambda message: message.get("logger") == "test_logging_tool")
    same(last["data"], "The tool was called.")
    same(len(peer.logs.items), 4, "messages below the level")


@suite.check("a resource that does not exist is not found")
async def not_found(peer):
    for uri in ["test://nonexistent", "test://template/a%20b/data"]:
        async with refused(-32002) as error:
            await peer.read(uri)
        same(error["data"], {"uri": uri})


@suite.check("whoever subscribed hears of a change, until unsubscribing")
async def subscription(peer):
    await peer.listens.wait()
    same(await peer.subscribe(WATCHED), {})
    await peer.call("test_trigger_resource_change")
    update = await peer.heard.method("notifications/resources/updated")
    same(update["params"]["uri"], WATCHED)
    count = len(peer.heard.items)
    same(await peer.unsubscribe(WATCHED), {})
    await peer.call("test_trigger_resource_change")
    # What comes later on the same stream shows that nothing came before it.
    await peer.call("test_trigger_tool_change")
    await peer.heard.method("notifications/tools/list_changed")
    holds("notifications/resources/updated" not in peer.heard.methods()[count:], peer.heard.items)


@suite.check("another client's change reaches only those who subscribed")
async def others(peer):
    async with peer.open() as changing, peer.open() as watching:
        for each in [peer, changing, watching]:
            await each.listens.wait()
        await watching.subscribe(WATCHED)
        await changing.call("test_trigger_resource_change")
        await watching.heard.method("notifications/resources/updated")
        await changing.call("test_trigger_tool_change")
        for each in [peer, changing, watching]:
            await each.heard.method("notifications/tools/list_changed")
        for each in [peer, changing]:
            holds("notifications/resources/updated" not in each.heard.methods(), each.heard.items)


@suite.check("changed lists are announced")
async def changed_lists(peer):
    await peer.listens.wait()
    await peer.call("test_trigger_tool_change")
    await peer.heard.method("notifications/tools/list_changed")
    await peer.call("test_trigger_prompt_change")
    await peer.heard.method("notifications/prompts/list_changed")


@suite.check("wrong calls are refused with the code that says why")
async def errors(peer):
    async with refused(-32602):
        await peer.call("no_such_tool")
    async with refused(-32602):
        await peer.prompt("no_such_prompt")
    async with refused(-32602):
        await peer.prompt("test_prompt_with_arguments", {"arg1": "only"})
    async with refused(-32601):
        await peer.request("no/such/method", {})
    async with refused(-32602):
        await peer.request("tools/list", {"cursor": "no such cursor"})
    async with refused(-32602):
        await peer.request("logging/setLevel", {"level": "loud"})
    async with refused(-32602):
        await peer.request("tools/call", {"name": "greet", "arguments": ["Ada"]})


class Late(Answers):
    """Gives up the call when the server asks, and answers then."""

    def __init__(self):
        super().__init__(elicitation=self.give_up)
        self.came = asyncio.Event()

    async def give_up(self, params):
        await self.peer.give_up()
        self.came.set()
        return {"action": "accept", "content": {"color": "late"}}


@suite.check("a call that the client gave up is not answered, and nothing else suffers", Late)
async def cancellation(peer):
    peer.answers.peer = peer
    call = peer.start("test_streaming_elicitation")
    await asyncio.wait_for(peer.answers.came.wait(), 10)
    await asyncio.wait([call], timeout=QUIET_SECONDS)
    holds(call.cancelled() or not call.done() or isinstance(call.exception(), Refused), "the call was answered")
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")
    call.cancel()


class Pondering(Answers):
    """Never answers, and notices when the question is taken back."""

    def __init__(self):
        super().__init__(elicitation=self.ponder)
        self.came = asyncio.Event()
        self.withdrawn = asyncio.Event()

    async def ponder(self, params):
        self.came.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.withdrawn.set()


@concurrent.check("a question is taken back when its call was given up", Pondering)
async def withdrawn(peer):
    peer.start("test_streaming_elicitation")
    await asyncio.wait_for(peer.answers.came.wait(), 10)
    await peer.give_up()
    await asyncio.wait_for(peer.answers.withdrawn.wait(), 10)
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")


@resumption.check("a call whose connection the server ends is answered when the client comes back")
async def reconnection(peer):
    same(text(await peer.call("test_reconnection")), "The answer after the reconnection.")


@resumption.check("the client hears under which id it can come back")
async def tokens(peer):
    tokens = []
    same(text(await peer.call_resumable("test_reconnection", tokens)), "The answer after the reconnection.")
    # One before anything was sent, and one with the answer; a client may hear the same one again with each event that has none.
    holds(len(set(tokens)) >= 2, tokens)


async def never(params):
    await asyncio.Event().wait()


@elsewhere.check("another connection of the session takes up a call where the first one left it")
async def resumed(peer):
    # The first connection goes away without an answer to the question; the second is told of it again.
    async with peer.open(Answers(elicitation=never), ends_session=False) as first:
        token, call = await first.start_resumable("test_streaming_elicitation")
        session = first.session_id
    await asyncio.wait([call], timeout=5)
    answers = Answers(elicitation=accept(color="green"))
    same(text(await peer.resume("test_streaming_elicitation", session, token, answers)), "Favorite color: green")
    same(len(answers.questions("elicitation")), 1)


@resumption.check("a session that the client ended is gone")
async def ended(peer):
    async with peer.open() as other:
        same(text(await other.call("test_simple_text")), "This is a simple text response for testing.")
        session = other.session_id
    holds(session, "no session id")
    same(await peer.status_of_ping(session), 404)
    same(await peer.status_of_ping(peer.session_id), 200)
