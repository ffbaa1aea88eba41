# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was signed off is done, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.filter.rollout_as_planned import FilterModule, rollout_as_planned
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.as_planned import as_planned
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import rollout_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import Occasion, plan_document

SHOP = ("shop", ["web1", "web2"])
BLOG = ("blog", ["blog"])
TEST = ("test", ["test"])
HOSTS = {name: {"fingerprint": f"of {name}", "strategy": "staged"} for name in ("web1", "web2", "blog", "test")}
OCCASION = Occasion("2026-11-23T21:40:05Z", ["ACSD-61103", "ACSD-1"], "CHG-1")
PLANNED = rollout_of([[SHOP], [BLOG, TEST]], {"away": "it is unreachable", "well": "it needs nothing"})
DOCUMENT = plan_document(PLANNED, HOSTS, OCCASION, forks=5)


def held(*stages: Any, left_out: dict[str, str] | None = None, **hosts: dict[str, Any]) -> dict[str, Any]:
    """The rollout of these stages, after changes to what the hosts are now."""
    now = {**HOSTS, **{name: {**HOSTS.get(name, {}), **change} for name, change in hosts.items()}}
    return as_planned(DOCUMENT, rollout_of(stages, left_out or {}), now)


def test_what_is_as_it_was_is_done_in_the_planned_stages() -> None:
    assert held([TEST, SHOP, BLOG], left_out={"well": "it needs nothing"}) == {
        **rollout_of([[SHOP], [BLOG, TEST]], {"well": "it needs nothing"}),
        "refused": {},
    }


def test_a_run_that_was_stopped_goes_on() -> None:
    made = held([TEST], left_out={"web1": "it needs nothing"}, web1={"fingerprint": "with the patch"})
    assert made == {**rollout_of([[TEST]], {"web1": "it needs nothing"}), "refused": {}}
    assert made["stages"][0]["number"] == 1


@pytest.mark.parametrize(
    ("store", "hosts", "why"),
    [
        (SHOP, {"web2": {"fingerprint": "new"}}, "web2 has another release than when the plan was made"),
        (
            SHOP,
            {"web1": {"fingerprint": None}},
            "nobody can tell whether web1 has the release for which the plan was made",
        ),
        (BLOG, {"blog": {"strategy": "in_place"}}, "blog would be changed by in_place, and the plan says staged"),
        (("shop", ["web1", "web3"]), {}, "the store had the nodes web1, web2, and has web1, web3"),
        (("shop", ["web1"]), {}, "the store had the nodes web1, web2, and has web1"),
        (("new", ["new"]), {"new": {"fingerprint": "x", "strategy": "staged"}}, "it does not have this store"),
        (("away", ["away"]), {}, "it left this store out: it is unreachable"),
        (("s", ["new", "away"]), {}, "it left this store out: it is unreachable"),
    ],
)
def test_what_is_not_as_the_plan_says_is_left_out(store: Any, hosts: dict[str, Any], why: str) -> None:
    made = held([store, TEST], **hosts)
    assert made["refused"] == {store[0]: why}
    assert made["left_out"] == dict.fromkeys(store[1], f"the plan does not allow it: {why}")
    assert made["order"] == ["test"]


def test_what_nobody_knew_then_or_now_is_refused() -> None:
    unknown = plan_document(PLANNED, {}, OCCASION, forks=5)
    for document, now in ((unknown, {}), (unknown, HOSTS), (DOCUMENT, {})):
        made = as_planned(document, rollout_of([[BLOG]], {}), now)
        assert made["refused"]["blog"].startswith("nobody can tell")


def test_the_filter() -> None:
    assert FilterModule().filters() == {"rollout_as_planned": rollout_as_planned}
    rollout = rollout_of([[SHOP, BLOG, TEST]], {})
    hostvars = {
        name: {
            "audit_result": {"audit": {"store": {"fingerprint": f"of {name}", "compiled": True, "interrupted": False}}}
        }
        for name in HOSTS
    }
    given = (rollout, json.dumps(DOCUMENT), hostvars)
    assert rollout_as_planned(*given, ["ACSD-1", "ACSD-61103"], change_id="CHG-1")["serial"] == [2, 2]
    for patches, change_id, sentence in (
        (["ACSD-1"], "CHG-1", r"with commerce_patches \['ACSD-1', 'ACSD-61103'\], and this run has \['ACSD-1'\]"),
        (OCCASION.patches, None, "made at 2026-11-23T21:40:05Z: it was made with commerce_change_id 'CHG-1'"),
        (OCCASION.patches, "CHG-2", "and this run has 'CHG-2'[.] Hand back"),
    ):
        with pytest.raises(AnsibleFilterError, match=sentence):
            rollout_as_planned(*given, patches, change_id)
    with pytest.raises(AnsibleFilterError, match=r"playbook 'remediate[.]yml', and this run has 'rollback[.]yml'"):
        rollout_as_planned(*given, OCCASION.patches, "CHG-1", "absent")
    with pytest.raises(AnsibleFilterError, match="it is no plan"):
        rollout_as_planned(rollout, "{}", hostvars, [])
