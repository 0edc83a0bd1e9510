"""What a hook adds to a prompt: the time from starting `magenta hook SessionStart` to its end, with the server in four states."""
import contextlib
import json
import shutil
import socket
import statistics
import subprocess
import sys
import time

from measuring import free_port, row, running

RUNS = 60
# Reserved for documentation (RFC 5737): nothing answers there, or the host says at once that there is no way.
UNROUTABLE = "192.0.2.1:8000"


@contextlib.contextmanager
def silent():
    """A port that accepts connections and never answers: the kernel completes them, nobody reads."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        yield listener.getsockname()[1]


def once(command, event, scratch, fails):
    started = time.perf_counter()
    answer = subprocess.run(command, input=event, env={"HOME": str(scratch), "PATH": "/usr/bin:/bin"}, capture_output=True)
    seconds = time.perf_counter() - started
    if answer.returncode != 0 and not fails:
        sys.exit(f"{command} ended with {answer.returncode}: {answer.stderr[-500:]}")
    return seconds, answer.stdout


def p50_p95(times):
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def shown(pair):
    return f"{pair[0] * 1e3:.1f} / {pair[1] * 1e3:.1f} ms"


def compare(what, address, hook, event, aim, scratch, answers):
    # In turns, so that a slow minute of the machine falls on all of them.
    commands = {"hook": hook + ["--to", f"http://{address}"], "true": ["/bin/true"]}
    if shutil.which("curl"):
        commands["curl"] = ["curl", "--silent", "--max-time", "1", "--data-binary", "@-", f"http://{address}/hook"]
    times = {name: [] for name in commands}
    for turn in range(RUNS + 3):
        for name, command in commands.items():
            seconds, output = once(command, event, scratch, fails=name == "curl")
            if name == "hook" and bool(output) != answers:
                sys.exit(f"{what}: the hook printed {output[:200]!r}")
            if turn >= 3:
                times[name].append(seconds)
    found = {name: p50_p95(values) for name, values in times.items()}
    others = {name: pair for name, pair in found.items() if name != "hook"}
    row(f"hook, {what}, p50 / p95", shown(found["hook"]), "; ".join(f"{name} {shown(pair)}" for name, pair in others.items()),
        " and ".join(f"{found['hook'][0] / pair[0]:.2f}" for pair in others.values()), aim)


def measure_hooks(magenta, scratch):
    event = json.dumps({"hook_event_name": "SessionStart", "session_id": "benchmark", "source": "startup", "cwd": str(scratch)}).encode()
    hook = [magenta, "hook", "SessionStart"]
    port = free_port()
    store = scratch / "hooks.sqlite"
    with running([magenta, "serve", "--listen", f"localhost:{port}", "--store", store, "--no-watch", "--log-level", "error"], port, scratch):
        compare("server up", f"127.0.0.1:{port}", hook, event, "under 20 ms", scratch, answers=True)
    compare("server down", f"127.0.0.1:{free_port()}", hook, event, "under 20 ms", scratch, answers=False)
    with silent() as port:
        compare("server never answers", f"127.0.0.1:{port}", hook, event, "under 1 s", scratch, answers=False)
    compare("no way to the server", UNROUTABLE, hook, event, "under 1 s", scratch, answers=False)
