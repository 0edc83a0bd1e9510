"""The extension io.modelcontextprotocol/tasks for the official Python SDK 2.x, which has what an extension is made of but not this one."""
import asyncio
from typing import Any, Literal

import pydantic

import mcp_types as types
from mcp import MCPError
from mcp.client.extension import ClientExtension, NotificationBinding, ResultClaim

QUESTIONS = {"elicitation/create": "elicitation", "sampling/createMessage": "sampling", "roots/list": "roots"}


class Anything(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")


class CreatedTask(types.Result):
    model_config = pydantic.ConfigDict(extra="allow")
    result_type: Literal["task"] = pydantic.Field(alias="resultType")


class TaskRequest(types.Request[dict[str, Any], str]):
    # The header Mcp-Name says which task is meant.
    name_param = "taskId"


class TasksExtension(ClientExtension):
    """Takes a task for an answer and waits for what it comes to, with questions answered on the way."""

    identifier = "io.modelcontextprotocol/tasks"

    def __init__(self, peer):
        self.peer = peer

    def claims(self):
        return (ResultClaim(result_type="task", model=CreatedTask, resolve=self.resolve),)

    def notifications(self):
        return (NotificationBinding(method="notifications/tasks", params_type=Anything, handler=self.hear),)

    async def hear(self, params):
        await self.peer.heard.put({"method": "notifications/tasks", "params": params.model_dump()})

    async def create(self, name, arguments=None, **options):
        """What a call is answered with before anybody waits for it."""
        call = self.peer.session.call_tool(name, arguments or {}, allow_claimed=True, allow_input_required=True, **options)
        return await self.peer.sent(call)

    async def get(self, task):
        return await self._request("tasks/get", task)

    async def update(self, task, responses):
        return await self._request("tasks/update", task, inputResponses=responses)

    async def cancel(self, task):
        return await self._request("tasks/cancel", task)

    async def _request(self, method, task, **params):
        request = TaskRequest(method=method, params={"taskId": task["taskId"], **params})
        return await self.peer.sent(self.peer.session.send_request(request, Anything))

    async def until(self, task, *statuses):
        """The task in one of the statuses, at its latest after the ten seconds that its tools may take."""
        async with asyncio.timeout(10):
            while (seen := await self.get(task))["status"] not in statuses:
                await asyncio.sleep(min(seen.get("pollIntervalMs", 100), 100) / 1000)
            return seen

    async def resolve(self, created, context):
        task = created.model_dump(by_alias=True, mode="json")
        while (seen := await self.until(task, "completed", "failed", "cancelled", "input_required"))["status"] == "input_required":
            responses = {}
            for key, request in seen["inputRequests"].items():
                responses[key] = await self.peer.answers.answer(QUESTIONS[request["method"]], request.get("params", {}))
            await self.update(task, responses)
        if seen["status"] == "completed":
            return types.CallToolResult.model_validate(seen["result"])
        error = seen.get("error") or {"code": 0, "message": seen["status"]}
        raise MCPError(error["code"], error["message"], error.get("data"))
