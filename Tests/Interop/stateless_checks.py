"""What a client of 2026-07-28, which has no handshake and no session, can do with conformance-server beyond what every client can."""
import asyncio

import mcp_types as types
from checks import Answers, Suite, accept, always, holds, model_says, refused, same, text
from common_checks import ROOTS, WATCHED
from mcp.client.subscriptions import PromptsListChanged, ResourceUpdated, ToolsListChanged, listen
from sdk2 import wire

suite = Suite()
# For the SDK's own client: FastMCP's asks for every log message, and does not look at a tool again whose schema it has not seen.
official = Suite()
TASKS = "io.modelcontextprotocol/tasks"
LOG_LEVEL = "io.modelcontextprotocol/logLevel"
SERVER_INFO = "io.modelcontextprotocol/serverInfo"
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"


@suite.check("discovery names the server and what it can do")
async def discovery(peer):
    same(peer.revision, "2026-07-28")
    same(peer.server["name"], "conformance-server")
    same(peer.session.discover_result.supported_versions, ["2026-07-28"])
    for name in ["tools", "prompts", "resources"]:
        same(peer.capabilities[name].get("listChanged"), True, name)
    same(peer.capabilities["resources"].get("subscribe"), True)
    holds("completions" in peer.capabilities and "logging" in peer.capabilities, peer.capabilities)
    same(peer.capabilities["extensions"].get(TASKS), {})
    holds("tasks" not in peer.capabilities, "core tasks belong to 2025-11-25")
    holds(peer.instructions, "no instructions")
    same(peer.session_id, None, "a session without one")


@suite.check("every result says what it is, and those that can be kept say for how long")
async def envelope(peer):
    for method, params in [
        ("server/discover", {}), ("tools/list", {}), ("prompts/list", {}), ("resources/list", {}), ("resources/templates/list", {}),
        ("resources/read", {"uri": "test://static-text"}),
    ]:
        result = await peer.request(method, params)
        same(result["resultType"], "complete", method)
        same(result["_meta"][SERVER_INFO]["name"], "conformance-server", method)
        holds(result["ttlMs"] >= 0 and result["cacheScope"] in ("public", "private"), f"{method}: {result!r}")
    for method, params in [
        ("tools/call", {"name": "test_simple_text"}), ("prompts/get", {"name": "test_simple_prompt"}),
        ("completion/complete", {
            "ref": {"type": "ref/prompt", "name": "test_prompt_with_arguments"}, "argument": {"name": "arg1", "value": "test"},
        }),
    ]:
        result = await peer.request(method, params)
        same((result["resultType"], "ttlMs" in result), ("complete", False), method)


@suite.check("the server asks for the client's roots", lambda: Answers(roots=always({"roots": ROOTS})))
async def roots(peer):
    same(text(await peer.call("test_input_required_result_list_roots")), "The client works in 2 roots: Project, Notes")


@suite.check("a round brings back what the one before it kept", lambda: Answers(elicitation=accept(ok=True)))
async def kept(peer):
    same(text(await peer.call("test_input_required_result_request_state")), "state-ok, confirmed")
    same(text(await peer.call("test_input_required_result_tampered_state")), "Confirmed.")


def form(**content):
    return types.ElicitResult(action="accept", content=content)


async def first_round(peer, name):
    result = await peer.session.call_tool(name, {}, allow_input_required=True)
    holds(isinstance(result, types.InputRequiredResult), f"no questions: {result!r}")
    return result


async def next_round(peer, name, **options):
    result = await peer.sent(peer.session.call_tool(name, {}, allow_input_required=True, **options))
    return result.get("inputRequests") or text(result)


@suite.check("each round is a call of its own, and the state changes with it", lambda: Answers(elicitation=accept()))
async def rounds(peer):
    name = "test_input_required_result_multi_round"
    first = await first_round(peer, name)
    same(list(first.input_requests), ["step1"])
    second = await peer.session.call_tool(
        name, {}, input_responses={"step1": form(name="Ada")}, request_state=first.request_state, allow_input_required=True)
    same(list(second.input_requests), ["step2"])
    holds(first.request_state and second.request_state and first.request_state != second.request_state, "the same state")
    answers = {"step2": form(color="blue")}
    same(await next_round(peer, name, input_responses=answers, request_state=second.request_state), "Ada likes blue.")
    # Nothing of it is kept by the server, so a round may be taken again.
    same(await next_round(peer, name, input_responses=answers, request_state=second.request_state), "Ada likes blue.")


