"""Prints the line coverage of each target from llvm-cov's export; fails below a percentage over all.

usage: coverage.py CODECOV.json PERCENT
"""

import collections
import json
import sys


def main(path, least):
    lines = collections.defaultdict(lambda: [0, 0])
    with open(path, encoding="utf-8") as file:
        export = json.load(file)
    for item in export["data"][0]["files"]:
        parts = item["filename"].split("/Sources/")
        if len(parts) != 2 or "/.build/" in item["filename"]:
            continue
        counts = lines[parts[1].split("/")[0]]
        counts[0] += item["summary"]["lines"]["covered"]
        counts[1] += item["summary"]["lines"]["count"]
    covered = sum(counts[0] for counts in lines.values())
    total = sum(counts[1] for counts in lines.values())
    for target, (hit, count) in sorted(lines.items()):
        print(f"{target:20} {100 * hit / max(count, 1):6.1f} %  {hit:6} of {count:6} lines")
    share = 100 * covered / max(total, 1)
    print(f"{'all':20} {share:6.1f} %  {covered:6} of {total:6} lines")
    if share < least:
        sys.exit(f"coverage is below {least} %")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
