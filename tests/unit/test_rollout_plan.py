# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout changes, in which stages, and what it says of those that it leaves out."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.filter.rollout_plan import FilterModule, rollout_plan
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import plan_rollout


def host(name: str, **own: Any) -> dict[str, Any]:
    """A host with the defect, as a playbook describes it."""
    vulnerable = {"needs_change": True, "reachable": True, "status": "vulnerable", "reason": "unpatched"}
    return {"name": name, **vulnerable, **own}


def away(name: str, **own: Any) -> dict[str, Any]:
    return host(
        name, **{"needs_change": False, "reachable": False, "status": "unknown", "reason": "unreachable", **own}
    )


def well(name: str, **own: Any) -> dict[str, Any]:
    return host(name, **{"needs_change": False, "status": "compliant", "reason": "patched", **own})


def test_the_stages_of_a_small_fleet() -> None:
    hosts = [host("a"), host("b1", store="b"), host("c"), host("b2", store="b"), host("d")]
    assert plan_rollout(hosts, [1, "50%", "100%"]) == {
        "order": ["a", "b1", "b2", "c", "d"],
        "serial": [1, 2, 2],
        "stages": [
            {"number": 1, "stores": ["a"], "hosts": ["a"]},
            {"number": 2, "stores": ["b"], "hosts": ["b1", "b2"]},
            {"number": 3, "stores": ["c", "d"], "hosts": ["c", "d"]},
        ],
        "nodes": {"a": ["a"], "b": ["b1", "b2"], "c": ["c"], "d": ["d"]},
        "left_out": {},
    }


@pytest.mark.parametrize("hosts", [[], [well("a")], [away("a"), well("b")]])
def test_nothing_to_change_makes_no_stage(hosts: list[dict[str, Any]]) -> None:
    made = plan_rollout(hosts)
    assert (made["order"], made["serial"], made["stages"]) == ([], [], [])


def test_canaries_come_first_and_else_the_inventory_counts() -> None:
    hosts = [host("z"), host("y", canary=True), host("b1", store="b"), host("x"), host("b2", store="b", canary=True)]
    assert plan_rollout(hosts)["order"] == ["y", "b1", "b2", "z", "x"]


def test_a_store_bears_the_name_of_its_host_if_no_other_is_given() -> None:
    hosts = [host("a", store=None), host("b"), host("c", store="a")]
    assert plan_rollout(hosts, [1, "100%"])["stages"][0] == {"number": 1, "stores": ["a"], "hosts": ["a", "c"]}


def test_one_node_that_needs_a_change_is_enough() -> None:
    assert plan_rollout([well("a", store="s"), host("b", store="s")])["order"] == ["a", "b"]


@pytest.mark.parametrize(
    ("hosts", "left_out"),
    [
        ([well("a")], {"a": "it needs nothing: compliant (patched)"}),
        ([well("a", status="waived", reason="unpatched")], {"a": "it needs nothing: waived (unpatched)"}),
        (
            [well("a", status="unknown", reason="not_testable")],
            {"a": "it cannot be repaired: unknown (not_testable)"},
        ),
        ([well("a", rest="the patch is not in its files")], {"a": "the patch is not in its files"}),
        ([away("a")], {"a": "it is unreachable"}),
        ([away("a", reason=None)], {"a": "it is unreachable"}),
        ([away("a", needs_change=True)], {"a": "it is unreachable"}),
        ([away("a", reason="tool_failed")], {"a": "it could not be audited: tool_failed"}),
        ([host("a", selected=False)], {"a": "--limit leaves it out"}),
        ([away("a", selected=False)], {"a": "--limit leaves it out"}),
        ([host("a", store="s"), away("b", store="s")], {"a": "b is unreachable", "b": "it is unreachable"}),
        ([well("a", store="s"), away("b", store="s")], {"a": "b is unreachable", "b": "it is unreachable"}),
        (
            [away("a", store="s"), away("b", store="s", reason="tool_failed"), well("c", store="s")],
            {"a": "it is unreachable", "b": "it could not be audited: tool_failed", "c": "a is unreachable"},
        ),
        (
            [host("a", store="s"), away("b", store="s", reason="tool_failed")],
            {"a": "b could not be audited: tool_failed", "b": "it could not be audited: tool_failed"},
        ),
        (
            [host("a", store="s"), host("b", store="s", selected=False)],
            {"a": "--limit leaves b out", "b": "--limit leaves it out"},
        ),
        (
            [host("a", store="s", selected=False), host("b", store="s", selected=False)],
            {"a": "--limit leaves it out", "b": "--limit leaves it out"},
        ),
    ],
)
def test_what_is_left_out_is_left_out_as_a_whole_and_told(hosts: list[dict[str, Any]], left_out: dict) -> None:
    made = plan_rollout([*hosts, host("other")])
    assert (made["left_out"], made["order"]) == (left_out, ["other"])


def test_all_can_be_required() -> None:
    gone = [away(f"w{number}") for number in range(7)]
    with pytest.raises(CommerceError, match="no result of w0, w1, w2, w3, w4 and 2 more") as raised:
        plan_rollout([host("a"), *gone], require_all=True)
    assert raised.value.code == "hosts_away"
    with pytest.raises(CommerceError, match=r"no result of w0, w1, w2, w3, w4\. Make"):
        plan_rollout(gone[:5], require_all=True)
    limited = [host("a"), away("b", selected=False)]
    assert plan_rollout(limited, require_all=True)["order"] == ["a"]


