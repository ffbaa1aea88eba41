# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Quality Patches Tool's catalogue: which patches it has for this store."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .errors import CommerceError
from .version import satisfies

FOLDER = "vendor/magento/quality-patches"
HOW_TO_INSTALL = "Install it with Composer: composer require magento/quality-patches"
CATALOGUE = FOLDER + "/support-patches.json"


@dataclass(frozen=True)
class CataloguePatch:
    """A patch file that the catalogue has for a package that the store has.

    name: as the tool prints it, below its patches folder; path: absolute. constraint: on package.
    requires: ids that are applied with it; replaced_with: the id that the vendor recommends instead.
    """

    id: str
    name: str
    path: str
    package: str
    constraint: str
    requires: Tuple[str, ...]
    replaced_with: Optional[str]
    deprecated: bool


class Catalogue:
    """What the tool knows, seen by a store with these packages (name -> version)."""

    def __init__(self, entries: Mapping[str, Any], folder: str, packages: Mapping[str, str]):
        self._entries = entries
        self._folder = folder
        self._packages = packages
        self._found: Dict[str, Tuple[CataloguePatch, ...]] = {}

    def __contains__(self, patch_id: str) -> bool:
        """Whether the catalogue has the id at all, for any version."""
        return patch_id in self._entries

    def patches(self, patch_id: str) -> Tuple[CataloguePatch, ...]:
        """The patch files of an id for this store, one a package; empty where it has none."""
        if patch_id not in self._found:
            self._found[patch_id] = tuple(self._matching(patch_id))
        return self._found[patch_id]

    def _matching(self, patch_id):
        for package, rules in self._entries.get(patch_id, {}).get("packages", {}).items():
            if package not in self._packages:
                continue
            for constraint, entry in rules.items():
                if _satisfied(self._packages[package], constraint):
                    yield CataloguePatch(
                        id=patch_id,
                        name=entry["file"],
                        path=os.path.join(self._folder, "patches", entry["file"]),
                        package=package,
                        constraint=constraint,
                        requires=tuple(entry.get("require", ())),
                        replaced_with=entry.get("replaced-with"),
                        deprecated=bool(entry.get("deprecated", False)),
                    )

    def with_requirements(self, ids: Iterable[str]) -> Tuple[str, ...]:
        """The ids and all that they require, what is required first."""
        ordered: List[str] = []
        for patch_id in ids:
            self._add(patch_id, ordered, ())
        return tuple(ordered)

    def _add(self, patch_id, ordered, above):
        if patch_id in ordered or patch_id in above:
            return
        for patch in self.patches(patch_id):
            for required in patch.requires:
                self._add(required, ordered, above + (patch_id,))
        ordered.append(patch_id)

    def dependents(self, patch_id: str) -> Tuple[str, ...]:
        """Ids that this store could have and that require patch_id."""
        return tuple(
            other for other in self._entries if any(patch_id in patch.requires for patch in self.patches(other))
        )

    def replaced_by(self, patch_id: str) -> Tuple[str, ...]:
        """Ids that this store could have and that patch_id replaces."""
        return tuple(
            other for other in self._entries if any(patch.replaced_with == patch_id for patch in self.patches(other))
        )


def read_catalogue(root: str, packages: Mapping[str, str]) -> Catalogue:
    """The catalogue of the tool installed at root. None there: CommerceError tool_missing."""
    path = os.path.join(root, CATALOGUE)
    try:
        with open(path, encoding="utf-8") as file:
            entries = json.load(file)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommerceError(
            "find the Quality Patches Tool",
            root,
            "the package magento/quality-patches is not installed there",
            HOW_TO_INSTALL,
            code="tool_missing",
        ) from error
    except (OSError, ValueError) as error:
        raise CommerceError(
            "read the Quality Patches Tool's catalogue",
            path,
            "it is not valid JSON" if isinstance(error, ValueError) else error.strerror or str(error),
            "Reinstall the package magento/quality-patches with Composer.",
            code="tool_failed",
        ) from error
    return Catalogue(entries, os.path.join(root, FOLDER), packages)


def _satisfied(version, constraint) -> bool:
    try:
        return satisfies(version, constraint)
    except CommerceError:
        # A branch (dev-main), or a rule of a newer tool: not known to fit.
        return False
