# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled dependency injection, made by the store's own command; generated code that changed classes make stale."""

from __future__ import annotations

import os
import re
from typing import Iterable, List

from .command import Runner
from .errors import CommerceError
from .store import METADATA

_NAMESPACE = re.compile(r"^namespace\s+([\w\\]+)\s*;", re.MULTILINE)
_TYPE = re.compile(r"^(?:abstract\s+|final\s+|readonly\s+)*(?:class|interface)\s+(\w+)", re.MULTILINE)


def compile_di(root: str, php, runner: Runner, timeout: float) -> str:
    """Compile the store at root, as its owner; php is PHP's command line as a list, timeout in seconds.

    The command empties generated/ first and cleans every cache at its end. Returns what was done, in words.
    """
    argv = list(php) + ["-d", "memory_limit=-1", "bin/magento", "setup:di:compile", "--no-ansi", "--no-interaction"]
    result = runner.run(argv, cwd=root, timeout=timeout)
    if result.rc != 0 or not os.path.isfile(os.path.join(root, METADATA)):
        words = " ".join((result.out + " " + result.err).split())
        raise CommerceError(
            "compile the store",
            root,
            "setup:di:compile ended with status {0}: {1}".format(result.rc, words[-600:] or "no output"),
            "Compile a copy of the store with the patch by hand, mend what the compiler names, then run again.",
            code="compile_failed",
        )
    return "compiled dependency injection"


def generated_from(root: str, paths: Iterable[str]) -> List[str]:
    """Where the store generates classes that repeat the constructor of a class in one of these PHP files, as paths.

    A store that is not compiled makes them at need, but does not notice that they are out of date.
    """
    found = []
    for path in paths:
        if not path.endswith(".php"):
            continue
        try:
            with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
                text = file.read()
        except FileNotFoundError:
            continue
        namespace, name = _NAMESPACE.search(text), _TYPE.search(text)
        if namespace and name:
            base = os.path.join("generated", "code", *namespace.group(1).split("\\"), name.group(1))
            found.extend((os.path.join(base, "Interceptor.php"), os.path.join(base, "Proxy.php"), base + "Factory.php"))
    return found