@pytest.mark.parametrize("key", ["settings", "run_settings"])
def test_two_values_of_one_setting_are_told_with_both_hosts(key: str) -> None:
    hosts = [
        host("a", store="s", **{key: {"commerce_strategy": "staged", "commerce_patches": ["X"]}}),
        well("b", store="s", **{key: {"commerce_strategy": "in_place"}}),
    ]
    with pytest.raises(CommerceError) as raised:
        plan_rollout(hosts)
    assert raised.value.code == "unlike_settings"
    assert "commerce_strategy is 'staged' on a and 'in_place' on b" in str(raised.value)


def test_stores_may_differ_in_their_settings_but_not_in_those_of_the_run() -> None:
    hosts = [host("a", settings={"x": 1}), host("b", settings={"x": 2}), host("c")]
    assert plan_rollout(hosts)["order"] == ["a", "b", "c"]
    with pytest.raises(CommerceError, match="the whole run: commerce_max_lost is 0 on a and 1 on b"):
        plan_rollout(
            [host("a", run_settings={"commerce_max_lost": 0}), host("b", run_settings={"commerce_max_lost": 1})]
        )


@pytest.mark.parametrize(("text", "order"), [("true", ["b", "a"]), ("no", ["a", "b"]), (None, ["a", "b"])])
def test_an_ini_inventory_has_texts_for_booleans(text: str | None, order: list[str]) -> None:
    assert plan_rollout([host("a"), host("b", canary=text)])["order"] == order


@pytest.mark.parametrize(
    ("given_host", "sentence"),
    [
        ({"name": "a", "reachable": True}, "on the host a: one is without needs_change."),
        ({"needs_change": True, "reachable": True}, "on the hosts: one is without name."),
        ("a", "on the hosts: one is without name, needs_change, reachable."),
        (host("a", canary="first"), "the host a: canary is 'first', which is neither true nor false."),
    ],
)
def test_a_host_that_is_not_described_is_an_error(given_host: Any, sentence: str) -> None:
    with pytest.raises(CommerceError) as raised:
        plan_rollout([given_host])
    assert (raised.value.code, sentence in str(raised.value)) == ("bad_host", True), str(raised.value)


@pytest.mark.parametrize("hosts", ["[{'name': 'a'}]", {"a": host("a")}, None])
def test_hosts_are_a_list(hosts: Any) -> None:
    with pytest.raises(CommerceError, match=f"a list of hosts is wanted, and this is a {type(hosts).__name__}"):
        plan_rollout(hosts)


def test_the_filter_tells_errors_as_ansible_does() -> None:
    assert FilterModule().filters() == {"rollout_plan": rollout_plan}
    assert rollout_plan([host("a")])["order"] == ["a"]
    assert rollout_plan([host("a"), away("b")], require_all="false")["order"] == ["a"]
    with pytest.raises(AnsibleFilterError, match="Could not plan a rollout on all stores"):
        rollout_plan([away("a")], require_all="true")
    with pytest.raises(AnsibleFilterError, match="commerce_batches"):
        rollout_plan([host("a")], ["200%"])


HOSTS = st.lists(
    st.builds(
        dict,
        store=st.sampled_from(["s1", "s2", "s3", None, None]),
        canary=st.booleans(),
        needs_change=st.booleans(),
        reachable=st.integers(0, 4).map(bool),
        selected=st.integers(0, 4).map(bool),
        status=st.sampled_from(["vulnerable", "compliant", "unknown"]),
        reason=st.just("any"),
    ),
    max_size=30,
).map(lambda hosts: [{"name": f"h{number}", **own} for number, own in enumerate(hosts)])


@given(HOSTS)
def test_what_is_true_of_every_plan(hosts: list[dict[str, Any]]) -> None:
    made = plan_rollout(hosts)
    by_name = {one["name"]: one for one in hosts}
    store_of = {name: one["store"] or name for name, one in by_name.items()}
    order, stages = made["order"], made["stages"]

    assert [name for stage in stages for store in stage["stores"] for name in made["nodes"][store]] == order
    assert sorted([*order, *made["left_out"]]) == sorted(by_name)
    assert [name for stage in stages for name in stage["hosts"]] == order
    assert [len(stage["hosts"]) for stage in stages] == made["serial"]
    assert all(made["serial"])
    assert [stage["number"] for stage in stages] == list(range(1, len(stages) + 1))
    # Stores are in one stage each, their nodes are neighbours, and none of them is left out.
    runs = [
        store_of[name] for place, name in enumerate(order) if not place or store_of[order[place - 1]] != store_of[name]
    ]
    assert runs == [store for stage in stages for store in stage["stores"]]
    assert len(set(runs)) == len(runs)
    assert not set(runs) & {store_of[name] for name in made["left_out"]}
    for store in runs:
        nodes = [one for name, one in by_name.items() if store_of[name] == store]
        assert all(one["reachable"] and one["selected"] for one in nodes)
        assert any(one["needs_change"] for one in nodes)
    canaries = [any(one["canary"] for name, one in by_name.items() if store_of[name] == store) for store in runs]
    assert canaries == sorted(canaries, reverse=True)


def test_five_thousand_hosts() -> None:
    hosts = [host(f"h{number}", store=f"s{number // 2}", settings={"a": [1, 2]}) for number in range(5000)]
    made = plan_rollout(hosts)
    assert made["serial"] == [2, 498, 2000, 2500]
    assert len(made["nodes"]) == 2500
