# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that a plugin of Composer's (cweagans/composer-patches) patches as they are installed."""

from __future__ import annotations

import os
from typing import Any, FrozenSet, Iterator, Mapping

from .composer_packages import MANIFEST, read_json

# Where the plugin, from its second version on, keeps what it has found.
_LOCK = "patches.lock.json"


def patched_by_plugin(root: str) -> FrozenSet[str]:
    """Names of the packages: by composer.json (extra.patches), by the file that it names, and by the plugin's lock.

    A file of these that is no JSON raises CommerceError unreadable.
    """
    extra = _object(_object(read_json(root, MANIFEST)).get("extra"))
    found = set(_object(extra.get("patches")))
    for path in _files(extra):
        found.update(_object(_object(read_json(root, path)).get("patches")))
    return frozenset(found)


def _files(extra: Mapping[str, Any]) -> Iterator[str]:
    yield _LOCK
    for settings in (extra, _object(extra.get("composer-patches"))):
        named = settings.get("patches-file")
        if isinstance(named, str) and "://" not in named and not os.path.isabs(named):
            yield named


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
