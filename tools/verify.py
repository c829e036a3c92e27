#!/usr/bin/env python3
"""Verifies an NDJSON export of a Docket log, its checkpoint and, if asked, receipts; or a dispute bundle's proofs.

    tools/verify.py FILE.ndjson --key VKEY [--checkpoint FILE] [--since FILE ...] [--receipt FILE ...] [--json]
    tools/verify.py BUNDLE --key VKEY [--json]      the proofs of a dispute bundle; not what is derived from it

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
BUNDLE_BYTES_MAX = 64 << 20
BUNDLE_ENTRIES_MAX = 50_000
SIGNATURES_MAX = 100
PROOF_HASHES_MAX = 63
NESTING_MAX = 64
INTEGER_MAX = 2**53 - 1
BECAUSE_BYTES_MAX = 1_024
BAD_MAX = 10_000
TOUCHED_MAX = 10_000
FOLLOWED_MAX = 1 << 20
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
        """Returns the complete subtrees that end in the leaf: (level, index) and hash."""
        size, made = self.size, [((0, self.size), leaf)]
        while size & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            size >>= 1
            made.append(((len(made), size), leaf))
        self.edge.append(leaf)
        self.size += 1
        return made

    def root(self):
        if not self.edge:
            return hashlib.sha256(b"").digest()
        value = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            value = node_hash(left, value)
        return value


def inclusion_root(leaf, index, size, hashes, what="receipt"):
    """The root an inclusion proof leads to (RFC 9162 section 2.1.3.2)."""
    if index >= size:
        raise Refused("inclusion", what, "an index below %d" % size, str(index))
    value, fn, sn = leaf, index, size - 1
    for sibling in hashes:
        if sn == 0:
            raise Refused("inclusion", what, "fewer hashes", "%d" % len(hashes))
        if fn & 1 or fn == sn:
            value = node_hash(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise Refused("inclusion", what, "more hashes", "%d" % len(hashes))
    return value


class Pin:
    """A checkpoint that somebody outside holds, alone or in a receipt: the log must continue it."""

    RECEIPT = b"c2sp.org/tlog-proof@"

    def __init__(self, text, key, is_receipt=False):
        self.index, self.hashes, self.carried = None, [], None
        if not is_receipt and not text.startswith(self.RECEIPT):
            self.what, self.note = "checkpoint seen before", text
        else:
            self.what, self.note = "receipt's checkpoint", self.read_proof(text)
        self.size, self.root = open_checkpoint(self.note, key, self.what)

    def read_proof(self, text):
        if len(text) > NOTE_BYTES_MAX + 100_000:
            raise Refused("limit", "receipt", "at most %d bytes" % (NOTE_BYTES_MAX + 100_000), str(len(text)))
        head, found, note = text.partition(b"\n\n")
        lines = head.split(b"\n")
        if not found or lines[0] != self.RECEIPT + b"v1":
            raise Refused("malformed", "receipt", "c2sp.org/tlog-proof@v1", lines[0].decode("utf-8", "replace"))
        del lines[0]
        if lines and lines[0].startswith(b"extra "):
            self.carried = leaf_hash(base64_strict(lines[0][6:], what="receipt"))
            del lines[0]
        if not lines or not lines[0].startswith(b"index "):
            raise Refused("malformed", "receipt", "a line `index N`", "none")
        self.index = decimal_strict(lines[0][6:], "receipt")
        if len(lines) - 1 > PROOF_HASHES_MAX:
            raise Refused("limit", "receipt", "at most %d hashes" % PROOF_HASHES_MAX, str(len(lines) - 1))
        self.hashes = [hash_strict(line, "receipt") for line in lines[1:]]
        return note

    def nodes(self):
        """The complete subtrees whose hashes the receipt states: (level, index) and hash, the lowest first."""
        if self.index is None or self.index >= self.size:
            return []
        out = [((0, self.index), self.carried)] if self.carried else []
        inner = (self.index ^ (self.size - 1)).bit_length()
        levels = list(range(inner)) + [n for n in range(inner, 64) if self.index >> n & 1]
        for level, value in zip(levels, self.hashes):
            node = (level, self.index >> level ^ 1)
            if node_end(node) <= self.size:
                out.append((node, value))
        return out

    def leaf(self, nodes):
        """The leaf hash that the receipt is about: of the entry in it, else of the one that was read."""
        if self.index is None:
            return None
        return self.carried or nodes.get((0, self.index))

    def proves(self, leaf):
        try:
            return leaf is not None and inclusion_root(leaf, self.index, self.size, self.hashes) == self.root
        except Refused:
            return False


class Bundle:
    """The proofs of a dispute bundle: each entry in it must be in the log. Nothing is derived from it here."""

    START = b'{"bundle":'
    FORMAT = "docket.dispute/1"
    MEMBERS = {
        "bundle", "cascades", "checkpoint", "engine", "entries", "id", "kind", "left", "origin", "result", "rows", "rules",
    }

    @classmethod
    def begins(cls, path):
        with open(path, "rb") as file:
            return file.read(len(cls.START)) == cls.START

    def __init__(self, path, key):
        self.path, self.key = path, key
        self.entries, self.size, self.bad = 0, None, []

    def run(self):
        try:
            self.check(self.read())
        except Refused as refused:
            self.bad.append((None, refused.reason, refused.what, refused.expected, refused.found))
        return {
            "verdict": "FAIL" if self.bad else "OK",
            "reason": self.bad[0][1] if self.bad else None,
            "entries": self.entries,
            "size": self.size,
            "bad": [dict(zip(("sequence", "what", "expected", "found"), (b[0],) + b[2:])) for b in self.bad[:BAD_MAX]],
            "lastGood": None if self.bad else self.size,
            "notes": [],
            "touched": {"accounts": [], "fines": [], "users": []},
        }

    def read(self):
        text = read(self.path, BUNDLE_BYTES_MAX)
        if len(text) > BUNDLE_BYTES_MAX:
            raise Refused("limit", "bundle", "at most %d bytes" % BUNDLE_BYTES_MAX, "more")
        try:
            value = DECODER.decode(text.decode("utf-8"))
            write(value)
        except (RecursionError, NotJSON, ValueError) as error:
            raise Refused("malformed", "bundle", "I-JSON", str(error)[:200])
        if value["bundle"] != self.FORMAT:
            raise Refused("malformed", "bundle", self.FORMAT, json.dumps(value["bundle"])[:200])
        members(value, self.MEMBERS, "bundle")
        if type(value["entries"]) is not list or len(value["entries"]) > BUNDLE_ENTRIES_MAX:
            raise Refused("malformed", "entries", "a list of at most %d" % BUNDLE_ENTRIES_MAX, "something else")
        for name in ("checkpoint", "origin"):
            if type(value[name]) is not str:
                raise Refused("malformed", name, "a text", json.dumps(value[name])[:200])
        return value

    def check(self, value):
        self.size, root = open_checkpoint(value["checkpoint"].encode(), self.key, "checkpoint")
        if value["origin"] != self.key.name:
            raise Refused("origin", "origin", self.key.name, value["origin"])
        last = -1
        for item in value["entries"]:
            members(item, {"entry", "proof", "sequence"}, "entry")
            sequence, text, proof = item["sequence"], item["entry"], item["proof"]
            if type(sequence) is not int or sequence <= last:
                raise Refused("malformed", "sequence", "a number above %d" % last, json.dumps(sequence)[:200])
            last = sequence
            if type(text) is not str or type(proof) is not list or len(proof) > PROOF_HASHES_MAX:
                raise Refused("malformed", "entry %d" % sequence, "a text and at most %d hashes" % PROOF_HASHES_MAX, "other")
            try:
                self.check_entry(sequence, text.encode(), proof, root)
            except Refused as refused:
                self.bad.append((sequence, refused.reason, refused.what, refused.expected, refused.found))
            self.entries += 1

    def check_entry(self, sequence, entry, proof, root):
        if not all(type(text) is str for text in proof):
            raise Refused("malformed", "proof", "texts", "something else")
        hashes = [hash_strict(text.encode(), "proof") for text in proof]
        found = inclusion_root(leaf_hash(entry), sequence, self.size, hashes, "proof")
        if found != root:
            raise Refused("inclusion", "root of the proof", b64(root), b64(found))
        try:
            value, canonical = parse_entry(entry)
        except NotJSON as error:
            raise Refused("form", "JSON", "I-JSON", str(error))
        if canonical != entry or value.get("sequence") != "%016d" % sequence:
            raise Refused("form", "sequence", "%016d" % sequence, json.dumps(value.get("sequence"))[:200])


def members(value, names, what):
    if type(value) is not dict or set(value) != names:
        raise Refused("malformed", what, "the members " + ", ".join(sorted(names)), "others")


def node_end(node):
    return (node[1] + 1) << node[0]


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
    def __init__(self, path, key, note, pins=()):
        self.path, self.key, self.note = path, key, note
        self.pins, self.nodes = list(pins), {}
        self.wanted = {node for pin in self.pins for node, _ in pin.nodes()}
        self.wanted |= {(0, pin.index) for pin in self.pins if pin.index is not None}
        self.bad, self.top, self.soft = [], [], []
        self.forks, self.notes, self.smallest, self.is_against_pin = [], [], None, False
        self.links, self.pairs = [], Pairs()
        self.entries, self.size, self.root = 0, None, None
        self.tree, self.before_last = Tree(), Tree()
        self.roots, self.mended_root = {0: hashlib.sha256(b"").digest()}, None
        self.genesis = hashlib.sha256(b"docket/v1\n" + key.name.encode() + b"\n").digest()
        self.expected_sequence, self.last, self.pending = 0, None, None
        self.is_torn = False
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
        for node, value in self.tree.append(entry.leaf):
            if node in self.wanted:
                self.nodes[node] = value
        self.entries += 1
        self.last = entry
        if self.entries == self.size or any(pin.size == self.entries for pin in self.pins):
            self.roots[self.entries] = self.tree.root()
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
        for reason, name, expected in promises(value, place if entry.sequence is None else entry.sequence):
            self.find(place, reason, name, expected, json.dumps(value.get(name))[:200])

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
        self.find_forks(is_signed)
        self.check_pins()
        self.bad.sort(key=lambda b: -1 if b[0] is None else b[0])
        if self.is_torn:
            self.soft.append("torn")
        return self.result(is_signed)

    def signed_size(self, is_signed):
        """Up to which entry the log's signatures vouch for what was read."""
        return max([0, self.size if is_signed else 0] + self.good_pins())

    def good_pins(self):
        return [pin.size for pin in self.pins if self.roots.get(pin.size) == pin.root]

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

    # What somebody outside holds

    def check_pins(self):
        for pin in self.pins:
            if pin.size > (self.size or 0):
                self.soft.append("stale")
                if self.roots.get(pin.size, pin.root) != pin.root:
                    self.find(pin.size - 1, "root", "root seen before", b64(pin.root), b64(self.roots[pin.size]))
            if pin.index is not None:
                self.check_inclusion(pin)

    def check_inclusion(self, pin):
        leaf = pin.leaf(self.nodes)
        try:
            root = inclusion_root(leaf or b"", pin.index, pin.size, pin.hashes)
        except Refused as refused:
            return self.find(pin.index, "inclusion", refused.what, refused.expected, refused.found)
        if leaf is not None and root != pin.root:
            return self.find(pin.index, "inclusion", "receipt's root", b64(pin.root), b64(root))
        found = self.nodes.get((0, pin.index))
        is_fork = any(row["sequence"] == pin.index for row in self.forks)
        if pin.carried and found and found != pin.carried and not is_fork:
            self.find(pin.index, "inclusion", "receipt's entry", b64(pin.carried), b64(found))

    def find_forks(self, is_signed):
        """Signatures of the log that cannot both be right."""
        for i, pin in enumerate(self.pins):
            for other in self.pins[:i]:
                self.compare(pin, other.size, other.root, other.note)
            if self.size is not None:
                self.compare(pin, self.size, self.root, self.note)
            if is_signed and self.size > pin.size and self.roots.get(pin.size, pin.root) != pin.root:
                self.add_fork(pin.what, pin.root, self.roots[pin.size], [pin.note, self.note], pin.size)
            if is_signed:
                self.compare_receipt(pin)
        claims = {}
        for pin in self.pins:
            if not pin.proves(pin.leaf(self.nodes)):
                continue
            for node, value in pin.nodes():
                before = claims.get(node)
                claims[node] = (value, pin.note)
                if before and before[0] != value and not {before[1], pin.note} <= set(self.notes):
                    notes = [before[1], pin.note]
                    self.add_fork("hashes of two receipts", before[0], value, notes, pin.size)

    def compare(self, pin, size, root, note):
        if pin.size == size and pin.root != root:
            self.add_fork(pin.what, pin.root, root, [pin.note, note], size)

    def compare_receipt(self, pin):
        """The hashes in a receipt against the subtrees of the entries, where a signature covers both."""
        if not pin.proves(pin.leaf(self.nodes)):
            return
        notes = [pin.note, self.note]
        for node, value in pin.nodes():
            found = self.nodes.get(node)
            if node_end(node) > self.size or found is None or found == value:
                continue
            is_entry = node[0] == 0 and value == pin.carried
            if is_entry or not set(notes) <= set(self.notes):
                what, sequence = ("receipt's entry", node[1]) if is_entry else ("receipt's hashes", None)
                self.add_fork(what, value, found, notes, min(pin.size, self.size), sequence)

    def add_fork(self, what, expected, found, notes, size, sequence=None):
        row = {"sequence": sequence, "what": what, "expected": b64(expected), "found": b64(found)}
        if row not in self.forks:
            self.forks.append(row)
        self.notes += [note for note in notes if note not in self.notes]
        self.smallest = size if self.smallest is None else min(self.smallest, size)
        self.is_against_pin = True

    # The answer

    def result(self, is_signed):
        rows = self.forks + [
            {"sequence": None, "what": t.what, "expected": t.expected, "found": t.found} for t in self.top
        ] + [{"sequence": b[0], "what": b[2], "expected": b[3], "found": b[4]} for b in self.bad]
        if self.forks:
            verdict, reason = "FORK", "fork"
        elif self.top:
            verdict, reason = "FAIL", self.top[0].reason
        elif self.bad:
            late = ("truncated", "root", "inclusion")
            reasons = [b[1] for b in self.bad]
            verdict, reason = "FAIL", next((r for r in reasons if r not in late), None)
            reason = reason or next(r for r in late if r in reasons)
        elif self.soft:
            reason = next(r for r in ("stale", "torn", "checkpoint", "uncovered") if r in self.soft)
            verdict = "STALE" if reason == "stale" else "INCOMPLETE"
        else:
            verdict, reason = "OK", None
        accused = {b[0] for b in self.bad if b[1] not in ("truncated", "inclusion")}
        accused |= {row["sequence"] for row in self.forks}
        return {
            "verdict": verdict,
            "reason": reason,
            "entries": self.entries,
            "size": self.size,
            "bad": rows[:BAD_MAX],
            "lastGood": self.last_good(is_signed),
            "signatures": "all",
            "notes": [note.decode("utf-8", "replace") for note in self.notes],
            "touched": touched(self.path, accused - {None}, self.entries),
        }

    def last_good(self, is_signed):
        """Once the log's signatures contradict what somebody outside holds, only what others hold is known to be right."""
        limit = min([self.entries] + [b[0] for b in self.bad if b[0] is not None and b[1] != "inclusion"])
        if self.smallest is not None:
            limit = min(limit, self.smallest - 1)
        good = self.good_pins() + ([self.size] if is_signed and not self.is_against_pin else [])
        return max((size for size in good if size <= limit), default=None)


