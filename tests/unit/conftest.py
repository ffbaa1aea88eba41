# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the unit tests import the checkout by its collection name, wherever it lies and whatever it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).resolve().parents[2]


def _namespace(name: str, *folders: Path) -> None:
    package = ModuleType(name)
    package.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


if "ansible_collections" not in sys.modules:
    _namespace("ansible_collections")
    _namespace("ansible_collections.storefleet")
    _namespace("ansible_collections.storefleet.commerce", CHECKOUT)
