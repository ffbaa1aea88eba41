# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files say of the defect: per API, whether the observer that the patch registers is registered."""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence

from .advisory import Advisory, Marker
from .blobs import BEFORE, file_states
from .layout import in_layout
from .registration import Modules, parse
from .store import Store

PATCHED = "patched"
UNPATCHED = "unpatched"
PARTIAL = "partial"
MITIGATED = "mitigated"
ABSENT = "absent"
UNKNOWN = "unknown"


class ApiEvidence(NamedTuple):
    """What the files say of one API.

    state: patched (registered where the patch does it) | mitigated (registered elsewhere) | unpatched |
    absent (the API is not installed or switched off) | partial (registered, but other files of the patch lack it) |
    unknown (its module is enabled, and registered in a way that is not understood here).
    detail: a sentence. file: the events.xml that the patch is about, relative to the store, None where there is none.
    """

    state: str
    detail: str
    file: Optional[str]


def api_evidence(
    store: Store,
    enabled: Sequence[str],
    advisory: Advisory,
    patch_state: Optional[str] = None,
    modules: Optional[Modules] = None,
) -> Dict[str, ApiEvidence]:
    """Per API of the advisory what the files say.

    enabled: the enabled modules in their order (Settings.modules). patch_state: of patch_state.PatchState, where it is
    known; else git's ids of the files decide what is partial. modules: those of the store, if the caller has them.
    XML that cannot be parsed raises CommerceError broken_xml: Commerce cannot read it either.
    """
    modules = modules or Modules(store.root)
    partial = patch_state in (PARTIAL, "conflict")
    if patch_state is None:
        partial = _others_lack_it(store, advisory)
    found = {}
    events: Dict[str, Mapping[str, _Scopes]] = {}
    for api, marker in advisory.markers.items():
        if marker.event not in events:
            areas = [other.area for other in advisory.markers.values() if other.event == marker.event]
            events[marker.event] = _observers(modules, enabled, areas, marker.event)
        found[api] = _of(store, modules, enabled, marker, events[marker.event][marker.area], partial)
    return found


def _others_lack_it(store, advisory) -> bool:
    """Whether a file of the patch that registers nothing is the vendor's without it."""
    registering = {marker.path for marker in advisory.markers.values()}
    states = file_states(store, advisory)
    # A file that is not there is no proof: who registers the observer by hand need not have it.
    known = [path for path, (before, dummy) in advisory.blobs.items() if before and path not in registering]
    return any(states[path] == BEFORE for path in known)


def _of(store, modules, enabled, marker: Marker, observers, partial) -> ApiEvidence:
    likely = in_layout(store.layout, marker.path).partition("/etc/")[0]
    folder = modules.folder(marker.module, likely)
    if folder is None and marker.module in enabled and marker.package not in store.replaced:
        return ApiEvidence(UNKNOWN, "{0} is enabled, and not found where it is registered.".format(marker.module), None)
    if folder is None:
        return ApiEvidence(ABSENT, "{0} is not installed.".format(marker.module), None)
    own = "{0}/etc/{1}/events.xml".format(folder, marker.area)
    if marker.module not in enabled:
        return ApiEvidence(ABSENT, "{0} is not enabled.".format(marker.module), own)
    ours = {name: found for name, found in observers.items() if found.instance.lstrip("\\") == marker.instance}
    active = {name: found for name, found in ours.items() if not found.disabled_by}
    if not active:
        off = next((found.disabled_by for found in ours.values()), None)
        detail = "{0} disables the observer.".format(off) if off else "{0} is not observed.".format(marker.event)
        return ApiEvidence(UNPATCHED, detail, own)
    in_place = active.get(marker.observer)
    if in_place is None or own not in in_place.files:
        where = next(iter(active.values())).files[-1]
        return ApiEvidence(MITIGATED, "{0} registers the observer.".format(where), own)
    if partial:
        return ApiEvidence(
            PARTIAL, "The observer is registered, but other files of the patch are not as it leaves them.", own
        )
    return ApiEvidence(PATCHED, "{0} registers the observer.".format(own), own)


class _Observer:
    """An observer after the merge: the files that named it, in order, and the one that disables it."""

    def __init__(self, instance: str = "", disabled_by: str = "", files: Sequence[str] = ()):
        self.instance = instance
        self.disabled_by = disabled_by
        self.files: List[str] = list(files)


_Scopes = Mapping[str, _Observer]


def _observers(modules: Modules, enabled, areas, event) -> Dict[str, _Scopes]:
    """Per area the observers of an event by name, merged as Commerce does it."""
    scopes: Dict[str, Dict[str, _Observer]] = {area: {} for area in [""] + areas}
    for area, path, content in modules.files("events.xml", areas, enabled, event.lower().encode()):
        for found in parse(modules.root, path, content).iter("event"):
            # Events are dispatched in lower case, whatever a file says.
            if found.get("name", "").lower() != event.lower():
                continue
            for element in found.findall("observer"):
                observer = scopes[area].setdefault(element.get("name", ""), _Observer())
                observer.instance = element.get("instance", observer.instance)
                # Commerce knows the one word "true" here.
                if element.get("disabled") is not None:
                    observer.disabled_by = path if element.get("disabled") == "true" else ""
                observer.files.append(path)
    return {area: _over(scopes[""], scopes[area]) for area in areas}


def _over(below, above) -> _Scopes:
    """The area's observers over the global ones; what is disabled globally stays so: nothing is said by "false"."""
    merged = dict(below)
    for name, found in above.items():
        under = below.get(name, _Observer())
        merged[name] = _Observer(found.instance or under.instance, found.disabled_by or under.disabled_by, found.files)
    return merged
