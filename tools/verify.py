#!/usr/bin/env python3
"""Verifies an NDJSON export of a Docket log, its checkpoint and, if asked, a receipt.

    tools/verify.py FILE.ndjson --key VKEY [--checkpoint FILE] [--since CHECKPOINT] [--receipt FILE] [--json]

Written from the format page (Sources/EventLog/FORMAT.md) alone; shares nothing with the program that writes logs.
Needs Python 3.9 and PyNaCl. Exit codes: 0 OK, 1 FAIL or FORK, 2 could not run, 3 STALE or INCOMPLETE.
"""
import argparse
import base64
import binascii
import datetime
import hashlib
import heapq
import json
import os
import re
import struct
import sys
import tempfile

try:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
except ImportError:
    sys.stderr.write("verify.py: PyNaCl is missing: pip install pynacl\n")
    sys.exit(2)

ENTRY_BYTES_MAX = 65_535
NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
PROOF_HASHES_MAX = 63
NESTING_MAX = 64
INTEGER_MAX = 2**53 - 1
BAD_MAX = 10_000
SORT_RECORDS = 500_000


class Refused(Exception):
    """A text that is not in its strict form, or does not verify: a reason and what was expected and found."""

    def __init__(self, reason, what, expected=None, found=None):
        super().__init__(what)
        self.reason, self.what, self.expected, self.found = reason, what, expected, found


# Strict readings


def base64_strict(text, reason="malformed", what="base64"):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(reason, what, "strict base64", text.decode("utf-8", "replace"))
    if base64.b64encode(data) != text:
        raise Refused(reason, what, "strict base64", text.decode("utf-8", "replace"))
    return data


def hash_strict(text, what):
    data = base64_strict(text, what=what)
    if len(data) != 32:
        raise Refused("malformed", what, "32 bytes", "%d bytes" % len(data))
    return data


def decimal_strict(text, what):
    if not re.fullmatch(rb"0|[1-9][0-9]{0,19}", text) or int(text) >= 2**64:
        raise Refused("malformed", what, "a decimal", text.decode("utf-8", "replace"))
    return int(text)


def b64(data):
    return base64.b64encode(data).decode()


# Keys and notes


class Key:
    """The trusted verifier key of a log."""

    def __init__(self, text):
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise ValueError("a verifier key has the form name+hash+base64")
        self.name, key_id, encoded = parts
        try:
            data = base64_strict(encoded.encode())
        except Refused:
            raise ValueError("the verifier key is not strict base64")
        if len(data) != 33 or data[0] != 1:
            raise ValueError("the verifier key is not a log's Ed25519 key")
        if not is_name(self.name):
            raise ValueError("the verifier key has no proper name")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != key_id:
            raise ValueError("the verifier key's hash is not that of its name and key")
        self.text = text
        self.key = VerifyKey(data[1:])

    def verifies(self, signature, text):
        if len(signature) != 64:
            return False
        try:
            self.key.verify(text, signature)
            return True
        except (BadSignatureError, ValueError):
            return False


def is_name(name):
    return bool(name) and not any(c.isspace() or c == "+" or ord(c) < 0x20 for c in name)


def open_checkpoint(note, key, whose):
    """Size and root of a log's signed checkpoint."""
    if len(note) > NOTE_BYTES_MAX:
        raise Refused("limit", whose, "at most %d bytes" % NOTE_BYTES_MAX, "%d bytes" % len(note))

    def malformed(expected):
        return Refused("malformed", whose, expected, note[:200].decode("utf-8", "replace"))

    if any(c < 0x20 and c != 0x0A for c in note):
        raise malformed("no byte below 0x20 but the line feed")
    try:
        note.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("UTF-8")
    split = note.rfind(b"\n\n")
    if split < 0 or not note.endswith(b"\n") or split + 2 >= len(note):
        raise malformed("a text, an empty line, signature lines, each ended by a line feed")
    text, lines = note[: split + 1], note[split + 2 : -1].split(b"\n")
    if len(lines) > SIGNATURES_MAX:
        raise Refused("limit", whose, "at most %d signatures" % SIGNATURES_MAX, "%d" % len(lines))
    signatures = []
    for line in lines:
        match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)".encode(), line)
        if not match or not is_name(match.group(1).decode()):
            raise malformed("signature lines of the form `\u2014 name base64`")
        data = base64_strict(match.group(2), what=whose)
        if len(data) < 5:
            raise malformed("a key id and a signature")
        signatures.append((match.group(1).decode(), data[:4], data[4:]))
    body = text[:-1].split(b"\n")
    if len(body) != 3 or not body[0]:
        raise malformed("three lines: origin, size, root")
    size, root = decimal_strict(body[1], whose), hash_strict(body[2], whose)
    if body[0] != key.name.encode():
        raise Refused("origin", whose, key.name, body[0].decode())
    mine = [s for name, key_id, s in signatures if name == key.name and key_id == key.id]
    if not mine:
        raise Refused("signature", whose, "a signature by " + key.text, "no trusted signature")
    if not all(key.verifies(s, text) for s in mine):
        raise Refused("signature", whose, "a signature by " + key.text, "invalid signature")
    return size, root


