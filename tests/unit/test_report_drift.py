# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is another way than in the last full report, and which report that is."""

from __future__ import annotations

import pytest
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.baseline import becomes_baseline, is_full
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.drift import drift_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.model import report_of

KINDS = ("gained", "lost", "recovered", "changed", "new", "gone")


def night(*events, before=None, at=0, hosts=("at",), playbook="audit", ended=True, **scope):
    """The report of a run over the hosts."""
    begun = r.run([r.host(name) if isinstance(name, str) else name for name in hosts], playbook, at=at, **scope)
    return report_of([begun, *events, *([r.end(at + 300)] if ended else [])], before)


def kind_of(report, name="at"):
    """The kind of drift that a host is in; "same" if it was compared, None if it was not."""
    kinds = [kind for kind in KINDS if name in report["drift"][kind]]
    assert len(kinds) <= 1
    return kinds[0] if kinds else "same" if report["drift"]["same"] else None


def first(reason, **changed):
    return night(r.audit("at", reason, -990, **changed), at=-1000)


AWAY = r.lost("at", at=10)


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("unpatched", r.audit("at", "patched"), "gained"),
        ("not_testable", r.audit("at", "patched"), "gained"),
        ("not_run", r.audit("at", "patched"), "gained"),
        ("no_customer_api", r.audit("at", "patched"), "gained"),
        ("patched", r.audit("at", "unpatched"), "lost"),
        ("mitigated", r.audit("at", "will_regress"), "lost"),
        ("patched", AWAY, "changed"),
        ("patched", r.audit("at", "not_testable"), "changed"),
        ("patched", r.audit("at", "mitigated"), "changed"),
        ("patched", r.waived("at", False), "changed"),
        ("unpatched", r.audit("at", "conflict"), "changed"),
        ("unpatched", r.audit("at", "no_customer_api"), "changed"),
        ("not_run", r.audit("at", "unpatched"), "changed"),
        ("patched", r.audit("at", "patched"), "same"),
        ("unpatched", r.audit("at", "unpatched"), "same"),
        # Nobody looked at its behaviour.
        ("patched", r.audit("at", "not_run"), None),
    ],
)
def test_what_a_change_of_verdict_is(was, now, kind) -> None:
    report = night(now, before=first(was))
    assert kind_of(report) == kind
    if kind not in ("same", None):
        assert report["drift"]["was"] == {"at": {"status": r.STATUSES[was], "reason": was}}


def test_a_waiver_that_ended_is_a_change() -> None:
    before = night(r.waived("at", False, -990), at=-1000)
    assert kind_of(night(r.waived("at", True), before=before)) == "changed"


@pytest.mark.parametrize("between", [r.lost("at", at=-490), r.audit("at", "not_testable", -490)])
def test_a_store_of_which_nothing_was_known_for_a_night_is_lost_all_the_same(between) -> None:
    second = night(between, before=first("patched"), at=-500)
    assert kind_of(second) == "changed"
    assert kind_of(night(r.audit("at", "unpatched"), before=second)) == "lost"
    # It was not gained: it is as it was known to be.
    assert kind_of(night(r.audit("at", "patched"), before=second)) == "changed"


def test_a_store_that_is_away_for_nights_is_the_same_from_the_second_on() -> None:
    second = night(r.lost("at", at=-490), before=first("patched"), at=-500)
    assert kind_of(night(AWAY, before=second)) == "same"


def test_a_night_without_the_probe_does_not_make_a_store_lost_or_gained() -> None:
    second = night(r.audit("at", "not_run", -490), before=first("patched"), at=-500)
    assert kind_of(night(r.audit("at", "patched"), before=second)) == "same"
    assert kind_of(night(r.audit("at", "unpatched"), before=second)) == "lost"


def test_a_store_that_was_lost_and_is_repaired_by_the_same_run_has_recovered() -> None:
    events = [r.audit("at", "unpatched"), *r.repaired("at")]
    assert kind_of(night(*events, before=first("patched"), playbook="remediate")) == "recovered"
    assert kind_of(night(*events, before=first("unpatched"), playbook="remediate")) == "gained"


