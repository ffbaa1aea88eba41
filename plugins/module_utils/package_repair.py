# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that a patch is only partly in, or does not fit, put back by Composer in the copy of a release."""

from __future__ import annotations

import filecmp
import os
from typing import Any, Container, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Sequence, Set, Tuple

from .catalogue import Catalogue, read_catalogue
from .command import Runner
from .composer import NEXT_STEPS, QUIET, SECONDS, composer_argv, failure_of, network_environment, secrets_in, words_of
from .composer_keys import composer_keys
from .composer_packages import INSTALLED, read_json
from .composer_patches import patched_by_plugin
from .errors import CommerceError
from .package_changes import entries_of, package_changes
from .patch_state import APPLIED, CONFLICT, NOT_APPLIED, PARTIAL, PatchState, patch_states, sections_of, state_in
from .store import Store
from .tool_plan import ToolWish
from .tree import Tree

_TRIED = "put packages back that a patch is partly in"
_NEXT_STEPS = dict(
    NEXT_STEPS,
    composer_too_old="Use Composer 2.1 or later, named in commerce_composer perhaps.",
)
_NOTHING = " Nothing has been changed. By hand: `composer reinstall {0}` where the store is built, and deploy that."


class PackageRepair(NamedTuple):
    """What has to be put back, and what goes with it.

    states: of the patches that are asked for, by id, before. packages: names. again: ids of other patches that are in
    these packages, and have to be applied anew. partly: ids of others that were in them in part, and are not any more.
    """

    states: Dict[str, PatchState]
    packages: Tuple[str, ...]
    again: Tuple[str, ...]
    partly: Tuple[str, ...]


class PutBack(NamedTuple):
    """paths: files of the packages that are not as live has them now. discarded: those of them that live has, each with
    a change of somebody's, or of a patch. Relative to the root."""

    paths: Tuple[str, ...]
    discarded: Tuple[str, ...]


def plan_repair(store: Store, ids: Iterable[str], runner: Runner) -> PackageRepair:
    """Which packages of the store have to be put back so that the patches fit.

    CommerceError no_package: a file is of no package of Composer's; patched_package: a plugin of Composer's patches one
    of them, and only that can do it again.
    """
    states = patch_states(store, ids, runner)
    unfit = {patch_id: found for patch_id, found in states.items() if found.state in (PARTIAL, CONFLICT)}
    installed = _entries(store.root)
    touched = [path for found in unfit.values() for path, state in found.files.items() if state != NOT_APPLIED]
    packages = {_package_of(store.root, path, installed) for path in touched}
    again: List[str] = []
    partly: List[str] = []
    catalogue, tree = read_catalogue(store), Tree(store.root, runner)
    others = dict(_files_of_others(store, catalogue, unfit))
    # A patch can only be applied anew where it is nowhere, so its other packages have to go back too, and then theirs.
    near = _near(others, packages)
    while near:
        for each in near:
            files = others.pop(each)
            state = state_in(store, catalogue, each, tree).state
            if state == APPLIED:
                again.append(each)
                packages |= {_package_of(store.root, path, installed) for path in files}
            elif state == PARTIAL:
                partly.append(each)
        near = _near(others, packages)
    names = tuple(sorted(packages))
    patched = sorted(patched_by_plugin(store.root) & packages)
    if patched:
        raise _refused(
            store.root,
            names,
            "patched_package",
            "composer.json has patches for {0} (extra.patches), which only Composer's plugin can apply again".format(
                " and ".join(patched)
            ),
            "Put them back where these patches are applied.",
        )
    return PackageRepair(states, names, tuple(again), tuple(partly))


def put_back(
    store: Store, tree: str, repair: PackageRepair, wish: ToolWish, php: Sequence[str], runner: Runner, owner_home: str
) -> PutBack:
    """Let Composer reinstall the packages in the copy at tree of the store's release, each in the version that it has.

    The autoloader stays as it is: whoever applies the patches then knows which classes have come and gone.
    CommerceError: no_composer, composer_too_old, no_keys, no_egress, composer_failed.
    """
    names = repair.packages
    argv = composer_argv(tree, php, _TRIED, "", wish.composer, _NOTHING.format(" ".join(names)).strip())
    before = _entries(tree)
    with composer_keys(store.root, tree, os.path.join(tree, "var", "home"), owner_home, wish.environment):
        result = runner.run(
            [*argv, "reinstall", *names, "--no-progress", "--no-autoloader", *QUIET],
            tree,
            network_environment(wish.auth, wish.environment),
            SECONDS,
        )
    if result.rc != 0:
        code = failure_of(result)
        code = code if code in _NEXT_STEPS else "composer_failed"
        if '"reinstall" is not defined' in result.err + result.out:
            code = "composer_too_old"
        words = words_of(result, secrets_in(wish.auth, wish.environment))
        raise _refused(store.root, names, code, words, _NEXT_STEPS[code])
    if package_changes(before, _entries(tree)):
        raise _refused(
            store.root, names, "lock_changed", "Composer installed other versions", _NEXT_STEPS["composer_failed"]
        )
    paths = sorted(path for name in names for path in _differing(store.root, tree, "vendor/" + name))
    discarded = [path for path in paths if os.path.lexists(os.path.join(store.root, path))]
    return PutBack(tuple(paths), tuple(discarded))


def _near(others: Mapping[str, Sequence[str]], packages: Set[str]) -> List[str]:
    """Those of the patches that are about a file of these packages."""
    return [each for each, files in others.items() if any(_is_in(path, packages) for path in files)]


def _files_of_others(store: Store, catalogue: Catalogue, ids: Container[str]) -> Iterator[Tuple[str, List[str]]]:
    """The other patches that the tool has for the store, and the files that each is about."""
    for each in catalogue.ids:
        try:
            files = [part.path for part in sections_of(store, catalogue, each)] if each not in ids else []
        except CommerceError:
            # What the tool has of it makes no sense: it cannot have been applied.
            continue
        if files:
            yield each, files


def _entries(root: str) -> Mapping[str, Mapping[str, Any]]:
    """What Composer has installed at root."""
    listed = read_json(root, INSTALLED) or {}
    return entries_of(listed if isinstance(listed, list) else listed.get("packages"))


def _is_in(path: str, packages: Iterable[str]) -> bool:
    return any(path.startswith("vendor/{0}/".format(name)) for name in packages)


def _package_of(root: str, path: str, installed: Container[str]) -> str:
    name = "/".join(path.split("/")[1:3])
    if path.startswith("vendor/") and name in installed:
        return name
    raise _refused(
        root,
        (),
        "no_package",
        "{0} is of no package that Composer has installed".format(path),
        "Put the file back from where the store's code comes from.",
    )


def _differing(root: str, tree: str, folder: str) -> Iterator[str]:
    """Paths of files that the two do not have alike."""
    for path in sorted(set(_files(root, folder)) | set(_files(tree, folder))):
        live, copy = os.path.join(root, path), os.path.join(tree, path)
        if not (os.path.isfile(live) and os.path.isfile(copy) and filecmp.cmp(live, copy, shallow=False)):
            yield path


def _files(root: str, folder: str) -> Iterator[str]:
    for where, dummy, names in os.walk(os.path.join(root, folder)):
        for name in names:
            yield os.path.relpath(os.path.join(where, name), root)


def _refused(root: str, names: Sequence[str], code: str, came_back: str, next_step: str) -> CommerceError:
    words = _NOTHING.format(" ".join(names)) if names else " Nothing has been changed."
    return CommerceError(_TRIED, root, came_back, next_step + words, code=code)
