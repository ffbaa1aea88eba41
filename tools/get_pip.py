"""Puts the pip that ansible-test asks for into the virtual environment of the interpreter that runs this.

It stands in for get-pip.py, which ansible-test would fetch from outside the package index: the interpreter's own
ensurepip gives a first pip, and that one installs the pinned versions, given as get-pip.py takes them, from the
configured index.
"""

from __future__ import annotations

import subprocess
import sys

# Options of get-pip.py that pip does not know.
GET_PIP_OPTIONS = ("--no-setuptools", "--no-wheel")


def main() -> int:
    subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL, check=True)
    requirements = [argument for argument in sys.argv[1:] if argument not in GET_PIP_OPTIONS]
    return subprocess.run([sys.executable, "-m", "pip", "install", *requirements], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