# Who appended an entry, and why


def promises(value, sequence):
    """The format's promises on an entry's attributes that do not hold: reason, attribute, what was expected."""
    own = ("correlationid", "authid", "causationid", "agent", "rule", "ruleset", "because", "subject", "time")
    texts = {name: text for name, text in value.items() if isinstance(text, str)}
    out = [("form", name, "a string") for name in own if name in value and name not in texts]

    def require(name, expected):
        if texts.get(name) == "" or name not in value:
            out.append(("form", name, expected))

    def require_is(name, text):
        if texts.get(name) != text:
            out.append(("form", name, text))

    def forbid(name, expected):
        if name in value:
            out.append(("form", name, expected))

    require("correlationid", "a string")
    agent, authority, kind = texts.get("agent"), texts.get("authid"), value["type"]
    if "agent" in value:
        forbid("authid", "none in a decision")
        forbid("time", "none in a decision")
        require("ruleset", "the digest of the rule set")
        require("causationid", "the sequence of the cause")
        require_is("id", value["sequence"])
        if agent == "engine":
            forbid("rule", "none in a decision of the engine")
            require_is("source", "/engine")
        elif agent is not None:
            require_is("source", "/agents/" + agent)
            if not (texts.get("rule", "").startswith(agent + "/") and len(texts["rule"]) > len(agent) + 1):
                out.append(("form", "rule", agent + "/..."))
        if len(texts.get("because", "").encode()) > BECAUSE_BYTES_MAX:
            out.append(("form", "because", "at most %d bytes" % BECAUSE_BYTES_MAX))
    else:
        require("authid", "the principal who appended it")
        for name in ("rule", "ruleset", "because"):
            forbid(name, "none in a trigger")
        if authority in ("clock", "ledger"):
            require_is("source", "/clock" if authority == "clock" else "/engine")
            require_is("id", value["sequence"])
            forbid("time", "none in a trigger of the ledger itself")
        if authority == "clock" and kind in ("timer.fired", "schedule.item"):
            require("causationid", "the sequence of the cause")
        else:
            forbid("causationid", "none in a trigger")
    cause = texts.get("causationid")
    if cause is not None and not re.fullmatch(r"\d{16}", cause, re.ASCII):
        out.append(("form", "causationid", "16 digits"))
    elif cause is not None and int(cause) >= sequence:
        out.append(("order", "causationid", "a sequence below %d" % sequence))
    named = SUBJECTS.get(kind)
    data = value.get("data")
    if named:
        text = data.get(named) if isinstance(data, dict) else None
        if (value.get("subject") not in (None, "")) if text in (None, "") else (value.get("subject") != text):
            out.append(("form", "subject", text))
    return out


