# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files say of the defect: per API, whether the observer that the patch registers is registered."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from xml.etree import ElementTree

from .advisory import Advisory, Marker
from .errors import CommerceError
from .store import Store

PATCHED = "patched"
UNPATCHED = "unpatched"
PARTIAL = "partial"
MITIGATED = "mitigated"
ABSENT = "absent"

_AUTOLOADED = "vendor/composer/autoload_files.php"
_REGISTRATION = re.compile(r"\$(vendorDir|baseDir)\s*\.\s*'(/[^']*?)/registration\.php'")


@dataclass(frozen=True)
class ApiEvidence:
    """What the files say of one API.

    state: patched (registered where the patch does it) | mitigated (registered elsewhere) | unpatched |
    absent (the API is not installed or switched off) | partial (registered, but other files of the patch lack it).
    detail: a sentence. file: the events.xml that the patch is about, relative to the store, None where there is none.
    """

    state: str
    detail: str
    file: Optional[str]


def api_evidence(
    store: Store, enabled: Sequence[str], advisory: Advisory, patch_state: Optional[str] = None
) -> Dict[str, ApiEvidence]:
    """Per API of the advisory what the files say.

    enabled: the enabled modules in their order (Settings.modules). patch_state: of quality_patches.PatchState, where it
    is known. XML that cannot be parsed raises CommerceError broken_xml: Commerce cannot read it either.
    """
    places = module_folders(store.root)
    events = _Events(store.root, places, enabled)
    return {api: _of(events, places, enabled, marker, patch_state) for api, marker in advisory.markers.items()}


def module_folders(root: str) -> Dict[str, str]:
    """Module name -> folder relative to root, of every module that Composer's autoloader or app/code registers."""
    folders: Dict[str, str] = {}
    for folder in _registered(root):
        name = _module_name(os.path.join(root, folder))
        if name:
            folders[name] = folder
    return folders


def _of(events, places, enabled, marker: Marker, patch_state) -> ApiEvidence:
    if marker.module not in places:
        return ApiEvidence(ABSENT, "{0} is not installed.".format(marker.module), None)
    own = "{0}/etc/{1}/events.xml".format(places[marker.module], marker.area)
    if marker.module not in enabled:
        return ApiEvidence(ABSENT, "{0} is not enabled.".format(marker.module), own)
    observers = events.observers(marker.area, marker.event)
    active = {name: found for name, found in observers.items() if _is(found, marker) and not found.disabled}
    if not active:
        off = next((found for found in observers.values() if _is(found, marker)), None)
        detail = "{0} disables the observer.".format(off.last) if off else "{0} is not observed.".format(marker.event)
        return ApiEvidence(UNPATCHED, detail, own)
    in_place = active.get(marker.observer)
    if in_place is None or own not in in_place.files:
        where = next(iter(active.values())).last
        return ApiEvidence(MITIGATED, "{0} registers the observer.".format(where), own)
    if patch_state in (PARTIAL, "conflict"):
        return ApiEvidence(
            PARTIAL, "The observer is registered, but other files of the patch are not as it leaves them.", own
        )
    return ApiEvidence(PATCHED, "{0} registers the observer.".format(own), own)


def _is(observer, marker) -> bool:
    return observer.instance.lstrip("\\") == marker.instance


@dataclass
class _Observer:
    """An observer after the merge: files that named it, in order."""

    instance: str
    disabled: bool
    files: List[str]

    @property
    def last(self) -> str:
        return self.files[-1]


class _Events:
    """The events.xml of the enabled modules, merged per area as Commerce does it: global first, the area's over it."""

    def __init__(self, root: str, places: Mapping[str, str], enabled: Sequence[str]):
        self._root = root
        self._folders = [places[name] for name in enabled if name in places]

    def observers(self, area: str, event: str) -> Dict[str, _Observer]:
        merged: Dict[str, _Observer] = {}
        for path in self._files(area):
            for element in self._registrations(path, event):
                name = element.get("name", "")
                found = merged.setdefault(name, _Observer("", False, []))
                found.instance = element.get("instance", found.instance)
                if element.get("disabled") is not None:
                    found.disabled = element.get("disabled", "").strip().lower() in ("true", "1")
                found.files.append(path)
        return merged

    def _files(self, area) -> Iterator[str]:
        for part in ("etc/events.xml", "etc/{0}/events.xml".format(area)):
            for folder in self._folders:
                path = "{0}/{1}".format(folder, part)
                if os.path.isfile(os.path.join(self._root, path)):
                    yield path

    def _registrations(self, path, event):
        text = _read(self._root, path)
        # Most files are about other events, and parsing hundreds of them takes its time.
        if event.encode() not in text:
            return []
        try:
            tree = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            raise CommerceError(
                "read the events that a module observes",
                os.path.join(self._root, path),
                "it is not well-formed XML ({0})".format(error),
                "Repair the file: Commerce cannot read it either.",
                code="broken_xml",
            ) from error
        return [
            observer
            for found in tree.iter("event")
            if found.get("name") == event
            for observer in found.iter("observer")
        ]


def _registered(root) -> Iterator[str]:
    """Folders with a registration.php, relative to root."""
    try:
        autoloaded = _read(root, _AUTOLOADED).decode("utf-8", "replace")
    except CommerceError:
        autoloaded = ""
    for base, path in _REGISTRATION.findall(autoloaded):
        yield "vendor" + path if base == "vendorDir" else path.lstrip("/")
    yield from _two_below(root, "app/code")
    if not autoloaded:
        yield from _two_below(root, "vendor")


def _two_below(root, base) -> Iterator[str]:
    for vendor in _names(os.path.join(root, base)):
        for name in _names(os.path.join(root, base, vendor)):
            folder = "{0}/{1}/{2}".format(base, vendor, name)
            if os.path.isfile(os.path.join(root, folder, "registration.php")):
                yield folder


def _names(folder) -> Tuple[str, ...]:
    try:
        return tuple(sorted(os.listdir(folder)))
    except OSError:
        return ()


def _module_name(folder) -> Optional[str]:
    """The name in etc/module.xml: themes, languages and libraries are registered too, but have none."""
    try:
        with open(os.path.join(folder, "etc/module.xml"), "rb") as file:
            found = re.search(rb"<module\s[^>]*?\bname\s*=\s*[\"'](\w+)[\"']", file.read())
    except OSError:
        return None
    return found.group(1).decode("ascii") if found else None


def _read(root, path) -> bytes:
    full = os.path.join(root, path)
    try:
        with open(full, "rb") as file:
            return file.read()
    except OSError as error:
        raise CommerceError(
            "read a file of the store",
            full,
            error.strerror or str(error),
            "Give the store's owner the right to read it, or name the right user in commerce_user.",
            code="unreadable",
        ) from error
