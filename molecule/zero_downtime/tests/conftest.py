# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both kinds of stores are verified by."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

# What the inventory gives the stores that a file's tests are about.
ABOUT = {"test_changed_by_hand.py": "ways", "test_changed_by_the_collection.py": "settings"}
LONG = bool(os.environ.get("STOREFLEET_LONG"))


def pytest_collection_modifyitems(config, items):
    """Each file is about some of the stores; Molecule would have every test on all of them."""
    others = [item for item in items if not _is_about(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def _is_about(item):
    host = item.callspec.params["_testinfra_host"]
    entries = host.ansible.get_variables().get(ABOUT[item.path.name], [])
    return any(LONG or "long" not in entry for entry in entries)


@pytest.fixture
def loads(variables):
    """The results of the loads on the host, in order; support.load_report says what is in one."""
    folder = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "results")
    files = sorted(folder.glob(f"?-{variables['inventory_hostname']}-*.json"))
    return [json.loads(file.read_text()) for file in files]
