# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From evidence to verdict: one pure function. Green needs files and behaviour; unknown is never green."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from .advisory import Advisory
from .carrier import BUILD, CLOUD_REPOSITORY, HOST, ON_HOST, Carrier
from .waiver import Waiver

APIS = ("rest", "graphql", "soap")

FIXED = "fixed"
DEFECTIVE = "defective"
BROKEN = "broken"
CLOSED = "closed"
NOT_TESTABLE = "not_testable"
NOT_RUN = "not_run"
BEHAVIOURS = (FIXED, DEFECTIVE, BROKEN, CLOSED, NOT_TESTABLE, NOT_RUN)

FILES = ("patched", "unpatched", "absent", "partial", "mitigated", "unknown")
PATCHES = ("applied", "not_applied", "partial", "conflict", "not_available", "tool_missing", "tool_too_old", "unknown")


@dataclass(frozen=True)
class ApiEvidence:
    """What is known of one API: its files (one of FILES) and its behaviour (one of BEHAVIOURS), each with why."""

    files: str = "unknown"
    behaviour: str = NOT_RUN
    reason: Optional[str] = None
    detail: Optional[str] = None
    files_detail: Optional[str] = None


@dataclass(frozen=True)
class Evidence:
    """All that is known of one store.

    apis: by name, those of APIS that count for this operator; one that is missing here is not counted.
    fixed_upstream: whether the store's version has the fix built in; None when the version is not known.
    in_range: whether the vendor offers the patch for the version; counts only where the store has no catalogue.
    patch: what the patch's files say, one of PATCHES, and in words; tool: what QPT says, None when it was not asked.
    others: of the other patches that the operator wants, by id, what their files say, one of PATCHES.
    passive: counters stuck now, see counters.passive; None when they were not read.
    failures: sentences about what should have given evidence and did not.
    interrupted: whether a change is under way, or was left unfinished by a run that was killed.
    unreachable, rollback_failed: what somebody else saw of the store, as a sentence.
    waiver: the store's waiver, in force or expired.
    carrier: where the patch has to live.
    """

    apis: Mapping[str, ApiEvidence] = field(default_factory=dict)
    version: Optional[str] = None
    fixed_upstream: Optional[bool] = None
    in_range: Optional[bool] = None
    patch: str = "unknown"
    patch_detail: Optional[str] = None
    tool: Optional[str] = None
    others: Mapping[str, str] = field(default_factory=dict)
    passive: Optional[Mapping[str, Any]] = None
    failures: Tuple[str, ...] = ()
    interrupted: bool = False
    unreachable: Optional[str] = None
    rollback_failed: Optional[str] = None
    waiver: Optional[Waiver] = None
    carrier: Carrier = ON_HOST


@dataclass(frozen=True)
class Verdict:
    """status and reason as the public interface names them, and a sentence that says what to do next."""

    status: str
    reason: str
    next_step: str


NEXT_STEPS = {
    "patched": "Nothing to do.",
    "fixed_upstream": "Nothing to do.",
    "mitigated": "Nothing to do now; another module resets the counter, so keep it enabled or apply {patch}.",
    "unpatched": "Apply {patch} with remediate.yml.",
    "partial": (
        "Apply {patch} with remediate.yml and commerce_repair_partial: true, or put the packages of the partly patched"
        " files back as Composer delivers them before."
    ),
    "conflict": (
        "{patch} does not fit the store's files, so compare them with the vendor's (commerce_repair_partial: true puts"
        " those back): {unfit}"
    ),
    "not_effective": (
        "The files are right, but what runs is not: compile where DI is compiled, reload php-fpm, clean the caches"
        " config and compiled_config."
    ),
    "will_regress": (
        "The store behaves well from its caches only: apply {patch} with remediate.yml before the next reload or"
        " cache clean."
    ),
    "no_vendor_patch": "The vendor has no patch for this version: upgrade to one with Commerce {fixed_in} or later.",
    "no_customer_api": "Nothing to do: no customer can log in through an API.",
    "unreachable": "Make the host reachable, then audit again.",
    "not_testable": "Remove what hinders the probe, then audit again: {hindrance}.",
    "not_run": "Audit again with the probe: files alone prove nothing.",
    "tool_failed": "Repair what failed, then audit again: {failure}",
    "evidence_missing": "Make the store's files readable for the audit, then audit again.",
    "rollback_failed": "Put the store back by hand: the way back itself failed.",
}

STATUSES = {
    "patched": "compliant",
    "fixed_upstream": "compliant",
    "mitigated": "compliant",
    "unpatched": "vulnerable",
    "partial": "vulnerable",
    "conflict": "vulnerable",
    "not_effective": "vulnerable",
    "will_regress": "vulnerable",
    "no_vendor_patch": "vulnerable",
    "no_customer_api": "not_applicable",
    "unreachable": "unknown",
    "not_testable": "unknown",
    "not_run": "unknown",
    "tool_failed": "unknown",
    "evidence_missing": "unknown",
    "rollback_failed": "needs_hands",
}

