# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependency injection compiled beside the live release and moved into it, for a change in place."""

from __future__ import annotations

import os
from typing import Optional

from .arguments import Workplace
from .errors import CommerceError
from .generated_changes import give_generated_rights
from .isolated_compile import CompileLimits, compile_tree, remove_log
from .isolated_environment import isolate
from .release_copy import copy_release
from .stage_place import document_roots, make_stage_place, remove_stage


def compile_beside(
    place: Workplace, root: str, model: str, mode: str, limits: CompileLimits, stage_dir: Optional[str] = None
) -> str:
    """Compile a copy of the release at root (a real path) and move what it made into live's generated/, which is empty.

    model: the generated/ of before, wherever it is now, whose rights the new one gets. mode: Commerce's. stage_dir: see
    stage_place. For the store's owner, with the lease taken and maintenance on. Returns what was done, in words. Raises
    CommerceError; nothing is left of the copy in any case.
    """
    remove_stage(root)
    remove_log(root)
    try:
        tree = make_stage_place(root, stage_dir, document_roots()).tree
        copy_release(root, tree, ())
        runner = isolate(root, tree, mode, place.php)
        actions = compile_tree(root, tree, place.php, runner, limits)
        give_generated_rights(model, tree)
        _move_in(root, tree)
    finally:
        remove_stage(root)
    return ", ".join(actions)


def _move_in(root: str, tree: str) -> None:
    """Move the compiled parts into live's generated/; metadata last, which makes the store a compiled one."""
    live, made = os.path.join(root, "generated"), os.path.join(tree, "generated")
    parts = sorted(name for name in os.listdir(made) if not name.startswith("."))
    for name in sorted(parts, key=lambda name: (name == "metadata", name)):
        try:
            os.rename(os.path.join(made, name), os.path.join(live, name))
        except OSError as error:
            raise CommerceError(
                "move what was compiled into the live release",
                os.path.join(live, name),
                error.strerror or str(error),
                "Let generated/ be a plain folder on the file system of the root.",
                code="not_moved",
            ) from error
