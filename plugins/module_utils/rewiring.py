# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who else has a hand in the observer: preferences and plugins of enabled modules. A hint; only behaviour is proof."""

from __future__ import annotations

from typing import Sequence, Tuple

from .advisory import Advisory
from .registration import Modules, parse


def rewirings(modules: Modules, enabled: Sequence[str], advisory: Advisory) -> Tuple[str, ...]:
    """Sentences, one for each preference or plugin on a class that the observer works with, in an area of the APIs.

    XML that cannot be parsed raises CommerceError broken_xml.
    """
    areas = [marker.area for marker in advisory.markers.values()]
    words = {name.rpartition("\\")[2].lower().encode() for name in advisory.classes}
    found = []
    for dummy, path, content in modules.files("di.xml", areas, enabled, *sorted(words)):
        tree = parse(modules.root, path, content)
        for preference in tree.findall("preference"):
            name, chosen = _class(preference, "for"), _class(preference, "type")
            if name in advisory.classes and chosen != advisory.classes[name]:
                found.append("{0} prefers {1} for {2}.".format(path, chosen, name))
        for changed in tree.findall("type"):
            name = _class(changed, "name")
            active = [plugin for plugin in changed.findall("plugin") if plugin.get("disabled") not in ("true", "1")]
            if name in advisory.classes and active:
                found.append("{0} has a plugin on {1}.".format(path, name))
    return tuple(found)


def _class(element, attribute) -> str:
    return element.get(attribute, "").strip().lstrip("\\")