# The member of `data` that the subject repeats.
SUBJECTS = {
    "timer.scheduled": "key",
    "timer.cancelled": "key",
    "timer.fired": "key",
    "schedule.item": "key",
    "ruleset.file.added": "file",
    "ruleset.activated": "digest",
}

# What bad entries touch

ACCOUNT = re.compile(r"[a-z]+(/[^/]+)*/[A-Z]{3}", re.ASCII)
USERS = {
    "userId", "buyerId", "sellerId", "riderId", "ownerId", "providerId", "harmedId", "reporterId", "referrerId",
    "creditorId", "fromUserId", "toUserId", "modelOwnerId",
}


def touched(path, accused, count):
    """Accounts, fines and users that the accused entries and those that they caused name."""
    names = {"accounts": set(), "fines": set(), "users": set()}
    followed = set(accused)
    if accused:
        with open(path, "rb") as file:
            for place, line in zip(range(count), file):
                if place >= min(accused):
                    follow(line.rstrip(b"\n"), place, place in accused, followed, names)
    return {kind: sorted(found, key=lambda name: name.encode())[:TOUCHED_MAX] for kind, found in names.items()}


def follow(line, place, is_accused, followed, names):
    try:
        value, canonical = parse_entry(line)
    except NotJSON:
        return
    if canonical == line:
        cause, own = (value.get(name) for name in ("causationid", "sequence"))
        digits = [int(t) if isinstance(t, str) and re.fullmatch(r"\d{16}", t, re.ASCII) else None for t in (cause, own)]
        if not is_accused and digits[0] not in followed:
            return
        if len(followed) < FOLLOWED_MAX:
            followed.add(place if digits[1] is None else digits[1])
    elif not is_accused:
        return
    collect(value.get("data"), names)


