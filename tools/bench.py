"""Runs the benchmarks with a built `docket`, which has `docket-bench` beside it, and prints one table of figures, limits and targets.

usage: bench.py DOCKET [--quick|--long]
"""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# name, arguments of `docket-bench append`, count, quick count, target per second
LOADS = [
    ("transfers, 1 a request, 32 connections", ["--connections", "32"], 150_000, 20_000, 10_000),
    ("transfers, 1 a request, 1 connection", ["--connections", "1"], 8_000, 2_000, None),
    ("transfers, 100 a request", ["--connections", "8", "--batch", "100"], 600_000, 60_000, 60_000),
    ("transfers, 1,000 a request", ["--connections", "4", "--batch", "1000"], 1_200_000, 100_000, 120_000),
    ("transfers, 8,000 a request", ["--connections", "2", "--batch", "8000"], 1_200_000, 100_000, None),
    (
        "transfers, 200 an event, 10 events a request",
        ["--connections", "4", "--batch", "10", "--payments", "200"], 3_000_000, 300_000, 300_000,
    ),
    (
        "order mix, 1 a request, 32 connections",
        ["--connections", "32", "--mix", "orders"], 40_000, 4_000, None,
    ),
    ("order mix, 100 a request", ["--connections", "8", "--batch", "100", "--mix", "orders"], 80_000, 8_000, None),
]
USERS, USERS_QUICK, USERS_CONNECTIONS = 10_000, 500, 64
USERS_P99_TARGET = 50.0
# name of a condition, nanoseconds at most
CEL_TARGETS = {"main": 100, "compile": 20_000}
# Other engines, as packages of PyPI.
CEL_ENGINES = ["cel-python==0.5.0", "common-expression-language==0.10.0"]
VERIFY_TARGET = 800_000
RESTART_SECONDS_TARGET = 2.0
RECOMMEND_MS_TARGET = 5
LONG_ENTRIES = 10_000_000


