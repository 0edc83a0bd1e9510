#!/usr/bin/env python3
"""Holds the write lock of a store until its standard input ends. Prints `held` once it does.

    hold_store.py STORE
"""
import sqlite3
import sys

store = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
store.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
store.execute("ROLLBACK")
