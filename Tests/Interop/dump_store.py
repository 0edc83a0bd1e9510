"""Writes every value of every SQLite database below a folder into one file per database, compressed records unpacked.

Usage: dump_store.py FOLDER OUT

A search of the database file alone would miss what is compressed, and what SQLite cut into overflow pages.
"""
import ctypes
import ctypes.util
import pathlib
import sqlite3
import sys

zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_decompress.restype = ctypes.c_size_t
MAGIC = b"\x28\xb5\x2f\xfd"


def unpacked(value):
    if not value.startswith(MAGIC):
        return value
    size = zstd.ZSTD_getFrameContentSize(value, ctypes.c_size_t(len(value)))
    if size > 1 << 31:  # also what zstd says for a frame without its size
        sys.exit("dump_store: a frame does not say how large it is")
    buffer = ctypes.create_string_buffer(max(size, 1))
    written = zstd.ZSTD_decompress(buffer, ctypes.c_size_t(size), value, ctypes.c_size_t(len(value)))
    if written != size:
        sys.exit(f"dump_store: a frame of {len(value)} bytes does not unpack to {size}")
    return buffer.raw[:size]


folder, out = map(pathlib.Path, sys.argv[1:])
out.mkdir(parents=True, exist_ok=True)
for number, file in enumerate(sorted(folder.rglob("*"))):
    if not file.is_file() or file.open("rb").read(15) != b"SQLite format 3":
        continue
    database = sqlite3.connect(file)
    database.text_factory = bytes
    with open(out / f"{number}.dump", "wb") as dump:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            try:
                rows = database.execute(f'SELECT * FROM "{table.decode()}"')
                for row in rows:
                    for value in row:
                        if isinstance(value, bytes):
                            dump.write(unpacked(value) + b"\n")
            except sqlite3.OperationalError as error:
                # A virtual table whose module this Python lacks; its content stands in tables of its own.
                print(f"dump_store: {table.decode()}: {error}", file=sys.stderr)
