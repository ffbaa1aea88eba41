# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens to one node: all nodes of its store are as before. Without a fault all of them are repaired."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from support.nodes import unlike, unlike_steps
from support.nodes_faults import CORE, LONG, STORES
from support.stores import DEFECTIVE, FIXED

ROUNDS = {**CORE, **(LONG if os.environ.get("STOREFLEET_LONG") else {})}


def strike(faults, nodes, run):
    """Runs the playbook with these faults; what it returned and printed, and whether each fault found its moment."""
    for fault in faults:
        nodes[fault.node].shell(fault.arrange or "true")
        if fault.php:
            nodes[fault.node].set_php(fault.php)
    before = {name: node.tree() for name, node in nodes.items()}
    waiting = {
        fault.node: nodes[fault.node].strike(fault.moment, fault.deed, fault.script) for fault in faults if fault.moment
    }
    started = run()
    for fault in faults:
        if fault.deed == "node_lost":
            assert waiting[fault.node].wait_until_now(), "the run did not come to the moment"
            nodes[fault.node].lose_power()
    status = started.end()
    lost = {fault.node for fault in faults if fault.deed == "node_lost"}
    missed = [name for name, each in waiting.items() if not each.end()["reached"] and name not in lost]
    assert missed == [], started.printed()[-6000:]
    return before, status, started.printed()


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("faults", list(ROUNDS.values()), ids=list(ROUNDS))
def test_a_node_that_fails_takes_all_nodes_of_its_store_back(faults, nodes, stores, run):
    before, status, printed = strike(faults, nodes, run)
    assert status != 0, printed
    for fault in faults:
        nodes[fault.node].shell("rm -f /run/fault/php")
        assert fault.says in printed
    assert [node.inventory_name for node in nodes.values() if not node.is_quiet()] == []
    for fault in faults:
        if fault.by_next_run:
            assert run().end() == 0
            assert unlike_steps(stores[fault.store], FIXED) == {}
            continue
        for node in stores[fault.store]:
            changes = fault.changes if node is nodes[fault.node] else ""
            assert unlike(before[node.inventory_name], node.tree(), changes) == [], (
                node.inventory_name,
                printed[-6000:],
            )
        nodes[fault.node].shell(fault.clear or "true")
        assert unlike_steps(stores[fault.store], DEFECTIVE) == {}
    # The others were repaired in the same run.
    for store in STORES.keys() - {fault.store for fault in faults}:
        assert unlike_steps(stores[store], FIXED) == {}


@pytest.mark.usefixtures("unharmed")
def test_all_nodes_are_repaired_and_taken_back(nodes, run):
    repaired = run()
    assert repaired.end() == 0, repaired.printed()[-6000:]
    assert unlike_steps(nodes.values(), FIXED) == {}
    assert {name: node.own_files() for name, node in nodes.items() if node.own_files()} == {}
    if os.environ.get("STOREFLEET_LONG"):
        taken_back = run("rollback")
        assert taken_back.end() == 0, taken_back.printed()[-6000:]
        assert unlike_steps(nodes.values(), DEFECTIVE) == {}
        assert {name: node.own_files() for name, node in nodes.items() if node.own_files()} == {}


@pytest.mark.usefixtures("unharmed")
def test_a_store_is_not_cut_in_half(nodes):
    before = {name: node.tree() for name, node in nodes.items()}
    command = ["ansible-playbook", "storefleet.commerce.remediate", "--limit", "files-1,redis-1,redis-2"]
    folder = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    printed = " ".join((ended.stdout + ended.stderr).split())
    assert ended.returncode != 0
    for host, missing in (("files-1", "files-2"), ("redis-1", "redis-3"), ("redis-2", "redis-3")):
        why = f"It was left out of this rollout: --limit leaves {missing} out."
        assert f"{host}: vulnerable (unpatched). {why}" in printed
    for name, node in nodes.items():
        assert unlike(before[name], node.tree()) == []
