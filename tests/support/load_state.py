# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store under load is, asked from outside: python3 -m support.load_state CONTAINER ADDRESS ROOT [--prime]

Prints JSON. behaviour: per API whether a right login resets the counter (fixed, defective, broken). code: whether the
classes that php-fpm really runs have the patch (patched, unpatched, mixed). page: HIT where a page that nobody else
asks for is still in the page cache. redis_key: whether a key that is none of the store's is still in Redis. purges: how
many the HTTP cache was sent. --prime makes that page and that key first.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from support.stores import APIS, Steps, StoreContainer

PAGE = "/?primed=1"
KEY = "storefleet:somebody-elses"
PURGES = "/var/log/http-cache.log"
BEHAVIOURS = {Steps(1, 0, True): "fixed", Steps(1, 1, True): "defective"}
# The pool's own view of two classes that the patch changes: it may be older than the files.
CODE = """<?php
require %s . '/app/bootstrap.php';
$model = 'Magento\\\\Customer\\\\Model\\\\';
$third = (new ReflectionMethod($model . 'CustomerAuthUpdate', '__construct'))->getParameters()[2]->getType()->getName();
echo json_encode([method_exists($model . 'Customer', '_resetState'), $third === $model . 'CustomerFactory']);
"""


def code_in_use(store: StoreContainer, root: str) -> str:
    """patched or unpatched, as php-fpm sees both classes; mixed where it has one of each."""
    seen = set(json.loads(store.run_in_pool(CODE % json.dumps(root))))
    if len(seen) > 1:
        return "mixed"
    return "patched" if True in seen else "unpatched"


def behaviour(store: StoreContainer, api: str) -> str:
    # Made by SQL: a store that is broken makes no customers.
    customer = store.insert_customer()
    try:
        return BEHAVIOURS.get(store.article_steps(api, customer), "broken")
    finally:
        store.remove_customer(customer)


def prime(store: StoreContainer) -> None:
    """A page in the page cache, and a key in the database of Redis that the store's caches are in."""
    store.request("GET", PAGE)
    store.run("redis-cli", "set", KEY, "1")


def state_of(store: StoreContainer, root: str) -> dict[str, Any]:
    """As the module says."""
    return {
        "behaviour": {api: behaviour(store, api) for api in APIS},
        "code": code_in_use(store, root),
        "page": store.request("GET", PAGE).headers.get("X-Magento-Cache-Debug", ""),
        "redis_key": store.run("redis-cli", "exists", KEY).strip() == "1",
        "purges": int(store.run("bash", "-c", f"touch {PURGES}; wc -l <{PURGES}")),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="What a store under load is at this moment.")
    parser.add_argument("container")
    parser.add_argument("address")
    parser.add_argument("root")
    parser.add_argument("--prime", action="store_true")
    options = parser.parse_args()
    store = StoreContainer(options.container, options.address)
    if options.prime:
        prime(store)
    print(json.dumps(state_of(store, options.root)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
