# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate before each stage: what counts as lost, how much may be, and what is said."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.filter.rollout_stop import rollout_stop
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.gate import Batch, why_stopped

WELL = ("compliant",)
ROLLOUT = {
    "stages": [
        {"number": 1, "stores": ["canary"], "hosts": ["canary"]},
        {"number": 2, "stores": ["shop", "blog"], "hosts": ["web1", "web2", "blog"]},
        {"number": 3, "stores": ["last"], "hosts": ["last"]},
    ]
}
HOSTS = ("canary", "web1", "web2", "blog", "last")
STORES = {"web1": "shop", "web2": "shop"}


def hostvars(**changed):
    """All hosts well after their stages, but for what is changed: a status, a failure or a dict of variables."""
    found = {}
    for host in HOSTS:
        store = {"commerce_store": STORES[host]} if host in STORES else {}
        found[host] = {**store, "audit_result": {"audit": {"status": "compliant", "reason": "patched"}}}
        found[host].update(changed.get(host, {}))
    return found


def stopped(variables, before="last", playing=HOSTS, well=WELL, max_lost=0):
    return why_stopped(ROLLOUT, variables, Batch([before], playing, well), max_lost)


FAILED = {"commerce_rollout_failure": "The store  does not\nlog in. "}
VULNERABLE = {"audit_result": {"audit": {"status": "vulnerable", "reason": "unpatched"}}}
AWAY = {"audit_result": {"unreachable": True}}


def test_a_rollout_that_lost_nothing_goes_on():
    assert [stopped(hostvars(), before) for before in HOSTS] == [""] * len(HOSTS)


def test_the_first_stage_starts_whatever_the_audits_say():
    assert stopped(hostvars(canary=VULNERABLE, last=FAILED), "canary") == ""


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (FAILED, "blog: The store does not log in;"),
        (VULNERABLE, "blog: vulnerable (unpatched);"),
        (AWAY, "blog: it is unreachable;"),
        ({"audit_result": {}}, "blog: its audit has no result;"),
    ],
)
def test_what_is_lost(lost, words):
    assert words.rstrip(";") in stopped(hostvars(blog=lost))


def test_a_host_that_ansible_has_lost_is_lost():
    said = stopped(hostvars(), playing=("canary", "web1", "blog", "last"))
    assert "Lost since the plan: shop (web2): it is lost to this run." in said


def test_the_whole_text():
    assert stopped(hostvars(web2=FAILED)) == (
        "The rollout stops before stage 3 of 3: commerce_max_lost is 0. Lost since the plan: shop (web2): The store "
        "does not log in. Stores of stages that did not start are as they were. Look after what was lost, then run "
        "again."
    )


def test_two_nodes_of_one_store_are_one_store():
    variables = hostvars(web1=FAILED, web2=AWAY)
    assert stopped(variables, max_lost=1) == ""
    assert stopped(variables) != ""


def test_stores_of_all_stages_before_add_up():
    variables = hostvars(canary=VULNERABLE, blog=FAILED)
    assert stopped(variables, max_lost=2) == ""
    assert "commerce_max_lost is 1" in stopped(variables, max_lost=1)


def test_a_stage_that_lost_all_of_its_stores_is_the_last():
    assert "stage 1 lost all of its stores" in stopped(hostvars(canary=FAILED), "web1", max_lost=9)
    assert "stage 2 lost all of its stores" in stopped(hostvars(web1=AWAY, blog=FAILED), max_lost=9)


def test_what_the_stage_itself_has_does_not_count():
    assert stopped(hostvars(last=FAILED)) == ""


def test_in_check_mode_only_failures_count():
    assert stopped(hostvars(blog=VULNERABLE, web1=AWAY), well=None) == ""
    assert stopped(hostvars(blog=FAILED), well=None) != ""


def test_after_a_rollback_a_vulnerable_store_is_well():
    assert stopped(hostvars(blog=VULNERABLE), well=("compliant", "vulnerable")) == ""


def test_many_lost_stores_are_counted():
    hosts = [f"store-{number}" for number in range(9)]
    rollout = {
        "stages": [
            {"number": 1, "stores": hosts[:8], "hosts": hosts[:8]},
            {"number": 2, "stores": hosts[8:], "hosts": hosts[8:]},
        ]
    }
    variables = dict.fromkeys(hosts, FAILED)
    said = why_stopped(rollout, variables, Batch(hosts[8:], hosts, WELL))
    assert "store-4: The store does not log in; and 3 more. Stores" in said
    assert "store-5" not in said


def test_a_long_failure_is_cut():
    said = stopped(hostvars(blog={"commerce_rollout_failure": "!" * 900}))
    assert f"blog: {'!' * 200}. Stores" in said


TWO_STAGES = {
    "stages": [
        {"number": 1, "stores": ["shop"], "hosts": ["web1", "web2"]},
        {"number": 2, "stores": ["blog", "test"], "hosts": ["blog", "test"]},
    ]
}
OVER = "2026-01-01T00:00Z/2026-01-01T01:00Z"


