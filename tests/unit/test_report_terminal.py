# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.terminal import (
    BAD,
    DOUBTFUL,
    GOOD,
    PLAIN,
    Line,
    Progress,
)


def hosts(number: int) -> list[dict]:
    return [{"name": f"shop-{at}", "selected": True} for at in range(number)]


def audit(host: str, status: str, reason: str) -> dict:
    return {"event": "audit", "host": host, "audit": {"status": status, "reason": reason}}


def change(module: str, step: str | None, **more) -> dict:
    return {
        "event": "change",
        "host": "shop",
        "module": module,
        "step": step,
        "changed": True,
        "failed": False,
        "check": False,
        "seconds": {},
        **more,
    }


def test_verdicts_are_counted_against_the_hosts_within_the_limit() -> None:
    progress = Progress([*hosts(12), {"name": "outside", "selected": False}])
    assert progress.line(audit("shop-1", "vulnerable", "unpatched")) == Line(
        "[ 1/12] shop-1 vulnerable: unpatched", BAD
    )
    lost = {"event": "lost", "host": "shop-2", "how": "unreachable", "message": "no answer"}
    assert progress.line(lost) == Line("[ 2/12] shop-2 unknown: unreachable", DOUBTFUL)
    lost = {"event": "lost", "host": "shop-3", "how": "failed", "message": "no python"}
    assert progress.line(lost) == Line("[ 3/12] shop-3 unknown: tool_failed", DOUBTFUL)


@pytest.mark.parametrize(("expired", "status"), [(False, "waived"), (True, "unknown")])
def test_a_waiver_in_force_covers_a_host_that_is_away(expired: bool, status: str) -> None:
    progress = Progress([{"name": "shop", "selected": True, "waiver": {"expired": expired}}])
    lost = {"event": "lost", "host": "shop", "how": "unreachable", "message": "no answer"}
    assert progress.line(lost) == Line(f"[1/1] shop {status}: unreachable", DOUBTFUL)


@pytest.mark.parametrize(
    ("status", "mood"),
    [
        ("compliant", GOOD),
        ("not_applicable", GOOD),
        ("waived", DOUBTFUL),
        ("unknown", DOUBTFUL),
        ("vulnerable", BAD),
        ("needs_hands", BAD),
    ],
)
def test_each_status_has_its_mood(status: str, mood: str) -> None:
    assert Progress(hosts(1)).line(audit("shop-0", status, "why")) == Line(f"[1/1] shop-0 {status}: why", mood)


def test_a_second_verdict_is_told_with_the_first() -> None:
    progress = Progress(hosts(2))
    progress.line(audit("shop-0", "vulnerable", "unpatched"))
    assert progress.line(audit("shop-0", "compliant", "patched")) == Line(
        "shop-0 compliant: patched, was vulnerable", GOOD
    )
    assert progress.line(audit("shop-0", "compliant", "patched")) == Line("shop-0 compliant: patched, as before", GOOD)
    assert progress.line(audit("shop-1", "unknown", "not_run")).text.startswith("[2/2] ")


def test_a_loss_after_the_verdict_is_left_to_ansible() -> None:
    progress = Progress(hosts(1))
    progress.line(audit("shop-0", "vulnerable", "unpatched"))
    assert progress.line({"event": "lost", "host": "shop-0", "how": "failed", "message": "x"}) is None


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (change("release_stage", None, seconds={"copy": 6.6, "compile": 33}), "shop built, 40 s"),
        (change("release_switch", "whole", seconds={"code": 0.4}), "shop switched and proven"),
        (change("release_switch", "back"), "shop taken back"),
        (change("quality_patch_live", None), "shop changed in place and proven"),
        (change("release_stage", None, check=True, seconds={"copy": 5}), "shop would be built"),
    ],
)
def test_a_change_is_told(event: dict, text: str) -> None:
    assert Progress(hosts(1)).line(event) == Line(text, PLAIN)


@pytest.mark.parametrize(
    "event",
    [
        change("release_stage", None, changed=False),
        change("release_stage", None, failed=True),
        change("release_switch", "keep"),
        change("release_switch", "caches"),
        change("release_switch", "whole", check=True),
        {"event": "end", "stats": {}},
    ],
)
def test_what_is_of_no_interest_is_not_told(event: dict) -> None:
    assert Progress(hosts(1)).line(event) is None


def test_the_rollout_is_told() -> None:
    progress = Progress(hosts(9))
    assert progress.line({"event": "plan", "stages": [["a"], list("bcdefgh")], "left_out": {}}) is None
    assert progress.line({"event": "stage", "number": 1, "hosts": ["a"]}) == Line("stage 1 of 2: a")
    assert progress.line({"event": "stage", "number": 2, "hosts": list("bcdefgh")}) == Line(
        "stage 2 of 2: b, c, d, e, f and 2 more"
    )
    assert progress.line({"event": "gate", "message": "too many lost"}) == Line("stopped: too many lost", BAD)
