# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Quality Patches Tool's catalogue: which patches it has for this store."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Set, Tuple

from .errors import CommerceError
from .layout import GIT
from .store import Store
from .tool_files import broken_tool, read_tool_file
from .version import satisfies

FOLDER = "vendor/magento/quality-patches"
HOW_TO_INSTALL = "Set commerce_tool to install, or install it with Composer: composer require magento/quality-patches"
CATALOGUE = FOLDER + "/support-patches.json"

_BASE, _ENTERPRISE_BASE = "magento/magento2-base", "magento/magento2-ee-base"
_ENTERPRISE_CLONE = "magento/magento2ee"
# The vendor's own has less than one.
_MEBIBYTES = 8


class CataloguePatch(NamedTuple):
    """A patch file that the catalogue has for a package that the store has.

    name: as the tool prints it, below its patches folder; folder: that, absolute. constraint: on package.
    requires: ids that are applied with it; replaced_with: the id that the vendor recommends instead.
    """

    id: str
    name: str
    folder: str
    package: str
    constraint: str
    requires: Tuple[str, ...]
    replaced_with: Optional[str]
    deprecated: bool


class Catalogue:
    """What the tool knows, seen by a store with these packages (name -> version).

    An entry that makes no sense raises CommerceError tool_failed where its id is asked for, and nowhere else.
    """

    def __init__(self, entries: Mapping[str, Any], root: str, packages: Mapping[str, str]):
        self._entries = entries
        self._path = os.path.join(root, CATALOGUE)
        self._folder = os.path.join(root, FOLDER, "patches")
        self._packages = packages
        self._found: Dict[str, Tuple[CataloguePatch, ...]] = {}

    def __contains__(self, patch_id: str) -> bool:
        """Whether the catalogue has the id at all, for any version."""
        return patch_id in self._entries

    @property
    def ids(self) -> Tuple[str, ...]:
        """All ids, for any version."""
        return tuple(self._entries)

    def rules(self, patch_id: str) -> Tuple[Tuple[str, str, Optional[str]], ...]:
        """All rules of an id: package, constraint, and the version of the package that the store has, or None."""
        packages = self._object(self._object(self._entries.get(patch_id, {}), patch_id).get("packages", {}), patch_id)
        return tuple(
            (package, constraint, self._packages.get(package))
            for package, rules in packages.items()
            for constraint in self._object(rules, patch_id)
        )

    def patches(self, patch_id: str) -> Tuple[CataloguePatch, ...]:
        """The patch files of an id for this store, one a package; empty where it has none."""
        if patch_id not in self._found:
            self._found[patch_id] = tuple(
                self._patch(patch_id, package, constraint, self._entries[patch_id]["packages"][package][constraint])
                for package, constraint, version in self.rules(patch_id)
                if version is not None and _satisfied(version, constraint)
            )
        return self._found[patch_id]

    def _patch(self, patch_id, package, constraint, entry) -> CataloguePatch:
        entry = self._object(entry, patch_id)
        name, requires, replaced_with = entry.get("file"), entry.get("require") or [], entry.get("replaced-with")
        if not isinstance(name, str) or not name or "\0" in name:
            raise self._senseless(patch_id, "names no patch file")
        if not isinstance(requires, list) or not all(isinstance(other, str) for other in requires):
            raise self._senseless(patch_id, "requires what is no list of ids")
        if not isinstance(replaced_with or "", str):
            raise self._senseless(patch_id, "is replaced with what is no id")
        return CataloguePatch(
            id=patch_id,
            name=name,
            folder=self._folder,
            package=package,
            constraint=constraint,
            requires=tuple(requires),
            replaced_with=replaced_with or None,
            deprecated=bool(entry.get("deprecated")),
        )

    def _object(self, value, patch_id) -> Mapping[str, Any]:
        # PHP writes an empty object as an empty list.
        if isinstance(value, dict) or value == []:
            return value or {}
        raise self._senseless(patch_id, "holds a {0} where an object belongs".format(type(value).__name__))

    def _senseless(self, patch_id, why) -> CommerceError:
        return broken_tool(self._path, "its entry {0} {1}".format(patch_id[:40], why))

    def _sound_patches(self, patch_id) -> Tuple[CataloguePatch, ...]:
        try:
            return self.patches(patch_id)
        except CommerceError:
            return ()

    def with_requirements(self, ids: Iterable[str]) -> Tuple[str, ...]:
        """The ids and all that they require, what is required first. Two that require each other do no harm."""
        ordered: List[str] = []
        seen: Set[str] = set()
        # Not by recursion, which a long chain of requirements would break.
        open_ids = [(patch_id, False) for patch_id in reversed(list(ids))]
        while open_ids:
            patch_id, has_required = open_ids.pop()
            if has_required:
                ordered.append(patch_id)
            elif patch_id not in seen:
                seen.add(patch_id)
                required = [other for patch in self.patches(patch_id) for other in patch.requires]
                open_ids += [(patch_id, True)] + [(other, False) for other in reversed(required)]
        return tuple(ordered)

    def requiring(self, patch_id: str) -> Tuple[str, ...]:
        """Ids that require patch_id, in any version of Commerce."""
        return tuple(other for other in self._entries if patch_id in _named(self._entries[other], "require"))

    def dependents(self, patch_id: str) -> Tuple[str, ...]:
        """Ids that this store could have and that require patch_id."""
        return tuple(
            other
            for other in self.requiring(patch_id)
            if any(patch_id in patch.requires for patch in self._sound_patches(other))
        )

    def replaced_by(self, patch_id: str) -> Tuple[str, ...]:
        """Ids that this store could have and that patch_id replaces."""
        return tuple(
            other
            for other in self._entries
            if patch_id in _named(self._entries[other], "replaced-with")
            and any(patch.replaced_with == patch_id for patch in self._sound_patches(other))
        )


