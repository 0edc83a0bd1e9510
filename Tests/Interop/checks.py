"""What the drivers of conformance-server share: checks with names, what a client hears, and one JSON line per check.

A driver gives `run` a function that opens a connection and gets one back from every check. `Peer` says what such a connection can
do; results are JSON as it stands on the wire, so one check serves clients whose own types differ.
"""
import asyncio
import contextlib
import json
import sys
import traceback
import urllib.error
import urllib.request

CHECK_SECONDS = 30
HEAR_SECONDS = 10
# How long a check looks for what must not come.
QUIET_SECONDS = 0.3


class Refused(Exception):
    """The server answered with an error of the protocol."""

    def __init__(self, code, message, data=None):
        super().__init__(f"{code} {message} {data!r}")
        self.code = code
        self.message = message
        self.data = data


class Skipped(Exception):
    """The fixture has nothing to check."""


class Mailbox:
    """What arrived at some time, in order."""

    def __init__(self):
        self.items = []
        self._arrived = asyncio.Condition()

    async def put(self, item):
        async with self._arrived:
            self.items.append(item)
            self._arrived.notify_all()

    async def find(self, what, matches, count=1):
        """The first `count` items that match; the last of them alone where one is asked for."""

        def found():
            return [item for item in self.items if matches(item)][:count]

        try:
            async with asyncio.timeout(HEAR_SECONDS), self._arrived:
                await self._arrived.wait_for(lambda: len(found()) == count)
        except TimeoutError:
            raise AssertionError(f"waited {HEAR_SECONDS} s for {count} of {what}; there came {self.items!r}") from None
        return found()[0] if count == 1 else found()

    async def method(self, method, count=1):
        return await self.find(method, lambda message: message["method"] == method, count)

    def methods(self):
        return [message["method"] for message in self.items]


class Answers:
    """How a client answers what the server asks. Each is a coroutine from params to a result, or to `Refused`; `None` declares nothing."""

    def __init__(self, sampling=None, elicitation=None, roots=None):
        self.sampling = sampling
        self.elicitation = elicitation
        self.roots = roots
        # Every question in the order in which it came, as (kind, params).
        self.asked = []

    async def answer(self, kind, params):
        self.asked.append((kind, params))
        return await getattr(self, kind)(params)

    def questions(self, kind):
        return [params for asked, params in self.asked if asked == kind]


def always(result):
    async def answer(params):
        return result

    return answer


def accept(**content):
    return always({"action": "accept", "content": content})


def model_says(text):
    return always({"role": "assistant", "content": {"type": "text", "text": text}, "model": "a-model", "stopReason": "endTurn"})


class Check:
    def __init__(self, name, body, answers, options):
        self.name = name
        self.body = body
        self.answers = answers
        self.options = options


class Suite:
    """Checks by name, in the order in which they stand."""

    def __init__(self):
        self.checks = []

    def check(self, name, answers=lambda: None, **options):
        """Registers a check, which gets a connection of its own that answers and was opened with `options` as given here."""

        def register(body):
            self.checks.append(Check(name, body, answers, options))
            return body

        return register


def same(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{what}{': ' if what else ''}{actual!r} is not {expected!r}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


@contextlib.asynccontextmanager
async def refused(*codes):
    """The body must be refused with one of these codes; what it yields is filled with the error."""
    seen = {}
    try:
        yield seen
    except Refused as error:
        seen.update(code=error.code, message=error.message, data=error.data)
    else:
        raise AssertionError(f"was not refused, and {codes} was expected")
    holds(seen["code"] in codes, f"was refused with {seen!r} and not with {codes}")
    holds(seen["message"], "the error has no message")


def text(result):
    """The text of a tool's one block of content; a failed tool fails the check."""
    holds(not result.get("isError"), f"the tool failed: {result!r}")
    same([block["type"] for block in result["content"]], ["text"])
    return result["content"][0]["text"]


def failure(result):
    """The text of a tool that had to fail."""
    holds(result.get("isError") is True, f"the tool did not fail: {result!r}")
    same([block["type"] for block in result["content"]], ["text"])
    return result["content"][0]["text"]


async def ping_status(url, session):
    """The HTTP status of a ping in a session, sent without any SDK."""

    def send():
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", "Mcp-Session-Id": session}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=HEAR_SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    return await asyncio.to_thread(send)


def leaves(error):
    return [leaf for inner in error.exceptions for leaf in leaves(inner)] if isinstance(error, BaseExceptionGroup) else [error]


def reason(error):
    """The leaves of a group of errors, since the group's own text names none of them, and where the first one came from."""
    frames = traceback.extract_tb(leaves(error)[0].__traceback__)
    mine = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames if "/Interop/" in frame.filename]
    lines = "; ".join("".join(traceback.format_exception_only(leaf)).strip() for leaf in leaves(error))
    return f"{lines} (at {' > '.join(mine[-3:])})" if mine else lines


def say(name, error=None):
    is_skipped = error is not None and all(isinstance(leaf, Skipped) for leaf in leaves(error))
    detail = "" if error is None else f"skipped: {leaves(error)[0]}" if is_skipped else reason(error)
    print(json.dumps({"check": name, "ok": error is None or is_skipped, "detail": detail}), flush=True)


async def run_checks(suites, open_peer, urls, wanted):
    for url in urls:
        host = url.split("//", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
        for check in [check for suite in suites for check in suite.checks]:
            if wanted and wanted not in check.name:
                continue
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    async with open_peer(url, check.answers(), **check.options) as peer:
                        await check.body(peer)
            except BaseException as error:  # groups too: what went wrong is the answer
                # An error of the body comes out of the connection's task groups as a group of one.
                say(f"{check.name}, at {host}", error)
            else:
                say(f"{check.name}, at {host}")


def run(drivers):
    """Runs the driver that the command line names, as `PROGRAM [--only PART_OF_A_NAME] DRIVER URL...`.

    - drivers: by name, the suites and the function that opens a connection, `open(url, answers, **options)`.
    """
    arguments = sys.argv[1:]
    wanted = None
    if arguments[:1] == ["--only"]:
        wanted, arguments = arguments[1], arguments[2:]
    if len(arguments) < 2 or arguments[0] not in drivers:
        sys.exit(f"usage: {sys.argv[0]} [--only PART] {'|'.join(drivers)} URL...")
    suites, open_peer = drivers[arguments[0]]
    asyncio.run(run_checks(suites, open_peer, arguments[1:], wanted))