def collect(value, names):
    if isinstance(value, list):
        for item in value:
            collect(item, names)
    if not isinstance(value, dict):
        return
    for name, text in value.items():
        if not isinstance(text, str):
            collect(text, names)
            continue
        if name in USERS or (name == "partyId" and value.get("party") == "user"):
            names["users"].add(text)
        if name == "fineId" or (name == "reference" and value.get("purpose") == "fine"):
            names["fines"].add(text)
        if ACCOUNT.fullmatch(text):
            names["accounts"].add(text)
            parts = text.split("/")
            if parts[0] == "wallet" and len(parts) == 3:
                names["users"].add(parts[1])


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
    for kind, names in result["touched"].items():
        if names:
            print("  %s touched: %s" % (kind, ", ".join(names)))
    for note in result["notes"]:
        print("  signed by the log:\n%s" % note)
    if result["lastGood"] is not None:
        print("  last good checkpoint: %d entries" % result["lastGood"])


def main():
    parser = argparse.ArgumentParser(description="Verify an NDJSON export of a Docket log.")
    parser.add_argument("file", help="the export, whose checkpoint is FILE.checkpoint, or a dispute bundle")
    parser.add_argument("--key", required=True, help="the log's verifier key: name+hash+base64")
    parser.add_argument("--checkpoint", help="another checkpoint than FILE.checkpoint")
    parser.add_argument("--since", action="append", default=[], help="a checkpoint or receipt seen before; repeatable")
    parser.add_argument("--receipt", action="append", default=[], help="a receipt of one of the entries; repeatable")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        key = Key(options.key)
        if Bundle.begins(options.file):
            if options.checkpoint or options.since or options.receipt:
                raise ValueError("a dispute bundle takes no other option than --key and --json")
            result = Bundle(options.file, key).run()
            report(result, options.json)
            return 0 if result["verdict"] == "OK" else 1
        path = options.checkpoint or options.file + ".checkpoint"
        note = read(path, NOTE_BYTES_MAX) if options.checkpoint or os.path.exists(path) else None
        pins, refusals = [], []
        for file in options.since:
            try:
                pins.append(Pin(read(file, NOTE_BYTES_MAX + 100_000), key))
            except Refused as refused:
                raise ValueError("%s: %s: expected %s" % (file, refused.what, refused.expected))
        for file in options.receipt:
            try:
                pins.append(Pin(read(file, NOTE_BYTES_MAX + 100_000), key, is_receipt=True))
            except Refused as refused:
                refusals.append(refused)
        verifier = Verifier(options.file, key, note, pins)
        verifier.top += refusals
        result = verifier.run()
    except (OSError, ValueError) as error:
        sys.stderr.write("verify.py: %s\n" % error)
        return 2
    report(result, options.json)
    return {"OK": 0, "FAIL": 1, "FORK": 1, "STALE": 3, "INCOMPLETE": 3}[result["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
