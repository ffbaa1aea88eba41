# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web nodes of one store, each in its container; the first one has the database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable

from support.faults import FOLDER, GO, LOOK_AT, ROOT, Moment
from support.faults_host import FaultyHost, Strike
from support.stores import APIS, ENGINE, Steps, StoreContainer
from support.trees import differences, snapshot

# Seconds that a fault waits for its moment: all nodes build on one machine here.
PATIENCE = 240

# As in prepare.yml: the node as it was before any fault. php-fpm begins anew, and no worker of before is left.
RESET = """
rm -f "$2"/*
rsync -aHX --checksum --delete /root/before/ "$1/"
rm -rf "$1"/var/cache/* "$1"/var/page_cache/*
if [[ -e /run/redis/redis-server.pid ]]; then redis-cli FLUSHALL >/dev/null; fi
service php8.2-fpm restart >/dev/null
"""


class Node(StoreContainer):
    """One web node, by its name in the inventory. first: the node that has the database, None for that one itself."""

    def __init__(self, host: str, first: Node | None = None):
        self.inventory_name = host
        checkout, scenario = os.environ["COMMERCE_CHECKOUT_ID"], os.environ["MOLECULE_SCENARIO_NAME"]
        name = f"storefleet-{checkout}-{scenario}-{host}"
        port = subprocess.run([ENGINE, "port", name, "80/tcp"], check=True, capture_output=True, text=True).stdout
        super().__init__(name, port.strip())
        self._first = first
        self._faulty = FaultyHost(self)

    def sql(self, statement: str) -> list[list[str]]:
        return self._first.sql(statement) if self._first else super().sql(statement)

    def reset(self) -> None:
        """The node is as it was before any fault, and has the folders that a first request makes."""
        self._faulty.shell(RESET, ROOT, FOLDER)
        self.request("GET", "/").raise_for_status()

    def shell(self, script: str) -> None:
        """Bash, run as root."""
        self._faulty.shell(script)

    def set_php(self, command: str) -> None:
        """What becomes of a PHP command of the store from now on, see molecule/faults/files/php-in-the-way."""
        self._faulty.shell('printf %s "$2" >"$1/php"', FOLDER, command)

    def tree(self) -> dict[str, dict]:
        return snapshot(self, ROOT)

    def strike(self, moment: Moment, deed: str, script: str) -> Strike:
        """A fault waits on the node for its moment."""
        if moment.php:
            self.set_php(moment.php)
        request = {
            "conditions": moment.conditions,
            "delay": moment.delay,
            "deed": "tell" if deed == "node_lost" else deed,
            "script": f"rm -f {FOLDER}/php; {script}",
            "look_at": LOOK_AT,
            "go": GO,
            "patience": PATIENCE,
        }
        return Strike(self.name, request)

    def lose_power(self) -> None:
        """Everything on the node ends at once, and it is started again."""
        self._faulty.lose_power()

    def is_quiet(self) -> bool:
        """Whether everything that a run has started there ends by itself."""
        return self._faulty.is_quiet(60)

    def steps(self) -> dict[str, Steps]:
        """The article's steps on each API."""
        customer = self.insert_customer()
        found = {}
        try:
            for api in APIS:
                self.sql(f"UPDATE customer_entity SET failures_num = 0 WHERE email = '{customer}'")
                found[api] = self.article_steps(api, customer)
        finally:
            self.remove_customer(customer)
        return found

    def own_files(self) -> list[str]:
        """What of ours is below the store's root, but for the files of before."""
        found = self.run("find", ROOT, "-maxdepth", "2", "-path", f"{ROOT}/.storefleet/*", "-printf", "%f\\n").split()
        return sorted(set(found) - {"kept"})


def unlike(before: dict[str, dict], after: dict[str, dict], by_fault: str = "") -> list[str]:
    """What differs in the tree of a node, but for the log of a compile that failed, and what the fault itself changed.

    by_fault: a path, relative to the root.
    """
    log = {".storefleet", ".storefleet/compile.log"}
    aside = {by_fault, *(log if log <= after.keys() else ())}
    kept = ({path: each for path, each in tree.items() if path not in aside} for tree in (before, after))
    return differences(*kept)


def unlike_steps(nodes: Iterable[Node], wanted: dict[str, Steps]) -> dict[str, dict[str, Steps]]:
    """What logins do to the counter on each node where they do not do as wanted (DEFECTIVE or FIXED)."""
    found = {node.inventory_name: node.steps() for node in nodes}
    return {name: steps for name, steps in found.items() if steps != wanted}
