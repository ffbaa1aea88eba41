# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Quality Patches Tool prints, as recorded with 1.1.82, and how it is read."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.qpt_output import (
    ALREADY_APPLIED,
    APPLIED,
    NOT_APPLIED,
    REVERTED,
    Event,
    read_answer,
    read_status,
)

HEADING = "Magento 2 Community Edition, version 2.4.6.0-patch1\n"
OURS = "ACSD-61103"
OTHER = "ACSD-62332"
FILE = "os/ACSD-61103_2.4.6-p3.patch"


CONFLICT = (
    f"Error: patch {OURS} can't be applied\n{HEADING}Applying patch {OURS} (/s/{FILE}) failed.\n"
    "error: patch failed: vendor/magento/module-customer/Model/Authentication.php:67\n"
    "error: vendor/magento/module-customer/Model/Authentication.php: patch does not apply\n\n"
)


def details(patch_id):
    return (
        "Title: Fixes the issue where a patch has been applied or reverted.\n"
        f"File: os/{patch_id}.patch\nAffected components: magento/framework magento/module-customer\n\n"
    )


@pytest.mark.parametrize(
    ("rc", "out", "events"),
    [
        (0, f"Patch {OURS} has been applied\n" + details(OURS), [(OURS, APPLIED)]),
        (0, f"Patch {OURS} ({FILE}) was already applied\n\n", [(OURS, ALREADY_APPLIED)]),
        (
            0,
            f"Patch {OURS} ({FILE}) was already applied\n\nPatch {OTHER} has been applied\n" + details(OTHER),
            [(OURS, ALREADY_APPLIED), (OTHER, APPLIED)],
        ),
        (0, f"Patch {OURS} is not applied", [(OURS, NOT_APPLIED)]),
        (
            0,
            f"Patch {OTHER} has been reverted\n{details(OTHER)}Patch {OURS} has been reverted\n{details(OURS)}",
            [(OTHER, REVERTED), (OURS, REVERTED)],
        ),
        (0, "", []),
    ],
)
def test_events(rc, out, events):
    answer = read_answer(rc, out)
    assert answer.refusal is None
    assert answer.events == tuple(Event(*event) for event in events)


@pytest.mark.parametrize(
    ("rc", "out", "err", "code", "ids", "words"),
    [
        (
            1,
            HEADING + 'Next patches weren\'t found: ACSD-99999. Please, check with "status" command availability.',
            "",
            "patch_not_found",
            ("ACSD-99999",),
            "Next patches weren't found: ACSD-99999.",
        ),
        (
            1,
            HEADING + "Next patches weren't found: ACSD-1 ACSD-2. Please, check",
            "",
            "patch_not_found",
            ("ACSD-1", "ACSD-2"),
            "weren't found",
        ),
        (
            1,
            HEADING + f"Patch {OURS} is a dependency for {OTHER}. Please, revert {OTHER} first",
            "",
            "patch_required",
            (OTHER,),
            f"revert {OTHER} first",
        ),
        (
            1,
            CONFLICT,
            "",
            "patch_conflict",
            (OURS,),
            "Authentication.php:67",
        ),
        (255, "", "PHP Fatal error:  Uncaught Error: Class not found", "tool_failed", (), "Class not found"),
        (137, "", "", "tool_failed", (), "exit status 137"),
    ],
)
def test_refusals(rc, out, err, code, ids, words):
    refusal = read_answer(rc, out, err).refusal
    assert (refusal.code, refusal.ids) == (code, ids)
    assert words in refusal.words
    assert "Community Edition" not in refusal.words


ROW = {
    "Id": OTHER,
    "Title": "Fixes the issue where the listing was \nlimited to a total_count of 10,000 prod\nucts.\n",
    "Category": "GraphQL\nCatalog Search",
    "Origin": "Adobe Commerce Support",
    "Status": "Not applied",
    "Details": (
        "Patch type: Optional\nRequired patches:\n - ACSD-61103\n - ACSD-1\n"
        "Recommended replacement: ACSD-7\nAffected components:\n - magento/framework"
    ),
}


def test_status():
    warning = "PHP Deprecated: something in /s/vendor/x.php on line 1\n"
    (row,) = read_status(warning + json.dumps([ROW], indent=2))
    assert row.id == OTHER
    assert row.title == "Fixes the issue where the listing was limited to a total_count of 10,000 products."
    assert (row.status, row.type, row.origin) == ("Not applied", "Optional", "Adobe Commerce Support")
    assert row.categories == ("GraphQL", "Catalog Search")
    assert row.requires == ("ACSD-61103", "ACSD-1")
    assert row.replacement == "ACSD-7"
    assert row.components == ("magento/framework",)


def test_status_without_requirements():
    (row,) = read_status(json.dumps([{**ROW, "Details": "Patch type: Optional"}]))
    assert (row.requires, row.replacement, row.components) == ((), None, ())


@pytest.mark.parametrize("text", ["", "PHP Fatal error: something", "[1]", '[{"Id": "A"}]', "[{"])
def test_no_status(text):
    with pytest.raises(CommerceError) as caught:
        read_status(text)
    assert caught.value.code == "tool_failed"
