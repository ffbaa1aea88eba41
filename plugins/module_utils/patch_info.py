# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is known of some vendor patches in a store, and whether the tool that applies them sees it the same way."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence

from . import qpt_output
from .catalogue import Catalogue, read_catalogue
from .command import Result, Runner
from .errors import CommerceError
from .patch_state import APPLIED, CONFLICT, NOT_APPLIED, PARTIAL, PatchState, patch_states, state_in
from .qpt_output import StatusRow
from .qpt_verify import NOTHING, Verification, read_verification, verify_command
from .side_effects import as_dicts, side_effects
from .store import Store
from .tree import Tree

ANSWERED, FAILED, NOT_RUN, NONE = "answered", "failed", "not_run", "none"

# What a release says that knows no JSON yet.
_NO_FORMAT = re.compile(r'"--format" option does not exist')

# What the tool's status says in each state; in the others it does not list the patch.
_EXPECTED = {APPLIED: "Applied", NOT_APPLIED: "Not applied", PARTIAL: "N/A", CONFLICT: "N/A"}


@dataclass(frozen=True)
class ToolAnswer:
    """What the tool's own status says. state: answered, failed or not_run; words: why not; rows: by id."""

    state: str
    words: str = ""
    rows: Mapping[str, StatusRow] = field(default_factory=dict)


@dataclass(frozen=True)
class VerifyAnswer:
    """What the tool's `verify` says. state: answered, failed, not_run, or none where the tool has no such command."""

    state: str
    words: str = ""
    report: Verification = NOTHING


def ask_tool(store: Store, php: Sequence[str], runner: Runner) -> ToolAnswer:
    """Run the tool's status. That it fails is an answer too."""
    if not _is_there(store):
        return ToolAnswer(FAILED, "{0} is not there.".format(qpt_output.TOOL))
    try:
        result = _run(store, qpt_output.command(php, "status", "--format=json"), runner)
        if result.rc and _NO_FORMAT.search(result.out + result.err):
            result = _run(store, qpt_output.command(php, "status"), runner)
        if result.rc == 0:
            return ToolAnswer(ANSWERED, rows={row.id: row for row in qpt_output.read_status(result.out)})
    except CommerceError as error:
        return ToolAnswer(FAILED, str(error))
    refusal = qpt_output.read_answer(result.rc, result.out, result.err).refusal
    return ToolAnswer(FAILED, "Its status failed: {0}".format(refusal.words if refusal else "it said nothing"))


def ask_verify(store: Store, ids: Sequence[str], php: Sequence[str], runner: Runner) -> VerifyAnswer:
    """Run the tool's verify for these patches. That it fails, or is not there, is an answer too."""
    if not _is_there(store):
        return VerifyAnswer(NONE)
    try:
        report = read_verification(*_run(store, verify_command(php, ids), runner))
    except CommerceError as error:
        return VerifyAnswer(FAILED, str(error))
    return VerifyAnswer(ANSWERED, report=report) if report else VerifyAnswer(NONE)


def _is_there(store: Store) -> bool:
    return os.path.exists(os.path.join(store.root, qpt_output.TOOL))


def _run(store: Store, argv: Sequence[str], runner: Runner) -> Result:
    return runner.run(argv, cwd=store.root, timeout=qpt_output.TOOL_SECONDS)


def patch_info(
    store: Store,
    ids: Sequence[str],
    runner: Runner,
    answer: ToolAnswer,
    verified: VerifyAnswer = VerifyAnswer(NOT_RUN),
) -> Dict[str, Any]:
    """What is documented as the return values of quality_patch_info. Nothing in the store is written."""
    ids = tuple(dict.fromkeys(ids))
    states = patch_states(store, ids, runner)
    try:
        catalogue = read_catalogue(store)
    except CommerceError as error:
        if error.code != "tool_missing":
            raise
        catalogue = Catalogue({}, store.root, {})
    look = _Look(store, catalogue, runner, answer, verified.report)
    return {
        "tool_version": store.qpt_version,
        "tool": {
            "state": answer.state,
            "words": answer.words,
            "verify": {"state": verified.state, "words": verified.words},
        },
        "patches": [look.described(states[patch_id]) for patch_id in ids],
    }


