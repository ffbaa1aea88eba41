# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer's autoloader in the copy of a release, written again where it would not find a class that is new."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, Optional, Sequence, Tuple

from .command import Runner
from .composer import composer_argv
from .errors import CommerceError

_FOLDER = "vendor/composer"
_REAL = _FOLDER + "/autoload_real.php"
_CLASS_MAP = _FOLDER + "/autoload_classmap.php"
# What a dump writes; all else that Composer keeps there is none of its business.
_WRITTEN = re.compile(
    r"vendor/(?:autoload|composer/(?:autoload_\w+|ClassLoader|include_paths|platform_check))\.php",
)

_AUTHORITATIVE = re.compile(r"->setClassMapAuthoritative\(\s*true\s*\)")
_APCU = re.compile(r"->setApcuPrefix\(")
_SECONDS = 900


class Autoloader(NamedTuple):
    """How a release's autoloader was written. authoritative: it finds nothing but the classes that it lists.

    optimized: it lists the classes of packages that could do without. apcu: it remembers them in memory.
    """

    authoritative: bool
    optimized: bool
    apcu: bool

    @property
    def flags(self) -> Tuple[str, ...]:
        """The options that make Composer write it so again."""
        flag = "--classmap-authoritative" if self.authoritative else "--optimize" if self.optimized else ""
        return tuple(word for word in (flag, "--apcu" if self.apcu else "") if word)

    @property
    def update_flags(self) -> Tuple[str, ...]:
        """The same for Composer's update, which calls them by other names."""
        names = {"--optimize": "--optimize-autoloader", "--apcu": "--apcu-autoloader"}
        return tuple(names.get(flag, flag) for flag in self.flags)


def autoloader_of(root: str, known: Sequence[str]) -> Autoloader:
    """The autoloader of the release at root. known: paths of PHP files there, of which an optimized one lists some."""
    real, class_map = _text(root, _REAL), _text(root, _CLASS_MAP)
    return Autoloader(
        authoritative=bool(_AUTHORITATIVE.search(real)),
        optimized=any("'{0}'".format(path.partition("vendor")[2]) in class_map for path in known),
        apcu=bool(_APCU.search(real)),
    )


def dump(
    tree: str, autoloader: Autoloader, dev: Optional[bool], new: Sequence[str], php: Sequence[str], runner: Runner
) -> str:
    """Let Composer write the autoloader of the copy at tree again, in the same way; returns what was done, in words.

    dev: whether packages for development are installed. new: paths of PHP files that it has to find afterwards.
    CommerceError no_composer, dump_failed.
    """
    composer = composer_argv(
        tree, php, "write the autoloader again", ", and this autoloader finds no class that it does not list"
    )
    argv = [*composer, "dump-autoload", "--no-interaction", "--no-ansi", "--no-scripts", "--no-plugins"]
    argv += autoloader.flags
    if dev is not None:
        argv.append("--dev" if dev else "--no-dev")
    result = runner.run(argv, cwd=tree, timeout=_SECONDS)
    class_map = _text(tree, _CLASS_MAP)
    missing = [path for path in new if path.partition("vendor")[2] not in class_map]
    if result.rc != 0 or (autoloader.authoritative and missing):
        words = " ".join((result.err + " " + result.out).split())[-400:]
        raise CommerceError(
            "write the autoloader again ({0})".format(" ".join(argv[-4:])),
            tree,
            "Composer ended with status {0}: {1}".format(result.rc, words or "no output")
            + ("; it does not list {0}".format(", ".join(missing)) if missing else ""),
            "Run composer dump-autoload with these options in a copy of the release, and mend what it names.",
            code="dump_failed",
        )
    return "wrote the autoloader again ({0})".format(" ".join(autoloader.flags) or "without options")


def is_dumped(path: str) -> bool:
    """Whether a path, relative to the root, is of a file that a dump writes."""
    return bool(_WRITTEN.fullmatch(path))


def _text(root: str, path: str) -> str:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
