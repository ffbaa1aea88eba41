# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known of one store, and the verdict on it. A sick store is a result, not an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from . import probe
from .advisory import Advisory
from .command import Runner
from .errors import CommerceError
from .evidence import api_evidence
from .quality_patches import patch_states
from .settings import Settings, read_settings
from .store import Store, read_store
from .verdict import ApiEvidence, Evidence, evidence_dict, verdict_of
from .version import satisfies

# The whole result stays below 4 KB: that is what a fleet's controller holds of each store.
_WORDS = 240


@dataclass(frozen=True)
class Found:
    """What could be found out; what could not is None, and a sentence in failures says why."""

    store: Optional[Store] = None
    settings: Optional[Settings] = None
    result: Optional[probe.ProbeResult] = None
    evidence: Evidence = field(default_factory=Evidence)


def audit(
    root: str,
    php: Sequence[str],
    runner: Runner,
    options: probe.ProbeOptions,
    advisory: Advisory,
    not_run: Optional[str] = None,
    hindrance: Optional[str] = None,
) -> Dict[str, Any]:
    """Audit the store at root, as its owner. Returns the audit as the public interface shows it; all keys always.

    not_run: why the probe is not to run, a reason in snake_case; hindrance: a sentence, if that is a failure.
    """
    failures: List[str] = [hindrance] if hindrance else []
    store = _try(failures, lambda: read_store(root))
    settings = store and _try(failures, lambda: read_settings(store.root, php, runner))
    patch = store and _try(failures, lambda: patch_states(store, [advisory.patch], runner)[advisory.patch])
    files = settings and _try(
        failures, lambda: api_evidence(store, settings.modules, advisory, patch.state if patch else None)
    )
    result = _probed(failures, store, settings, options, not_run)
    evidence = Evidence(
        apis={name: _api(files, result, name) for name in options.apis},
        version=store.version if store else None,
        interrupted=bool(store and store.interrupted),
        fixed_upstream=_known_to(store, ">=" + advisory.fixed_in),
        in_range=_known_to(store, advisory.range),
        patch=patch.state if patch else "unknown",
        patch_detail=_cut(patch.detail) if patch else None,
        passive=result.passive,
        failures=tuple(failures),
    )
    return shown(Found(store, settings, result, evidence), advisory)


def failed(error: CommerceError, options: probe.ProbeOptions, advisory: Advisory) -> Dict[str, Any]:
    """The audit of a store that could not even be looked at."""
    apis = {name: ApiEvidence(reason=error.code) for name in options.apis}
    result = probe.not_run(options.form, error.code)
    return shown(Found(result=result, evidence=Evidence(apis=apis, failures=(_cut(str(error)),))), advisory)


def shown(found: Found, advisory: Advisory) -> Dict[str, Any]:
    """The audit as the public interface shows it."""
    verdict = verdict_of(found.evidence, advisory)
    return {
        "status": verdict.status,
        "reason": verdict.reason,
        "next_step": verdict.next_step,
        "patch": advisory.patch,
        "evidence": evidence_dict(found.evidence),
        "store": _store(found.store, found.settings),
        "probe": {
            "form": found.result.form,
            "base_url": found.result.base_url,
            "store_code": found.result.store_code,
            "node": found.result.node,
            "swept": found.result.swept,
        },
    }


def _try(failures, step):
    try:
        return step()
    except CommerceError as error:
        failures.append(_cut(str(error)))
        return None


def _probed(failures, store, settings, options, not_run):
    if not_run:
        return probe.not_run(options.form, not_run)
    if settings is None:
        return probe.not_run(options.form, "tool_failed")
    result = _try(failures, lambda: probe.run(store, settings, options))
    return result or probe.not_run(options.form, "tool_failed")


def _api(files, result, name):
    behaved = result.apis[name]
    return ApiEvidence(
        files=files[name].state if files else "unknown",
        behaviour=behaved.behaviour,
        reason=behaved.reason,
        detail=_cut(behaved.detail),
    )


def _known_to(store, constraint) -> Optional[bool]:
    """Whether the version meets the constraint; None where the version is none that Composer knows."""
    try:
        return satisfies(store.version, constraint) if store else None
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
        "owner": store.owner if store else None,
        "group": store.group if store else None,
        "qpt_version": store.qpt_version if store else None,
        "notes": [_cut(note) for note in store.notes] if store else [],
    }


def _cut(text):
    return text if text is None or len(text) <= _WORDS else text[: _WORDS - 1] + "…"
