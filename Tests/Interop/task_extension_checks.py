"""The extension io.modelcontextprotocol/tasks, which belongs to 2026-07-28; `peer.tasks` is the client's half of it, written here."""
import asyncio

import mcp_types as types
from checks import Answers, Suite, accept, failure, holds, refused, same, text
from common_checks import numbered
from task_extension import TasksExtension

suite = Suite()
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"


def acknowledged(result):
    """An acknowledgement says nothing about the task."""
    same({key: value for key, value in result.items() if key != "_meta"}, {"resultType": "complete"})


@suite.check("a call that becomes a task gives what its tool gives", lambda: Answers(elicitation=accept(confirm=True)), tasks=True)
async def resolved(peer):
    holds(text(await peer.call("slow_compute", {"seconds": 0.3, "label": "task"})).startswith("Computed task in 0.3"), "another")
    same(failure(await peer.call("failing_job")), "The job failed, as it always does.")
    same(text(await peer.call("confirm_delete", {"filename": "notes.txt"})), "Deleted notes.txt.")
    async with refused(-32603):
        await peer.call("protocol_error_job")


@suite.check("a task is created, found at once, and ends with its result", tasks=True)
async def lifecycle(peer):
    task = await peer.tasks.create("slow_compute", {"seconds": 0.3, "label": "task"})
    same((task["resultType"], task["status"]), ("task", "working"))
    holds(task["ttlMs"] is None or task["ttlMs"] > 0, task)
    holds(task["createdAt"].endswith("Z") and task["lastUpdatedAt"].endswith("Z"), task)
    holds(not {"result", "error", "inputRequests", "requestState", "task", "ttl", "pollInterval"} & task.keys(), task)
    seen = await peer.tasks.get(task)
    same((seen["resultType"], seen["taskId"], seen["status"]), ("complete", task["taskId"], "working"))
    done = await peer.tasks.until(task, "completed")
    holds(text(done["result"]).startswith("Computed task in 0.3"), done)
    holds("error" not in done and "inputRequests" not in done, done)


@suite.check("a tool that fails completes its task, and an error of the protocol fails it", tasks=True)
async def failed(peer):
    job = await peer.tasks.create("failing_job")
    broken = await peer.tasks.create("protocol_error_job")
    same(failure((await peer.tasks.until(job, "completed", "failed"))["result"]), "The job failed, as it always does.")
    same((await peer.tasks.get(job))["status"], "completed")
    seen = await peer.tasks.until(broken, "completed", "failed")
    same((seen["status"], seen["error"]["code"], "result" in seen), ("failed", -32603, False))


@suite.check("a task is cancelled, as often as anybody likes", tasks=True)
async def cancelled(peer):
    task = await peer.tasks.create("slow_compute", {"seconds": 60})
    acknowledged(await peer.tasks.cancel(task))
    seen = await peer.tasks.until(task, "cancelled")
    holds("result" not in seen, seen)
    acknowledged(await peer.tasks.cancel(task))
    same((await peer.tasks.get(task))["status"], "cancelled")


@suite.check("a task asks two questions, which are answered one after the other", lambda: Answers(elicitation=numbered), tasks=True)
async def partial(peer):
    task = await peer.tasks.create("multi_input")
    seen = await peer.tasks.until(task, "input_required")
    same([request["method"] for request in seen["inputRequests"].values()], ["elicitation/create"] * 2)
    first, second = seen["inputRequests"]
    acknowledged(await peer.tasks.update(task, {first: {"action": "accept", "content": {"name": "Ada"}}, "other": {"action": "cancel"}}))
    seen = await peer.tasks.get(task)
    same((seen["status"], list(seen["inputRequests"])), ("input_required", [second]))
    acknowledged(await peer.tasks.update(task, {second: {"action": "accept", "content": {"name": "Grace"}}}))
    same(text((await peer.tasks.until(task, "completed"))["result"]), "Got Ada and Grace.")
    same(text(await peer.call("multi_input")), "Got Ada and Grace.")


@suite.check("a question that comes before the task is a round of its call", lambda: Answers(elicitation=accept(name="Ada")), tasks=True)
async def prepared(peer):
    same(text(await peer.call("test_tool_with_task")), "Hello, Ada, from a task!")
    asked = await peer.tasks.create("test_tool_with_task")
    same((asked["resultType"], list(asked["inputRequests"])), ("input_required", ["user_name"]))
    answer = types.ElicitResult(action="accept", content={"name": "Grace"})
    task = await peer.tasks.create(
        "test_tool_with_task", input_responses={"user_name": answer}, request_state=asked.get("requestState"))
    same(task["resultType"], "task")
    same(text((await peer.tasks.until(task, "completed"))["result"]), "Hello, Grace, from a task!")


@suite.check("an unknown task is refused", tasks=True)
async def unknown(peer):
    task = {"taskId": "no-such-task"}
    for request in [peer.tasks.get(task), peer.tasks.update(task, {}), peer.tasks.cancel(task)]:
        async with refused(-32602):
            await request


@suite.check("a client without the extension gets answers and no tasks")
async def without(peer):
    same(text(await peer.call("slow_compute", {"seconds": 0.1, "label": "call"})), "Computed call in 0.1 seconds.")
    async with refused(-32021) as error:
        await peer.call("failing_job")
    same(error["data"], {"requiredCapabilities": {"extensions": {"io.modelcontextprotocol/tasks": {}}}})
    async with refused(-32021):
        await TasksExtension(peer).get({"taskId": "no-such-task"})


@suite.check("a subscription hears what becomes of a task", tasks=True)
async def notifications(peer):
    task = await peer.tasks.create("slow_compute", {"seconds": 0.5, "label": "task"})
    # The SDK's own subscriptions have no tasks.
    filter = {"notifications": {"taskIds": [task["taskId"]]}}
    listening = asyncio.ensure_future(peer.request("subscriptions/listen", filter))
    try:
        granted = await peer.heard.method("notifications/subscriptions/acknowledged")
        same(granted["params"]["notifications"], filter["notifications"])
        heard = await peer.heard.find("the task's end", lambda message: message["params"].get("status") == "completed")
        same((heard["method"], heard["params"]["taskId"]), ("notifications/tasks", task["taskId"]))
        holds(text(heard["params"]["result"]).startswith("Computed task in 0.5"), heard)
        same(heard["params"]["_meta"][SUBSCRIPTION], granted["params"]["_meta"][SUBSCRIPTION])
    finally:
        listening.cancel()
