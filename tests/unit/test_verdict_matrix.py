# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reason for every pair of files and behaviour, under every state of the patch, where all APIs are alike."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import (
    APIS,
    BEHAVIOURS,
    FILES,
    PATCHES,
    ApiEvidence,
    Evidence,
    verdict_of,
)

IN_RANGE = {"fixed_upstream": False, "in_range": True}
OUT_OF_RANGE = {"fixed_upstream": False, "in_range": False}
NO_VERSION = {"fixed_upstream": None, "in_range": None}
UPSTREAM = {"fixed_upstream": True, "in_range": False}

# A line for each state of the files. The columns: fixed, defective, broken, closed, not_testable, not_run.
APPLIED = """
patched    patched          not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     not_effective    not_effective    no_customer_api  not_effective    not_effective
absent     will_regress     not_effective    not_effective    no_customer_api  not_testable     not_run
partial    partial          not_effective    not_effective    no_customer_api  partial          partial
mitigated  mitigated        not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing not_effective    not_effective    no_customer_api  not_testable     not_run
"""
TO_BE_HAD = """
patched    patched          not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     unpatched        unpatched        no_customer_api  unpatched        unpatched
absent     will_regress     unpatched        unpatched        no_customer_api  not_testable     not_run
partial    partial          unpatched        unpatched        no_customer_api  partial          partial
mitigated  mitigated        not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing unpatched        unpatched        no_customer_api  not_testable     not_run
"""
PARTIAL = """
patched    partial          not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  partial          partial          partial          no_customer_api  partial          partial
absent     partial          partial          partial          no_customer_api  not_testable     not_run
partial    partial          partial          partial          no_customer_api  partial          partial
mitigated  partial          not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    partial          partial          partial          no_customer_api  not_testable     not_run
"""
CONFLICT = """
patched    conflict         not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  conflict         conflict         conflict         no_customer_api  conflict         conflict
absent     conflict         conflict         conflict         no_customer_api  not_testable     not_run
partial    conflict         conflict         conflict         no_customer_api  conflict         conflict
mitigated  mitigated        not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    conflict         conflict         conflict         no_customer_api  not_testable     not_run
"""
NOT_AVAILABLE = """
patched    fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  no_vendor_patch  no_vendor_patch
absent     will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
partial    partial          no_vendor_patch  no_vendor_patch  no_customer_api  partial          partial
mitigated  mitigated        not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
"""
NO_TOOL_AND_OUT_OF_RANGE = """
patched    patched          not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  no_vendor_patch  no_vendor_patch
absent     will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
partial    partial          no_vendor_patch  no_vendor_patch  no_customer_api  partial          partial
mitigated  mitigated        not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
"""
NOTHING_KNOWN = """
patched    evidence_missing not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     unpatched        unpatched        no_customer_api  unpatched        unpatched
absent     will_regress     unpatched        unpatched        no_customer_api  not_testable     not_run
partial    partial          unpatched        unpatched        no_customer_api  partial          partial
mitigated  evidence_missing not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing unpatched        unpatched        no_customer_api  not_testable     not_run
"""
NOTHING_KNOWN_AND_OUT_OF_RANGE = """
patched    evidence_missing not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  no_vendor_patch  no_vendor_patch
absent     will_regress     no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
partial    partial          no_vendor_patch  no_vendor_patch  no_customer_api  partial          partial
mitigated  evidence_missing not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    evidence_missing no_vendor_patch  no_vendor_patch  no_customer_api  not_testable     not_run
"""
FIXED_UPSTREAM = """
patched    fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
unpatched  fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
absent     fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
partial    fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
mitigated  fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
unknown    fixed_upstream   not_effective    not_effective    no_customer_api  not_testable     not_run
"""

MATRICES = [
    *((context, "applied", APPLIED) for context in (IN_RANGE, OUT_OF_RANGE, NO_VERSION)),
    *((context, "not_applied", TO_BE_HAD) for context in (IN_RANGE, OUT_OF_RANGE, NO_VERSION)),
    *((context, "partial", PARTIAL) for context in (IN_RANGE, OUT_OF_RANGE, NO_VERSION)),
    *((context, "conflict", CONFLICT) for context in (IN_RANGE, OUT_OF_RANGE, NO_VERSION)),
    *((context, "not_available", NOT_AVAILABLE) for context in (IN_RANGE, OUT_OF_RANGE, NO_VERSION)),
    *((context, tool, TO_BE_HAD) for context in (IN_RANGE, NO_VERSION) for tool in ("tool_missing", "tool_too_old")),
    *((OUT_OF_RANGE, tool, NO_TOOL_AND_OUT_OF_RANGE) for tool in ("tool_missing", "tool_too_old")),
    *((context, "unknown", NOTHING_KNOWN) for context in (IN_RANGE, NO_VERSION)),
    (OUT_OF_RANGE, "unknown", NOTHING_KNOWN_AND_OUT_OF_RANGE),
    *((UPSTREAM, patch, FIXED_UPSTREAM) for patch in PATCHES),
]


def cells(matrix: str):
    """(files, behaviour, reason) of each cell."""
    for line in matrix.split("\n"):
        files, *reasons = line.split() or [None]
        if files:
            yield from zip([files] * len(BEHAVIOURS), BEHAVIOURS, reasons, strict=True)


@pytest.mark.parametrize(("context", "patch", "matrix"), MATRICES)
def test_reason(context: dict, patch: str, matrix: str) -> None:
    expected = {(files, behaviour): reason for files, behaviour, reason in cells(matrix)}
    assert set(expected) == {(files, behaviour) for files in FILES for behaviour in BEHAVIOURS}
    found = {
        pair: verdict_of(
            Evidence(apis={name: ApiEvidence(*pair) for name in APIS}, patch=patch, **context), ACSD_61103
        ).reason
        for pair in expected
    }
    assert found == expected


def test_every_context_has_a_matrix() -> None:
    contexts = [IN_RANGE, OUT_OF_RANGE, NO_VERSION, UPSTREAM]
    assert sorted((contexts.index(context), patch) for context, patch, dummy in MATRICES) == sorted(
        (index, patch) for index in range(len(contexts)) for patch in PATCHES
    )
