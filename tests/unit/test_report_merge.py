# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One report of several: the newest look at each host wins, in whatever order they come."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.baseline import is_full
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.merge import merged
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.model import report_of

TIMED = ("id", "started", "ended", "sources")


def night(*events, hosts=("at",), at=0, ended=True, playbook="audit", **changed):
    begun = r.run([r.host(name) if isinstance(name, str) else name for name in hosts], playbook, at=at, **changed)
    return report_of([begun, *events, *([r.end(at + 300)] if ended else [])])


def only(report):
    (entry,) = report["stores"]
    return entry["state"], entry["status"], entry["reason"]


NOT_SELECTED = night(hosts=(r.host("at", selected=False),), limit="x", at=500)
NOT_STARTED = night(at=400)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([night(r.audit("at", "patched", 10)), night(r.audit("at", "unpatched", 110), at=100)], "unpatched"),
        # It is the look that counts, and not the run.
        ([night(r.audit("at", "patched", 200)), night(r.audit("at", "unpatched", 110), at=100)], "patched"),
        ([night(r.audit("at", "patched", 10)), night(r.lost("at", at=110), at=100)], "unreachable"),
        ([night(r.lost("at", at=10)), night(r.audit("at", "patched", 110), at=100)], "patched"),
        ([night(r.audit("at", "patched", 10)), NOT_SELECTED, NOT_STARTED], "patched"),
        ([night(r.lost("at", at=10)), NOT_SELECTED, NOT_STARTED], "unreachable"),
    ],
)
@pytest.mark.parametrize("way", [1, -1])
def test_the_newest_look_at_a_host_wins(reports, expected, way) -> None:
    assert only(merged(reports[::way]))[2] == expected


def test_of_two_looks_at_one_moment_the_same_wins_in_any_order() -> None:
    reports = [night(r.audit("at", reason, 10), at=at) for at, reason in enumerate(("patched", "unpatched", "partial"))]
    assert merged(reports)["stores"] == merged(reports[::-1])["stores"]


def test_a_host_that_was_not_come_to_says_more_than_one_that_was_not_meant() -> None:
    assert only(merged([NOT_SELECTED, NOT_STARTED]))[0] == "not_started"


def test_slices_give_the_report_of_the_whole() -> None:
    names = [f"store-{number}" for number in range(8)]
    audits = {name: r.audit(name, r.REASONS[number], 10 + number) for number, name in enumerate(names)}
    whole = night(*audits.values(), hosts=names)
    slices = [
        night(*(audits[name] for name in names[number::4]), hosts=names[number::4], at=number, slice=cut)
        for number in range(4)
        for cut in [{"number": number + 1, "count": 4}]
    ]
    report = merged(slices)
    for key in ("totals", "stores", "scope", "drift", "rollout"):
        assert report[key] == whole[key]
    assert {key: report["run"][key] for key in report["run"] if key not in TIMED} == {
        key: whole["run"][key] for key in whole["run"] if key not in TIMED
    }
    assert report["run"]["sources"] == sorted(part["run"]["id"] for part in slices)
    assert (report["run"]["started"], report["run"]["ended"]) == (r.clock(0), r.clock(303))


def test_slices_that_are_missing_are_told() -> None:
    slices = [night(hosts=(f"h{number}",), slice={"number": number, "count": 3}) for number in (1, 3)]
    assert merged(slices)["scope"]["slice"] == {"numbers": [1, 3], "count": 3}


def unnumbered(*names: str, at: int = 0) -> dict[str, Any]:
    audits = [r.audit(name, "patched") for name in names]
    return night(*audits, hosts=names, at=at, slice={"number": None, "count": None})


def test_slices_without_numbers_are_never_known_to_be_all() -> None:
    report = merged([unnumbered("at"), unnumbered("be", at=1)])
    assert report["scope"]["slice"] == {"numbers": [], "count": None}
    assert not is_full(report)


def test_slices_without_numbers_are_all_there_when_no_host_of_the_fleet_is_missing() -> None:
    slices = [unnumbered("at"), unnumbered("be", at=1)]
    report = merged(slices, fleet=[r.host("at"), r.host("be")])
    assert report["scope"]["slice"] is None
    assert is_full(report)
    assert report["stores"] == merged(slices)["stores"]


def test_hosts_of_the_fleet_that_no_slice_has_are_unknown() -> None:
    report = merged([unnumbered("at")], fleet=[r.host("at"), r.host("be", store="shop", address=None, root=None)])
    entry = next(entry for entry in report["stores"] if entry["name"] == "be")
    assert (entry["state"], entry["status"], entry["reason"]) == ("not_started", "unknown", "not_run")
    assert (entry["store"], report["totals"]["hosts"]) == ("shop", 2)
    assert report["run"]["aborted"]
    assert report["scope"]["slice"] == {"numbers": [], "count": None}
    assert not is_full(report)


def test_limits_that_leave_nobody_out_together_are_none() -> None:
    be_out = night(r.audit("at", "patched"), hosts=("at", r.host("be", selected=False)), limit="at")
    at_out = night(r.audit("be", "patched"), hosts=("be", r.host("at", selected=False)), limit="be,!ch", at=1)
    assert merged([be_out, at_out])["scope"]["limit"] is None
    assert merged([be_out])["scope"]["limit"] == "at"
    third = night(hosts=(r.host("ch", selected=False),), limit="be", at=2)
    assert merged([be_out, at_out, third])["scope"]["limit"] == "!ch,at,be"


