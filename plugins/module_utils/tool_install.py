# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Quality Patches Tool installed by Composer in the copy of a release, and nothing else changed there."""

from __future__ import annotations

import os
import shutil
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Set, Tuple

from . import qpt_output
from .advisory import ADVISORIES
from .autoloader import autoloader_of
from .command import Runner
from .composer_keys import composer_keys
from .composer_packages import BASE_MANIFEST, INSTALLED, LOCK, MANIFEST, read_json
from .errors import CommerceError
from .package_changes import entries_of, package_changes
from .stage_files import staged_files
from .store import QUALITY_PATCHES, Store
from .tool_choice import Chooser, choice_as_diff, choice_as_result, without_development
from .tool_plan import ToolPlan, ToolWish

_BIN, _LISTS = "vendor/bin", "vendor/composer"
_BASES = (BASE_MANIFEST, "vendor/magento/magento2-ee-base/composer.json")


class ToolInstalled(NamedTuple):
    """result: what a module returns of it. diff: as Ansible shows one. paths: what may differ from live now,
    relative to the root. actions: what was done, in words."""

    result: Dict[str, Any]
    diff: List[Dict[str, str]]
    paths: Tuple[str, ...]
    actions: Tuple[str, ...]


def written_by_composer(root: str) -> List[str]:
    """Files of the release at root, relative to it, that Composer may write into or give rights to where they are.

    Those in vendor/bin, and those that links there lead to. And the base files of Commerce: no plugin is to run, but
    the one that writes over them would do so through a hard link. See release_copy for what is copied anyway.
    """
    real = os.path.realpath(root)
    found = [os.path.join(real, _BIN, name) for name in _names(real)]
    for manifest in _BASES:
        for dummy, target in _map_of(real, manifest):
            found.append(os.path.join(real, target))
            found += (os.path.join(real, path) for path in _files(real, target, deep=True))
    targets = (os.path.realpath(path) for path in found)
    return sorted({os.path.relpath(path, real) for path in targets if _is_file_in(path, real)})


def install_tool(
    store: Store,
    tree: str,
    plan: ToolPlan,
    wish: ToolWish,
    patches: Sequence[str],
    php: Sequence[str],
    runner: Runner,
    owner_home: str,
) -> ToolInstalled:
    """Let Composer install it in the copy at tree of the store's release, with a runner of isolated_environment.

    CommerceError: those of tool_choice.Chooser, and lock_changed, linked_vendor, composer_too_old.
    """
    known = [path for advisory in ADVISORIES.values() for path in advisory.files if path.endswith(".php")]
    options = list(autoloader_of(store.root, known).update_flags)
    options += ["--no-dev"] if without_development(store.root, store.dev) else []
    before = _installed(tree)
    chooser = Chooser(store.root, tree, plan, wish, patches, php)
    home = os.path.join(tree, "var", "home")
    with composer_keys(store.root, tree, home, owner_home, wish.environment):
        choice = chooser.choose(runner, options)
    after = _installed(tree)
    if QUALITY_PATCHES not in after:
        raise chooser.refused(
            "composer_failed",
            "it is among the packages for development, which are not installed here",
            "Move it to the require of composer.json.",
        )
    changed = package_changes(before, after)
    chooser.require_only_the_tool(changed, after)
    _keep_links(store.root, tree, chooser)
    names = {change.name for change in changed}
    _refuse_links(tree, names, chooser)
    paths = tuple(sorted(_paths(store.root, tree, names)))
    stray = staged_files(store.root, tree, paths, ()).stray
    if stray:
        raise chooser.refused(
            "lock_changed",
            "Composer wrote what is none of the tool's: {0}".format(", ".join(stray[:10])),
            "Run the same update in a copy of the release, and see what writes there.",
        )
    words = "let Composer install {0} {1}".format(QUALITY_PATCHES, choice.after)
    more = ", ".join(str(change) for change in choice.packages if change.name != QUALITY_PATCHES)
    actions = (words + (" with {0}".format(more) if more else ""),)
    return ToolInstalled(choice_as_result(plan, choice), choice_as_diff(store.root, tree, choice), paths, actions)