# A store that needs somebody's hands is down or half changed: no decision of before was about that.
WAIVABLE = ("vulnerable", "unknown")
WAIVED_STEP = "Waived until {day}: {why}."
ENDED_STEP = "The waiver ({why}) ended on {day}. {step}"

BROKEN_STEP = (
    "Customer logins fail: read var/log/exception.log. After a change of code: compile where DI is compiled, reload"
    " php-fpm, clean the caches config and compiled_config."
)
INTERRUPTED_STEP = "A run that was killed has left the store in the middle of a change: remediate.yml puts it right."
DEFEATED_STEP = "{patch} is in the files, but something defeats it: {defeated} Mend that, then audit again."
SLIM_STEP = (
    "The store lacks a module that {patch} changes, so the vendor's tool cannot apply it: put the package back, or"
    " register the observer for the other APIs in a module of your own."
)
STUCK_STEP = (
    "Nothing to do, but {stuck} counters still stand where the defect left them: failures_num_reset resets them."
)
# By what carries the patch, for a store that could have it.
CARRIER_STEPS = {
    BUILD: (
        "Let the repository that the store is built from carry {patch} (build.yml does), and deploy: on the host it"
        " would not last."
    ),
    CLOUD_REPOSITORY: "Let the store's Commerce Cloud repository carry {patch}, and push: cloud.yml does both.",
}
TEMPORARY_STEP = (
    "Nothing to do now, but {patch} is lost at the next deploy unless the repository that the store is built from"
    " carries it."
)
TOOL_STEP = (
    "Apply {patch} with remediate.yml and commerce_tool: install, or install magento/quality-patches {minimum_tool} or"
    " later before."
)


OTHERS_STEP = "Apply {patch} with remediate.yml."
NO_OTHERS_STEP = "The store's Quality Patches Tool has no {patch} for this version."


def lacking(others: Mapping[str, str]) -> Tuple[str, ...]:
    """The other patches that a store is to get, of Evidence.others.

    One that the tool does not have for the store's version is none, nor is one of which nobody knows.
    """
    return tuple(patch_id for patch_id, state in others.items() if state not in ("applied", "not_available", "unknown"))


def verdict_of(evidence: Evidence, advisory: Advisory) -> Verdict:
    """The verdict of a store from all that is known of it."""
    reason = _reason(evidence)
    status = STATUSES[reason]
    step = _with_others(_next_step(reason, evidence, advisory), reason, evidence)
    if evidence.waiver is None or status not in WAIVABLE:
        return Verdict(status, reason, step)
    words = {"why": evidence.waiver.reason.rstrip("."), "day": evidence.waiver.expires}
    if evidence.waiver.expired:
        return Verdict(status, reason, ENDED_STEP.format(step=step, **words))
    return Verdict("waived", reason, _with_others(WAIVED_STEP.format(**words), "", evidence))


def evidence_dict(evidence: Evidence) -> Dict[str, Any]:
    """The evidence as the public interface shows it; all keys always."""
    shown = {}
    for name in APIS:
        api = evidence.apis.get(name, ApiEvidence(reason="not_asked"))
        shown[name] = {
            "files": api.files,
            "behaviour": api.behaviour,
            "reason": api.reason,
            "detail": api.detail or api.files_detail,
        }
    return {
        "apis": shown,
        "version": evidence.version,
        "patch": {"files": evidence.patch, "detail": evidence.patch_detail, "tool": evidence.tool},
        "patches": dict(evidence.others),
        "passive": dict(evidence.passive) if evidence.passive is not None else None,
        "failures": list(evidence.failures),
    }


def _reason(evidence):
    if evidence.rollback_failed:
        return "rollback_failed"
    bad = [api for api in evidence.apis.values() if api.behaviour in (DEFECTIVE, BROKEN)]
    if bad:
        return _why_bad(bad, evidence)
    if evidence.unreachable:
        return "unreachable"
    counted = [api for api in evidence.apis.values() if api.behaviour != CLOSED]
    if not counted:
        return "no_customer_api" if evidence.apis else "not_run"
    unproven = [api for api in counted if api.behaviour != FIXED]
    if unproven:
        return _why_unproven(unproven, evidence)
    return _why_good(counted, evidence)


def _why_bad(bad, evidence):
    """The store misbehaves; the files say what is the matter."""
    if evidence.fixed_upstream or all(api.files in ("patched", "mitigated") for api in bad):
        return "not_effective"
    return _why_unpatched(evidence)


