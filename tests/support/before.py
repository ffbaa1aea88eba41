# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what a store is before a scenario changes it: python3 -m support.before CONTAINER ADDRESS ROOT FILE.

The tree, and a customer of the store's own who has mistyped the password now and then and always got in at last.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support.stores import APIS, StoreContainer
from support.trees import snapshot


def main() -> None:
    name, address, root, file = sys.argv[1:]
    store = StoreContainer(name, address)
    customer = store.create_customer()
    for api in APIS:
        store.login(api, customer, "mistyped")
        store.login(api, customer)
    tree = snapshot(store, root)
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(json.dumps({"customer": customer, "counter": store.counter(customer), "tree": tree}))


if __name__ == "__main__":
    main()
