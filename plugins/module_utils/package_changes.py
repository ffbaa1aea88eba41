# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages differ between two of Composer's lists, and which of them the Quality Patches Tool explains. Pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Set, Tuple

from .store import CLOUD_PATCHES, QUALITY_PATCHES

TOOL_PACKAGES = (QUALITY_PATCHES, CLOUD_PATCHES)
_DIGITS = 7

# A package's entry, as composer.lock and vendor/composer/installed.json have it, by its name.
Entries = Mapping[str, Mapping[str, Any]]


class PackageChange(NamedTuple):
    """before, after: its version, with the start of its commit where that alone differs; None: not there."""

    name: str
    before: Optional[str]
    after: Optional[str]

    def __str__(self):
        return "{0} {1} -> {2}".format(self.name, self.before or "none", self.after or "none")


def entries_of(*lists: Any) -> Dict[str, Mapping[str, Any]]:
    """The entries of some of Composer's lists of packages, by name."""
    found = (entry for each in lists if isinstance(each, list) for entry in each if isinstance(entry, dict))
    return {entry["name"]: entry for entry in found if isinstance(entry.get("name"), str)}


def package_changes(before: Entries, after: Entries) -> Tuple[PackageChange, ...]:
    """What differs, by name: another release, another commit, or another place in the release."""
    names = sorted(before.keys() | after.keys())
    return tuple(_change(name, before.get(name), after.get(name)) for name in names if _differs(name, before, after))


def others(changes: Iterable[PackageChange], after: Entries) -> Tuple[PackageChange, ...]:
    """The changes that are neither the tool's own nor of a package that is new and that the tool needs."""
    changes = tuple(changes)
    new = {change.name for change in changes if change.before is None}
    explained = set(TOOL_PACKAGES) | _needed(new, after)
    return tuple(change for change in changes if change.name not in explained or change.after is None)


def _needed(new: Set[str], after: Entries) -> Set[str]:
    """Those of the new packages that the tool requires, or one of these requires."""
    found: Set[str] = set()
    open_names: List[str] = list(TOOL_PACKAGES)
    while open_names:
        required = _object(after.get(open_names.pop(), {}).get("require"))
        for name in new - found:
            if not required.keys().isdisjoint(_names(name, after[name])):
                found.add(name)
                open_names.append(name)
    return found


def _names(name, entry) -> Iterator[str]:
    """A package's name, and those that it may be required by."""
    yield name
    for key in ("provide", "replace"):
        yield from _object(entry.get(key))


def _differs(name, before, after) -> bool:
    return name not in before or name not in after or _identity(before[name]) != _identity(after[name])


def _identity(entry) -> Tuple[Any, ...]:
    return (entry.get("version"), _commit(entry), entry.get("install-path"))


def _commit(entry) -> str:
    return str(_object(entry.get("dist")).get("reference") or _object(entry.get("source")).get("reference") or "")


def _change(name, before, after) -> PackageChange:
    same = before is not None and after is not None and before.get("version") == after.get("version")
    return PackageChange(name, _shown(before, same), _shown(after, same))


def _shown(entry, with_commit) -> Optional[str]:
    if entry is None:
        return None
    commit = _commit(entry)[:_DIGITS] if with_commit else ""
    return "{0} ({1})".format(entry.get("version"), commit) if commit else str(entry.get("version"))


def _object(value) -> Mapping[str, Any]:
    # PHP writes an empty object as a list.
    return value if isinstance(value, dict) else {}
