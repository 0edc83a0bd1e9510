"""Tasks of 2025-11-25 (core, experimental), with the tasks client that the official Python SDK 1.x has and 2.x has not."""
from checks import Answers, Refused, Suite, accept, failure, holds, refused, same, text
from common_checks import numbered
from mcp import McpError, types

suite = Suite()
RELATED = "io.modelcontextprotocol/related-task"


class Tasks:
    """The SDK's experimental tasks client, with results as they stand on the wire."""

    def __init__(self, peer):
        self.client = peer.session.experimental

    async def _sent(self, request):
        try:
            return (await request).model_dump(by_alias=True, mode="json", exclude_none=True)
        except McpError as error:
            raise Refused(error.error.code, error.error.message, error.error.data) from None

    async def start(self, name, arguments=None, **options):
        return (await self._sent(self.client.call_tool_as_task(name, arguments or {}, **options)))["task"]

    async def get(self, task):
        return await self._sent(self.client.get_task(task["taskId"]))

    async def result(self, task):
        result = await self._sent(self.client.get_task_result(task["taskId"], types.CallToolResult))
        same(result["_meta"][RELATED], {"taskId": task["taskId"]})
        return result

    async def cancel(self, task):
        return await self._sent(self.client.cancel_task(task["taskId"]))

    async def list(self):
        return (await self._sent(self.client.list_tasks()))["tasks"]

    async def statuses(self, task):
        """Every status that polling shows, without repetitions, up to the last one."""
        seen = []
        async for status in self.client.poll_task(task["taskId"]):
            if not seen or seen[-1] != status.status:
                seen.append(status.status)
        return seen


@suite.check("core tasks are offered, and tools say whether they can be one")
async def offered(peer):
    offer = peer.capabilities["tasks"]
    holds("call" in offer["requests"]["tools"], offer)
    holds("cancel" in offer, offer)
    support = {tool["name"]: tool.get("execution", {}).get("taskSupport") for tool in await peer.tools()}
    same(support["slow_compute"], "optional")
    same(support["failing_job"], "required")
    holds(support["greet"] in (None, "forbidden"), support["greet"])


@suite.check("a call becomes a task, is polled and gives its result")
async def completed(peer):
    tasks = Tasks(peer)
    task = await tasks.start("slow_compute", {"seconds": 0.3, "label": "task"}, ttl=30000)
    same((task["status"], task["ttl"]), ("working", 30000))
    for field in ["createdAt", "lastUpdatedAt"]:
        holds(task[field].endswith("Z"), task)
    same((await tasks.get(task))["taskId"], task["taskId"])
    same(await tasks.statuses(task), ["working", "completed"])
    holds(text(await tasks.result(task)).startswith("Computed task in 0.3"), "another result")
    holds(text(await tasks.result(task)).startswith("Computed task in 0.3"), "the result is gone after it was fetched")


@suite.check("the result of a task can be waited for")
async def waited(peer):
    tasks = Tasks(peer)
    task = await tasks.start("slow_compute", {"seconds": 0.3, "label": "waited"})
    holds(text(await tasks.result(task)).startswith("Computed waited in 0.3"), "another result")
    same((await tasks.get(task))["status"], "completed")


@suite.check("a task that fails keeps the tool's result")
async def failed(peer):
    tasks = Tasks(peer)
    task = await tasks.start("failing_job")
    same(failure(await tasks.result(task)), "The job failed, as it always does.")
    same((await tasks.get(task))["status"], "failed")


@suite.check("a task that ends with an error of the protocol gives that error")
async def broken(peer):
    tasks = Tasks(peer)
    task = await tasks.start("protocol_error_job")
    async with refused(-32603):
        await tasks.result(task)
    same((await tasks.get(task))["status"], "failed")


@suite.check("a task is cancelled, once")
async def cancelled(peer):
    tasks = Tasks(peer)
    task = await tasks.start("slow_compute", {"seconds": 60})
    same((await tasks.cancel(task))["status"], "cancelled")
    same((await tasks.get(task))["status"], "cancelled")
    async with refused(-32602):
        await tasks.cancel(task)
    try:
        result = await tasks.result(task)
    except Refused:
        return
    raise AssertionError(f"a cancelled task gave {result!r}")


@suite.check("a task asks the user over the stream that waits for its result", lambda: Answers(elicitation=accept(confirm=True)))
async def asking(peer):
    tasks = Tasks(peer)
    task = await tasks.start("confirm_delete", {"filename": "notes.txt"})
    async for status in tasks.client.poll_task(task["taskId"]):
        if status.status == "input_required":
            break
    same(peer.answers.asked, [])
    same(text(await tasks.result(task)), "Deleted notes.txt.")
    question, = peer.answers.questions("elicitation")
    same(question["message"], "Delete notes.txt?")
    same(question["_meta"][RELATED], {"taskId": task["taskId"]})
    same((await tasks.get(task))["status"], "completed")


@suite.check("a task asks two questions at once", lambda: Answers(elicitation=numbered))
async def two_questions(peer):
    tasks = Tasks(peer)
    same(text(await tasks.result(await tasks.start("multi_input"))), "Got Ada and Grace.")


@suite.check("a question that comes before the task is asked in the call", lambda: Answers(elicitation=accept(name="Ada")))
async def prepared(peer):
    tasks = Tasks(peer)
    task = await tasks.start("test_tool_with_task")
    same(len(peer.answers.questions("elicitation")), 1)
    same(text(await tasks.result(task)), "Hello, Ada, from a task!")


@suite.check("a tool that must be a task is refused without one, and one that cannot be is refused as one")
async def support(peer):
    tasks = Tasks(peer)
    async with refused(-32601):
        await peer.call("failing_job")
    async with refused(-32601):
        await tasks.start("greet", {"name": "Ada"})
    same(text(await peer.call("slow_compute", {"seconds": 0, "label": "call"})).split(" in ")[0], "Computed call")


@suite.check("an unknown task is refused")
async def unknown(peer):
    tasks = Tasks(peer)
    for request in [tasks.get, tasks.result, tasks.cancel]:
        async with refused(-32602):
            await request({"taskId": "no-such-task"})


@suite.check("tasks are listed where that is offered, and an unknown method elsewhere")
async def listing(peer):
    tasks = Tasks(peer)
    task = await tasks.start("slow_compute", {"seconds": 0})
    if "list" in peer.capabilities["tasks"]:
        holds(task["taskId"] in [each["taskId"] for each in await tasks.list()], "the task is not listed")
    else:
        async with refused(-32601):
            await tasks.list()
