# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old and new generated/ compared: nothing but what a patch explains may differ, unless it is accepted by name."""

from __future__ import annotations

import filecmp
import os
import shutil
from fnmatch import fnmatchcase
from typing import Iterable, List, NamedTuple, Sequence, Set, Tuple

from .command import Runner
from .errors import CommerceError
from .file_rights import give_rights
from .patched_names import PatchedNames, base_class
from .store import METADATA
from .wiring import descendants, wiring_changes

_CODE, _METADATA = "code", "metadata"
# These repeat what their class looks like; one that live has and a compile does not make says that it would be wrong.
_REPEATING = ("Interceptor.php", "Proxy.php")
# So many are named in an error.
_NAMED = 20


class GeneratedChange(NamedTuple):
    """path: below generated/. what: changed, new or gone. entry: in a metadata file, the entry that differs in words.
    type: the class that it is about."""

    path: str
    what: str
    entry: str
    type: str

    def __str__(self):
        return "{0}{1} {2}".format(self.path, ": " + self.entry if self.entry else "", self.what)

    def is_accepted(self, patterns: Iterable[str]) -> bool:
        """Whether a pattern stands for the path, or for path and entry ("metadata/global.php: arguments of A*")."""
        names = (self.path, "{0}: {1}".format(self.path, self.entry))
        return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


class Comparison(NamedTuple):
    """changed: whether anything differs. others: what the patch does not explain. only_live: paths below generated/ of
    files that a compile does not make, and that may stay."""

    changed: bool
    others: Tuple[GeneratedChange, ...]
    only_live: Tuple[str, ...]


def compare_generated(live: str, tree: str, names: PatchedNames, php: Sequence[str], runner: Runner) -> Comparison:
    """Compare generated/ of the release at live with that of its compiled copy at tree; names: what the patch is about.

    What only live has, and what does not depend on how a class looks (the store made it at need), is no change.
    """
    old, new = os.path.join(live, "generated"), os.path.join(tree, "generated")
    before, after = _files(old), _files(new)
    changes: List[GeneratedChange] = []
    only_live: List[str] = []
    for path in sorted(before | after):
        type_name = _class_of(path)
        if path not in after and not _must_be_made(path, type_name, names):
            only_live.append(path)
        elif path not in after or path not in before:
            changes.append(GeneratedChange(path, "new" if path in after else "gone", "", type_name))
        elif not filecmp.cmp(os.path.join(old, path), os.path.join(new, path), shallow=False):
            changes.append(GeneratedChange(path, "changed", "", type_name))
    detailed = _with_entries(changes, old, new, php, runner)
    others = [change for change in detailed if not _is_explained(change, names)]
    # A constructor may be inherited from a class of the patch.
    types = {base_class(change.type) for change in others if change.type}
    inheriting = descendants(tree, types, names.declared, php, runner) if types else frozenset()
    others = [change for change in others if base_class(change.type) not in inheriting]
    return Comparison(bool(detailed), tuple(others), tuple(only_live))


def require_accepted(root: str, changes: Sequence[GeneratedChange], patterns: Iterable[str]) -> None:
    """Raise CommerceError generated_differs where a change is not accepted by one of the patterns."""
    patterns = tuple(patterns)
    refused = [str(change) for change in changes if not change.is_accepted(patterns)]
    if not refused:
        return
    more = "; and {0} more".format(len(refused) - _NAMED) if len(refused) > _NAMED else ""
    raise CommerceError(
        "keep everything in generated/ but what the patch explains as it is",
        root,
        "a compile of this release makes otherwise than live has it: {0}{1}".format("; ".join(refused[:_NAMED]), more),
        "Live was compiled from other files, or in another way. Deploy it afresh, or accept these changes by name in "
        "commerce_accept_generated: they take effect with the patch.",
        code="generated_differs",
    )


def carry_over(live: str, tree: str, paths: Iterable[str]) -> None:
    """Copy files of live's generated/ to that of the copy."""
    for path in paths:
        target = os.path.join(tree, "generated", path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(os.path.join(live, "generated", path), target)


def give_generated_rights(model: str, tree: str) -> None:
    """Let the same users read and write the generated/ of the copy at tree as another, the folder model.

    File by file; a new one is for those that the wiring of the store is for.
    """
    new = os.path.join(tree, "generated")
    wiring = os.path.join(model, os.path.relpath(METADATA, "generated"))
    for folder, dummy, files in os.walk(new):
        where = os.path.relpath(folder, new)
        give_rights(_nearest(model, where), folder)
        for name in files:
            counterpart = os.path.join(model, where, name)
            give_rights(counterpart if os.path.isfile(counterpart) else wiring, os.path.join(folder, name))


def _nearest(folder: str, path: str) -> str:
    """The folder at path below folder, or the nearest above it that is there."""
    while not os.path.isdir(os.path.join(folder, path)):
        path = os.path.dirname(path)
    return os.path.join(folder, path)


def _files(folder: str) -> Set[str]:
    found = set()
    for where, dummy, names in os.walk(folder):
        inner = os.path.relpath(where, folder)
        found.update(os.path.normpath(os.path.join(inner, name)) for name in names)
    return found


def _class_of(path: str) -> str:
    """The class that a file below generated/ holds, empty for others."""
    top, dummy, rest = path.partition("/")
    return rest[: -len(".php")].replace("/", "\\") if top == _CODE and rest.endswith(".php") else ""


def _must_be_made(path: str, type_name: str, names: PatchedNames) -> bool:
    return (
        path.startswith(_METADATA + "/")
        or path.endswith(_REPEATING)
        or (bool(type_name) and names.explain_existence(type_name))
    )


def _with_entries(
    changes: Sequence[GeneratedChange], old: str, new: str, php: Sequence[str], runner: Runner
) -> List[GeneratedChange]:
    """The same with each metadata file that differs replaced by the entries that differ in it."""
    files = [change.path for change in changes if change.what == "changed" and _is_wiring(change.path)]
    entries = wiring_changes(old, new, files, php, runner) if files else {}
    found: List[GeneratedChange] = []
    for change in changes:
        inner = entries.get(change.path) if change.path in files else None
        if inner is None:
            found.append(change)
        else:
            found.extend(_entry(change.path, *each) for each in inner)
    return found


def _is_wiring(path: str) -> bool:
    return path.startswith(_METADATA + "/") and path.endswith(".php")


def _entry(path: str, section: str, key: str, type_name: str) -> GeneratedChange:
    if section.isdigit():
        # A list of plugins has keys such as "A\\B_method___self".
        return GeneratedChange(path, "changed", "plugins of {0}".format(key), type_name.partition("_")[0])
    return GeneratedChange(path, "changed", "{0} of {1}".format(section, key), type_name)


def _is_explained(change: GeneratedChange, names: PatchedNames) -> bool:
    if not change.type:
        return False
    if change.what == "changed" and not (change.entry and base_class(change.type) != change.type):
        return names.explain(change.type)
    # A class that is generated, or wired, because the patch asks for it now, or does not any more.
    return names.explain_existence(change.type)