@pytest.mark.parametrize(("hosts", "number", "stores"), [(["web1", "web2"], 1, 3), (["blog", "test"], 2, 2)])
def test_no_stage_starts_outside_of_the_window(hosts, number, stores):
    hostvars = {
        name: {"audit_result": {"audit": {"status": "compliant", "reason": "patched"}}} for name in ("web1", "web2")
    }
    playing = ["web1", "web2", "blog", "test"]
    assert rollout_stop(TWO_STAGES, hostvars, hosts, playing, window=[OVER]) == {
        "kind": "closed",
        "text": f"The rollout stops before stage {number} of 2. The window is over, and no other opens. "
        f"Stores that were not come to: {stores}. They are as they were.",
    }
    for always in (None, [], "00:00-24:00"):
        assert rollout_stop(TWO_STAGES, hostvars, hosts, playing, window=always) == {"kind": "", "text": ""}


def test_a_loss_is_told_before_a_closed_window():
    hostvars = {"web1": {"commerce_rollout_failure": "no room"}, "web2": {}}
    said = rollout_stop(
        TWO_STAGES, hostvars, ["blog", "test"], ["web1", "web2", "blog", "test"], window=[OVER], refused="too late"
    )
    assert said["kind"] == "lost"
    assert "no room" in said["text"]
    assert "window" not in said["text"]


def test_a_window_that_nobody_can_read_is_an_error():
    with pytest.raises(AnsibleFilterError, match="commerce_window 'at night'"):
        rollout_stop(TWO_STAGES, {}, ["web1", "web2"], ["web1"], window=["at night"])


def test_a_stage_that_does_not_fit_into_the_window_does_not_start():
    def stop(forks=5, **seconds):
        return rollout_stop(
            TWO_STAGES,
            ALL_WELL,
            ["blog", "test"],
            list(ALL_WELL),
            window=["2026-01-01T00:00Z/2999-01-01T00:00Z"],
            expected_seconds=seconds,
            forks=forks,
        )["kind"]

    thousand_years = 1000 * 365 * 86400
    assert stop(blog=30, test=30) == ""
    assert stop(blog=30, test=thousand_years) == "closed"
    assert stop(blog=thousand_years * 0.6, test=thousand_years * 0.6) == ""
    assert stop(forks=1, blog=thousand_years * 0.6, test=thousand_years * 0.6) == "closed"
    # Not known of both: it is asked only whether the window is open.
    assert stop(blog=thousand_years) == ""
    # Hosts of other stages do not count.
    assert stop(blog=30, test=30, web1=thousand_years) == ""


ALL_WELL = {
    name: {"audit_result": {"audit": {"status": "compliant", "reason": "patched"}}}
    for name in ("web1", "web2", "blog", "test")
}


def test_a_stage_that_was_refused_does_not_start():
    said = rollout_stop(TWO_STAGES, ALL_WELL, ["blog", "test"], list(ALL_WELL), refused="nobody answered")
    assert said == {
        "kind": "refused",
        "text": "The rollout stops before stage 2 of 2. It was not approved: nobody answered. "
        "Stores that were not come to: 2. They are as they were.",
    }


def test_a_window_that_closed_while_somebody_was_asked_is_no_refusal():
    said = rollout_stop(TWO_STAGES, ALL_WELL, ["blog"], list(ALL_WELL), window=[OVER], refused="nobody answered")
    assert said["kind"] == "closed"


def test_the_last_stage_may_lose_too_much_too():
    hostvars = {**ALL_WELL, "blog": {"commerce_rollout_failure": "no room"}}
    assert rollout_stop(TWO_STAGES, hostvars, [], list(ALL_WELL)) == {
        "kind": "lost",
        "text": "The rollout has lost too much: commerce_max_lost is 0. Lost since the plan: blog: no room. Look after "
        "what was lost, then run again.",
    }
    assert rollout_stop(TWO_STAGES, hostvars, [], list(ALL_WELL), 1)["kind"] == ""
    assert rollout_stop(TWO_STAGES, ALL_WELL, [], list(ALL_WELL))["kind"] == ""


def test_what_has_stopped_a_rollout_before_stands_at_its_end():
    closed = {"kind": "closed", "text": "The window is over."}
    hostvars = {**ALL_WELL, "test": {"commerce_rollout_stopped": closed}}
    hostvars["web1"] = {**hostvars["web1"], "commerce_rollout_stopped": {"kind": "", "text": ""}}
    assert rollout_stop(TWO_STAGES, hostvars, [], list(ALL_WELL)) == closed


def test_at_its_end_no_window_counts():
    assert rollout_stop(TWO_STAGES, ALL_WELL, [], list(ALL_WELL), window=[OVER])["kind"] == ""
