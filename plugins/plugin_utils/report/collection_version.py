# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of this collection is at work."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

COLLECTION = Path(__file__).resolve().parents[3]


def collection_version(folder: Path = COLLECTION) -> str:
    """The version, as the installed collection or a checkout of it says; "unknown" where neither does."""
    try:
        return str(json.loads((folder / "MANIFEST.json").read_bytes())["collection_info"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        return str(yaml.safe_load((folder / "galaxy.yml").read_bytes())["version"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return "unknown"