def test_regions_are_beside_each_other() -> None:
    eu = night(r.audit("at", "patched"), change_id="CHG1", controller="eu", pattern="eu")
    us = night(r.audit("ny", "patched"), hosts=("ny",), playbook="remediate", controller="us", pattern="us", at=9)
    report = merged([us, eu])
    assert report["scope"]["pattern"] == "eu,us"
    assert report["run"]["controller"] == "eu,us"
    assert (report["run"]["playbook"], report["run"]["change_id"]) == ("report", None)
    assert [entry["name"] for entry in report["stores"]] == ["at", "ny"]


def test_an_aborted_run_of_which_nothing_is_left_does_not_count() -> None:
    aborted = night(hosts=("at", "be"), ended=False)
    again = night(r.audit("at", "patched", 110), r.audit("be", "patched", 110), hosts=("at", "be"), at=100)
    part = night(r.audit("at", "patched", 110), hosts=("at",), at=100)
    assert merged([aborted, again])["run"]["aborted"] is False
    assert merged([aborted, again])["run"]["ended"] == r.clock(400)
    assert merged([aborted, part])["run"]["aborted"] is True
    assert merged([aborted, part])["run"]["ended"] is None


def test_a_check_counts_where_an_entry_comes_from_it() -> None:
    check, real = night(r.audit("at", "not_run"), check=True), night(r.audit("at", "patched", 110), at=100)
    assert merged([check, real])["scope"]["check"] is False
    assert merged([check])["scope"]["check"] is True


def test_tags_are_added_up_unless_one_had_none() -> None:
    one, two = night(tags=["b"]), night(tags=["a", "b"], at=1)
    assert merged([one, two])["scope"]["tags"] == ["a", "b"]
    assert merged([one, two, night(at=2)])["scope"]["tags"] is None


def test_the_rollout_is_kept_where_there_is_one_only() -> None:
    sample = r.sample()
    assert merged([sample, r.baseline()])["rollout"] == sample["rollout"]
    assert merged([sample, report_of(r.aborted_events())])["rollout"] is None


def test_the_drift_is_reckoned_anew() -> None:
    report = merged([night(r.audit("at", "unpatched", 10)), night(r.audit("at", "patched", 110), at=100)], r.baseline())
    assert report["drift"]["gained"] == ["at"]
    assert report["drift"]["baseline"]["run"] == r.baseline()["run"]["id"]


@pytest.mark.parametrize(
    ("version", "next_step"), [(2, "with the collection that wrote it"), (0, "Leave it out"), (None, "Leave it out")]
)
def test_another_schema_version_is_refused(version, next_step) -> None:
    with pytest.raises(ReportError, match=next_step) as refused:
        merged([r.baseline(), {**r.sample(), "schema_version": version}])
    assert refused.value.code == "mixed_versions"
    assert "control-1:remediate-0" in str(refused.value)


def test_no_report_is_refused() -> None:
    with pytest.raises(ReportError, match="none was named"):
        merged([])


@pytest.mark.parametrize("key", ["address", "root"])
def test_one_name_for_two_stores_is_refused_in_any_order(key) -> None:
    one, other = night(hosts=(r.host("at", **{key: "/a"}),)), night(hosts=(r.host("at", **{key: "/b"}),), at=1)
    unsaid = night(r.audit("at", "patched", 90), hosts=(r.host("at", **{key: None}),), at=2)
    for reports in ([one, other], [one, unsaid, other], [unsaid, other, one]):
        with pytest.raises(ReportError, match=f"its {key} is /"):
            merged(reports)
    assert only(merged([one, unsaid]))[1] == "compliant"


def test_reports_are_left_as_they_are() -> None:
    reports = [r.sample(), r.baseline()]
    before = copy.deepcopy(reports)
    merged(reports, r.baseline())
    assert reports == before


HOSTS = ("at", "be", "ch")
BASELINE = r.baseline()
# A machine at other work is slow, and that is no defect.
QUICK = settings(max_examples=40, deadline=None)


@st.composite
def fleets(draw):
    """Reports of a few hosts, each looked at, or not, at a time of its own."""
    reports = []
    for at in draw(st.lists(st.integers(0, 50), min_size=1, max_size=4, unique=True)):
        hosts = draw(st.lists(st.sampled_from(HOSTS), unique=True))
        chosen = draw(st.lists(st.sampled_from(hosts), unique=True)) if hosts else []
        events = []
        for name in hosts:
            reason = draw(st.sampled_from(["patched", "unpatched", "not_run", "away", "none"]))
            when = at + draw(st.integers(1, 60))
            if name in chosen and reason != "none":
                events.append(r.lost(name, at=when) if reason == "away" else r.audit(name, reason, when))
        count = draw(st.integers(0, 3))
        scope = {
            "slice": {"number": draw(st.integers(1, count)), "count": count} if count else None,
            "limit": draw(st.sampled_from([None, "x", "x,y"])),
            "tags": draw(st.sampled_from([None, ["a"], ["b", "c"]])),
            "check": draw(st.booleans()),
            "controller": draw(st.sampled_from(["one", "two"])),
        }
        listed = [r.host(name, selected=name in chosen) for name in hosts]
        reports.append(night(*events, hosts=listed, at=at, ended=draw(st.booleans()), **scope))
    return reports


@QUICK
@given(fleets(), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(reports, chance) -> None:
    shuffled = list(reports)
    chance.shuffle(shuffled)
    assert merged(shuffled, BASELINE) == merged(reports, BASELINE)


@QUICK
@given(fleets())
def test_a_report_that_is_in_already_changes_nothing(reports) -> None:
    report = merged(reports)
    assert merged([report]) == report
    assert merged([*reports, report]) == report
    assert merged([*reports, *reports]) == report


@QUICK
@given(fleets())
def test_every_host_of_any_report_is_there_once(reports) -> None:
    names = [entry["name"] for entry in merged(reports)["stores"]]
    assert sorted(names) == sorted({entry["name"] for report in reports for entry in report["stores"]})
