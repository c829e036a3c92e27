#!/usr/bin/env python3
"""Writes Sources/CEL/Generated/ZoneData.swift from the TZif files of /usr/share/zoneinfo.

One line a zone: names ; offset in 1970 ; other offsets ; unit of the deltas in seconds ; transitions ; year of the rule ; rule.
A transition is the delta to the one before (the first to 1970) in base 36 and a capital letter, the offset's place.
"""
import os, re, struct, subprocess, sys
from datetime import date, timedelta

ROOT, TARGET = "/usr/share/zoneinfo", "Sources/CEL/Generated/ZoneData.swift"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

def base36(n):
    return (base36(n // 36) if n > 35 else "") + DIGITS[n % 36]

def read(path):
    data = open(path, "rb").read()
    if data[:4] != b"TZif": return None
    def counts(at): return struct.unpack(">6l", data[at + 20:at + 44])
    g, s, l, t, y, c = counts(0)
    at = 44 + t * 5 + y * 6 + c + l * 8 + s + g
    g, s, l, t, y, c = counts(at)
    at += 44
    times = struct.unpack(f">{t}q", data[at:at + 8 * t])
    kinds = data[at + 8 * t:at + 9 * t]
    infos = data[at + 9 * t:]
    offset = [struct.unpack(">l", infos[6 * i:6 * i + 4])[0] for i in range(y)]
    footer = data[at + 9 * t + 6 * y + c + 12 * l + s + g:].strip(b"\n").decode()
    return [(a, offset[k]) for a, k in zip(times, kinds)], offset[0], footer

def seconds(text):
    sign = -1 if text.startswith("-") else 1
    parts = [int(p) for p in text.lstrip("+-").split(":")] + [0, 0]
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])

NAME = r"(?:<[^>]+>|[A-Za-z]+)"
def rule(footer):
    """standard offset, summer offset, and (month, week, day, second) of both changes."""
    m = re.fullmatch(rf"{NAME}([-+0-9:]+)(?:{NAME}([-+0-9:]*),(.*),(.*))?", footer)
    standard = -seconds(m[1])
    if m[3] is None: return standard, None, None, None
    def change(text):
        day, _, time = text.partition("/")
        return tuple(int(p) for p in day[1:].split(".")) + (seconds(time or "2"),)
    return standard, -seconds(m[2]) if m[2] else standard + 3600, change(m[3]), change(m[4])

def instant(year, change, offset):
    month, week, day, second = change
    first = date(year, month, 1)
    found = first + timedelta(days=(day - (first.weekday() + 1)) % 7 + 7 * (week - 1))
    while found.month != month: found -= timedelta(days=7)
    return (found - date(1970, 1, 1)).days * 86400 + second - offset

def encode(path):
    got = read(path)
    if not got: return None
    history, start, footer = got
    standard, summer, into, out = rule(footer)
    for when, offset in history:
        if when <= 0: start = offset
    history = [h for h in history if h[0] > 0]
    begin = None
    while history:
        year = (date(1970, 1, 1) + timedelta(seconds=history[-1][0])).year
        if begin not in (None, year + 1): break
        wanted = [] if summer is None else [
            (instant(year, into, standard), summer), (instant(year, out, summer), standard)]
        same = [h for h in history if (date(1970, 1, 1) + timedelta(seconds=h[0])).year == year]
        if summer is None or sorted(wanted) != sorted(same): break
        before = history[-len(same) - 1][1] if len(history) > len(same) else start
        if before != max(wanted)[1]: break  # the year began with another offset than the rule's
        history, begin = history[:-len(same)], year
    kept, last = [], start
    for when, offset in history:
        if offset != last: kept.append((when, offset))
        last = offset
    offsets = [start] + sorted({o for _, o in kept} - {start})
    deltas = [b[0] - a for a, b in zip([0] + [k[0] for k in kept], kept)]
    unit = next(u for u in (900, 60, 1) if all(d % u == 0 for d in deltas))
    text = "".join(base36(d // unit) + chr(65 + offsets.index(k[1])) for d, k in zip(deltas, kept))
    ending = str(standard) if summer is None else ",".join(
        str(v) for v in (standard, summer) + into + out)
    if begin is None: begin = (date(1970, 1, 1) + timedelta(seconds=kept[-1][0])).year + 1 if kept else 1970
    return ";".join((str(start), ",".join(map(str, offsets[1:])), str(unit), text, str(begin), ending))

zones = {}
for folder, _, files in os.walk(ROOT):
    for name in files:
        full = os.path.relpath(os.path.join(folder, name), ROOT)
        if full.split("/")[0] in ("posix", "right") or full in ("localtime", "posixrules"): continue
        code = encode(os.path.join(folder, name))
        if code: zones.setdefault(code, []).append(full)
version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "tzdata"], capture_output=True, text=True).stdout
lines = sorted(",".join(sorted(names)) + ";" + code for code, names in zones.items())
wrapped = ["\\\n".join(line[i:i + 106] for i in range(0, len(line), 106)) for line in lines]
wrapped = [w.replace("\n", "\n        ") for w in wrapped]
open(TARGET, "w").write(f'''/// The zones of the IANA time zone database from 1970 on, written by `tools/zones.py`, which explains the form.
enum ZoneData {{
    /// The Debian release of tzdata it was made from.
    static let version = "{version.split("-")[0]}"

    static let text = """
        ''' + "\n        ".join(wrapped) + '\n        """\n}\n')
print(version, len(lines), "zones", sum(len(z) for z in zones.values()), "names", os.path.getsize(TARGET), "bytes")
