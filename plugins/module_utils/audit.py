# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known of one store, and the verdict on it. A sick store is a result, not an error."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .advisory import Advisory
from .carrier import AUTO, ON_HOST, Carrier, carrier_of
from .command import Runner
from .errors import CommerceError
from .evidence import api_evidence
from .fingerprint import digest_of, fingerprint_of
from .patch_state import patch_states
from .probe_options import ProbeOptions
from .probe_result import ProbeResult, not_run
from .settings import Settings, read_settings
from .store import Store, read_store
from .verdict import ApiEvidence, Evidence, evidence_dict, verdict_of
from .version import Version, satisfies
from .waiver import Waiver

# The whole result stays below 4 KB: that is what a fleet's controller holds of each store.
_WORDS = 150
_FAILURE_WORDS = 300
_NOTES = 3

Probe = Callable[[Store, Settings, ProbeOptions], ProbeResult]
ServingOf = Callable[[str], Any]
AskTool = Callable[[Store, Sequence[str], Runner], Any]


class Plan(NamedTuple):
    """What an audit does.

    probe: probe.run, None where the behaviour is not to be tried; then skipped is why, a reason in snake_case, and
    hindrance a sentence if that is a failure. ask_tool: patch_info.ask_tool, None where the tool is not to be asked.
    serving_of: served.serving_of, None where the host's configuration is not to be read.
    waiver: the store's waiver. patches: those that the operator wants. carrier: where the operator says that patches
    live, one of carrier.CARRIERS.
    The three functions are handed in, so that who does without them does not load them.
    """

    options: ProbeOptions
    probe: Optional[Probe] = None
    skipped: str = "skip"
    hindrance: Optional[str] = None
    ask_tool: Optional[AskTool] = None
    serving_of: Optional[ServingOf] = None
    waiver: Optional[Waiver] = None
    carrier: str = AUTO
    patches: Tuple[str, ...] = ()


class Found(NamedTuple):
    """What could be found out; what could not is None, and a sentence in failures says why."""

    result: ProbeResult
    evidence: Evidence
    store: Optional[Store] = None
    settings: Optional[Settings] = None
    served: Any = None
    fingerprint: Optional[str] = None


def audit(root: str, php: Sequence[str], runner: Runner, plan: Plan, advisory: Advisory) -> Dict[str, Any]:
    """Audit the store at root, as its owner. Returns the audit as the public interface shows it; all keys always."""
    failures: List[str] = [plan.hindrance] if plan.hindrance else []
    store = _try(failures, lambda: read_store(root))
    settings = store and _try(failures, lambda: read_settings(store.root, php, runner))
    others = [patch_id for patch_id in plan.patches if patch_id != advisory.patch]
    states = store and _try(failures, lambda: patch_states(store, [advisory.patch, *others], runner))
    patch = states[advisory.patch] if states else None
    files = settings and _try(
        failures, lambda: api_evidence(store, settings.modules, advisory, patch.state if patch else None)
    )
    tool = _asked(failures, store, php, runner, plan, advisory)
    result = _probed(failures, store, settings, plan)
    evidence = Evidence(
        apis={name: _api(files, result, name) for name in plan.options.apis},
        version=store.version if store else None,
        interrupted=bool(store and store.interrupted),
        fixed_upstream=_known_to(store, ">=" + advisory.fixed_in),
        in_range=_known_to(store, advisory.range),
        patch=patch.state if patch else "unknown",
        patch_detail=_cut(patch.detail) if patch else None,
        tool=tool,
        others={patch_id: states[patch_id].state if states else "unknown" for patch_id in others},
        passive=result.passive,
        failures=tuple(failures),
        waiver=_waiver(plan),
        carrier=_carrier(store, plan),
    )
    served = plan.serving_of(store.root) if store and plan.serving_of else None
    fingerprint = digest_of(fingerprint_of(root, store.root, patch.files if patch else ())) if store else None
    return shown(Found(result, evidence, store, settings, served, fingerprint), advisory)


def failed(error: CommerceError, plan: Plan, advisory: Advisory) -> Dict[str, Any]:
    """The audit of a store that could not even be looked at."""
    evidence = Evidence(
        apis={name: ApiEvidence(reason=error.code) for name in plan.options.apis},
        failures=(_cut(str(error), _FAILURE_WORDS),),
        waiver=_waiver(plan),
    )
    return shown(Found(not_run(plan.options.form, error.code), evidence), advisory)


