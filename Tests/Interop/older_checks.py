"""What changes for a client of an older revision, which the SDK speaks too but never asks for by itself."""
from checks import Answers, Suite, accept, always, failure, holds, model_says, refused, same, text
from common_checks import ROOTS, WATCHED

suite = Suite()
OLDER = ["2024-11-05", "2025-03-26", "2025-06-18"]


def check(name, answers=lambda: None, revisions=OLDER):
    def register(body):
        for revision in revisions:
            suite.check(f"{revision}: {name}", answers, revision=revision)(body)
        return body

    return register


@check("the revision that the client asks for is agreed on")
async def agreed(peer):
    same(peer.revision, peer.asked_revision)
    holds("tasks" not in peer.capabilities and "extensions" not in peer.capabilities, peer.capabilities)
    same("completions" in peer.capabilities, peer.revision > "2024-11-05", "the capability for completions")
    same(await peer.ping(), {})
    tools = await peer.tools()
    holds(all("execution" not in tool for tool in tools), "a tool says whether it can be a task")
    holds(peer.revision > "2024-11-05" or all("annotations" not in tool for tool in tools), "a tool has annotations")


@check("arguments that do not fit are refused")
async def arguments(peer):
    async with refused(-32602):
        await peer.call("greet", {})
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")
    same(failure(await peer.call("test_error_handling")), "This tool intentionally returns an error for testing")


@check("content that the revision lacks comes as text")
async def content(peer):
    block, = (await peer.call("test_audio_content"))["content"]
    same(block["type"], "audio" if peer.revision > "2024-11-05" else "text")
    same((await peer.call("test_image_content"))["content"][0]["type"], "image")
    same((await peer.call("test_embedded_resource"))["content"][0]["type"], "resource")


@check(
    "model and client are asked, and the user where the revision can",
    lambda: Answers(sampling=model_says("Paris"), elicitation=accept(name="Ada"), roots=always({"roots": ROOTS})))
async def questions(peer):
    same(text(await peer.call("test_sampling", {"prompt": "Which city?"})), "LLM response: Paris")
    same(text(await peer.call("test_input_required_result_list_roots")), "The client works in 2 roots: Project, Notes")
    # Below it, this client declares all the same that its user can be asked, so either is right.
    if peer.revision >= "2025-06-18":
        same(text(await peer.call("test_input_required_result_elicitation")), "Hello, Ada!")


@check("progress and log messages come")
async def messages(peer):
    steps = []
    await peer.call("test_tool_with_progress", {}, steps)
    message = (lambda text: text) if peer.revision > "2024-11-05" else (lambda text: None)
    same(steps, [(0, 100, message("Started")), (50, 100, message("Half done")), (100, 100, message("Done"))])
    same(await peer.set_level("info"), {})
    await peer.call("test_tool_with_logging")
    await peer.logs.find("log messages", lambda message: True, 3)


@check("changes are heard of")
async def changes(peer):
    await peer.listens.wait()
    await peer.subscribe(WATCHED)
    await peer.call("test_trigger_resource_change")
    await peer.heard.method("notifications/resources/updated")
    await peer.call("test_trigger_prompt_change")
    await peer.heard.method("notifications/prompts/list_changed")


@check("no client is sent away that could not come back", revisions=["2025-03-26", "2025-06-18"])
async def stays(peer):
    same(text(await peer.call("test_reconnection")), "The answer after the reconnection.")


@check("a resource that does not exist is not found")
async def not_found(peer):
    async with refused(-32002) as error:
        await peer.read("test://nonexistent")
    same(error["data"], {"uri": "test://nonexistent"})
