"""What a client of any revision since 2025-11-25 can do with conformance-server. How the server's questions reach the client differs by
revision, and none of this shows it."""
import asyncio
import json

from checks import Answers, Refused, Skipped, Suite, accept, always, failure, holds, model_says, refused, same, text

suite = Suite()
ROOTS = [{"uri": "file:///home/user/project", "name": "Project"}, {"uri": "file:///home/user/notes", "name": "Notes"}]
WATCHED = "test://watched-resource"


@suite.check("every tool is listed with what describes it")
async def tools(peer):
    listed = {tool["name"]: tool for tool in await peer.tools()}
    holds(list(listed)[0] == "test_simple_text", "the first tool is another")
    for name, tool in listed.items():
        holds(tool.get("description"), f"{name} has no description")
        same(tool["inputSchema"]["type"], "object", name)
    schema = listed["json_schema_2020_12_tool"]["inputSchema"]
    same(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
    same(schema["$defs"]["address"]["$anchor"], "addressDef")
    same(schema["properties"]["address"], {"$ref": "#/$defs/address"})
    same(schema["allOf"], [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}])
    same(schema["else"], {"required": ["email"]})
    same(schema["additionalProperties"], False)


@suite.check("a tool gives each kind of content")
async def content(peer):
    same(text(await peer.call("test_simple_text")), "This is a simple text response for testing.")
    image = (await peer.call("test_image_content"))["content"]
    same([(block["type"], block["mimeType"], block["data"][:5]) for block in image], [("image", "image/png", "iVBOR")])
    audio = (await peer.call("test_audio_content"))["content"]
    same([(block["type"], block["mimeType"], block["data"][:5]) for block in audio], [("audio", "audio/wav", "UklGR")])
    resource = (await peer.call("test_embedded_resource"))["content"][0]["resource"]
    same(
        resource,
        {"uri": "test://embedded-resource", "mimeType": "text/plain", "text": "This is an embedded resource content."})
    mixed = (await peer.call("test_multiple_content_types"))["content"]
    same([block["type"] for block in mixed], ["text", "image", "resource"])


@suite.check("a tool with a schema of many keywords takes what fits it and says what does not")
async def schemas(peer):
    fits = await peer.call("json_schema_2020_12_tool", {"contactMethod": "phone", "phone": "1", "address": {"city": "Here"}})
    holds(text(fits).startswith("Contact: "), fits)
    for arguments in [{"contactMethod": "phone", "email": "a@b"}, {"phone": "1", "other": 1}, {"contactMethod": "fax", "email": "a@b"}]:
        failure(await peer.call("json_schema_2020_12_tool", arguments))


@suite.check("structured content fits the schema that its tool lists, and comes as text, too")
async def structured(peer):
    tools = [tool for tool in await peer.tools() if "outputSchema" in tool and not tool["inputSchema"].get("required")]
    if not tools:
        raise Skipped("no tool that can be called without arguments has an output schema")
    for tool in tools:
        # The client has seen the schema and refuses what does not fit it.
        result = await peer.call(tool["name"])
        value = result["structuredContent"]
        if peer.revision < "2026-07-28":
            same((tool["outputSchema"]["type"], type(value)), ("object", dict), tool["name"])
        shown = json.loads(text(result))
        holds(shown == value or {"result": shown} == value, f"{tool['name']} shows {shown!r} and gives {value!r}")


@suite.check("the server asks the client's model", lambda: Answers(sampling=model_says("Paris")))
async def sampling(peer):
    same(text(await peer.call("test_sampling", {"prompt": "What is the capital of France?"})), "LLM response: Paris")
    question, = peer.answers.questions("sampling")
    same(question["maxTokens"], 100)
    same([message["role"] for message in question["messages"]], ["user"])
    same(question["messages"][0]["content"], {"type": "text", "text": "What is the capital of France?"})


async def refuse(params):
    raise Refused(-1, "The user said no")


@suite.check("a question that the client refuses fails its call and nothing else", lambda: Answers(sampling=refuse))
async def refusal(peer):
    # No revision says whether the call then fails as a tool or as a request.
    try:
        failure(await peer.call("test_sampling", {"prompt": "Anything?"}))
    except Refused as error:
        same(error.message, "The user said no")
    holds(text(await peer.call("test_simple_text")), "no text")


@suite.check(
    "the server asks the user, who fills in a form",
    lambda: Answers(elicitation=accept(username="testuser", email="test@example.com")))
