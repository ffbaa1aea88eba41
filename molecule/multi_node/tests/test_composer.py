# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer does in the stages is the same on all nodes of a store, and goes with the switch and the way back."""

from __future__ import annotations

import json

import pytest
from support.faults import ROOT
from support.nodes import unlike_steps
from support.stores import DEFECTIVE, FIXED


def shape(nodes, *states):
    for node in nodes:
        for state in states:
            node.shell(f"shape {ROOT} {state}")


def tool_of(node):
    packages = json.loads(node.run("cat", f"{ROOT}/vendor/composer/installed.json"))["packages"]
    return [package["version"] for package in packages if package["name"] == "magento/quality-patches"]


def code(node):
    """The files of Composer and its packages: type, owner and content by path."""
    return {
        path: {name: entry[name] for name in ("type", "uid", "gid", "content")}
        for path, entry in node.tree().items()
        if path.startswith(("vendor/", "composer.")) and entry["content"]
    }


def unlike_the_first(first, *others):
    """The nodes of a store whose code is another than that of the first."""
    known = code(first)
    return [node.inventory_name for node in others if code(node) != known]


@pytest.mark.usefixtures("unharmed")
def test_the_tool_comes_to_all_nodes_and_stays_when_the_patch_goes(stores, run):
    hosts = "files:shared"
    shape([*stores["files"], stores["shared"][0]], "without_tool")
    nodes = [*stores["files"], *stores["shared"]]
    assert [node.inventory_name for node in nodes if tool_of(node)] == []

    repaired = run(commerce_tool="install", commerce_hosts=hosts)
    assert repaired.end() == 0, repaired.printed()[-6000:]
    assert unlike_steps(nodes, FIXED) == {}
    assert {node.inventory_name: tool_of(node) for node in nodes if tool_of(node) != ["1.1.82"]} == {}
    assert unlike_the_first(*stores["files"]) == []

    taken_back = run("rollback", commerce_hosts=hosts)
    assert taken_back.end() == 0, taken_back.printed()[-6000:]
    assert unlike_steps(nodes, DEFECTIVE) == {}
    assert {node.inventory_name: tool_of(node) for node in nodes if tool_of(node) != ["1.1.82"]} == {}
    assert unlike_the_first(*stores["files"]) == []


@pytest.mark.usefixtures("unharmed")
def test_packages_are_put_back_on_the_node_that_has_the_patch_in_part(stores, run):
    nodes = stores["redis"]
    shape(nodes, "with_ours")
    shape(nodes[1:2], "wiped")

    refused = run(commerce_hosts="redis")
    assert refused.end() != 0
    assert "commerce_repair_partial: true" in refused.printed()
    assert unlike_the_first(*nodes) == ["redis-2"]

    repaired = run(commerce_hosts="redis", commerce_repair_partial=True)
    assert repaired.end() == 0, repaired.printed()[-6000:]
    assert unlike_steps(nodes, FIXED) == {}
    assert unlike_the_first(*nodes) == []