class _Look:
    """A look at a store's patches."""

    def __init__(self, store: Store, catalogue: Catalogue, runner: Runner, answer: ToolAnswer, report: Verification):
        self._store = store
        self._catalogue = catalogue
        self._tree = Tree(store.root, runner)
        self._answer = answer
        self._report = report

    def described(self, found: PatchState) -> Dict[str, Any]:
        patches = self._catalogue.patches(found.id)
        deprecated = any(patch.deprecated for patch in patches)
        files = {(patch.package, patch.constraint): patch.name for patch in patches}
        return {
            "id": found.id,
            "state": found.state,
            "detail": found.detail,
            "files": [_file(path, state, found) for path, state in found.files.items()],
            "rules": [
                {
                    "package": package,
                    "constraint": constraint,
                    "version": version,
                    "file": files.get((package, constraint)),
                }
                for package, constraint, version in self._catalogue.rules(found.id)
            ],
            "requires": self._requires(found, patches),
            "dependents": self._dependents(found),
            "side_effects": self._side_effects(found, patches),
            "replaced_with": next((patch.replaced_with for patch in patches if patch.replaced_with), None),
            "deprecated": deprecated,
            "tool": self._compared(found, deprecated),
        }

    def _requires(self, found, patches):
        ids = dict.fromkeys(other for patch in patches for other in patch.requires)
        looked_at = found.state != APPLIED
        return [{"id": other, "state": self._state(other) if looked_at else None} for other in ids]

    def _dependents(self, found):
        # Where the patch is not there, none that builds on it matters; their files need not be read.
        looked_at = found.state in (APPLIED, PARTIAL, CONFLICT)
        available = self._catalogue.dependents(found.id)
        return [
            {
                "id": other,
                "available": other in available,
                "state": self._state(other) if looked_at and other in available else None,
            }
            for other in self._catalogue.requiring(found.id)
        ]

    def _side_effects(self, found, patches):
        if found.state == APPLIED or not patches:
            return []
        try:
            effects = side_effects(self._catalogue, [found.id], lambda other: self._state(other) == APPLIED)
        except CommerceError as error:
            if error.code != "tool_failed":
                raise
            return None
        return as_dicts(effects)

    def _state(self, patch_id) -> Optional[str]:
        """The state of a patch that nobody asked for; None if what the tool has of it makes no sense."""
        try:
            return state_in(self._store, self._catalogue, patch_id, self._tree).state
        except CommerceError as error:
            if error.code != "tool_failed":
                raise
            return None

    def _compared(self, found, deprecated):
        row = self._answer.rows.get(found.id)
        status = row.status if row else None
        verified = self._report.says(found.id)
        objections = [_objection_of_verify(found, verified)]
        if self._answer.state == ANSWERED:
            objections.insert(0, _objection_of_status(found, status, deprecated))
        words = " ".join(filter(None, objections))
        asked = self._answer.state == ANSWERED or verified is not None
        return {"status": status, "verified": verified, "agrees": not words if asked else None, "words": words}


def _objection_of_status(found, status, deprecated) -> str:
    # The tool does not list a deprecated patch that is not applied.
    if status == _EXPECTED.get(found.state) or (status is None and deprecated and found.state != APPLIED):
        return ""
    said = "The tool says {0}".format(status) if status else "The tool does not list it"
    words = "{0}, by the files it is {1}.".format(said, found.state)
    if status == "Applied":
        words += " The tool also takes a patch for applied because one that requires it is."
    return words


def _objection_of_verify(found, verified) -> str:
    if verified is None or verified == (found.state == APPLIED):
        return ""
    said = "has it for applied" if verified else "misses it"
    return "The tool's verify {0}, by the files it is {1}.".format(said, found.state)


def _file(path, state, found):
    objection = found.objections.get(path)
    return {
        "path": path,
        "state": state,
        "hunk": objection.hunk if objection else None,
        "line": objection.line if objection else None,
        "hunks": list(found.hunks.get(path, ())),
    }