def test_a_store_that_was_well_and_was_changed_all_the_same_is_as_it_was() -> None:
    # As where another patch of commerce_patches was brought.
    events = [r.audit("at", "patched"), *r.repaired("at")]
    assert kind_of(night(*events, before=first("patched"), playbook="remediate")) == "same"


def test_what_the_run_took_out_is_not_lost() -> None:
    events = [r.audit("at", "patched"), r.change("at", step="revert"), r.audit("at", "unpatched", 90)]
    assert kind_of(night(*events, before=first("patched"), playbook="rollback")) == "changed"


def test_needs_hands_is_lost() -> None:
    events = [r.audit("at", "patched"), r.failed_switch("at", "rollback_failed")]
    assert kind_of(night(*events, before=first("patched"), playbook="rollback")) == "lost"


@pytest.mark.parametrize("scope", [{"limit": "x"}, {}])
def test_a_host_that_was_not_looked_at_is_not_compared(scope) -> None:
    hosts = (r.host("at", selected=not scope),)
    assert kind_of(night(before=first("patched"), hosts=hosts, **scope)) is None


def test_what_is_new_and_what_is_gone() -> None:
    before = night(r.audit("be", "patched", -990), at=-1000, hosts=("be",))
    report = night(r.audit("at", "patched"), before=before)
    assert (kind_of(report), kind_of(report, "be")) == ("new", "gone")
    assert report["drift"]["was"] == {"be": {"status": "compliant", "reason": "patched"}}


@pytest.mark.parametrize("scope", [{"pattern": "shop_eu"}, {"slice": {"number": 1, "count": 2}}])
def test_nothing_is_gone_where_the_report_is_of_less(scope) -> None:
    before = night(r.audit("be", "patched", -990), at=-1000, hosts=("be",))
    assert night(r.audit("at", "patched"), before=before, **scope)["drift"]["gone"] == []


def test_a_report_does_not_differ_from_itself() -> None:
    for report in (r.many(100), *r.samples().values()):
        drift = drift_of(report, report)
        # A report of a repair says itself what has recovered in it.
        assert [kind for kind in KINDS if drift[kind] and kind != "recovered"] == []
    assert drift_of(r.many(100), r.many(100))["same"] == 100 - r.many(100)["totals"]["by_reason"]["not_run"]


def test_without_a_baseline_there_is_no_drift() -> None:
    assert r.baseline()["drift"] == {"baseline": None, **{kind: [] for kind in KINDS}, "same": 0, "was": {}}


def test_the_baseline_is_named_and_names_are_sorted() -> None:
    drift = r.sample()["drift"]
    assert drift["baseline"] == {"run": "control-1:audit--86400", "ended": "2026-11-22T21:46:45Z"}
    hosts = [r.host(name, store=store) for name, store in (("a", "z"), ("b", "y"), ("c", "x"))]
    before = night(*(r.audit(name, "patched", -990) for name in "fedbca"), at=-1000, hosts="fedbca")
    drift = night(*(r.audit(name, "unpatched") for name in "abc"), before=before, hosts=hosts)["drift"]
    assert (drift["lost"], drift["gone"]) == (["a", "b", "c"], ["d", "e", "f"])
    assert list(drift["was"]) == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize(
    ("changed", "full"),
    [
        ({}, True),
        ({"playbook": "remediate"}, True),
        ({"limit": "at"}, False),
        ({"check": True}, False),
        ({"slice": {"number": 1, "count": 1}}, False),
        ({"tags": ["audit"]}, False),
        ({"ended": False}, False),
        ({"hosts": ()}, False),
    ],
)
def test_which_report_is_of_a_whole_fleet(changed, full) -> None:
    report = night(**changed)
    assert is_full(report) is full
    assert becomes_baseline(report, None) is full


def test_the_newest_full_report_of_the_same_fleet_is_the_baseline() -> None:
    old = night(at=-100)
    assert becomes_baseline(night(), old)
    assert not becomes_baseline(old, night())
    assert not becomes_baseline(night(pattern="shop_eu", hosts=("be",)), old)
    assert becomes_baseline(night(pattern="all", hosts=("at", "be")), old)