@suite.check("a question that was not answered is asked again", lambda: Answers(elicitation=accept()))
async def asked_again(peer):
    name = "test_input_required_result_elicitation"
    state = (await first_round(peer, name)).request_state
    same(list(await next_round(peer, name, input_responses={"other": form(name="Ada")}, request_state=state)), ["user_name"])
    same(list(await next_round(peer, name, input_responses={"user_name": form(other=1)}, request_state=state)), ["user_name"])
    answers = {"user_name": form(name="Ada"), "other": form(x=1)}
    same(await next_round(peer, name, input_responses=answers, request_state=state), "Hello, Ada!")


@suite.check("a state that was changed on its way, or belongs to another call, is refused", lambda: Answers(elicitation=accept()))
async def tampered(peer):
    name = "test_input_required_result_tampered_state"
    state = (await first_round(peer, name)).request_state
    answers = {"confirm": form(ok=True)}
    same(await next_round(peer, name, input_responses=answers, request_state=state), "Confirmed.")
    for each in [state + "-TAMPERED", state[:-4] + state[:4], "nonsense"]:
        async with refused(-32602):
            await next_round(peer, name, input_responses=answers, request_state=each)
    async with refused(-32602):
        await next_round(peer, "test_input_required_result_request_state", input_responses=answers, request_state=state)


@suite.check("several questions come in one result", lambda: Answers(model_says(""), accept(), always({"roots": []})))
async def together(peer):
    result = await first_round(peer, "test_input_required_result_multiple_inputs")
    methods = {key: request.method for key, request in result.input_requests.items()}
    same(
        methods,
        {"user_name": "elicitation/create", "greeting": "sampling/createMessage", "client_roots": "roots/list"})
    holds(result.request_state, "no state")


@suite.check("a client is asked nothing but what it declares", lambda: Answers(sampling=model_says("Welcome")))
async def declared(peer):
    same(text(await peer.call("test_input_required_result_capabilities")), "Welcome")
    async with refused(-32021) as error:
        await peer.call("test_input_required_result_elicitation")
    same(list(error["data"]["requiredCapabilities"]), ["elicitation"])


@suite.check("a client that declares nothing hears what it would have to declare")
async def undeclared(peer):
    same(text(await peer.call("test_input_required_result_capabilities")), "The client can be asked nothing.")
    for name, arguments in [("test_missing_capability", {}), ("test_sampling", {"prompt": "Anything?"})]:
        async with refused(-32021) as error:
            await peer.call(name, arguments)
        same(error["data"], {"requiredCapabilities": {"sampling": {}}})
    async with refused(-32021) as error:
        await peer.prompt("test_input_required_result_prompt")


@suite.check("log messages come with the answer to a request that asks for them, and from its level on")
async def logging(peer):
    await peer.call("test_tool_with_logging", meta={LOG_LEVEL: "error"})
    same(text(await peer.call("test_tool_with_logging", meta={LOG_LEVEL: "debug"})), "Tool with logging executed.")
    expected = ["Tool execution started", "Tool processing data", "Tool execution completed"]
    heard = await peer.logs.find("log messages", lambda message: True, 3)
    same([(message["level"], message["data"]) for message in heard], [("info", message) for message in expected])
    await peer.call("test_logging_tool", meta={LOG_LEVEL: "info"})
    last = await peer.logs.find("the message of the other tool", lambda message: message.get("logger") == "test_logging_tool")
    same(last["data"], "The tool was called.")
    same(len(peer.logs.items), 4, "messages below the level")


@official.check("a request that asks for no log messages gets none")
async def silence(peer):
    await peer.call("test_tool_with_logging")
    await peer.call("test_logging_tool", meta={LOG_LEVEL: "info"})
    last = await peer.logs.find("the message of the other tool", lambda message: True)
    same((last["data"], len(peer.logs.items)), ("The tool was called.", 1))


async def next_event(subscription):
    return await asyncio.wait_for(anext(subscription), 10)


@suite.check("a subscription hears of each kind of change")
async def subscription(peer):
    async with listen(
        peer.session, tools_list_changed=True, prompts_list_changed=True, resources_list_changed=True, resource_subscriptions=[WATCHED]
    ) as changes:
        honored = changes.honored
        same((honored.tools_list_changed, honored.prompts_list_changed, honored.resources_list_changed), (True, True, True))
        same(honored.resource_subscriptions, [WATCHED])
        for tool, event in [
            ("test_trigger_tool_change", ToolsListChanged()), ("test_trigger_prompt_change", PromptsListChanged()),
            ("test_trigger_resource_change", ResourceUpdated(uri=WATCHED)),
        ]:
            await peer.call(tool)
            seen = await next_event(changes)
            while seen != event:
                # The list changes twice.
                same(seen, ToolsListChanged() if tool == "test_trigger_prompt_change" else PromptsListChanged())
                seen = await next_event(changes)
        for message in peer.heard.items:
            same(message["params"]["_meta"][SUBSCRIPTION], changes.subscription_id, message["method"])
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")


