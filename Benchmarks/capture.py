"""How long a line takes from the file to a search: on a quiet machine, during a backfill, and written while the server was down."""
import http.client
import json
import statistics
import time
import uuid

from measuring import call_body, call_headers, free_port, post, row, running

APPENDS = 200


class Session:
    """A transcript that grows."""

    def __init__(self, folder):
        self.path = folder / "-home-dev-capture" / f"{uuid.uuid4()}.jsonl"
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def append(self, text):
        record = {
            "type": "user", "uuid": str(uuid.uuid4()), "parentUuid": None, "sessionId": self.path.stem, "cwd": "/home/dev", "isSidechain": False,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()), "message": {"role": "user", "content": text},
        }
        with open(self.path, "ab", buffering=0) as file:
            file.write(json.dumps(record).encode() + b"\n")


class Searches:
    def __init__(self, port):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def found_after(self, word, started):
        """Seconds from `started` until a search finds the word."""
        while True:
            answer, _ = post(self.connection, call_headers("search_messages"), call_body("search_messages", {"query": word, "limit": 1}))
            if json.loads(answer)["result"]["structuredContent"]["messages"]:
                return time.perf_counter() - started
            time.sleep(0.002)

    def health(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/health")
        return json.loads(connection.getresponse().read())


def word():
    return "w" + uuid.uuid4().hex


def lag(session, searches, count, goes_on=lambda: True):
    times = []
    while len(times) < count and goes_on():
        text = word()
        session.append(text)
        times.append(searches.found_after(text, time.perf_counter()))
    return times


def show(what, times):
    cuts = statistics.quantiles(times, n=20) if len(times) > 1 else times * 20
    row(f"{what}, p50 / p95", f"{statistics.median(times) * 1e3:.0f} / {cuts[18] * 1e3:.0f} ms", f"{len(times)} lines, the slowest {max(times) * 1e3:.0f} ms",
        "", "p95 under 1 s")


def measure_capture(magenta, corpus, scratch):
    """
    corpus: a folder of transcripts, which is imported while more is written beside it
    """
    def serve(port, folder):
        return running(
            [magenta, "serve", "--listen", f"localhost:{port}", "--store", scratch / "capture.sqlite", "--transcripts", folder, "--log-level", "error"],
            port, scratch)

    folder = scratch / "capture"
    session = Session(folder)
    port = free_port()
    with serve(port, folder):
        show("a line from the file to a search", lag(session, Searches(port), APPENDS))
    text = word()
    session.append(text)
    started = time.perf_counter()
    with serve(port, folder):
        row("a line written while the server was down, from its start", f"{Searches(port).found_after(text, started) * 1e3:.0f} ms", "", "", "")

    # Linked file by file, since links to directories are not followed.
    for file in corpus.rglob("*"):
        if file.is_file() and file.name != "manifest.json":
            target = folder / file.relative_to(corpus)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(file)
    size = sum(file.stat().st_size for file in corpus.rglob("*.jsonl")) / 1e6
    port = free_port()
    with serve(port, folder):
        searches = Searches(port)
        started = time.perf_counter()
        times = lag(session, searches, APPENDS, lambda: not searches.health()["import"] or searches.health()["import"]["running"])
        seconds = time.perf_counter() - started
        if times:
            show(f"the same during a backfill of {size:.0f} MB ({seconds:.0f} s)", times)
