#!/usr/bin/env python3
"""Holds recorded messages of a server against the schema of their revision.

    MAGENTA_RECORD=messages.jsonl scripts/test
    .cache/python/mcp2/bin/python Tests/Interop/validate_messages.py messages.jsonl

2025-11-25 and 2026-07-28 are checked with the models of the official package mcp_types; what a revision may say at all, and everything of
the older ones, with the table in message_fields.py. Prints each invalid message with the reason; exits 1 if there is one.
"""
import collections
import json
import sys

import mcp_types._v2025_11_25 as v2025
import mcp_types._v2026_07_28 as v2026
from mcp_types import methods
from pydantic import TypeAdapter, ValidationError

import message_fields

MODERN = "2026-07-28"
TASKS = {
    "tasks/get": v2025.GetTaskResult,
    "tasks/cancel": v2025.CancelTaskResult,
    "tasks/list": v2025.ListTasksResult,
    "tasks/result": v2025.CallToolResult,
}
TYPED_ERRORS = {
    (-32020, MODERN): v2026.HeaderMismatchError,
    (-32021, MODERN): v2026.MissingRequiredClientCapabilityError,
    (-32022, MODERN): v2026.UnsupportedProtocolVersionError,
    (-32042, "2025-11-25"): v2025.URLElicitationRequiredError,
}
TASK_STATUS = {"working", "input_required", "completed", "failed", "cancelled"}
adapters = {}


class Invalid(Exception):
    pass


def require(condition, reason):
    if not condition:
        raise Invalid(reason)


def conforms(kind, value):
    """The value as it stood on the wire fits the model, without any conversion."""
    if kind not in adapters:
        adapters[kind] = TypeAdapter(kind)
    try:
        adapters[kind].validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{getattr(kind, '__name__', kind)}: {place}: {first['msg']}") from None


def identifier(value):
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def envelope(message, kind, revision):
    require(message.get("jsonrpc") == "2.0", "jsonrpc is not 2.0")
    allowed = {
        "result": {"jsonrpc", "id", "result"},
        "error": {"jsonrpc", "id", "error"},
        "notification": {"jsonrpc", "method", "params"},
        "request": {"jsonrpc", "id", "method", "params"},
    }[kind]
    require(set(message) <= allowed, f"a {kind} has no member {sorted(set(message) - allowed)}")
    if "id" in message:
        require(identifier(message["id"]), f"the id {message['id']!r} is neither a string nor an integer")
    else:
        # From 2025-11-25 on an error may have no id, where none could be read; never null.
        require(kind == "notification" or (kind == "error" and revision >= "2025-11-25"), f"a {kind} of {revision} needs an id")
    if "params" in message:
        require(isinstance(message["params"], dict), "params is no object")


def check_error(message, revision):
    error = message["error"]
    require(isinstance(error, dict) and set(error) <= {"code", "message", "data"}, "error has other members than code, message, data")
    require(isinstance(error.get("code"), int) and not isinstance(error["code"], bool), "code is no integer")
    require(isinstance(error.get("message"), str), "message is no string")
    code = error["code"]
    if revision == MODERN:
        require(code not in (-32002, -32042), f"{MODERN} must not emit {code}")
    else:
        require(code not in (-32020, -32021, -32022), f"{code} is of {MODERN}")
    require(code != -32042 or revision == "2025-11-25", "-32042 is of 2025-11-25")
    conforms(TYPED_ERRORS.get((code, revision)) or (v2026 if revision == MODERN else v2025).JSONRPCErrorResponse, message)


def check_extension_task(result, method):
    """io.modelcontextprotocol/tasks (SEP-2663), for which the package has no models."""
    if method != "tools/call" and method in ("tasks/update", "tasks/cancel"):
        require(set(result) <= {"resultType", "_meta"}, f"an acknowledgement has no member {sorted(result)}")
        return
    require(isinstance(result.get("taskId"), str) and result["taskId"], "taskId is no string")
    require(result.get("status") in TASK_STATUS, "status is none of the five")
    for name in ("createdAt", "lastUpdatedAt"):
        require(isinstance(result.get(name), str), f"{name} is no string")
    require("ttlMs" in result and (result["ttlMs"] is None or (isinstance(result["ttlMs"], int) and result["ttlMs"] > 0)), "ttlMs is wrong")
    of_status = {"input_required": "inputRequests", "completed": "result", "failed": "error"}
    for status, name in of_status.items():
        if method != "tools/call" and result["status"] == status:
            require(isinstance(result.get(name), dict), f"a task that is {status} needs {name}")
        else:
            require(name not in result, f"{name} does not belong to a task that is {result['status']}")
    allowed = {"taskId", "status", "statusMessage", "createdAt", "lastUpdatedAt", "ttlMs", "pollIntervalMs", "resultType", "_meta"}
    allowed |= set(of_status.values()) | ({"content"} if method == "tools/call" else set())
    require(set(result) <= allowed, f"a task has no member {sorted(set(result) - allowed)}")


