# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer does in the stages is the same on all nodes of a store, and goes with the switch and the way back."""

from __future__ import annotations

import json

import pytest
from support.faults import ROOT
from support.nodes import DEFECTIVE, FIXED, unlike_steps

WITHOUT_TOOL = "without_tool"
PARTIAL = ("with_ours", "wiped")


def shape(nodes, *states):
    for node in nodes:
        for state in states:
            node.shell(f"shape {ROOT} {state}")


def trees(stores):
    """One node of each tree: those of a shared one see the same."""
    return [node for name, nodes in stores.items() for node in (nodes[:1] if name == "shared" else nodes)]


def tool_of(node):
    packages = json.loads(node.run("cat", f"{ROOT}/vendor/composer/installed.json"))["packages"]
    return [package["version"] for package in packages if package["name"] == "magento/quality-patches"]


def code(node):
    """The files of Composer and its packages: type, owner, mode and content by path."""
    return {
        path: {name: entry[name] for name in ("type", "mode", "uid", "gid", "content")}
        for path, entry in node.tree().items()
        if path.startswith(("vendor/", "composer."))
    }


def unlike_the_first(stores):
    """The nodes whose code is another than that of the first node of their store."""
    return [node.inventory_name for nodes in stores.values() for node in nodes[1:] if code(node) != code(nodes[0])]


@pytest.mark.usefixtures("unharmed")
def test_the_tool_comes_to_all_nodes_and_goes_with_the_way_back(stores, nodes, run):
    shape(trees(stores), WITHOUT_TOOL)
    before = {name: code(node) for name, node in nodes.items()}
    assert {name: tool_of(node) for name, node in nodes.items() if tool_of(node)} == {}

    repaired = run(commerce_tool="install")
    assert repaired.end() == 0, repaired.printed()[-6000:]
    assert unlike_steps(nodes.values(), FIXED) == {}
    assert {name: tool_of(node) for name, node in nodes.items() if tool_of(node) != ["1.1.82"]} == {}
    assert unlike_the_first(stores) == []

    taken_back = run("rollback")
    assert taken_back.end() == 0, taken_back.printed()[-6000:]
    assert unlike_steps(nodes.values(), DEFECTIVE) == {}
    assert [name for name, node in nodes.items() if code(node) != before[name]] == []


@pytest.mark.usefixtures("unharmed")
def test_packages_are_put_back_on_the_nodes_that_have_the_patch_in_part(stores, nodes, run):
    shape([node for node in trees(stores) if node.inventory_name not in ("redis-1", "redis-3")], *PARTIAL)
    shape([nodes["redis-1"], nodes["redis-3"]], "with_ours")

    refused = run()
    assert refused.end() != 0
    assert "commerce_repair_partial: true" in refused.printed()

    repaired = run(commerce_repair_partial=True)
    assert repaired.end() == 0, repaired.printed()[-6000:]
    assert unlike_steps(nodes.values(), FIXED) == {}
    assert unlike_the_first(stores) == []
