# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every combination of evidence that matters, and what must hold for all of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.carrier import Carrier
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import (
    APIS,
    BEHAVIOURS,
    BROKEN_STEP,
    FILES,
    INTERRUPTED_STEP,
    NEXT_STEPS,
    PATCHES,
    STATUSES,
    ApiEvidence,
    Evidence,
    evidence_dict,
    verdict_of,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import Waiver

WELL = {"compliant", "not_applicable"}

IN_RANGE = {"version": "2.4.6-p3", "fixed_upstream": False, "in_range": True}
OUT_OF_RANGE = {"version": "2.4.5-p1", "fixed_upstream": False, "in_range": False}
NO_PATCH = {**OUT_OF_RANGE, "patch": "not_available"}
UPSTREAM = {"version": "2.4.8", "fixed_upstream": True, "in_range": False, "patch": "not_available"}
UNPROVEN_VERSION = {"version": "2.4.7", "fixed_upstream": False, "in_range": False, "patch": "not_available"}

WAIVER = Waiver("Closed next week.", "2026-12-31", expired=False)
EXPIRED = WAIVER._replace(expired=True)


def evidence(rest: str, graphql: str | None = None, soap: str | None = None, **other) -> Evidence:
    """Evidence from "files behaviour" per API; the others are as REST where they are not given."""
    pairs = {"rest": rest, "graphql": graphql or rest, "soap": soap or rest}
    return Evidence(apis={name: ApiEvidence(*pair.split()) for name, pair in pairs.items()}, **other)


TABLE = [
    # Both say well.
    ("compliant patched", evidence("patched fixed", patch="applied", **IN_RANGE)),
    ("compliant patched", evidence("patched fixed", soap="patched closed", patch="applied", **IN_RANGE)),
    ("compliant patched", evidence("patched fixed", soap="unpatched closed", patch="applied", **IN_RANGE)),
    ("compliant patched", evidence("patched fixed", patch="tool_missing", **IN_RANGE)),
    ("compliant patched", evidence("patched fixed", patch="tool_too_old", **IN_RANGE)),
    ("compliant mitigated", evidence("mitigated fixed", patch="not_applied", **IN_RANGE)),
    ("compliant mitigated", evidence("patched fixed", soap="mitigated fixed", patch="applied", **IN_RANGE)),
    ("compliant mitigated", evidence("mitigated fixed", graphql="absent closed", patch="conflict", **IN_RANGE)),
    ("compliant mitigated", evidence("mitigated fixed", patch="tool_missing", **IN_RANGE)),
    ("compliant mitigated", evidence("mitigated fixed", patch="not_available", **OUT_OF_RANGE)),
    ("compliant fixed_upstream", evidence("patched fixed", **UPSTREAM)),
    ("compliant fixed_upstream", evidence("unpatched fixed", **UPSTREAM)),
    ("compliant fixed_upstream", evidence("patched fixed", **UNPROVEN_VERSION)),
    # Bad behaviour, whatever else.
    ("vulnerable unpatched", evidence("unpatched defective", patch="not_applied", **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched defective", patch="tool_missing", **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched broken", patch="not_applied", **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched fixed", soap="unpatched defective", patch="not_applied", **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched defective", failures=("QPT fell over.",), **IN_RANGE)),
    ("vulnerable not_effective", evidence("patched defective", patch="applied", **IN_RANGE)),
    ("vulnerable not_effective", evidence("patched broken", patch="applied", **IN_RANGE)),
    ("vulnerable not_effective", evidence("unpatched defective", patch="applied", **IN_RANGE)),
    ("vulnerable not_effective", evidence("mitigated defective", patch="not_applied", **IN_RANGE)),
    ("vulnerable not_effective", evidence("patched defective", **UPSTREAM)),
    ("vulnerable not_effective", evidence("unpatched defective", **UPSTREAM)),
    ("vulnerable partial", evidence("patched fixed", soap="unpatched defective", patch="partial", **IN_RANGE)),
    ("vulnerable conflict", evidence("unpatched defective", patch="conflict", **IN_RANGE)),
    ("vulnerable no_vendor_patch", evidence("unpatched defective", **NO_PATCH)),
    ("vulnerable no_vendor_patch", evidence("unpatched defective", **UNPROVEN_VERSION)),
    ("vulnerable no_vendor_patch", evidence("unpatched defective", patch="tool_missing", **OUT_OF_RANGE)),
    # Well by behaviour, not by files.
    ("vulnerable will_regress", evidence("unpatched fixed", patch="not_applied", **IN_RANGE)),
    ("vulnerable will_regress", evidence("patched fixed", soap="unpatched fixed", patch="applied", **IN_RANGE)),
    ("vulnerable will_regress", evidence("absent fixed", patch="not_applied", **IN_RANGE)),
    ("vulnerable will_regress", evidence("unpatched fixed", **UNPROVEN_VERSION)),
    ("vulnerable partial", evidence("patched fixed", patch="partial", **IN_RANGE)),
    ("vulnerable partial", evidence("partial fixed", patch="partial", **IN_RANGE)),
    ("vulnerable conflict", evidence("partial fixed", patch="conflict", **IN_RANGE)),
    ("unknown evidence_missing", evidence("unknown fixed", patch="applied", **IN_RANGE)),
    ("unknown evidence_missing", evidence("patched fixed", **IN_RANGE)),
    ("unknown tool_failed", evidence("patched fixed", patch="applied", failures=("git is gone.",), **IN_RANGE)),
    ("unknown tool_failed", evidence("mitigated fixed", patch="conflict", failures=("git is gone.",), **IN_RANGE)),
    ("unknown tool_failed", evidence("patched fixed", failures=("env.php is broken.",), **UPSTREAM)),
    # Well by files, not proven by behaviour.
    ("unknown not_run", evidence("patched not_run", patch="applied", **IN_RANGE)),
    ("unknown not_run", evidence("mitigated not_run", patch="not_applied", **IN_RANGE)),
    ("unknown not_run", evidence("patched not_run", **UPSTREAM)),
    ("unknown not_run", evidence("absent not_run", patch="not_applied", **IN_RANGE)),
    ("unknown not_testable", evidence("patched not_testable", patch="applied", **IN_RANGE)),
    ("unknown not_testable", evidence("patched fixed", soap="patched not_testable", patch="applied", **IN_RANGE)),
    ("unknown tool_failed", evidence("patched not_run", patch="applied", failures=("No PyMySQL.",), **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched not_run", patch="not_applied", **IN_RANGE)),
    ("vulnerable unpatched", evidence("unpatched not_testable", patch="not_applied", **IN_RANGE)),
    ("vulnerable unpatched", evidence("patched fixed", soap="unpatched not_run", patch="not_applied", **IN_RANGE)),
    ("vulnerable partial", evidence("partial not_run", patch="partial", **IN_RANGE)),
    ("vulnerable no_vendor_patch", evidence("unpatched not_run", **NO_PATCH)),
    ("unknown not_run", evidence("unpatched not_run", **UPSTREAM)),
    # No API for customers.
    ("not_applicable no_customer_api", evidence("unpatched closed", patch="not_applied", **IN_RANGE)),
    ("not_applicable no_customer_api", evidence("absent closed", patch="not_applied", **IN_RANGE)),
    # Nothing known.
    ("unknown not_run", Evidence()),
    ("unknown unreachable", Evidence(unreachable="ssh: no route to host")),
    ("unknown tool_failed", evidence("unknown not_run", failures=("There is no store.",))),
    # Somebody has to come.
    ("needs_hands rollback_failed", evidence("patched broken", patch="applied", rollback_failed="No space left.")),
    # Waived.
    ("waived unpatched", evidence("unpatched defective", patch="not_applied", waiver=WAIVER, **IN_RANGE)),
    ("waived not_run", evidence("patched not_run", patch="applied", waiver=WAIVER, **IN_RANGE)),
    ("waived unreachable", Evidence(unreachable="ssh: no route to host", waiver=WAIVER)),
    ("vulnerable unpatched", evidence("unpatched defective", patch="not_applied", waiver=EXPIRED, **IN_RANGE)),
    ("unknown unreachable", Evidence(unreachable="ssh: no route to host", waiver=EXPIRED)),
    ("compliant patched", evidence("patched fixed", patch="applied", waiver=WAIVER, **IN_RANGE)),
    ("needs_hands rollback_failed", evidence("patched broken", rollback_failed="Full.", waiver=WAIVER)),
]


@pytest.mark.parametrize(("expected", "found"), TABLE)
def test_table(expected: str, found: Evidence) -> None:
    verdict = verdict_of(found, ACSD_61103)
    assert f"{verdict.status} {verdict.reason}" == expected
    assert verdict.next_step
    assert "{" not in verdict.next_step


def test_every_reason_stands_in_the_table() -> None:
    assert {expected.split()[1] for expected, dummy in TABLE} == set(STATUSES) == set(NEXT_STEPS)


def test_next_step_of_a_store_without_the_tool_is_to_install_it() -> None:
    verdict = verdict_of(evidence("unpatched defective", patch="tool_too_old", **IN_RANGE), ACSD_61103)
    assert "magento/quality-patches 1.1.54" in verdict.next_step


def test_next_step_of_a_waived_store_says_why_and_until_when() -> None:
    found = evidence("unpatched defective", patch="not_applied", waiver=WAIVER, **IN_RANGE)
    assert verdict_of(found, ACSD_61103).next_step == "Waived until 2026-12-31: Closed next week."


def test_next_step_of_a_store_that_lets_nobody_in_is_about_that() -> None:
    assert (
        verdict_of(evidence("unpatched broken", patch="not_applied", **IN_RANGE), ACSD_61103).next_step == BROKEN_STEP
    )


def test_next_step_of_a_store_in_the_middle_of_a_change_is_to_put_it_right() -> None:
    found = evidence("unpatched broken", patch="not_applied", interrupted=True, **IN_RANGE)
    assert verdict_of(found, ACSD_61103).next_step == INTERRUPTED_STEP


def test_next_step_where_something_defeats_the_patch_names_it() -> None:
    found = evidence("unpatched defective", patch="applied", **IN_RANGE)
    soap = replace(found.apis["soap"], files_detail="app/code/Acme/Off/etc/events.xml disables the observer.")
    found = replace(found, apis={**found.apis, "soap": soap})
    assert "app/code/Acme/Off/etc/events.xml disables the observer." in verdict_of(found, ACSD_61103).next_step
    fixed = replace(found, apis={"soap": replace(soap, behaviour="fixed")})
    assert "defeats" in verdict_of(fixed, ACSD_61103).next_step
    assert "defeats" not in verdict_of(replace(fixed, patch="not_applied"), ACSD_61103).next_step


def test_next_step_of_a_store_that_lacks_a_module_of_the_patch_says_so() -> None:
    found = evidence("unpatched defective", graphql="absent closed", patch="conflict", **IN_RANGE)
    assert "lacks a module that ACSD-61103 changes" in verdict_of(found, ACSD_61103).next_step


def test_next_step_of_a_store_that_is_well_names_the_counters_left_from_before() -> None:
    stuck = {"stuck": 12, "locked": 0}
    well = evidence("patched fixed", patch="applied", **IN_RANGE)
    assert verdict_of(well, ACSD_61103).next_step == "Nothing to do."
    assert "12 counters" in verdict_of(replace(well, passive=stuck), ACSD_61103).next_step
    assert "counters" not in verdict_of(replace(evidence("unpatched closed"), passive=stuck), ACSD_61103).next_step


def test_next_step_of_a_conflict_says_what_does_not_fit() -> None:
    found = replace(evidence("unpatched defective", patch="conflict", **IN_RANGE), patch_detail="vendor is a link.")
    assert verdict_of(found, ACSD_61103).next_step.endswith(": vendor is a link.")
    assert verdict_of(replace(found, patch_detail=None), ACSD_61103).next_step.endswith("local changes.")


def test_next_step_of_a_store_that_cannot_be_tested_has_words_for_why() -> None:
    found = evidence("patched not_testable", patch="applied", **IN_RANGE)
    limited = replace(found.apis["rest"], reason="rate_limited")
    found = replace(found, apis=dict.fromkeys(found.apis, limited))
    assert "rate limited" in verdict_of(found, ACSD_61103).next_step


def test_next_step_after_a_failure_says_what_failed() -> None:
    verdict = verdict_of(evidence("patched fixed", failures=("git is gone.",), **IN_RANGE), ACSD_61103)
    assert verdict.next_step.endswith("git is gone.")


def test_evidence_shows_every_key_and_the_apis_that_nobody_asked_for() -> None:
    shown = evidence_dict(Evidence(apis={"rest": ApiEvidence("patched", "fixed", "counter_reset")}))
    assert set(shown) == {"apis", "version", "patch", "patches", "passive", "failures"}
    assert set(shown["apis"]) == set(APIS)
    assert shown["apis"]["rest"] == {
        "files": "patched",
        "behaviour": "fixed",
        "reason": "counter_reset",
        "detail": None,
    }
    assert shown["apis"]["soap"]["reason"] == "not_asked"


api_evidence = st.builds(ApiEvidence, files=st.sampled_from(FILES), behaviour=st.sampled_from(BEHAVIOURS))
all_evidence = st.builds(
    Evidence,
    apis=st.dictionaries(st.sampled_from(APIS), api_evidence, max_size=3),
    version=st.sampled_from([None, "2.4.6-p3"]),
    fixed_upstream=st.sampled_from([None, False, True]),
    in_range=st.sampled_from([None, False, True]),
    patch=st.sampled_from(PATCHES),
    failures=st.sampled_from([(), ("It failed.",)]),
    unreachable=st.sampled_from([None, "away"]),
    rollback_failed=st.sampled_from([None, "full"]),
    waiver=st.sampled_from([None, WAIVER, EXPIRED]),
)


def is_well(found: Evidence) -> bool:
    return verdict_of(found, ACSD_61103).status in WELL


@given(all_evidence)
def test_status_follows_from_reason(found: Evidence) -> None:
    verdict = verdict_of(found, ACSD_61103)
    assert verdict.status in (STATUSES[verdict.reason], "waived")
    assert verdict.status != "waived" or found.waiver == WAIVER


@given(all_evidence, st.sampled_from(APIS), st.sampled_from(["defective", "broken"]), st.sampled_from(FILES))
def test_a_bad_behaviour_wins(found: Evidence, api: str, behaviour: str, files: str) -> None:
    bad = replace(found, apis={**found.apis, api: ApiEvidence(files, behaviour)})
    assert verdict_of(bad, ACSD_61103).status in {"vulnerable", "waived", "needs_hands"}


@given(all_evidence)
def test_well_means_that_every_api_was_proven(found: Evidence) -> None:
    if is_well(found):
        assert found.apis
        assert {api.behaviour for api in found.apis.values()} <= {"fixed", "closed"}
        assert not found.unreachable
        assert not found.rollback_failed


@given(all_evidence)
def test_compliant_means_that_the_files_say_so_too(found: Evidence) -> None:
    if verdict_of(found, ACSD_61103).status == "compliant" and not found.fixed_upstream:
        counted = {api.files for api in found.apis.values() if api.behaviour != "closed"}
        assert counted <= {"patched", "mitigated"}


GREENER = ["needs_hands", "vulnerable", "unknown", "waived", "not_applicable", "compliant"]


@given(all_evidence)
def test_a_failed_tool_never_makes_it_greener(found: Evidence) -> None:
    well = verdict_of(replace(found, failures=()), ACSD_61103).status
    after = verdict_of(replace(found, failures=("Another tool failed.",)), ACSD_61103).status
    if found.waiver != WAIVER:
        assert GREENER.index(after) <= GREENER.index(well)
    else:
        assert well in WELL or after not in WELL


@given(all_evidence, st.permutations(APIS))
def test_the_order_of_the_apis_does_not_matter(found: Evidence, order: list) -> None:
    shuffled = replace(found, apis={name: found.apis[name] for name in order if name in found.apis})
    assert verdict_of(shuffled, ACSD_61103).reason == verdict_of(found, ACSD_61103).reason


@given(all_evidence, st.sampled_from(FILES))
def test_a_closed_api_does_not_count(found: Evidence, files: str) -> None:
    counted = {name: api for name, api in found.apis.items() if api.behaviour != "closed"}
    if counted and len(counted) < len(APIS):
        closed = {name: ApiEvidence(files, "closed") for name in APIS if name not in counted}
        before = verdict_of(replace(found, apis=counted), ACSD_61103)
        after = verdict_of(replace(found, apis={**counted, **closed}), ACSD_61103)
        assert (after.status, after.reason) == (before.status, before.reason)


@given(all_evidence)
def test_a_waiver_hides_nothing_but_the_status(found: Evidence) -> None:
    waived, plain = (verdict_of(replace(found, waiver=waiver), ACSD_61103) for waiver in (WAIVER, None))
    assert waived.reason == plain.reason
    assert waived.status == ("waived" if plain.status in ("vulnerable", "unknown") else plain.status)


@given(all_evidence)
def test_an_expired_waiver_changes_nothing_but_what_is_said(found: Evidence) -> None:
    expired, plain = (verdict_of(replace(found, waiver=waiver), ACSD_61103) for waiver in (EXPIRED, None))
    assert (expired.status, expired.reason) == (plain.status, plain.reason)
    said = "The waiver (Closed next week) ended on 2026-12-31. "
    assert expired.next_step == (said if plain.status in ("vulnerable", "unknown") else "") + plain.next_step


@given(all_evidence, st.sampled_from(APIS), st.sampled_from(["behaviour", "files", "patch", "version"]))
def test_less_evidence_never_makes_it_greener(found: Evidence, name: str, what: str) -> None:
    if is_well(found):
        return
    if what == "patch":
        less = replace(found, patch="unknown")
    elif what == "version":
        less = replace(found, version=None, fixed_upstream=None, in_range=None)
    else:
        api = found.apis.get(name, ApiEvidence())
        api = replace(api, behaviour="not_run") if what == "behaviour" else replace(api, files="unknown")
        less = replace(found, apis={**found.apis, name: api})
    assert not is_well(less)


@pytest.mark.parametrize(
    ("found", "carrier", "step"),
    [
        (evidence("unpatched defective", patch="not_applied", **IN_RANGE), Carrier("build", True), "built from"),
        (evidence("unpatched defective", patch="tool_missing", **IN_RANGE), Carrier("build", False), "built from"),
        (evidence("unpatched fixed", patch="not_applied", **IN_RANGE), Carrier("build", True), "built from"),
        (evidence("partial defective", patch="partial", **IN_RANGE), Carrier("build", True), "built from"),
        (evidence("unpatched defective", patch="not_applied", **IN_RANGE), Carrier("cloud", True), "cloud.yml"),
        (evidence("unpatched defective", patch="not_applied", **IN_RANGE), Carrier("host", True), "remediate.yml"),
        (evidence("patched fixed", patch="applied", **IN_RANGE), Carrier("host", True), "lost at the next deploy"),
        (evidence("patched fixed", patch="applied", **IN_RANGE), Carrier("host", False), "Nothing to do."),
        # What is built so stays so.
        (evidence("patched fixed", patch="applied", **IN_RANGE), Carrier("build", True), "Nothing to do."),
        (evidence("patched defective", patch="applied", **IN_RANGE), Carrier("build", True), "The files are right"),
        (evidence("unpatched defective", **NO_PATCH), Carrier("build", True), "no patch for this version"),
        (
            evidence("unpatched defective", patch="not_applied", interrupted=True, **IN_RANGE),
            Carrier("build", True),
            "killed",
        ),
    ],
)
def test_the_next_step_goes_where_the_patch_has_to_live(found, carrier, step):
    plain = verdict_of(found, ACSD_61103)
    told = verdict_of(replace(found, carrier=carrier), ACSD_61103)
    assert (told.status, told.reason) == (plain.status, plain.reason)
    assert step in told.next_step


PATCHED = evidence("patched fixed", patch="applied", **IN_RANGE)
OTHERS = {"A-1": "not_applied", "A-2": "applied", "A-3": "not_available", "A-4": "conflict", "A-5": "unknown"}
APPLY = "Apply A-1, A-4 with remediate.yml."
NONE = "The store's Quality Patches Tool has no A-3 for this version."


@pytest.mark.parametrize(
    ("found", "status", "step"),
    [
        (PATCHED, "compliant", f"{APPLY} {NONE}"),
        (replace(PATCHED, passive={"stuck": 3}), "compliant", f"Nothing to do, but 3 .* {APPLY} {NONE}"),
        (replace(PATCHED, carrier=Carrier("build", False)), "compliant", "Let the repository .* carry A-1, A-4 .*"),
        (evidence("unpatched closed", **IN_RANGE), "not_applicable", f"Nothing to do: no .* {APPLY} {NONE}"),
        (
            evidence("unpatched defective", patch="not_applied", waiver=WAIVER, **IN_RANGE),
            "waived",
            f"Waived until .* {APPLY} {NONE}",
        ),
        # The defect first.
        (evidence("unpatched defective", patch="not_applied", **IN_RANGE), "vulnerable", "Apply ACSD-61103 with .*"),
        (evidence("patched not_testable", patch="applied", **IN_RANGE), "unknown", "Remove what hinders .*"),
        (replace(PATCHED, interrupted=True), "compliant", INTERRUPTED_STEP),
    ],
)
def test_other_patches_have_no_part_in_the_status_but_in_the_next_step(found, status, step) -> None:
    alone = verdict_of(found, ACSD_61103)
    verdict = verdict_of(replace(found, others=OTHERS), ACSD_61103)
    assert (verdict.status, verdict.reason) == (status, alone.reason)
    assert verdict.next_step == step or re.fullmatch(step, verdict.next_step)
    assert verdict_of(replace(found, others={"A-2": "applied"}), ACSD_61103) == alone


def test_the_evidence_shows_what_the_files_say_of_other_patches() -> None:
    assert evidence_dict(replace(PATCHED, others=OTHERS))["patches"] == OTHERS