def shown(found: Found, advisory: Advisory) -> Dict[str, Any]:
    """The audit as the public interface shows it."""
    verdict = verdict_of(found.evidence, advisory)
    return {
        "status": verdict.status,
        "reason": verdict.reason,
        "next_step": verdict.next_step,
        "patch": advisory.patch,
        "waiver": found.evidence.waiver._asdict() if found.evidence.waiver else None,
        "evidence": evidence_dict(found.evidence),
        "store": dict(
            _store(found.store, found.settings),
            carrier=found.evidence.carrier.name if found.store else None,
            temporary=found.evidence.carrier.temporary if found.store else None,
            fingerprint=found.fingerprint,
            serving=_serving(found.served, found.settings),
        ),
        "probe": {
            "form": found.result.form,
            "base_url": found.result.base_url,
            "store_code": found.result.store_code,
            "node": found.result.node,
            "route": found.result.route,
            "swept": found.result.swept,
            "notes": [_cut(note) for note in found.result.notes[:1]],
        },
    }


def _try(failures, step):
    try:
        return step()
    except CommerceError as error:
        failures.append(_cut(str(error), _FAILURE_WORDS))
        return None


def _asked(failures, store, php, runner, plan, advisory) -> Optional[str]:
    """What the tool's status says of the patch, in its own word; None where it does not list it, or was not asked."""
    if store is None or plan.ask_tool is None:
        return None
    answer = plan.ask_tool(store, php, runner)
    if answer.words:
        failures.append(_cut(answer.words, _FAILURE_WORDS))
    row = answer.rows.get(advisory.patch)
    return row.status if row else None


def _probed(failures, store, settings, plan) -> ProbeResult:
    form = plan.options.form
    if plan.probe is None:
        return not_run(form, plan.skipped)
    if settings is None:
        return not_run(form, "tool_failed")
    result = _try(failures, lambda: plan.probe(store, settings, plan.options))
    return result or not_run(form, "tool_failed")


def _waiver(plan) -> Optional[Waiver]:
    return plan.waiver and plan.waiver._replace(reason=_cut(plan.waiver.reason))


def _carrier(store, plan) -> Carrier:
    if store is None:
        return ON_HOST
    return carrier_of(plan.carrier, store.deployment.tool, store.root, store.read_only)


def _api(files, result, name):
    behaved = result.apis[name]
    return ApiEvidence(
        files=files[name].state if files else "unknown",
        behaviour=behaved.behaviour,
        reason=behaved.reason,
        detail=_cut(behaved.detail),
        files_detail=_cut(files[name].detail) if files else None,
    )


def _known_to(store, constraint) -> Optional[bool]:
    """Whether the base package meets the constraint; None where its version is not known, or is none of a release."""
    if store is None or store.base_version is None:
        return None
    try:
        return None if Version.parse(store.base_version).is_branch else satisfies(store.base_version, constraint)
    except CommerceError:
        return None


def _store(store, settings) -> Mapping[str, Any]:
    return {
        "root": store.root if store else None,
        "version": store.version if store else None,
        "edition": store.edition if store else None,
        "layout": store.layout if store else None,
        "mode": settings.mode if settings else None,
        "php_version": settings.php_version if settings else None,
        "compiled": store.compiled if store else None,
        "maintenance": store.maintenance if store else None,
        "interrupted": store.interrupted if store else None,
        "leased": store.leased if store else None,
        "kept": store.kept if store else None,
        "read_only": bool(store.read_only) if store else None,
        "deploy_tool": store.deployment.tool if store else None,
        "owner": store.owner if store else None,
        "group": store.group if store else None,
        "qpt_version": store.qpt_version if store else None,
        "notes": [_cut(note) for note in store.notes[:_NOTES]] if store else [],
    }


def _serving(served, settings) -> Mapping[str, Any]:
    pool = served.pool if served else None
    opcache = served.opcache if served else None
    return {
        "sapi": served.sapi if served else None,
        "pool": pool.name if pool else None,
        "php_version": served.php_version if served else None,
        "same_php": served.is_php(settings.php_version) if served and settings else None,
        "validate_timestamps": opcache.validate_timestamps if opcache else None,
        "process_control_timeout": served.process_control_timeout if served else None,
    }


def _cut(text, words=_WORDS):
    return text if text is None or len(text) <= words else text[: words - 1] + "…"
