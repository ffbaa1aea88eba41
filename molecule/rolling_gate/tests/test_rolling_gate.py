# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a stage loses: the stages after it do not start unless commerce_max_lost allows it, and the run fails."""

from __future__ import annotations

import re
import time
from typing import NamedTuple

import pytest
from support.stores import Steps
from support.trees import differences

STAGES = (["shop-1"], ["shop-2", "shop-3"], ["shop-4"])
LEASE = ".storefleet/lease.json"
ALL = ["pair-1", "pair-2", "shop-1", "shop-2", "shop-3", "shop-4", "well"]
# Seconds that a test waits for the moment of its fault, and for the end of the run.
PATIENCE = 600


class Case(NamedTuple):
    """What the rollout meets.

    dead: the hosts that stop to answer: at_once, when stage 1 has its patch, or with in_the_middle when one of them is
    being changed. spoiled: hosts that the patch does not become. repaired, untouched: hosts, in the end; what
    becomes of the dead ones is for their next run. stopped: the stage before which the run says that it stops.
    became: the outcome that the report has of each other shop.
    """

    dead: tuple[str, ...] = ()
    at_once: bool = False
    in_the_middle: bool = False
    spoiled: tuple[str, ...] = ()
    max_lost: int = 0
    repaired: tuple[str, ...] = ("shop-1",)
    untouched: tuple[str, ...] = ("shop-4",)
    stopped: int | None = 3
    became: tuple[tuple[str, str], ...] = ()


CASES = {
    "dead at the audit": Case(
        dead=("shop-3",),
        at_once=True,
        repaired=("shop-1", "shop-2", "shop-4"),
        untouched=("shop-3",),
        stopped=None,
        became=(("shop-3", "not_started"),),
    ),
    "the first host of a stage dead": Case(
        dead=("shop-2",),
        repaired=("shop-1", "shop-3"),
        became=(("shop-2", "lost"), ("shop-4", "not_started")),
    ),
    "dead during stage 2": Case(
        dead=("shop-3",),
        in_the_middle=True,
        repaired=("shop-1", "shop-2"),
        became=(("shop-3", "lost"), ("shop-4", "not_started")),
    ),
    "every host of a stage dead": Case(
        dead=("shop-2", "shop-3"),
        max_lost=5,
        untouched=("shop-2", "shop-3", "shop-4"),
        became=(("shop-2", "lost"), ("shop-3", "lost"), ("shop-4", "not_started")),
    ),
    "a store that fails after its patch": Case(
        spoiled=("shop-2",),
        repaired=("shop-1", "shop-3"),
        untouched=("shop-2", "shop-4"),
        became=(("shop-2", "taken_back"), ("shop-4", "not_started")),
    ),
    "one that fails, and one may be lost": Case(
        spoiled=("shop-2",),
        max_lost=1,
        repaired=("shop-1", "shop-3", "shop-4"),
        untouched=("shop-2",),
        stopped=None,
        became=(("shop-2", "taken_back"),),
    ),
}
# Of the store with two nodes one is away from the beginning.
ALWAYS = {"well": "nothing_to_do", "pair-1": "not_repaired", "pair-2": "not_started"}


def wait_until(is_true):
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "the run did not come to the moment"
        time.sleep(0.1)


def require_whole(report, case):
    """Each host of the inventory once, with what became of it; each stage, with how far it came."""
    stores = {entry["name"]: entry for entry in report["stores"]}
    assert sorted(entry["name"] for entry in report["stores"]) == ALL
    assert report["run"]["aborted"] is False
    outcomes = {name: entry["outcome"] for name, entry in stores.items()}
    assert outcomes == {**dict.fromkeys(case.repaired, "repaired"), **dict(case.became), **ALWAYS}
    away = {name for name, entry in stores.items() if entry["state"] == "unreachable"}
    assert away == {*case.dead, "pair-2"}
    assert report["totals"]["well"] < report["totals"]["hosts"] == len(ALL)
    states = [stage["state"] for stage in report["rollout"]["stages"]]
    if case.stopped:
        assert states == ["done", "stopped", "not_started"]
        assert f"stops before stage {case.stopped}" in report["rollout"]["stopped"]
    else:
        assert set(states) == {"done"}


@pytest.mark.timeout(3 * PATIENCE)
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_what_is_lost_stops_the_stages_after_it(case, shops, rollout):
    for name in case.spoiled:
        shops[name].spoil()
    before = {name: shop.tree() for name, shop in shops.items()}
    run = rollout(commerce_max_lost=case.max_lost)
    if case.at_once:
        run.cut(*case.dead)
    run.start()
    try:
        if case.dead and case.in_the_middle:
            wait_until(lambda: any(shops[name].has(LEASE) for name in case.dead))
        elif case.dead and not case.at_once:
            wait_until(shops["shop-1"].is_patched)
        run.cut(*case.dead)
        status = run.end(PATIENCE)
    except BaseException:
        run.kill()
        raise
    printed = run.printed()

    assert status != 0, printed[-6000:]
    assert [name for name in case.repaired if not shops[name].is_patched()] == [], printed[-6000:]
    for name in case.repaired:
        assert shops[name].article_steps("rest").as_expected
    # What was put back serves as before, with its defect.
    for name in case.spoiled:
        assert shops[name].article_steps("rest") == Steps(after_wrong=1, after_right=1, token=True)
    # Of a store of two nodes one is away: it is left out, and keeps no other from its repair.
    for name in (*case.untouched, "pair-1"):
        assert differences(before[name], shops[name].tree()) == [], (name, printed[-6000:])
    assert "pair-1: vulnerable (unpatched). It was left out of this rollout: pair-2 is unreachable" in printed
    if case.stopped:
        assert f"The rollout stops before stage {case.stopped} of {len(STAGES)}: " in printed
    else:
        assert "The rollout stops" not in printed
    require_whole(run.report(), case)
    # The audit and the verdict: a store that needs nothing costs nothing after its audit.
    assert re.search(r"\bwell : ok=2 changed=0 unreachable=0 failed=0 skipped=0 ", printed)
