#!/usr/bin/env python3
"""The kill test: files are written, cut, replaced and renamed by a process that is killed at random, while the watcher is killed too.

    kill_watch.py MAGENTA [--rounds 200] [--seed N] [--keep FOLDER] [--remote]

A round is a short time of writing; behind it the watcher (`magenta serve` on a store of its own), the writer, both or none get SIGKILL. With --remote the watcher is `magenta watch --to` with a spool of its own, and the server that it sends to (`magenta serve --no-watch`) is
killed as well.

At the end everything may catch up, and the store is compared with the files:

- every complete line of every file has its row at its offset, and what it says is stored under its uuid with its text;
- lines that were destroyed (cut, replaced, deleted) after they were seen in the store are still there;
- no uuid is stored twice, and nothing is stored that was never written.

What was destroyed before anybody could read it may be stored or not; it is counted. Exits with 0 if all of this holds, else with 1 and
the folder is kept. Prints its seed; the same seed writes the same, but the kernel schedules as it likes.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid

WORDS = "otter heron willow granite lantern meadow copper thistle harbour ember quarry saddle violet marble cedar ferry".split()


class Writer:
    """Writes transcripts as an agent does, and worse. Keeps a journal of every line, before it is written."""

    def __init__(self, folder, journal, seed):
        self.random = random.Random(seed)
        self.folder = pathlib.Path(folder)
        self.journal = open(journal, "a")
        self.clock = 1_780_000_000 + self.random.randrange(100_000)

    def run(self):
        operations = {
            self.append: 40, self.burst: 15, self.split: 20, self.large: 2, self.bookkeeping: 8, self.rubbish: 3, self.create: 5,
            self.cut: 3, self.replace: 2, self.rename: 2, self.delete: 1,
        }
        while True:
            self.random.choices(list(operations), list(operations.values()))[0]()
            if self.random.random() < 0.5:
                time.sleep(self.random.random() * 0.01)

    def files(self):
        return sorted(self.folder.rglob("*.jsonl"))

    def file(self):
        files = self.files()
        if not files:
            return self.create()
        return self.random.choice(files[-8:] if self.random.random() < 0.7 else files)

    def new_path(self):
        r = self.random
        project = self.folder / f"-home-dev-{r.choice(WORDS)}"
        session = str(uuid.UUID(int=r.getrandbits(128), version=4))
        if r.random() < 0.2:
            return project / session / "subagents" / f"agent-{r.getrandbits(32):08x}.jsonl"
        return project / f"{session}.jsonl"

    def line(self, length=None):
        r = self.random
        self.clock += r.choice([1, 2, 60, -86_400]) if r.random() < 0.1 else 1
        name = str(uuid.UUID(int=r.getrandbits(128), version=4))
        text = " ".join(r.choices(WORDS, k=length or r.randint(1, 40))) + f" {name[:8]}"
        record = {
            "parentUuid": None, "isSidechain": False, "userType": "external", "cwd": "/home/dev/zoo", "sessionId": "kill", "version": "2.1.330",
            "type": "user", "uuid": name, "message": {"role": "user", "content": text},
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.clock)),
        }
        self.journal.write(f"{name} {text}\n")
        self.journal.flush()
        return json.dumps(record, ensure_ascii=False) + "\n"

    def write(self, path, pieces):
        # A file that another operation removed is not brought back half.
        with contextlib.suppress(FileNotFoundError), open(path, "ab", buffering=0) as file:
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(self.random.random() * 0.02)
                file.write(piece)

    def append(self):
        self.write(self.file(), [self.line().encode()])

    def burst(self):
        self.write(self.file(), [b"".join(self.line().encode() for _ in range(self.random.randint(2, 60)))])

    def split(self):
        data = b"".join(self.line().encode() for _ in range(self.random.randint(1, 3)))
        cuts = sorted(self.random.sample(range(1, len(data)), self.random.randint(1, 4)))
        self.write(self.file(), [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])])

    def large(self):
        self.write(self.file(), [self.line(self.random.randint(10_000, 60_000)).encode()])

    def bookkeeping(self):
        self.write(self.file(), [json.dumps({"type": "mode", "mode": self.random.choice(WORDS), "sessionId": "kill"}).encode() + b"\n"])

    def rubbish(self):
        self.write(self.file(), [self.random.choice([b"\n", b"{broken\n", b"[1, 2]\n", b"\xff\xfe\n"])])

    def create(self):
        path = self.new_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab", buffering=0) as file:
            file.write(b"".join(self.line().encode() for _ in range(self.random.randint(1, 5))))
        return path

    def cut(self):
        path = self.file()
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            ends = [0] + [at + 1 for at, byte in enumerate(data) if byte == 10]
            place = self.random.choice(ends) if self.random.random() < 0.5 else self.random.randrange(len(data) + 1)
            os.truncate(path, place)
            if self.random.random() < 0.5:
                # Past the place where it ended before, as fast as can be.
                more = b""
                while len(more) < len(data) - place + 1:
                    more += self.line().encode()
                self.write(path, [more])

    def replace(self):
        path = self.file()
        with contextlib.suppress(FileNotFoundError):
            kept = [line for line in path.read_bytes().splitlines(True) if self.random.random() < 0.7]
            kept.insert(self.random.randint(0, len(kept)), self.line().encode())
            other = path.with_suffix(".tmp")
            other.write_bytes(b"".join(kept))
            os.replace(other, path)

    def rename(self):
        path, other = self.file(), self.new_path()
        other.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if self.random.random() < 0.2 and path.parent.parent == self.folder:
                os.rename(path.parent, self.folder / f"-moved-{self.random.getrandbits(32):08x}")
            else:
                os.rename(path, other)

    def delete(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.file())


class Store:
    def __init__(self, path, is_remote):
        self.path, self.is_remote = path, is_remote

    def query(self, sql, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(sql, values).fetchall()

    def uuids(self):
        with contextlib.suppress(sqlite3.OperationalError):  # not made yet
            return {name for (name,) in self.query("SELECT uuid FROM messages")}
        return set()

    def texts(self):
        return self.query("SELECT uuid, CAST(text AS TEXT) FROM messages JOIN blocks ON blocks.id = messages.id * 4096 ORDER BY messages.id")

    def rows(self, path):
        """The records of the newest generation of a file, by offset."""
        return {offset: (length, outcome) for offset, length, outcome in self.query(
            "SELECT offset, length, outcome FROM records WHERE source = "
            "(SELECT id FROM sources WHERE (spool = '') = ? AND path = ? ORDER BY generation DESC LIMIT 1)", not self.is_remote, path)}

    def spools(self):
        return len(self.query("SELECT DISTINCT spool FROM sources"))


class Test:
    def __init__(self, magenta, folder, seed, rounds, is_remote):
        self.magenta, self.folder, self.seed, self.rounds, self.is_remote = magenta, folder, seed, rounds, is_remote
        self.random = random.Random(seed)
        self.transcripts = folder / "projects"
        self.transcripts.mkdir()
        self.journal = folder / "journal"
        self.store = Store(folder / "memory.sqlite", is_remote)
        self.watcher = self.writer = self.server = None
        self.port = self.free_port()
        self.kills = {"watcher": 0, "writer": 0, "server": 0}
        self.writers = 0
        self.must = {}  # destroyed after they were stored
        self.destroyed = 0

    @staticmethod
    def free_port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def start_magenta(self, name, *arguments):
        log = open(self.folder / f"{name}.log", "ab")
        return subprocess.Popen(
            [self.magenta, *arguments, "--transcripts", self.transcripts],
            env={"HOME": str(self.folder)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start_watcher(self):
        if self.is_remote:
            url = f"http://127.0.0.1:{self.port}"
            self.watcher = self.start_magenta("watcher", "watch", "--to", url, "--spool", self.folder / "spool.sqlite")
        else:
            self.watcher = self.start_magenta("watcher", "serve", "--listen", f"127.0.0.1:{self.free_port()}", "--store", self.store.path)

    def start_server(self):
        if self.is_remote:
            listen = f"127.0.0.1:{self.port}"
            self.server = self.start_magenta("server", "serve", "--no-watch", "--listen", listen, "--store", self.store.path)

    def start_what_ended(self):
        if self.watcher is None or self.watcher.poll() is not None:
            self.start_watcher()
        if self.is_remote and (self.server is None or self.server.poll() is not None):
            self.start_server()

    def start_writer(self):
        self.writers += 1
        seed = f"{self.seed}-{self.writers}"
        self.writer = subprocess.Popen([sys.executable, __file__, "--write", self.transcripts, self.journal, seed], stdin=subprocess.DEVNULL)

    def stop(self, name):
        process = getattr(self, name)
        if process and process.poll() is None:
            process.kill()
            process.wait()
            self.kills[name] += 1

    def complete_lines(self, path):
        """(offset, bytes) of the lines that have their line break."""
        data = path.read_bytes()
        offset = 0
        for line in data.split(b"\n")[:-1]:
            yield offset, line
            offset += len(line) + 1

    def messages(self, path):
        for _, line in self.complete_lines(path):
            with contextlib.suppress(ValueError, TypeError, KeyError, UnicodeDecodeError):
                record = json.loads(line)
                yield record["uuid"], record["message"]["content"]

    def destroy_what_is_stored(self):
        """Waits until a file is stored, then destroys it: what was in it must stay. The writer stands still meanwhile."""
        self.start_what_ended()
        self.writer.send_signal(signal.SIGSTOP)
        try:
            files = sorted(self.transcripts.rglob("*.jsonl"))
            if not files:
                return
            path = self.random.choice(files)
            lines = dict(self.messages(path))
            if not self.until(lambda: lines.keys() <= self.store.uuids(), 60):
                raise AssertionError(f"{path} is not stored after a minute")
            self.must |= lines
            self.destroyed += 1
            match self.random.randrange(3):
                case 0: os.truncate(path, 0)
                case 1: os.truncate(path, self.random.randrange(path.stat().st_size + 1))
                case 2: os.unlink(path)
        finally:
            self.writer.send_signal(signal.SIGCONT)

    @staticmethod
    def until(condition, seconds):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def run(self):
        try:
            self.start_what_ended()
            self.start_writer()
            for number in range(self.rounds):
                time.sleep(self.random.uniform(0.02, 0.8))
                if number % 8 == 7:
                    self.destroy_what_is_stored()
                if self.random.random() < 0.7:
                    self.stop("watcher")
                if self.random.random() < 0.4:
                    self.stop("writer")
                if self.is_remote and self.random.random() < 0.6:
                    self.stop("server")
                # At times nobody watches for a while.
                if self.watcher.poll() is not None and self.random.random() < 0.8:
                    self.start_watcher()
                if self.is_remote and self.server.poll() is not None and self.random.random() < 0.8:
                    self.start_server()
                if self.writer.poll() is not None:
                    self.start_writer()
            self.writer.kill()
            self.writer.wait()
            self.start_what_ended()
            self.until(lambda: not self.problems(), 60)
            return self.problems(limit=None)
        finally:
            for process in (self.watcher, self.writer, self.server):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()

    def problems(self, limit=1):
        found = []
        for path in sorted(self.transcripts.rglob("*.jsonl")):
            rows = self.store.rows(str(path))
            for offset, line in self.complete_lines(path):
                if rows.get(offset, (None,))[0] != len(line):
                    found.append(f"{path}: the line of {len(line)} bytes at {offset} has the row {rows.get(offset)}: {line[:80]!r}")
                if limit and len(found) >= limit:
                    return found
        written = dict(line.rstrip("\n").split(" ", 1) for line in open(self.journal))
        stored = {}
        for name, text in self.store.texts():
            if name in stored:
                found.append(f"{name} is stored twice")
            if written.get(name) != text:
                found.append(f"{name} is stored as {text[:80]!r} and was written as {written.get(name, '(never)')[:80]!r}")
            stored[name] = text
        if self.is_remote and self.store.spools() > 1:
            found.append("one watcher has sent under two names")
        wanted = dict(self.must)
        for path in self.transcripts.rglob("*.jsonl"):
            wanted |= dict(self.messages(path))
        found += [f"{name} is not stored: {text[:80]!r}" for name, text in wanted.items() if stored.get(name) != text]
        self.summary = (
            f"{len(wanted)} lines written and left or destroyed after they were stored, {len(wanted.keys() & stored.keys())} of them stored; "
            f"{len(written) - len(wanted)} destroyed unseen or half written, {len(stored.keys() - wanted.keys())} of them stored")
        return found


def main():
    if sys.argv[1:2] == ["--write"]:
        return Writer(*sys.argv[2:]).run()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("magenta", help="the binary")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--keep", help="a folder for the files, kept in any case; it must not exist")
    parser.add_argument("--remote", action="store_true", help="over the network: the watcher and the server are two processes")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="magenta-kill-")).resolve()
    folder.mkdir(exist_ok=not options.keep)
    print(f"kill_watch: seed {options.seed}, {options.rounds} rounds", flush=True)
    test = Test(options.magenta, folder, options.seed, options.rounds, options.remote)
    started = time.monotonic()
    problems = test.run()
    files = list(test.transcripts.rglob("*.jsonl"))
    print(
        f"kill_watch: {options.rounds} rounds in {time.monotonic() - started:.0f} s: watcher killed {test.kills['watcher']} times, writer "
        f"{test.kills['writer']} times{', server ' + str(test.kills['server']) + ' times' if options.remote else ''}; {len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB at the end; "
        f"{test.destroyed} files destroyed after they were stored")
    print(f"kill_watch: {test.summary}")
    for problem in problems[:20]:
        print(f"kill_watch: {problem}")
    print(f"kill_watch: {len(problems)} problems")
    if problems:
        print(f"kill_watch: everything is kept in {folder}")
    elif not options.keep:
        shutil.rmtree(folder)
    return 1 if problems else 0


sys.exit(main())
