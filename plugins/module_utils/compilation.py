# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled dependency injection, made by the store's own command; generated code that changed classes make stale."""

from __future__ import annotations

import os
import re
import shutil
from typing import Iterable, List, Sequence

from .command import PATH, Runner
from .errors import CommerceError
from .store import METADATA

_NAMESPACE = re.compile(r"^namespace\s+([\w\\]+)\s*;", re.MULTILINE)
_TYPE = re.compile(r"^(?:abstract\s+|final\s+|readonly\s+)*(?:class|interface)\s+(\w+)", re.MULTILINE)


def compile_copy(root: str, php: Sequence[str], runner: Runner, timeout: float, log: str) -> str:
    """Compile the copy of a store at root; php is PHP's command line as a list, timeout in seconds.

    The command empties generated/ first and cleans every cache that env.php names, so root is never a live one. It
    steps back behind whatever else the machine does. Returns what was done, in words. CommerceError compile_failed or
    timeout: what the command said is then in the file log, which is gone otherwise.
    """
    compiler = list(php) + ["-d", "memory_limit=-1", "bin/magento", "setup:di:compile", "--no-ansi", "--no-interaction"]
    # Into a file while it runs: what a compile that was stopped had to say is there too.
    argv = ["sh", "-c", 'exec "$@" >"$0" 2>&1', log, *_manners(runner), *compiler]
    read = "Read {0}.".format(log)
    try:
        result = runner.run(argv, cwd=root, timeout=timeout)
    except CommerceError as error:
        step = "{0} It may need more time: commerce_compile_timeout.".format(read) if error.code == "timeout" else read
        raise CommerceError("compile the store", root, error.came_back, step, code=error.code) from error
    words = _end_of(log)
    if result.rc != 0 or not os.path.isfile(os.path.join(root, METADATA)):
        raise CommerceError(
            "compile the store",
            root,
            "setup:di:compile ended with status {0}: {1}".format(result.rc, words or "no output"),
            "{0} Mend what the compiler names, then run again.".format(read),
            code="compile_failed",
        )
    os.unlink(log)
    return "compiled dependency injection"


def _manners(runner: Runner) -> List[str]:
    """The words that make a program yield to all others, and end with us; where there are such programs."""
    programs = [("nice", "-n", "10"), ("ionice", "-c", "3")]
    # A compile that outlived a killed run would write into the copy of the next.
    programs += [words for words in (("setpriv", "--pdeathsig", "KILL"),) if _does(runner, words)]
    return [word for words in programs if shutil.which(words[0], path=PATH) for word in words]


def _does(runner: Runner, words: Sequence[str]) -> bool:
    """Whether a program is there and new enough for these options."""
    try:
        return runner.run([*words, "true"]).rc == 0
    except CommerceError:
        return False


def _end_of(log: str) -> str:
    """The last words of a log, on one line."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            return " ".join(file.read().split())[-600:]
    except FileNotFoundError:
        return ""


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
