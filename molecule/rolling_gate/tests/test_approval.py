# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between two stages people are asked, earlier stages are looked at again, and what was done may be taken back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from support.trees import differences

PATIENCE = 600
HOOK = Path(__file__).resolve().parents[1] / "files" / "approve.yml"


def answer(run, file, question, text):
    """Gives the answer once the run has asked the question."""
    end = time.monotonic() + PATIENCE
    while question not in " ".join(run.printed().split()):
        assert time.monotonic() < end, run.printed()[-6000:]
        time.sleep(0.2)
    file.write_text(text)


def states(report):
    return [stage["state"] for stage in report["rollout"]["stages"]]


def outcomes(report):
    return {entry["name"]: entry["outcome"] for entry in report["stores"]}


@pytest.mark.timeout(3 * PATIENCE)
def test_what_was_done_is_taken_back_when_a_stage_is_refused(shops, rollout, tmp_path):
    before = {name: shop.tree() for name, shop in shops.items()}
    file = tmp_path / "approve"
    # One that nobody gave to this question.
    file.write_text("2")
    run = rollout(
        commerce_approve="file",
        commerce_approve_file=str(file),
        commerce_approve_timeout=120,
        commerce_on_stop="rollback",
    )
    run.start()
    try:
        answer(run, file, f"Write 2 to {file}", "2\n")
        answer(run, file, f"Write 3 to {file}", "2\n")
        status = run.end(PATIENCE)
    except BaseException:
        run.kill()
        raise
    printed = run.printed()
    assert status != 0
    assert "The rollout stops before stage 3 of 3. It was not approved: the answer was 2." in printed, printed[-6000:]
    assert "Taken back now, as commerce_on_stop is rollback: shop-1, shop-2, shop-3." in printed
    assert not file.exists()
    assert [name for name, shop in shops.items() if shop.is_patched()] == []
    # In place, the files of before come as new ones.
    left = {name: differences(before[name], shop.tree()) for name, shop in shops.items()}
    assert [line for lines in left.values() for line in lines if ": mtime was " not in line] == []
    assert not shops["shop-1"].article_steps("rest").as_expected
    report = run.report()
    assert states(report) == ["done", "done", "not_started"]
    found = outcomes(report)
    assert [found[name] for name in ("shop-1", "shop-2", "shop-3", "shop-4")] == ["taken_back"] * 3 + ["not_started"]


@pytest.mark.timeout(3 * PATIENCE)
def test_a_store_that_loses_its_patch_after_its_stage_stops_the_rollout(shops, rollout, tmp_path):
    before = shops["shop-4"].tree()
    log = tmp_path / "hook.json"
    run = rollout(
        commerce_approve="hook",
        commerce_hooks={"approve": str(HOOK)},
        commerce_change_id="CHG-9",
        commerce_look_again=True,
        hook_log=str(log),
    )
    run.start()
    try:
        status = run.end(2 * PATIENCE)
    except BaseException:
        run.kill()
        raise
    printed = run.printed()
    assert status != 0
    assert json.loads(log.read_text()) == {
        "name": "approve",
        "stage": 2,
        "stores": ["shop-2", "shop-3"],
        "hosts": ["shop-2", "shop-3"],
        "change_id": "CHG-9",
    }
    assert "The rollout stops before stage 3 of 3: commerce_max_lost is 0." in printed, printed[-6000:]
    assert "Lost since the plan: shop-1: vulnerable (unpatched)." in printed
    assert differences(before, shops["shop-4"].tree()) == []
    assert [shops[name].is_patched() for name in ("shop-1", "shop-2", "shop-3")] == [False, True, True]
    report = run.report()
    assert states(report) == ["done", "stopped", "not_started"]
    found = outcomes(report)
    assert [found[name] for name in ("shop-1", "shop-2", "shop-3", "shop-4")] == [
        "not_repaired",
        "repaired",
        "repaired",
        "not_started",
    ]
