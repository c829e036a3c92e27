"""Writes what fuzzing starts from, one file an input: `seeds.py DIRECTORY VECTORS`."""

import hashlib
import json
import pathlib
import sys

out, vectors = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def write(target, data):
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def expressions(value):
    """Every member `expr` of the conformance cases, wherever it stands."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "expr" and isinstance(member, str):
                yield member
            else:
                yield from expressions(member)
    elif isinstance(value, list):
        for element in value:
            yield from expressions(element)


found = ['x > 1 && s == "a" || list.exists(i, i > x)', 'record.?t.orValue(timestamp("2024-01-01T00:00:00Z"))']
for path in sorted(vectors.glob("cel/**/*.json")):
    found += expressions(json.loads(path.read_text()))
for text in found:
    for target in ("Expressions", "Evaluation"):
        write(target, text.encode())

# The first byte says by which name a file goes.
names = {"calendar.yaml": b"A", "currencies.yaml": b"B", "policy.yaml": b"C"}
for path in sorted(pathlib.Path("rules").glob("**/*.yaml")):
    write("RuleFiles", names.get(path.name, b"@") + path.read_bytes()[:8000])
readme = pathlib.Path("rules/README.md").read_text()
for part in readme.split("```yaml\n")[1:]:
    write("RuleFiles", b"@" + part.split("```")[0].replace("agent: complaint", "agent: order").encode())

for line in pathlib.Path("fixtures/known-history.ndjson").read_bytes().splitlines()[:200]:
    write("JSONDocuments", line)
for path in sorted(vectors.glob("json-testsuite/test_*/*.json")):
    if path.stat().st_size < 10_000:
        write("JSONDocuments", path.read_bytes())
