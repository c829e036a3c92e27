"""Evaluates CEL expressions with two other engines from PyPI, in a virtual environment of its own.

  python3 tools/cel-peers.py FOLDER     installs them into FOLDER; reads {"expression": …, "bindings": {…}} from stdin, one a
                                        line; prints {"cel-python": …, "common-expression-language": …} for each

A value is `["bool", true]`, `["int", "5"]`, `["double", "1.5"]`, `["string", "x"]`, `["bytes", "6869"]`, `["null"]`,
`["list", VALUE…]` or `["map", [KEY, VALUE]…]` in the order of keys; an error is `["error"]`. Exits 3 where the engines cannot be
had, and says why on stderr.
"""

import json
import os
import subprocess
import sys

from pypi import python_with

PACKAGES = ["cel-python==0.5.0", "common-expression-language==0.10.0"]


def tagged(value):
    """A value with its type. Booleans go first: in Python they are integers."""
    name = type(value).__name__
    if isinstance(value, Exception):
        raise value
    if value is None:
        return ["null"]
    if isinstance(value, bool) or name == "BoolType":
        return ["bool", bool(value)]
    if isinstance(value, int):
        return ["int", str(int(value))]
    if isinstance(value, float):
        return ["double", repr(float(value))]
    if isinstance(value, bytes):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, str):
        return ["string", str(value)]
    if isinstance(value, dict):
        return ["map", *sorted([tagged(key), tagged(value[key])] for key in value)]
    if isinstance(value, (list, tuple)):
        return ["list", *[tagged(element) for element in value]]
    return ["other", name]


def cel_python(expression, bindings):
    """The engine written in Python."""
    import celpy

    environment = celpy.Environment()
    activation = {name: celpy.json_to_cel(value) for name, value in bindings.items()}
    return environment.program(environment.compile(expression)).evaluate(activation)


def common_expression_language(expression, bindings):
    """Bindings to the engine written in Rust."""
    import cel

    return cel.compile(expression).execute(cel.Context(variables=bindings))


ENGINES = {"cel-python": cel_python, "common-expression-language": common_expression_language}


def answer(engine, asked):
    # An engine's error may be of any class, and what is written in Rust may panic, which is no `Exception`.
    try:
        return tagged(engine(asked["expression"], asked["bindings"]))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return ["error"]


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = os.path.abspath(arguments[0])
    if sys.prefix != folder:
        python = python_with(folder, PACKAGES, ["cel", "celpy"])
        return 3 if python is None else subprocess.run([python, os.path.abspath(__file__), folder], check=False).returncode
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps({name: answer(engine, asked) for name, engine in ENGINES.items()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
