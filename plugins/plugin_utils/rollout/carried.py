# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a patch is not put onto a host, or taken from it, by what carries the store's patches. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.carrier import HOST

ELSEWHERE = {
    "build": "the repository that it is built from has to carry the patch (commerce_carrier: build)",
    "cloud": "its Commerce Cloud repository has to carry the patch (commerce_carrier: cloud)",
}
TEMPORARY = "what is changed on it is lost at its next deploy, which commerce_accept_temporary: true accepts"


def why_elsewhere(audit: Mapping[str, Any], accept_temporary: bool = False) -> str:
    """A part of a sentence; empty where the host's own files are to be changed.

    accept_temporary: whether the operator lets files be changed that the next deploy replaces.
    """
    store = audit["store"]
    # A store that could not be read has none: whoever works on it says so.
    if store["carrier"] in ELSEWHERE:
        return ELSEWHERE[store["carrier"]]
    return TEMPORARY if store["carrier"] == HOST and store["temporary"] and not accept_temporary else ""