async def elicitation(peer):
    answer = text(await peer.call("test_elicitation", {"message": "Who are you?"}))
    for part in ["User response: ", "action=accept", "testuser", "test@example.com"]:
        holds(part in answer, f"{part!r} is not in {answer!r}")
    question, = peer.answers.questions("elicitation")
    same(question["message"], "Who are you?")
    same(sorted(question["requestedSchema"]["properties"]), ["email", "username"])
    same(sorted(question["requestedSchema"]["required"]), ["email", "username"])


def without_content(action):
    @suite.check(f"a user may {action}", lambda: Answers(elicitation=always({"action": action})))
    async def declined(peer):
        same(text(await peer.call("test_elicitation", {"message": "Who are you?"})), f"User response: action={action}, content={{}}")


without_content("decline")
without_content("cancel")


@suite.check(
    "a form comes with defaults, typed as they are",
    lambda: Answers(elicitation=accept(name="Jane Smith", age=25, score=88, status="inactive", verified=False)))
async def defaults(peer):
    answer = text(await peer.call("test_elicitation_sep1034_defaults"))
    for part in ["action=accept", "Jane Smith", "25", "88", "inactive", "false"]:
        holds(part in answer, f"{part!r} is not in {answer!r}")
    fields = peer.answers.questions("elicitation")[0]["requestedSchema"]["properties"]
    same(
        {name: (field["type"], field["default"]) for name, field in fields.items()},
        {
            "name": ("string", "John Doe"), "age": ("integer", 30), "score": ("number", 95.5), "status": ("string", "active"),
            "verified": ("boolean", True),
        })
    same(fields["status"]["enum"], ["active", "inactive", "pending"])


@suite.check(
    "a form offers choices in each way to write them",
    lambda: Answers(elicitation=accept(
        untitledSingle="option1", titledSingle="value1", legacyEnum="opt1", untitledMulti=["option1", "option2"],
        titledMulti=["value1", "value2"])))
async def enums(peer):
    answer = text(await peer.call("test_elicitation_sep1330_enums"))
    for part in ["action=accept", "option2", "value2", "opt1"]:
        holds(part in answer, f"{part!r} is not in {answer!r}")
    fields = peer.answers.questions("elicitation")[0]["requestedSchema"]["properties"]
    titled = [{"const": f"value{number}", "title": f"{word} Option"} for number, word in enumerate(["First", "Second", "Third"], 1)]
    same(fields["untitledSingle"]["enum"], ["option1", "option2", "option3"])
    same(fields["titledSingle"]["oneOf"], titled)
    same(fields["legacyEnum"]["enumNames"], ["Option One", "Option Two", "Option Three"])
    same(fields["untitledMulti"]["items"]["enum"], ["option1", "option2", "option3"])
    same(fields["titledMulti"]["items"]["anyOf"], titled)


@suite.check(
    "a tool asks the user, the model and the client in one call",
    lambda: Answers(sampling=model_says("Welcome"), elicitation=accept(name="Ada"), roots=always({"roots": ROOTS})))
async def everybody(peer):
    same(text(await peer.call("test_input_required_result_multiple_inputs")), "Welcome, Ada! You work in 2 roots.")
    same(text(await peer.call("test_input_required_result_capabilities")), "Welcome, Ada, 2 roots")


async def numbered(params):
    return {"action": "accept", "content": {"name": "Ada" if "first" in params["message"] else "Grace"}}


async def name_and_color(params):
    color = "color" in params["requestedSchema"]["properties"]
    return {"action": "accept", "content": {"color": "blue"} if color else {"name": "Ada"}}


@suite.check("a tool asks twice, and reports progress before it asks", lambda: Answers(elicitation=name_and_color))
async def twice(peer):
    same(text(await peer.call("test_input_required_result_multi_round")), "Ada likes blue.")
    steps = []
    same(text(await peer.call("test_streaming_elicitation", {}, steps)), "Favorite color: blue")
    # Where questions are results, the tool runs again with the answer.
    same([step[0] for step in steps][:2], [0, 1])


@suite.check("a prompt asks like a tool", lambda: Answers(elicitation=accept(context="a harbour")))
async def asking_prompt(peer):
    message, = (await peer.prompt("test_input_required_result_prompt"))["messages"]
    same(message["content"]["text"], "Please answer in this context: a harbour")