def check_result(message, revision, method):
    result = message["result"]
    require(isinstance(result, dict), "result is no object")
    if revision == MODERN:
        kind = result.get("resultType")
        require(isinstance(kind, str), "resultType is missing")
        if kind == "input_required":
            require(method in methods.INPUT_REQUIRED_METHODS, f"{method} must not ask")
            require("inputRequests" in result or "requestState" in result, "neither inputRequests nor requestState")
            require("ttlMs" not in result and "cacheScope" not in result, "cache hints on input_required")
            return conforms(v2026.InputRequiredResult, result)
        if kind == "task":
            require(method == "tools/call", f"{method} makes no task")
            conforms(v2026.CallToolResult, result)
            return check_extension_task(result, method)
        require(kind == "complete", f"the resultType {kind} is unknown")
        if method and method.startswith("tasks/"):
            return check_extension_task(result, method)
        if method == "subscriptions/listen":
            return conforms(v2026.SubscriptionsListenResult, result)
        if method in ("server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"):
            require(isinstance(result.get("ttlMs"), int) and result["ttlMs"] >= 0, "ttlMs is missing")
            require(result.get("cacheScope") in ("public", "private"), "cacheScope is missing")
        if method == "tools/call":
            return conforms(v2026.CallToolResult, result)
        if method == "prompts/get":
            return conforms(v2026.GetPromptResult, result)
        if method == "resources/read":
            return conforms(v2026.ReadResourceResult, result)
        return conforms(methods.SERVER_RESULTS[(method, revision)] if (method, revision) in methods.SERVER_RESULTS else v2026.Result, result)
    for name in ("resultType", "ttlMs", "cacheScope"):
        require(name not in result, f"{name} is of {MODERN}")
    if method is None:
        return conforms(v2025.Result, result)
    if method in ("ping", "logging/setLevel"):
        return require(result == {}, f"the result of {method} must be exactly {{}}")
    if revision == "2025-11-25":
        if method == "tools/call" and "task" in result:
            return conforms(v2025.CreateTaskResult, result)
        kind = TASKS.get(method) or methods.SERVER_RESULTS.get((method, revision))
        require(kind is not None, f"{method} has no result in {revision}")
        conforms(kind, result)
    else:
        require((method, revision) in methods.SERVER_RESULTS, f"{method} has no result in {revision}")
        conforms(methods.SERVER_RESULTS[(method, revision)], result)
    message_fields.check_result(result, method, revision, require)


def check_sent(message, revision, kind):
    """A request or a notification of the server."""
    method = message["method"]
    if revision == MODERN and method == "notifications/tasks":
        params = dict(message["params"])
        require("io.modelcontextprotocol/subscriptionId" in params.pop("_meta", {}), "no subscriptionId")
        return check_extension_task(params, "tasks/get")
    if revision == "2025-11-25" and method == "notifications/tasks/status":
        return conforms(v2025.TaskStatusNotification, message)
    known = methods.SERVER_REQUESTS if kind == "request" else methods.SERVER_NOTIFICATIONS
    require((method, revision) in known, f"{revision} has no {kind} {method} of a server")
    conforms(known[(method, revision)], message)
    if revision != MODERN:
        message_fields.check_sent(message, revision, require)


def check(line):
    message, kind, revision, method = line["message"], line["kind"], line["revision"], line["method"]
    require(isinstance(message, dict), "the message is no object")
    envelope(message, kind, revision)
    message_fields.check_nulls(message, "message", require)
    if kind == "error":
        check_error(message, revision)
    elif kind == "result":
        check_result(message, revision, method)
    else:
        check_sent(message, revision, kind)


def main(paths):
    validated, invalid, counts, seen = 0, 0, collections.Counter(), collections.Counter()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for text in file:
                line = json.loads(text)
                validated += 1
                counts[line["revision"]] += 1
                try:
                    check(line)
                except Invalid as error:
                    invalid += 1
                    reason = (line["revision"], line["kind"], line["method"], str(error))
                    seen[reason] += 1
                    if seen[reason] == 1:
                        print(f"{line['revision']} {line['kind']} to {line['method']}: {error}")
                        print(f"    {json.dumps(line['message'], ensure_ascii=False)[:600]}")
    for reason, count in seen.items():
        if count > 1:
            print(f"{count} times: {' '.join(map(str, reason))}")
    print("by revision:", ", ".join(f"{revision} {count}" for revision, count in sorted(counts.items())))
    print(f"{validated} messages validated, {invalid} invalid")
    return 1 if invalid or not validated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
