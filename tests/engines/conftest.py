# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small fleet of store roots on this machine, files only, as an inventory."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from support.store_roots import StoreRoot, make_fleet, write_inventory

SIZE = 14
SEED = 61103


class Fleet(NamedTuple):
    """stores: what each was made to be. inventory: all of them."""

    stores: list[StoreRoot]
    inventory: dict[str, Any]

    def slice(self, number: int, count: int) -> dict[str, Any]:
        """The inventory of a slice, cut as AWX does (Inventory.get_script_data); number is from 1."""
        hosts = self.inventory["commerce"]["hosts"]
        names = sorted(hosts)[number - 1 :: count]
        return {"commerce": {**self.inventory["commerce"], "hosts": {name: hosts[name] for name in names}}}


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    folder = tmp_path_factory.mktemp("fleet")
    stores = make_fleet(folder, SIZE, SEED)
    write_inventory(folder / "inventory.json", stores)
    return Fleet(stores, json.loads((folder / "inventory.json").read_text()))