def _why_unpatched(evidence):
    if evidence.patch == "applied":
        # Something takes away again what the patch registers.
        return "not_effective"
    if evidence.patch in ("partial", "conflict"):
        return evidence.patch
    if evidence.patch == "not_available":
        return "no_vendor_patch"
    if evidence.patch in ("tool_missing", "tool_too_old", "unknown") and evidence.in_range is False:
        return "no_vendor_patch"
    return "unpatched"


def _why_not_whole(evidence):
    return "conflict" if evidence.patch == "conflict" else "partial"


def _why_unproven(unproven, evidence):
    """Nothing bad was seen, but not everything was seen: unpatched files are enough to be vulnerable."""
    if not evidence.fixed_upstream:
        if any(api.files == "partial" for api in unproven):
            return _why_not_whole(evidence)
        if any(api.files == "unpatched" for api in unproven):
            return _why_unpatched(evidence)
    if evidence.failures:
        return "tool_failed"
    if any(api.behaviour == NOT_TESTABLE for api in unproven):
        return "not_testable"
    return "not_run"


def _why_good(counted, evidence):
    """Every API that counts behaves well; the files say whether it will stay so."""
    files = {api.files for api in counted}
    if evidence.fixed_upstream:
        return "tool_failed" if evidence.failures else "fixed_upstream"
    # Where another module does the work for every API, it does not matter whether the patch could be had.
    if files == {"mitigated"} and evidence.patch == "conflict":
        return "tool_failed" if evidence.failures else "mitigated"
    if evidence.patch in ("partial", "conflict") or "partial" in files:
        return _why_not_whole(evidence)
    if files & {"unpatched", "absent"}:
        return "will_regress"
    if evidence.failures:
        return "tool_failed"
    if "unknown" in files or evidence.patch == "unknown":
        return "evidence_missing"
    if "mitigated" in files:
        return "mitigated"
    # The fix is in the files though the vendor offers no patch here: it came with the release.
    return "fixed_upstream" if evidence.patch == "not_available" else "patched"


def _next_step(reason, evidence, advisory):
    untested = [api for api in evidence.apis.values() if api.behaviour == NOT_TESTABLE]
    hindrances = [api.detail or (api.reason or "").replace("_", " ") for api in untested]
    facts = {
        "patch": advisory.patch,
        "fixed_in": advisory.fixed_in,
        "minimum_tool": advisory.minimum_tool,
        "failure": "".join(evidence.failures[:1]),
        "hindrance": next((hindrance for hindrance in hindrances if hindrance), "no reason is known"),
        "unfit": evidence.patch_detail or "they have local changes.",
        "defeated": next(
            (api.files_detail for api in evidence.apis.values() if api.files == "unpatched" and api.files_detail), ""
        ),
        "stuck": (evidence.passive or {}).get("stuck") or 0,
    }
    if evidence.interrupted and reason != "rollback_failed":
        return INTERRUPTED_STEP
    if any(api.behaviour == BROKEN for api in evidence.apis.values()) and reason != "rollback_failed":
        return BROKEN_STEP
    if reason in ("not_effective", "will_regress") and evidence.patch == "applied" and facts["defeated"]:
        return DEFEATED_STEP.format(**facts)
    if reason == "conflict" and any(api.files == "absent" for api in evidence.apis.values()):
        return SLIM_STEP.format(**facts)
    if reason in ("unpatched", "partial", "will_regress") and evidence.carrier.name in CARRIER_STEPS:
        return CARRIER_STEPS[evidence.carrier.name].format(**facts)
    if reason == "patched" and evidence.carrier == Carrier(HOST, temporary=True):
        return TEMPORARY_STEP.format(**facts)
    if STATUSES[reason] == "compliant" and facts["stuck"]:
        return STUCK_STEP.format(**facts)
    if reason in ("unpatched", "will_regress") and evidence.patch in ("tool_missing", "tool_too_old"):
        return TOOL_STEP.format(**facts)
    return NEXT_STEPS[reason].format(**facts)


def _with_others(step, reason, evidence):
    """The step of a store that is well, or waived (reason ""), with what is to be done about other patches."""
    if evidence.interrupted or (reason and STATUSES[reason] not in ("compliant", "not_applicable")):
        return step
    apply = CARRIER_STEPS.get(evidence.carrier.name, OTHERS_STEP)
    missing = [patch_id for patch_id, state in evidence.others.items() if state == "not_available"]
    steps = [apply.format(patch=", ".join(lacking(evidence.others)))] if lacking(evidence.others) else []
    steps += [NO_OTHERS_STEP.format(patch=", ".join(missing))] if missing else []
    # There is something to do.
    return " ".join(steps if steps and step == NEXT_STEPS["patched"] else [step, *steps])