# Canonical JSON


class NotJSON(Exception):
    pass


def object_once(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        raise NotJSON("a member name occurs twice")
    return out


def number_int(text):
    value = int(text) if len(text) < 400 else None
    if value is None or abs(value) > INTEGER_MAX:
        raise NotJSON("an integral value outside ±(2^53−1)")
    return value


def number_float(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise NotJSON("a number that overflows a double")
    if value == int(value) and abs(value) > INTEGER_MAX:
        raise NotJSON("an integral value outside ±(2^53−1)")
    return value


def no_constant(text):
    raise NotJSON("`%s` is not JSON" % text)


DECODER = json.JSONDecoder(
    object_pairs_hook=object_once, parse_int=number_int, parse_float=number_float, parse_constant=no_constant
)
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
ESCAPED = re.compile('["\\\\\x00-\x1f]')


def write_string(text):
    return '"' + ESCAPED.sub(lambda m: ESCAPES.get(m.group(), "\\u%04x" % ord(m.group())), text) + '"'


def write_number(value):
    """As ECMAScript's Number.prototype.toString."""
    if isinstance(value, int):
        return str(value)
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = whole + fraction
    point = len(whole) + (int(exponent) if exponent else 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    sign, count = ("-" if value < 0 else ""), len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if count > 1 else ""
    return "%s%s%se%s%d" % (sign, digits[0], rest, "+" if point > 0 else "-", abs(point - 1))


def write(value, depth=0):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, (int, float)):
        return write_number(value)
    if depth >= NESTING_MAX:
        raise NotJSON("more than %d levels of nesting" % NESTING_MAX)
    if isinstance(value, list):
        return "[" + ",".join(write(v, depth + 1) for v in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(write_string(n) + ":" + write(value[n], depth + 1) for n in names) + "}"


def parse_entry(line):
    """The object of an entry's bytes; raises NotJSON with what is wrong."""
    try:
        text = line.decode("utf-8")
        value = DECODER.decode(text)
        canonical = write(value).encode("utf-8")
    except UnicodeError:
        raise NotJSON("a lone surrogate, or bytes that are not UTF-8")
    except RecursionError:
        raise NotJSON("more than %d levels of nesting" % NESTING_MAX)
    except NotJSON:
        raise
    except ValueError as error:
        raise NotJSON("not JSON: %s" % error)
    if not isinstance(value, dict):
        raise NotJSON("not an object")
    return value, canonical


# The tree


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """The right edge of the growing tree."""

    def __init__(self, size=0, edge=()):
        self.size, self.edge = size, list(edge)

    def append(self, leaf):
        size = self.size
        while size & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            size >>= 1
        self.edge.append(leaf)
        self.size += 1

    def root(self):
        if not self.edge:
            return hashlib.sha256(b"").digest()
        value = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            value = node_hash(left, value)
        return value


def inclusion_root(leaf, index, size, hashes):
    """The root an inclusion proof leads to (RFC 9162 section 2.1.3.2)."""
    if index >= size:
        raise Refused("inclusion", "receipt", "an index below %d" % size, str(index))
    value, fn, sn = leaf, index, size - 1
    for sibling in hashes:
        if sn == 0:
            raise Refused("inclusion", "receipt", "fewer hashes", "%d" % len(hashes))
        if fn & 1 or fn == sn:
            value = node_hash(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise Refused("inclusion", "receipt", "more hashes", "%d" % len(hashes))
    return value


class Receipt:
    def __init__(self, text, key):
        if len(text) > NOTE_BYTES_MAX + 100_000:
            raise Refused("limit", "receipt", "at most %d bytes" % (NOTE_BYTES_MAX + 100_000), str(len(text)))
        head, found, note = text.partition(b"\n\n")
        lines = head.split(b"\n")
        if not found or lines[0] != b"c2sp.org/tlog-proof@v1":
            raise Refused("malformed", "receipt", "c2sp.org/tlog-proof@v1", lines[0].decode("utf-8", "replace"))
        del lines[0]
        if lines and lines[0].startswith(b"extra "):
            base64_strict(lines[0][6:], what="receipt")
            del lines[0]
        if not lines or not lines[0].startswith(b"index "):
            raise Refused("malformed", "receipt", "a line `index N`", "none")
        self.index = decimal_strict(lines[0][6:], "receipt")
        if len(lines) - 1 > PROOF_HASHES_MAX:
            raise Refused("limit", "receipt", "at most %d hashes" % PROOF_HASHES_MAX, str(len(lines) - 1))
        self.hashes = [hash_strict(line, "receipt") for line in lines[1:]]
        self.note = note
        self.size, self.root = open_checkpoint(note, key, "receipt's checkpoint")


# Duplicates


class Pairs:
    """Finds (source, id) pairs that occur twice: 16-byte digests sorted in temporary files, then compared in full."""

    RECORD = struct.Struct(">16sQQ")

    def __init__(self):
        self.records, self.files = [], []

    def add(self, source, name, sequence, offset):
        digest = hashlib.sha256(json.dumps([source, name]).encode()).digest()[:16]
        self.records.append(self.RECORD.pack(digest, sequence, offset))
        if len(self.records) >= SORT_RECORDS:
            file = tempfile.TemporaryFile()
            file.write(b"".join(sorted(self.records)))
            file.seek(0)
            self.files.append(file)
            self.records = []

    def runs(self, file):
        while True:
            block = file.read(self.RECORD.size * 4096)
            if not block:
                return
            for i in range(0, len(block), self.RECORD.size):
                yield block[i : i + self.RECORD.size]

    def twice(self, path):
        group = []
        for record in heapq.merge(sorted(self.records), *[self.runs(f) for f in self.files]):
            digest, sequence, offset = self.RECORD.unpack(record)
            if group and group[0][0] != digest:
                yield from self.compare(group, path)
                group = []
            group.append((digest, sequence, offset))
        yield from self.compare(group, path)

    @staticmethod
    def compare(group, path):
        if len(group) < 2:
            return
        first = {}
        with open(path, "rb") as file:
            for _, sequence, offset in group:
                file.seek(offset)
                entry = json.loads(file.readline())
                pair = (entry["source"], entry["id"])
                if pair in first:
                    yield first[pair], sequence, pair
                else:
                    first[pair] = sequence


# The verifier


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def is_time(text):
    if not TIME.fullmatch(text):
        return False
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return False
    return text[17:19] != "60"


class Entry:
    def __init__(self, place, line):
        self.place, self.line, self.leaf = place, line, leaf_hash(line)
        self.sequence = self.previous = self.time = None


class Link:
    """A broken link: `after` does not carry the leaf hash of `before`."""

    def __init__(self, before, after):
        self.before, self.after = before.place, after.place
        self.leaf, self.carried = before.leaf, after.previous
        # What entry `after` would hash to if it carried the right hash. The attribute is the last place of its form:
        # attributes after it are strings, where a quotation mark is escaped.
        member = b'"previoushash":"%s"'
        carried, right = member % after.previous.encode(), member % b64(before.leaf).encode()
        self.mended = leaf_hash(right.join(after.line.rsplit(carried, 1)))
        self.blames = self.before


class Verifier:
    def __init__(self, path, key, note, since=None, receipt=None):
        self.path, self.key = path, key
        self.since, self.receipt = since, receipt
        self.bad, self.top, self.soft = [], [], []
        self.links, self.pairs = [], Pairs()
        self.entries, self.size, self.root = 0, None, None
        self.tree, self.before_last = Tree(), Tree()
        self.roots, self.mended_root = {0: hashlib.sha256(b"").digest()}, None
        self.genesis = hashlib.sha256(b"docket/v1\n" + key.name.encode() + b"\n").digest()
        self.expected_sequence, self.last, self.pending = 0, None, None
        self.receipt_leaf, self.is_torn = None, False
        if note is None:
            self.soft.append("checkpoint")
        else:
            try:
                self.size, self.root = open_checkpoint(note, key, "checkpoint")
            except Refused as refused:
                self.top.append(refused)

    def find(self, sequence, reason, what, expected, found):
        if len(self.bad) < BAD_MAX:
            self.bad.append((sequence, reason, what, expected, found))

    # One entry

    def take(self, line, offset):
        entry = Entry(self.entries, line)
        self.check_form(entry, offset)
        self.check_order(entry)
        self.before_last = Tree(self.tree.size, self.tree.edge)
        self.tree.append(entry.leaf)
        self.entries += 1
        self.last = entry
        if self.receipt and entry.place == self.receipt.index:
            self.receipt_leaf = entry.leaf
        for size in (self.size, self.since and self.since[0], self.receipt and self.receipt.size):
            if size == self.entries:
                self.roots[size] = self.tree.root()
        if self.size == self.entries and self.pending:
            mended = Tree(self.before_last.size, self.before_last.edge)
            mended.append(self.pending.mended)
            self.mended_root = (self.pending, mended.root())

    def check_form(self, entry, offset):
        place = entry.place
        if len(entry.line) > ENTRY_BYTES_MAX:
            return self.find(place, "form", "length", "at most %d bytes" % ENTRY_BYTES_MAX, "%d" % len(entry.line))
        try:
            value, canonical = parse_entry(entry.line)
        except NotJSON as error:
            return self.find(place, "form", "JSON", "I-JSON", str(error))
        if canonical != entry.line:
            self.find(place, "form", "canonical form", b64(leaf_hash(canonical)), b64(entry.leaf))
        for name in ("specversion", "id", "source", "type", "datacontenttype", "sequence", "previoushash", "recordedtime"):
            if not isinstance(value.get(name), str) or not value[name]:
                return self.find(place, "form", name, "a string", json.dumps(value.get(name))[:200])
        for name, expected in (("specversion", "1.0"), ("datacontenttype", "application/json")):
            if value[name] != expected:
                self.find(place, "form", name, expected, value[name])
        if not re.fullmatch(r"\d{16}", value["sequence"], re.ASCII):
            self.find(place, "form", "sequence", "16 digits", value["sequence"])
        else:
            entry.sequence = int(value["sequence"])
        try:
            hash_strict(value["previoushash"].encode("utf-8", "replace"), "previoushash")
            entry.previous = value["previoushash"]
        except Refused as refused:
            self.find(place, "form", "previoushash", "base64 of 32 bytes", refused.found)
        if is_time(value["recordedtime"]):
            entry.time = value["recordedtime"]
        else:
            self.find(place, "form", "recordedtime", "YYYY-MM-DDThh:mm:ss.mmmZ", value["recordedtime"])
        self.pairs.add(value["source"], value["id"], place, offset)

    def check_order(self, entry):
        place, last = entry.place, self.last
        sequence = place if entry.sequence is None else entry.sequence
        follows = sequence == self.expected_sequence
        if follows:
            if entry.time and last and last.time and entry.time < last.time:
                self.find(place, "order", "recordedtime", "not before " + last.time, entry.time)
        elif last and sequence == last.place == self.expected_sequence - 1 and entry.leaf != last.leaf:
            self.find(sequence, "order", "sequence", "%016d once" % sequence, "%016d twice" % sequence)
        elif sequence != place:
            self.find(place, "order", "sequence", "%016d" % place, "%016d" % sequence)
        self.expected_sequence = sequence + 1
        if entry.previous is None or not follows:
            self.pending = None
        elif last is not None:
            self.check_link(last, entry)
        elif base64.b64decode(entry.previous) != self.genesis:
            self.find(0, "chain", "previoushash", b64(self.genesis), entry.previous)

    def check_link(self, last, entry):
        carried, before = base64.b64decode(entry.previous), self.pending
        self.pending = None
        if carried == last.leaf:
            return
        link = Link(last, entry)
        if before is not None and carried == before.mended:
            before.blames, link.blames = before.after, None
        else:
            self.pending = link
        if len(self.links) < BAD_MAX:
            self.links.append(link)

    # The whole

    def run(self):
        offset = 0
        with open(self.path, "rb") as file:
            while True:
                line = file.readline(1 << 20)
                if not line:
                    break
                while not line.endswith(b"\n"):
                    more = file.readline(1 << 20)
                    if not more:
                        break
                    line = line[: ENTRY_BYTES_MAX + 1] + more
                if not line.endswith(b"\n"):
                    self.is_torn = True
                    break
                self.take(line[:-1], offset)
                offset = file.tell()
        is_signed = self.size is not None and self.roots.get(self.size) == self.root
        self.blame_links(is_signed)
        for first, second, pair in self.pairs.twice(self.path):
            for sequence, other in ((first, second), (second, first)):
                found = "also entry %d: %s" % (other, json.dumps(pair, ensure_ascii=False))
                self.find(sequence, "duplicate", "source and id", "once", found)
        if self.size is not None:
            self.check_size(is_signed)
        if self.receipt:
            self.check_receipt()
        if self.since:
            self.check_since(is_signed)
        self.bad.sort(key=lambda b: -1 if b[0] is None else b[0])
        if self.is_torn:
            self.soft.append("torn")
        return self.result(is_signed)

    def signed_size(self, is_signed):
        """Up to which entry the log's signatures vouch for what was read."""
        return max([0, self.size if is_signed else 0] + [n for n, root in self.pinned() if self.roots.get(n) == root])

    def pinned(self):
        receipt = self.receipt and (self.receipt.size, self.receipt.root)
        return [p for p in (self.since, receipt) if p]

    def blame_links(self, is_signed):
        signed = self.signed_size(is_signed)
        if not is_signed and self.mended_root and self.mended_root[1] == self.root:
            self.mended_root[0].blames = self.mended_root[0].after
        for link in self.links:
            blames = link.after if link.after < signed else link.blames
            if blames == link.before:
                self.find(blames, "chain", "leaf hash", link.carried, b64(link.leaf))
            elif blames == link.after:
                self.find(blames, "chain", "previoushash", b64(link.leaf), link.carried)
        accused = {b[0] for b in self.bad if b[1] == "chain" and b[2] == "leaf hash"}
        self.bad = [
            b
            for b in self.bad
            if not (b[1] == "order" and b[2] == "recordedtime" and b[0] >= signed and b[0] - 1 in accused)
        ]

    def check_size(self, is_signed):
        if self.entries > self.size:
            self.soft.append("uncovered")
        elif self.entries < self.size:
            if not self.is_torn:
                self.find(self.entries, "truncated", "entries", str(self.size), str(self.entries))
        if self.entries >= self.size and not is_signed:
            # The links hold up to the last entry that is covered, so it is the one that was changed.
            last = self.size - 1 if self.size else None
            if not any(b[1] in ("chain", "order") or b[0] == last for b in self.bad):
                found = self.roots[self.size]
                self.find(last, "root", "root", b64(self.root), b64(found))

    def check_receipt(self):
        receipt = self.receipt
        if self.size == receipt.size and self.root != receipt.root:
            self.top.append(Refused("fork", "receipt's checkpoint", b64(self.root), b64(receipt.root)))
        elif receipt.size in self.roots and self.roots[receipt.size] != receipt.root and self.is_good(receipt.size):
            self.top.append(Refused("fork", "receipt's checkpoint", b64(self.roots[receipt.size]), b64(receipt.root)))
        elif self.size is not None and receipt.size > self.size:
            self.soft.append("stale")
        if self.receipt_leaf is None:
            if receipt.index >= receipt.size:
                self.find(receipt.index, "inclusion", "receipt", "an index below %d" % receipt.size, str(receipt.index))
            return
        try:
            found = inclusion_root(self.receipt_leaf, receipt.index, receipt.size, receipt.hashes)
        except Refused as refused:
            return self.find(receipt.index, "inclusion", refused.what, refused.expected, refused.found)
        if found != receipt.root:
            self.find(receipt.index, "inclusion", "receipt's root", b64(receipt.root), b64(found))

    def check_since(self, is_signed):
        size, root = self.since
        if size > (self.size or 0):
            self.soft.append("stale")
            if self.roots.get(size, root) != root:
                self.find(size - 1, "root", "root seen before", b64(root), b64(self.roots[size]))
        elif self.size == size and self.root != root:
            self.top.append(Refused("fork", "checkpoint seen before", b64(root), b64(self.root)))
        elif size in self.roots and self.roots[size] != root and is_signed:
            self.top.append(Refused("fork", "checkpoint seen before", b64(root), b64(self.roots[size])))

    def is_good(self, size):
        return self.size is not None and size <= self.size and self.roots.get(self.size) == self.root

    def result(self, is_signed):
        forks = [t for t in self.top if t.reason == "fork"]
        fails = [t for t in self.top if t.reason != "fork"]
        rows = [
            {"sequence": None, "what": t.what, "expected": t.expected, "found": t.found} for t in forks + fails
        ] + [{"sequence": b[0], "what": b[2], "expected": b[3], "found": b[4]} for b in self.bad]
        if forks:
            verdict, reason = "FORK", "fork"
        elif fails:
            verdict, reason = "FAIL", fails[0].reason
        elif self.bad:
            late = ("truncated", "root", "inclusion")
            verdict, reason = "FAIL", next((b[1] for b in self.bad if b[1] not in late), self.bad[0][1])
        elif self.soft:
            reason = next(r for r in ("stale", "torn", "checkpoint", "uncovered") if r in self.soft)
            verdict = "STALE" if reason == "stale" else "INCOMPLETE"
        else:
            verdict, reason = "OK", None
        limit = min([self.entries] + [b[0] for b in self.bad if b[0] is not None])
        good = [n for n, root in self.pinned() if self.roots.get(n) == root and n <= limit]
        if is_signed and self.size <= limit:
            good.append(self.size)
        return {
            "verdict": verdict,
            "reason": reason,
            "entries": self.entries,
            "size": self.size,
            "bad": rows,
            "lastGood": max(good) if good else None,
        }


def read(path, most):
    with open(path, "rb") as file:
        return file.read(most + 1)


def report(result, as_json):
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    reason = " (%s)" % result["reason"] if result["reason"] else ""
    print("%s%s: %d entries" % (result["verdict"], reason, result["entries"]))
    for bad in result["bad"]:
        place = "checkpoint" if bad["sequence"] is None else "entry %d" % bad["sequence"]
        print("  %s: %s: expected %s, found %s" % (place, bad["what"], bad["expected"], bad["found"]))
    if result["lastGood"] is not None:
        print("  last good checkpoint: %d entries" % result["lastGood"])


def main():
    parser = argparse.ArgumentParser(description="Verify an NDJSON export of a Docket log.")
    parser.add_argument("file", help="the export; its checkpoint is FILE.checkpoint")
    parser.add_argument("--key", required=True, help="the log's verifier key: name+hash+base64")
    parser.add_argument("--checkpoint", help="another checkpoint than FILE.checkpoint")
    parser.add_argument("--since", help="a checkpoint that was seen before")
    parser.add_argument("--receipt", help="a receipt (tlog-proof) of one of the entries")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        key = Key(options.key)
        path = options.checkpoint or options.file + ".checkpoint"
        note = read(path, NOTE_BYTES_MAX) if options.checkpoint or os.path.exists(path) else None
        since = None
        if options.since:
            try:
                since = open_checkpoint(read(options.since, NOTE_BYTES_MAX), key, "checkpoint seen before")
            except Refused as refused:
                raise ValueError("%s: %s: expected %s" % (options.since, refused.what, refused.expected))
        verifier = Verifier(options.file, key, note, since)
        if options.receipt:
            try:
                verifier.receipt = Receipt(read(options.receipt, NOTE_BYTES_MAX + 100_000), key)
            except Refused as refused:
                verifier.top.append(refused)
        result = verifier.run()
    except (OSError, ValueError) as error:
        sys.stderr.write("verify.py: %s\n" % error)
        return 2
    report(result, options.json)
    return {"OK": 0, "FAIL": 1, "FORK": 1, "STALE": 3, "INCOMPLETE": 3}[result["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
