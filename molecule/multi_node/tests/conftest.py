# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stores and their nodes, and the playbooks that the tests run on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.faults_run import Run
from support.nodes import Node
from support.nodes_faults import STORES

collect_ignore = [] if os.environ.get("STOREFLEET_LONG") else ["test_composer.py"]


@pytest.fixture(scope="session")
def stores():
    """The nodes of each store, the one with the database first."""
    found = {}
    for store, hosts in STORES.items():
        first = Node(hosts[0])
        found[store] = [first, *(Node(host, first) for host in hosts[1:])]
    yield found
    for nodes in found.values():
        for node in nodes:
            node.session.close()


@pytest.fixture(scope="session")
def nodes(stores):
    """All nodes by their names in the inventory."""
    return {node.inventory_name: node for each in stores.values() for node in each}


@pytest.fixture
def unharmed(nodes):
    """All nodes are as they were at first."""
    for node in nodes.values():
        node.reset()


@pytest.fixture
def run(tmp_path):
    """Starts a playbook on all stores, with extra variables. All are in one stage, so that each meets its fault."""
    numbers = iter(range(10))
    folder = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])

    def start(playbook="remediate", **variables):
        log = tmp_path / f"run-{next(numbers)}.log"
        return Run(log, folder, {"commerce_batches": ["100%"], **variables}, f"storefleet.commerce.{playbook}")

    return start
