"""Measures other CEL engines on the expressions of `docket-bench cel`, in nanoseconds a run: one JSON object a line.

usage: bench-cel.py NAME...     reads from stdin {"event": …, "user": …, "expressions": {name: text}}; NAME is a package of PyPI
"""

import json
import sys
import time

ROUNDS = 5
ROUND_SECONDS = 0.2


def nanoseconds(body):
    """The fastest of a few rounds."""
    count = 1
    while True:
        started = time.perf_counter()
        for _ in range(count):
            body()
        if time.perf_counter() - started > ROUND_SECONDS / 4:
            break
        count *= 4
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(count):
            body()
        best = min(best, (time.perf_counter() - started) / count)
    return best * 1e9


def cel_python(asked):
    """The engine written in Python."""
    import celpy

    environment = celpy.Environment()
    bindings = {name: celpy.json_to_cel(asked[name]) for name in ("event", "user")}
    for name, text in asked["expressions"].items():
        if name == "compile":
            yield name, lambda text=text: environment.program(environment.compile(text)), None
        else:
            program = environment.program(environment.compile(text))
            yield name, lambda program=program: program.evaluate(bindings), bool(program.evaluate(bindings))


def common_expression_language(asked):
    """Bindings to the engine written in Rust."""
    import cel

    context = cel.Context(variables={name: asked[name] for name in ("event", "user")})
    for name, text in asked["expressions"].items():
        if name == "compile":
            yield name, lambda text=text: cel.compile(text), None
        else:
            program = cel.compile(text)
            yield name, lambda program=program: program.execute(context), bool(program.execute(context))


ENGINES = {"cel-python": cel_python, "common-expression-language": common_expression_language}


def main(names):
    asked = json.load(sys.stdin)
    for engine in names:
        for name, body, value in ENGINES[engine](asked):
            if value is not None and value != (name != "first part false"):
                sys.exit(f"bench-cel: {engine} gives {value} for `{name}`")
            print(json.dumps({"engine": engine, "name": name, "nanoseconds": nanoseconds(body)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
