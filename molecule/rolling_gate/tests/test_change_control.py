# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that was signed off is done as it was, in its window, and nothing else is."""

from __future__ import annotations

import json
import time

import pytest
from support.trees import differences

LEASE = ".storefleet/lease.json"
OVER = "2026-01-01T00:00Z/2026-01-01T01:00Z"
ALWAYS = "00:00-24:00"
PATIENCE = 600


def ended(run):
    """Starts it and waits; status and what was printed."""
    run.start()
    return run.end(PATIENCE), run.printed()


def untouched(shops, before, names):
    return [name for name in names if differences(before[name], shops[name].tree())]


def require_nothing_done(report):
    """A plan's report: each store is what its audit says, and no stage is one that stopped."""
    entries = {entry["name"]: entry for entry in report["stores"]}
    for name in ("shop-1", "shop-2", "shop-3", "shop-4"):
        entry = entries[name]
        assert (entry["status"], entry["outcome"], entry["changed"]) == ("vulnerable", "would_change", False), name
    assert report["rollout"]["stopped"] is None


@pytest.mark.timeout(4 * PATIENCE)
def test_what_was_planned_is_done_and_nothing_else(shops, rollout, tmp_path):
    before = {name: shop.tree() for name, shop in shops.items()}
    file = tmp_path / "plan.json"
    change = {"commerce_change_id": "CHG-7"}
    run = rollout("storefleet.commerce.plan", commerce_plan_file=str(file), **change)
    status, printed = ended(run)
    assert status == 0, printed[-6000:]
    assert untouched(shops, before, shops) == []
    require_nothing_done(run.report())
    plan = json.loads(file.read_text())
    assert [[store["store"] for store in stage["stores"]] for stage in plan["stages"]] == [
        ["shop-1"],
        ["shop-2", "shop-3"],
        ["shop-4"],
    ]
    assert plan["left_out"]["pair-1"] == "pair-2 is unreachable"
    files = plan["stages"][0]["stores"][0]["hosts"][0]["files"]

    # Somebody deploys another release of one store, and another store is repaired already when the plan is followed.
    shops["shop-3"].run("bash", "-c", "echo >>/var/www/shop-3/composer.lock")
    before["shop-3"] = shops["shop-3"].tree()
    status, printed = ended(rollout(commerce_plan=str(file), commerce_change_id="CHG-8"))
    assert status != 0
    assert "it was made with commerce_change_id 'CHG-7', and this run has 'CHG-8'" in printed
    assert untouched(shops, before, shops) == []

    run = rollout(commerce_plan=str(file), **change)
    status, printed = ended(run)
    assert status != 0
    assert "shop-3 has another release than when the plan was made" in printed
    assert untouched(shops, before, ["shop-3", "pair-1"]) == []
    for name in ("shop-1", "shop-2", "shop-4"):
        assert shops[name].article_steps("rest").as_expected, name
        assert [path for path in files if not shops[name].has(path)] == [], name
    assert run.report()["run"]["change_id"] == "CHG-7"

    # What is still to be done is expected to take as long as what was done before.
    took = [sum(entry["seconds"].values()) for entry in run.repaired()]
    status, printed = ended(rollout("storefleet.commerce.plan", commerce_plan_file=str(file)))
    assert status == 0, printed[-6000:]
    (stage,) = json.loads(file.read_text())["stages"]
    assert [store["store"] for store in stage["stores"]] == ["shop-3"]
    assert min(took) <= stage["expected_seconds"] <= max(took) + 1
    assert f"Stage 1: 1 store, about {stage['expected_seconds']} s." in printed


@pytest.mark.timeout(2 * PATIENCE)
def test_no_stage_starts_while_the_window_is_closed(shops, rollout):
    before = {name: shop.tree() for name, shop in shops.items()}
    status, printed = ended(rollout(commerce_window=[OVER]))
    assert status != 0
    assert "The rollout stops before stage 1 of 3. The window is over, and no other opens." in printed
    assert "Stores that were not come to: 4." in printed
    assert untouched(shops, before, shops) == []


@pytest.mark.timeout(2 * PATIENCE)
def test_a_store_is_not_switched_when_the_window_has_closed_over_its_build(shops, rollout, tmp_path):
    before = {name: shop.tree() for name, shop in shops.items()}
    window = tmp_path / "window"
    window.write_text(ALWAYS)
    # Read anew whenever it is asked for.
    run = rollout(commerce_strategy="staged", commerce_window=f"{{{{ lookup('ansible.builtin.file', '{window}') }}}}")
    run.start()
    try:
        end = time.monotonic() + PATIENCE
        while not shops["shop-1"].has(LEASE):
            assert time.monotonic() < end, "the run did not come to the moment"
            time.sleep(0.1)
        window.write_text(OVER)
        status = run.end(PATIENCE)
    except BaseException:
        run.kill()
        raise
    printed = run.printed()
    assert status != 0
    assert (
        "This node is as it was. The store shop-1 is not changed. The window is over, and no other opens." in printed
    ), printed[-6000:]
    assert untouched(shops, before, shops) == []
    assert not shops["shop-1"].has(".storefleet/stage")