@suite.check("progress comes before the answer, with the token of its call")
async def progress(peer):
    steps, others = [], []
    answers = await asyncio.gather(peer.call("test_tool_with_progress", {}, steps), peer.call("test_tool_with_progress", {}, others))
    same([text(answer) for answer in answers], ["Tool with progress executed."] * 2)
    expected = [(0, 100, "Started"), (50, 100, "Half done"), (100, 100, "Done")]
    same(steps, expected)
    same(others, expected)


@suite.check("resources are listed and read")
async def resources(peer):
    listed = {resource["uri"]: resource for resource in await peer.resources()}
    same(sorted(listed), ["test://static-binary", "test://static-text", WATCHED])
    same(listed["test://static-text"]["mimeType"], "text/plain")
    contents, = (await peer.read("test://static-text"))["contents"]
    same(contents["text"], "This is the content of the static text resource.")
    same(listed["test://static-text"]["size"], len(contents["text"]))
    binary, = (await peer.read("test://static-binary"))["contents"]
    same((binary["mimeType"], binary["blob"][:5]), ("image/png", "iVBOR"))


@suite.check("a template makes resources")
async def templates(peer):
    same([template["uriTemplate"] for template in await peer.templates()], ["test://template/{id}/data"])
    contents, = (await peer.read("test://template/123/data"))["contents"]
    same((contents["uri"], contents["mimeType"]), ("test://template/123/data", "application/json"))
    holds('"id":"123"' in contents["text"], contents)


@suite.check("prompts are listed and given")
async def prompts(peer):
    listed = {prompt["name"]: prompt for prompt in await peer.prompts()}
    holds(all(prompt.get("description") for prompt in listed.values()), "a prompt has no description")
    arguments = listed["test_prompt_with_arguments"]["arguments"]
    same([(argument["name"], argument["required"]) for argument in arguments], [("arg1", True), ("arg2", True)])
    message, = (await peer.prompt("test_simple_prompt"))["messages"]
    same(message, {"role": "user", "content": {"type": "text", "text": "This is a simple prompt for testing."}})
    message, = (await peer.prompt("test_prompt_with_arguments", {"arg1": "ä", "arg2": "b"}))["messages"]
    same(message["content"]["text"], "Prompt with arguments: arg1='ä', arg2='b'")
    first, second = (await peer.prompt("test_prompt_with_embedded_resource", {"resourceUri": "test://some"}))["messages"]
    same((first["content"]["type"], first["content"]["resource"]["uri"]), ("resource", "test://some"))
    same(second["content"]["text"], "Please process the embedded resource above.")
    first, second = (await peer.prompt("test_prompt_with_image"))["messages"]
    same((first["content"]["type"], first["content"]["mimeType"]), ("image", "image/png"))


@suite.check("arguments of prompts and variables of templates are completed")
async def completion(peer):
    prompt = {"type": "ref/prompt", "name": "test_prompt_with_arguments"}
    same((await peer.complete(prompt, "arg1", "test"))["values"], ["test", "testing", "tested"])
    same((await peer.complete(prompt, "arg2", "x"))["values"], [])
    template = {"type": "ref/resource", "uri": "test://template/{id}/data"}
    same((await peer.complete(template, "id", "10"))["values"], [str(number) for number in range(100, 110)])
    async with refused(-32602):
        await peer.complete({"type": "ref/prompt", "name": "no_such_prompt"}, "arg1", "")


@suite.check("a tool that fails, or gets wrong arguments, says so to the model")
async def failures(peer):
    same(failure(await peer.call("test_error_handling")), "This tool intentionally returns an error for testing")
    for arguments in [{}, {"name": 3}]:
        holds("name" in failure(await peer.call("greet", arguments)), "the text does not name the argument")
    same(text(await peer.call("greet", {"name": "Ada"})), "Hello, Ada!")


@suite.check("a slow call does not hold up a quick one")
async def concurrency(peer):
    slow = asyncio.ensure_future(peer.call("slow_compute", {"seconds": 1, "label": "slow"}))
    quick = await asyncio.gather(*[peer.call("greet", {"name": str(number)}) for number in range(20)])
    same([text(answer) for answer in quick], [f"Hello, {number}!" for number in range(20)])
    holds(not slow.done(), "the slow call was done first")
    holds(text(await slow).startswith("Computed slow in 1"), "another answer")
