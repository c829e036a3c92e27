"""Checks the signature of a COSE receipt with PyPI's `pycose`, and prints the root that it signs.

  python3 tools/cose-receipt.py FOLDER                        only installs pycose, into a virtual environment at FOLDER
  python3 tools/cose-receipt.py FOLDER RECEIPT VKEY ROOT      ROOT in hex: where the path leads is for the caller to say

Prints one line of JSON: whether the signature is the key's over that root, the tree's size, the leaf's index and the
hashes. Exits 3 where pycose cannot be had, and says why on stderr.
"""

import base64
import json
import os
import subprocess
import sys

from pypi import python_with

# pycose 1.1.0 does not decode what later versions of cbor2 give.
LIBRARIES = ["pycose==1.1.0", "cbor2==5.6.5"]


def check(receipt, vkey, root):
    import cbor2
    from pycose.keys import OKPKey
    from pycose.keys.curves import Ed25519
    from pycose.messages import Sign1Message

    with open(receipt, "rb") as file:
        message = Sign1Message.decode(file.read())
    proofs = next(value for label, value in message.uhdr.items() if label == 396)
    size, index, hashes = cbor2.loads(proofs[-1][0])
    message.key = OKPKey(crv=Ed25519, x=base64.b64decode(vkey.split("+", 2)[2])[1:])
    message.payload = bytes.fromhex(root)
    structure = next(value for label, value in message.phdr.items() if label == 395)
    print(json.dumps({
        "valid": bool(message.verify_signature()), "structure": structure, "size": size, "index": index,
        "hashes": [hash.hex() for hash in hashes],
    }))
    return 0


def main(arguments):
    if len(arguments) not in (1, 4):
        sys.exit(__doc__)
    folder = os.path.abspath(arguments[0])
    if sys.prefix == folder:
        return check(*arguments[1:])
    python = python_with(folder, LIBRARIES, ["pycose.messages", "cbor2"])
    if python is None:
        return 3
    if len(arguments) == 1:
        return 0
    return subprocess.run([python, os.path.abspath(__file__), folder, *arguments[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
