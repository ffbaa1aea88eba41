# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependency injection compiled in a copy of a release, so that nothing of the live store notices."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import List, NamedTuple, Sequence

from .command import Runner
from .compilation import compile_copy
from .compile_slot import compile_slot
from .file_rights import give_rights
from .own_folder import make_own_folder
from .store import OWN_FOLDER

LOG = os.path.join(OWN_FOLDER, "compile.log")
# Keeps Apache from serving generated/; Commerce's own, and not part of what a compile makes.
_GUARD = "generated/.htaccess"
# Waiting that nobody would notice is not told.
_SHORT_WAIT = 1.0


class CompileLimits(NamedTuple):
    """timeout: seconds for a compile, and for its turn to come. per_machine: how many there may be at once."""

    timeout: float
    per_machine: int


def compile_tree(root: str, tree: str, php: Sequence[str], runner: Runner, limits: CompileLimits) -> List[str]:
    """Compile the copy at tree of the release at root with a runner of isolated_environment; what was done, in words.

    CommerceError compile_failed, timeout, busy or no_slot. The log of a compile that failed is in the store, at LOG.
    """
    generated = os.path.join(tree, "generated")
    # What the compile makes inherits group and access lists from here.
    give_rights(os.path.join(root, "generated"), generated)
    _carry_guard(root, tree)
    make_own_folder(root)
    with compile_slot(limits.per_machine, limits.timeout) as waited:
        words = compile_copy(tree, php, runner, limits.timeout, os.path.join(root, LOG))
    _carry_guard(root, tree)
    return ["waited {0:.0f} s for another compile".format(waited)] * (waited >= _SHORT_WAIT) + [words]


def remove_log(root: str) -> None:
    """Remove the log that a compile which failed has left in the store."""
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(root, LOG))


def _carry_guard(root: str, tree: str) -> None:
    source, target = os.path.join(root, _GUARD), os.path.join(tree, _GUARD)
    if os.path.isfile(source) and not os.path.exists(target):
        shutil.copy2(source, target)
        give_rights(source, target)