class Service:
    """A ledger of its own, with the service running on it."""

    def __init__(self, docket, directory):
        self.docket, self.directory = docket, directory
        self.data = os.path.join(directory, "data")
        self.socket = os.path.join(directory, "socket")
        self.key = run([docket, "init", "--data", self.data, "--origin", "bench.example/ledger", "--rules", "rules"]).strip()

    def start(self):
        started = time.monotonic()
        self.process = subprocess.Popen(
            [self.docket, "serve", "--data", self.data, "--socket", self.socket], stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            sys.exit("bench: the service did not start")
        return time.monotonic() - started

    def stop(self):
        memory = self.memory()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=120) != 0:
            sys.exit("bench: the service did not stop cleanly")
        return memory

    def memory(self, field="VmHWM"):
        """Resident memory in MiB: the most there was; with VmRSS what there is, with RssAnon without the mapped log."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def append(self, arguments, count):
        return measure(
            [self.docket + "-bench", "append", "--socket", self.socket, "--count", str(count), "--json", *arguments])


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: `{' '.join(command)}` ended with {done.returncode}")
    return done.stdout


def measure(command):
    return json.loads(run(command))


def number(value):
    return f"{value:,.0f}"


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(file.readline().split()[1]) / 1024 / 1024
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}"


class Table:
    """Rows of: what, figure, target, limit, share of the limit, note."""

    HEAD = ["benchmark", "figure", "target", "limit", "of limit", "notes"]

    def __init__(self):
        self.rows = []

    def add(self, what, figure, target="", limit="", share="", note=""):
        self.rows.append([what, figure, target, limit, share, note])
        print(f"  {what}: {figure}  {note}", file=sys.stderr)

    def text(self):
        rows = [self.HEAD] + self.rows
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.HEAD))]
        lines = []
        for index, row in enumerate(rows):
            cells = [
                cell.ljust(width) if i in (0, 5) else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
            lines.append("| " + " | ".join(cells) + " |")
            if index == 0:
                rule = ["-" * (w + 2) if i in (0, 5) else "-" * (w + 1) + ":" for i, w in enumerate(widths)]
                lines.append("|" + "|".join(rule) + "|")
        return "\n".join(lines)


def target_text(rate, target):
    return "" if target is None else f"{number(target)} {'met' if rate >= target else 'missed'}"


def append_row(table, docket, work, load, quick):
    name, arguments, count, quick_count, target = load
    service = Service(docket, tempfile.mkdtemp(dir=work))
    service.start()
    # The commits of the set-up are not part of what is compared.
    result = service.append(arguments, quick_count if quick else count)
    memory = service.stop()
    limit = measure([
        docket + "-bench", "store", "--data", service.data, "--after", str(log_size(service) - result["entries"]), "--json"])
    rate, limit_rate = result["perSecond"], limit["perSecond"] * result["count"] / result["entries"]
    note = f"p50 {result['p50']:.2f}, p99 {result['p99']:.2f}, max {result['max']:.1f} ms; {memory:.0f} MiB"
    if result["unit"] == "triggers":
        note = f"{number(result['entriesPerSecond'])} entries/s; " + note
    table.add(
        name, f"{number(rate)} {result['unit']}/s", target_text(rate, target), f"{number(limit_rate)} (LMDB)",
        f"{100 * rate / limit_rate:.0f} %", note)
    return service


def log_size(service):
    last = run([service.docket, "receipt", "0", "--data", service.data]).split("\n\n", 1)[1]
    return int(last.split("\n")[1])


def read_rows(table, docket, service):
    """Restart, verification, replay on a log that is there."""
    entries = log_size(service)
    seconds = service.start()
    service.stop()
    table.add(
        f"restart with {number(entries)} entries", f"{seconds:.2f} s",
        f"{RESTART_SECONDS_TARGET:.0f} s {'met' if seconds <= RESTART_SECONDS_TARGET else 'missed'}")
    size = os.path.getsize(os.path.join(service.data, "log", "data.mdb"))
    bytes_each = max(64, int(size * 0.85 / entries))
    hashing = measure([docket + "-bench", "sha256", "--bytes", str(bytes_each), "--json"])["perSecond"]
    verify = measure([docket + "-bench", "verify", "--data", service.data, "--key", service.key, "--json"])["perSecond"]
    table.add(
        "verify", f"{number(verify)} entries/s", target_text(verify, VERIFY_TARGET), f"{number(hashing)} (SHA-256, 1 core)",
        f"{100 * verify / hashing:.0f} %", f"entries of about {bytes_each} bytes")
    replay = measure([docket + "-bench", "replay", "--data", service.data, "--json"])["perSecond"]
    table.add("replay", f"{number(replay)} entries/s")
    recompute = measure([docket + "-bench", "recompute", "--data", service.data, "--json"])["perSecond"]
    table.add("recompute", f"{number(recompute)} entries/s")


def users_row(table, docket, work, quick):
    """Users from sign-up to delivery and complaint, each waiting for one answer before the next request."""
    service = Service(docket, tempfile.mkdtemp(dir=work))
    service.start()
    users = USERS_QUICK if quick else USERS
    result = measure([
        docket + "-bench", "users", "--socket", service.socket, "--users", str(users), "--connections",
        str(USERS_CONNECTIONS), "--json"])
    memory = service.stop()
    table.add(
        f"{number(users)} users, {USERS_CONNECTIONS} at a time", f"p99 {result['p99']:.1f} ms",
        f"{USERS_P99_TARGET:.0f} ms {'met' if result['p99'] <= USERS_P99_TARGET else 'missed'}",
        note=f"{number(result['perSecond'])} events/s, {number(result['entriesPerSecond'])} entries/s; "
        f"p50 {result['p50']:.2f}, p90 {result['p90']:.2f}, max {result['max']:.1f} ms; {memory:.0f} MiB")
    shutil.rmtree(service.directory)


def cel_engines():
    """The Python that has the other engines, and the names of those that it has."""
    folder = os.path.join(".build", "bench-python")
    python = os.path.join(folder, "bin", "python")
    names = []
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL, timeout=300)
        for package in CEL_ENGINES:
            name = package.split("==", 1)[0]
            command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
            if done.returncode == 0:
                names.append(name)
            else:
                print(f"  {name} cannot be had: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"  other CEL engines cannot be had: {error}", file=sys.stderr)
    return python, names


def cel_others(expressions):
    """Nanoseconds of the other engines by name of the condition: {name: {engine: nanoseconds}}."""
    python, engines = cel_engines()
    found = {}
    for engine in engines:
        asked = {
            "event": {
                "amount": 1500, "email": "someone@example.com", "items": list(range(1, 9)), "type": "order.placed"},
            "user": {"trust_score": 35}, "expressions": expressions,
        }
        done = subprocess.run(
            [python, "tools/bench-cel.py", engine], input=json.dumps(asked), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"  {engine} did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        for line in done.stdout.splitlines():
            result = json.loads(line)
            found.setdefault(result["name"], {})[engine] = result["nanoseconds"]
    return found


def cel_rows(table, docket, quick):
    lines = run([docket + "-bench", "cel", "--json", *(["--count", "50000"] if quick else [])]).splitlines()
    ours = {result["name"].removeprefix("CEL: "): result for result in map(json.loads, lines)}
    others = cel_others({name: result["expression"] for name, result in ours.items()})
    for name, result in ours.items():
        mine, target = result["seconds"] / result["count"] * 1e9, CEL_TARGETS.get(name)
        share = [
            f"{engine} {number(theirs)} ns ({theirs / mine:.1f} ×)" for engine, theirs in others.get(name, {}).items()]
        table.add(
            f"CEL: {name}", f"{number(mine)} ns",
            "" if target is None else f"{number(target)} ns {'met' if mine <= target else 'missed'}",
            note=", ".join(share))


def recommend_rows(table, docket, quick):
    """How well recommendations are made where there is a taste to find, and how fast with a full catalogue."""
    tastes = measure([docket + "-bench", "recommend", "--nowhere", "--json"])
    rates = {name: 100 * tastes[name]["hitRate"] for name in ("recommended", "popular", "random")}
    table.add(
        "recommendations, planted tastes", f"{rates['recommended']:.1f} % hits among ten",
        f"{rates['popular']:.1f} % (most popular) {'met' if rates['recommended'] > rates['popular'] else 'missed'}",
        note=f"random {rates['random']:.2f} %; {100 * tastes['recommended']['coverage']:.0f} % of the products shown")
    products, users = (50_000, 5_000) if quick else (1_000_000, 100_000)
    latency = measure([
        docket + "-bench", "recommend", "--products", str(products), "--users", str(users), "--json"])["latency"]
    table.add(
        f"recommendations, {number(products)} products, {number(users)} users",
        f"p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms",
        f"{RECOMMEND_MS_TARGET} ms {'met' if latency['p99'] < RECOMMEND_MS_TARGET else 'missed'}",
        note=f"max {latency['max']:.1f} ms")


def long_row(table, docket, work):
    service = Service(docket, tempfile.mkdtemp(dir=work))
    service.start()
    memory = []
    while log_size(service) < LONG_ENTRIES:
        service.append(["--connections", "4", "--batch", "1000"], 1_000_000)
        memory.append(service.memory("RssAnon"))
    service.stop()
    table.add(
        f"memory over {number(log_size(service))} entries", f"{memory[-1]:.0f} MiB",
        note="without the mapped log, MiB by million transfers: " + ", ".join(f"{value:.0f}" for value in memory))
    read_rows(table, docket, service)


def main(docket, mode):
    quick = mode == "--quick"
    work = tempfile.mkdtemp(prefix="docket-bench-", dir=os.environ.get("DOCKET_BENCH_DIR"))
    table = Table()
    try:
        for load in LOADS:
            service = append_row(table, docket, work, load, quick)
            if "1,000 a request" in load[0]:
                read_rows(table, docket, service)
            shutil.rmtree(service.directory)
        users_row(table, docket, work, quick)
        cel_rows(table, docket, quick)
        recommend_rows(table, docket, quick)
        if mode == "--long":
            long_row(table, docket, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"\n{machine()}\n")
    print(table.text())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
