"""Which member of which object exists since which revision, for the legacy revisions; used by validate_messages.py.

Written from the specification's pages; a member that is not listed here does not exist.
"""
A, B, C, D = "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"

IMPLEMENTATION = {"name": A, "version": A, "title": C, "description": D, "websiteUrl": D, "icons": D}
ICON = {"src": D, "mimeType": D, "sizes": D, "theme": D}
TOOL = {
    "name": A, "description": A, "inputSchema": A, "annotations": B, "title": C, "outputSchema": C, "_meta": C, "icons": D, "execution": D,
}
TOOL_ANNOTATIONS = {"title": B, "readOnlyHint": B, "destructiveHint": B, "idempotentHint": B, "openWorldHint": B}
RESOURCE = {
    "uri": A, "name": A, "description": A, "mimeType": A, "annotations": A, "size": A, "title": C, "_meta": C, "icons": D,
}
TEMPLATE = {"uriTemplate": A, "name": A, "description": A, "mimeType": A, "annotations": A, "title": C, "_meta": C, "icons": D}
PROMPT = {"name": A, "description": A, "arguments": A, "title": C, "_meta": C, "icons": D}
ARGUMENT = {"name": A, "description": A, "required": A, "title": C}
ANNOTATIONS = {"audience": A, "priority": A, "lastModified": C}
CONTENTS = {"uri": A, "mimeType": A, "text": A, "blob": A, "_meta": C}
SHARED = {"type": A, "annotations": A, "_meta": C}
CONTENT = {
    "text": (A, {**SHARED, "text": A}),
    "image": (A, {**SHARED, "data": A, "mimeType": A}),
    "resource": (A, {**SHARED, "resource": A}),
    "audio": (B, {**SHARED, "data": B, "mimeType": B}),
    "resource_link": (C, {**SHARED, **RESOURCE}),
    "tool_use": (D, {"type": D, "id": D, "name": D, "input": D, "_meta": D}),
    "tool_result": (D, {"type": D, "toolUseId": D, "content": D, "structuredContent": D, "isError": D, "_meta": D}),
}
CAPABILITIES = {"experimental": A, "logging": A, "prompts": A, "resources": A, "tools": A, "completions": B, "tasks": D}
RESULTS = {
    "initialize": {"protocolVersion": A, "capabilities": A, "serverInfo": A, "instructions": A, "_meta": A},
    "tools/list": {"tools": A, "nextCursor": A, "_meta": A},
    "tools/call": {"content": A, "isError": A, "structuredContent": C, "_meta": A, "task": D},
    "tasks/result": {"content": D, "isError": D, "structuredContent": D, "_meta": D},
    "resources/list": {"resources": A, "nextCursor": A, "_meta": A},
    "resources/templates/list": {"resourceTemplates": A, "nextCursor": A, "_meta": A},
    "resources/read": {"contents": A, "_meta": A},
    "resources/subscribe": {"_meta": A},
    "resources/unsubscribe": {"_meta": A},
    "prompts/list": {"prompts": A, "nextCursor": A, "_meta": A},
    "prompts/get": {"description": A, "messages": A, "_meta": A},
    "completion/complete": {"completion": A, "_meta": A},
}
PARAMS = {
    "notifications/progress": {"progressToken": A, "progress": A, "total": A, "message": B, "_meta": A},
    "notifications/message": {"level": A, "logger": A, "data": A, "_meta": A},
    "notifications/resources/updated": {"uri": A, "_meta": A},
    "notifications/tools/list_changed": {"_meta": A},
    "notifications/prompts/list_changed": {"_meta": A},
    "notifications/resources/list_changed": {"_meta": A},
    "notifications/cancelled": {"requestId": A, "reason": A, "_meta": A},
    "sampling/createMessage": {
        "messages": A, "maxTokens": A, "modelPreferences": A, "systemPrompt": A, "includeContext": A, "temperature": A, "stopSequences": A,
        "metadata": A, "tools": D, "toolChoice": D, "_meta": A,
    },
    "elicitation/create": {"message": C, "requestedSchema": C, "mode": D, "url": D, "elicitationId": D, "_meta": A},
    "roots/list": {"_meta": A},
    "ping": {"_meta": A},
}
# Values that are the sender's own may hold null anywhere.
FREE = {
    "structuredContent", "inputSchema", "outputSchema", "requestedSchema", "data", "arguments", "input", "_meta", "experimental", "extensions",
}


