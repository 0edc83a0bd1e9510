"""What idle event streams take, by way of scripts/soak."""
import json
import subprocess
import sys

from measuring import root, row


def measure_streams(server, count, seconds):
    answer = subprocess.run(
        [sys.executable, root / "scripts/soak", "--server", server, "--streams", str(count), "--seconds", str(seconds), "--json"],
        stdout=subprocess.PIPE, text=True)
    if not answer.stdout:
        sys.exit(f"scripts/soak ended with {answer.returncode}")
    result = json.loads(answer.stdout)
    row(f"memory of an idle stream, {result['streams']:,} of them", f"{result['bytes_per_stream'] / 1e3:.1f} kB", "", "", "20 kB")
    row("a change reaches all of them", f"{result['slowest'] * 1e3:.0f} ms", f"{result['changes']} changes, the slowest", "", "")
    for failure in result["failures"]:
        row("soak failed", failure, "", "", "nothing")