@suite.check("a subscription hears of nothing else, and several stand side by side")
async def filters(peer):
    async with (
        listen(peer.session, prompts_list_changed=True) as prompts, listen(peer.session, resource_subscriptions=[WATCHED]) as watched,
        listen(peer.session, resource_subscriptions=["test://static-text"]) as unchanged, listen(peer.session) as nothing,
    ):
        same(wire(prompts.honored), {"promptsListChanged": True})
        same(wire(nothing.honored), {})
        await peer.call("test_trigger_tool_change")
        await peer.call("test_trigger_resource_change")
        await peer.call("test_trigger_prompt_change")
        same(await next_event(prompts), PromptsListChanged())
        same(await next_event(watched), ResourceUpdated(uri=WATCHED))
        heard = {(message["params"]["_meta"][SUBSCRIPTION], message["method"]) for message in peer.heard.items}
        expected = {
            (prompts.subscription_id, "notifications/prompts/list_changed"), (watched.subscription_id, "notifications/resources/updated"),
        }
        holds(heard <= expected, f"{unchanged.subscription_id} or {nothing.subscription_id} heard something: {heard!r}")


@suite.check("clients of both eras share the server and hear of each other's changes")
async def both_eras(peer):
    async with peer.open(mode="legacy") as older, listen(peer.session, tools_list_changed=True) as changes:
        same((older.revision, peer.revision), ("2025-11-25", "2026-07-28"))
        await older.listens.wait()
        await peer.call("test_trigger_tool_change")
        await older.heard.method("notifications/tools/list_changed")
        same(await next_event(changes), ToolsListChanged())
        await older.subscribe(WATCHED)
        async with listen(peer.session, resource_subscriptions=[WATCHED]) as watched:
            await older.call("test_trigger_resource_change")
            same(await next_event(watched), ResourceUpdated(uri=WATCHED))
        await older.heard.method("notifications/resources/updated")


@suite.check("an argument travels in a header of its own, whatever it holds")
async def headers(peer):
    await peer.tools()
    for region in ["us-west1", "Zürich", " padded ", "=?base64?", "", "a\tb"]:
        same(text(await peer.call("test_x_mcp_header", {"region": region})), f"Region: {region}")
    same(text(await peer.call("test_x_mcp_header", {})), "Region: none")


@official.check("a client that leaves a header away, having seen no schema, is told so and looks again")
async def unseen_header(peer):
    async with refused(-32020):
        await peer.sent(peer.session.call_tool("test_x_mcp_header", {"region": "us-west1"}))
    same(text(await peer.call("test_x_mcp_header", {"region": "us-west1"})), "Region: us-west1")


@suite.check("names that are not ASCII travel in a header, too")
async def names(peer):
    await peer.tools()
    async with refused(-32602):
        await peer.call("größe")
    async with refused(-32602) as error:
        await peer.read("test://größe")
    holds(error["data"], "no data")


@suite.check("wrong requests are refused with the code that says why")
async def errors(peer):
    async with refused(-32602):
        await peer.call("no_such_tool")
    async with refused(-32602):
        await peer.prompt("no_such_prompt")
    async with refused(-32602):
        await peer.prompt("test_prompt_with_arguments", {"arg1": "only"})
    async with refused(-32602) as error:
        await peer.read("test://nonexistent")
    same(error["data"], {"uri": "test://nonexistent"})
    async with refused(-32602):
        await peer.request("tools/list", {"cursor": "no such cursor"})
    async with refused(-32602):
        await peer.request("subscriptions/listen", {})
    for method, params in [
        ("no/such/method", {}), ("ping", {}), ("logging/setLevel", {"level": "info"}), ("resources/subscribe", {"uri": WATCHED}),
        ("resources/unsubscribe", {"uri": WATCHED}), ("tasks/list", {}), ("tasks/result", {"taskId": "x"}),
    ]:
        async with refused(-32601):
            await peer.request(method, params)


@suite.check("a client that goes away from its call can call again")
async def cancellation(peer):
    calls = [peer.start("slow_compute", {"seconds": 60}) for _ in range(3)]
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")
