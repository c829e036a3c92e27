"""Packages of PyPI in a virtual environment of their own, for the scripts that tests run."""

import os
import subprocess
import sys


def python_with(folder, packages, modules):
    """The Python of a virtual environment at `folder` that has the packages; None, with the reason on stderr, where they cannot be had.

    `modules` are what they are imported as: where all are there, nothing is downloaded.
    """
    python = os.path.join(folder, "bin", "python")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=300)
        has = [python, "-c", "import " + ", ".join(modules)]
        if subprocess.run(has, capture_output=True, check=False).returncode != 0:
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
            subprocess.run(pip, check=True, capture_output=True, timeout=300)
        return python
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        print(f"{', '.join(packages)} cannot be had from PyPI: {said.decode().strip().splitlines()[-1]}", file=sys.stderr)
        return None