def require_working(tree: str, php: Sequence[str], runner: Runner) -> None:
    """Raise CommerceError tool_failed where the tool in the copy at tree does not do what it has to: show its list."""
    argv = qpt_output.command(php, "status", "--format=json")
    result = runner.run(argv, cwd=tree, timeout=qpt_output.TOOL_SECONDS)
    if result.rc != 0:
        raise CommerceError(
            "run the Quality Patches Tool that was just installed",
            tree,
            " ".join((result.out + " " + result.err).split())[-400:] or "it ended with status {0}".format(result.rc),
            "Take another release, by commerce_tool_version. Nothing has been changed.",
            code="tool_failed",
        )
    qpt_output.read_status(result.out)


def own_files(tree: str, paths: Sequence[str]) -> None:
    """Give the copy at tree files of its own at these paths, where they are live's by a hard link."""
    for path in paths:
        full = os.path.join(tree, path)
        if os.path.isfile(full) and not os.path.islink(full) and os.stat(full).st_nlink > 1:
            shutil.copy2(full, full + ".own")
            os.replace(full + ".own", full)


def _map_of(root: str, manifest: str) -> List[Tuple[str, str]]:
    """What a package of base files brings to the root: paths in the package and at the root."""
    extra = (read_json(root, manifest) or {}).get("extra")
    entries = extra.get("map") if isinstance(extra, dict) else None
    pairs = [entry for entry in entries if isinstance(entry, list)] if isinstance(entries, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if len(pair) == 2]


def _is_file_in(path: str, root: str) -> bool:
    return path.startswith(root + "/") and os.path.isfile(path)


def _installed(tree):
    installed = read_json(tree, INSTALLED) or {}
    return entries_of(installed if isinstance(installed, list) else installed.get("packages"))


def _keep_links(root: str, tree: str, chooser: Chooser) -> None:
    """Put the links of vendor/bin back that a newer Composer has made files of: they lead to the same programs."""
    for name in _names(root):
        live, staged = os.path.join(root, _BIN, name), os.path.join(tree, _BIN, name)
        if os.path.islink(live) and os.path.isfile(staged) and not os.path.islink(staged):
            os.unlink(staged)
            os.symlink(os.readlink(live), staged)
    new = [name for name in _names(tree) if os.path.islink(os.path.join(tree, _BIN, name))]
    strange = [name for name in new if not os.path.islink(os.path.join(root, _BIN, name))]
    if strange:
        raise chooser.refused(
            "composer_too_old",
            "it makes a link of {0}/{1}, which cannot be switched like a file".format(_BIN, strange[0]),
            "Use Composer 2.2 or later, named in commerce_composer perhaps.",
        )


def _refuse_links(tree: str, names: Set[str], chooser: Chooser) -> None:
    linked = sorted(name for name in names if os.path.islink(os.path.join(tree, "vendor", name)))
    if linked:
        raise chooser.refused(
            "linked_vendor",
            "vendor/{0} would be a symbolic link".format(linked[0]),
            "Take the package from a repository that is no folder, or set its option symlink to false.",
        )


def _names(root: str) -> List[str]:
    folder = os.path.join(root, _BIN)
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def _paths(root: str, tree: str, names: Set[str]) -> Set[str]:
    """What Composer may have changed: the packages of these names, what it keeps itself, and programs."""
    found = {MANIFEST, LOCK, "vendor/autoload.php"}
    for where in (root, tree):
        for name in names:
            found.update(_files(where, "vendor/" + name, deep=True))
        for folder in (_LISTS, _BIN):
            found.update(_files(where, folder))
    return found


def _files(root: str, folder: str, deep: bool = False) -> Iterator[str]:
    for where, folders, names in os.walk(os.path.join(root, folder)):
        for name in names:
            path = os.path.join(where, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, root)
        if not deep:
            folders.clear()
