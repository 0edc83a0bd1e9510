#!/usr/bin/env python3
"""Writes transcripts while somebody watches.

    write_transcripts.py replay CORPUS OUT SEED      a generated corpus, all files at once, cut anywhere
    write_transcripts.py many OUT PROCESSES LINES    as many files as processes, one line a write

`many` prints how many lines it wrote; their texts are `writer-P-line-N`, one word each.
"""
import json
import multiprocessing
import pathlib
import random
import shutil
import sys
import uuid


def replay(corpus, out, seed):
    """Pieces of random length of all files in turns; a side file comes at any time after its transcript began."""
    choice = random.Random(seed)
    corpus, out = pathlib.Path(corpus), pathlib.Path(out)
    waiting = [file for file in sorted(corpus.rglob("*")) if file.is_file() and file.name != "manifest.json"]
    choice.shuffle(waiting)
    # Outputs that lines point to are there before the lines, as with Claude Code.
    for file in [file for file in waiting if "tool-results" in file.parts]:
        waiting.remove(file)
        (out / file.relative_to(corpus)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, out / file.relative_to(corpus))
    rest = {}
    while waiting or rest:
        if waiting and (not rest or choice.random() < 0.1):
            file = waiting.pop()
            rest[file] = file.read_bytes()
            (out / file.relative_to(corpus)).parent.mkdir(parents=True, exist_ok=True)
        file = choice.choice(list(rest))
        length = choice.choice([1, 100, 5_000, 50_000, 1_000_000])
        piece, rest[file] = rest[file][:length], rest[file][length:]
        with open(out / file.relative_to(corpus), "ab", buffering=0) as target:
            target.write(piece)
        if not rest[file]:
            del rest[file]


def write(out, writer, lines):
    path = pathlib.Path(out) / f"-home-dev-{writer}" / f"{uuid.UUID(int=writer + 1)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0) as file:
        for number in range(lines):
            record = {
                "type": "user", "uuid": str(uuid.uuid4()), "parentUuid": None, "sessionId": path.stem, "cwd": "/home/dev", "isSidechain": False,
                "timestamp": f"2026-03-01T10:{number // 60 % 60:02}:{number % 60:02}.000Z",
                "message": {"role": "user", "content": f"writer-{writer}-line-{number}"},
            }
            file.write(json.dumps(record).encode() + b"\n")


def many(out, processes, lines):
    writers = [multiprocessing.Process(target=write, args=(out, writer, int(lines))) for writer in range(int(processes))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    print(int(processes) * int(lines))


{"replay": replay, "many": many}[sys.argv[1]](*sys.argv[2:])