def check_nulls(value, place, require):
    if isinstance(value, dict):
        for key, member in value.items():
            if key in FREE:
                require(member is not None, f"{place}.{key} is null; it must be absent")
            elif key not in ("ttl", "ttlMs"):
                require(member is not None, f"{place}.{key} is null; it must be absent")
                check_nulls(member, f"{place}.{key}", require)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            require(element is not None, f"{place}[{index}] is null")
            check_nulls(element, f"{place}[{index}]", require)


def members(value, known, revision, place, require):
    require(isinstance(value, dict), f"{place} is no object")
    for key in value:
        require(key in known, f"{place} has no member {key} in any legacy revision")
        require(known[key] <= revision, f"{place}.{key} exists since {known[key]}")
    for icon in value.get("icons", []):
        members(icon, ICON, revision, f"{place}.icons", require)
    if "annotations" in value and known is not TOOL:
        members(value["annotations"], ANNOTATIONS, revision, f"{place}.annotations", require)


def check_content(block, revision, place, require):
    require(isinstance(block, dict) and block.get("type") in CONTENT, f"{place} is of no known type")
    since, known = CONTENT[block["type"]]
    require(since <= revision, f"{place} of type {block['type']} exists since {since}")
    members(block, known, revision, place, require)
    if block["type"] == "resource":
        members(block["resource"], CONTENTS, revision, f"{place}.resource", require)


def check_result(result, method, revision, require):
    if method not in RESULTS:
        return
    members(result, RESULTS[method], revision, "result", require)
    for tool in result.get("tools", []):
        members(tool, TOOL, revision, f"the tool {tool.get('name')}", require)
        if "annotations" in tool:
            members(tool["annotations"], TOOL_ANNOTATIONS, revision, f"the annotations of {tool.get('name')}", require)
        for schema in ("inputSchema", "outputSchema"):
            require(schema not in tool or tool[schema].get("type") == "object", f"{schema} of {tool.get('name')} is no object's")
    for key, known in (("resources", RESOURCE), ("resourceTemplates", TEMPLATE), ("prompts", PROMPT), ("contents", CONTENTS)):
        for element in result.get(key, []):
            members(element, known, revision, key, require)
            for argument in element.get("arguments", []) if key == "prompts" else []:
                members(argument, ARGUMENT, revision, "arguments", require)
    for block in result.get("content", []):
        check_content(block, revision, "content", require)
    for message in result.get("messages", []):
        check_content(message.get("content"), revision, "messages.content", require)
    if "structuredContent" in result:
        require(isinstance(result["structuredContent"], dict), "structuredContent is an object in legacy revisions")
    if method == "initialize":
        members(result["serverInfo"], IMPLEMENTATION, revision, "serverInfo", require)
        members(result["capabilities"], CAPABILITIES, revision, "capabilities", require)
    if method == "completion/complete":
        require(len(result["completion"]["values"]) <= 100, "more than 100 values")


def check_sent(message, revision, require):
    method, params = message["method"], message.get("params", {})
    if method not in PARAMS:
        return
    members(params, PARAMS[method], revision, f"the parameters of {method}", require)
    if method == "notifications/progress":
        token = params["progressToken"]
        require(isinstance(token, str) or (isinstance(token, int) and not isinstance(token, bool)), "progressToken is neither string nor integer")
    if method == "sampling/createMessage":
        for sampled in params["messages"]:
            blocks = sampled["content"] if isinstance(sampled["content"], list) else [sampled["content"]]
            require(revision >= D or not isinstance(sampled["content"], list), "a list of content exists since 2025-11-25")
            for block in blocks:
                check_content(block, revision, "messages.content", require)