def read_catalogue(store: Store) -> Catalogue:
    """The catalogue of the tool installed in the store. None there: CommerceError tool_missing; bad: tool_failed."""
    return Catalogue(entries_at(store.root), store.root, _packages(store))


def entries_at(root: str) -> Mapping[str, Any]:
    """The entries of the catalogue that is installed at root. See read_catalogue for what is raised."""
    path = os.path.join(root, CATALOGUE)
    try:
        entries = json.loads(read_tool_file(*os.path.split(path), limit=_MEBIBYTES).decode("utf-8"))
    except FileNotFoundError as error:
        raise CommerceError(
            "find the Quality Patches Tool",
            root,
            "the package magento/quality-patches is not installed there",
            HOW_TO_INSTALL,
            code="tool_missing",
        ) from error
    except (ValueError, RecursionError) as error:
        raise broken_tool(path, "it is not valid JSON") from error
    if not isinstance(entries, dict):
        raise broken_tool(path, "it is not a JSON object of patches")
    return entries


def _packages(store) -> Mapping[str, str]:
    """The packages as the tool knows them: in a clone the base packages, which Composer's list lacks, by its name."""
    if store.layout != GIT or not store.base_version:
        return store.packages
    packages = {_BASE: store.base_version}
    if _ENTERPRISE_CLONE in store.packages:
        packages[_ENTERPRISE_BASE] = store.base_version
    return dict(packages, **store.packages)


def _named(entry, key) -> Set[str]:
    """What the rules of an entry name under a key, as far as the entry makes sense."""
    names: Set[str] = set()
    packages = entry.get("packages") if isinstance(entry, dict) else None
    for rules in packages.values() if isinstance(packages, dict) else ():
        for rule in rules.values() if isinstance(rules, dict) else ():
            named = rule.get(key) if isinstance(rule, dict) else None
            named = named if isinstance(named, list) else [named]
            names.update(name for name in named if isinstance(name, str))
    return names


def _satisfied(version, constraint) -> bool:
    try:
        return satisfies(version, constraint)
    except CommerceError:
        # A rule of a newer tool: not known to fit.
        return False
