# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tool's verify prints, by its exit status, and how it is read."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.qpt_verify import read_verification

OURS, OTHER = "ACSD-61103", "ACSD-62332"
WARNING = "PHP Deprecated:  something in /s/vendor/x.php on line 1\n{main} is no report\n"


def entry(patch_id, **more):
    return {"id": patch_id, "title": "t", "type": "Optional", "origin": "o", "categories": ["c"], **more}


def report(status, applied=(), missing=()):
    """As PHP prints it: objects by id, and lists where they are empty."""
    patches = {each["id"]: each for each in (*applied, *missing)}
    return json.dumps(
        {
            "status": status,
            "compliance_percentage": 50,
            "summary": {"total_expected": len(patches), "total_applied": len(applied)},
            "expected_patches": patches or [],
            "applied_patches": {each["id"]: each for each in applied} or [],
            "missing_patches": {each["id"]: each for each in missing} or [],
            "unexpected_patches": [],
        },
        indent=4,
    )


NOTED = entry(OTHER, note="Status cannot be determined")


@pytest.mark.parametrize(
    ("rc", "out", "said"),
    [
        (0, report("PASS", [entry(OURS), entry(OTHER)]), (True, True)),
        (1, report("FAIL", [entry(OURS)], [entry(OTHER)]), (True, False)),
        (1, WARNING + report("FAIL", [], [entry(OURS), entry(OTHER)]) + "\n" + WARNING, (False, False)),
        # It neither fits nor is there, or is none of this version: that is not known, and nothing else.
        (1, report("FAIL", [entry(OURS)], [NOTED]), (True, None)),
        (0, report("PASS"), (None, None)),
    ],
)
def test_what_it_says(rc, out, said):
    found = read_verification(rc, out)
    assert (found.says(OURS), found.says(OTHER)) == said


@pytest.mark.parametrize(
    ("out", "err"),
    [
        ("", '\n  Command "verify" is not defined.  \n'),
        ('Command "verify" is not defined.\n\nDid you mean one of these?\n    revert\n', ""),
    ],
)
def test_a_tool_without_it(out, err):
    assert read_verification(1, out, err) is None


@pytest.mark.parametrize(
    ("rc", "out", "err", "words"),
    [
        (2, "", "the database is away", "the database is away"),
        # Its own refusals end with 1 too, and a patch is not missing because of them.
        (1, "Composer could not find the config file\n", "", "Composer could not find"),
        (1, "git or patch is required to perform this operation.", "", "git or patch is required"),
        (255, "", "PHP Fatal error:  x", "Fatal error"),
        (137, "", "", "exit status 137"),
        # The report and the exit status disagree.
        (0, report("FAIL", [], [entry(OURS)]), "", "no report that fits"),
        (1, report("PASS", [entry(OURS)]), "", "PASS"),
        (2, report("FAIL", [], [entry(OURS)]), "", "FAIL"),
        (0, "", "", "no report"),
        (1, '{"status": "FAIL", "missing_patches": [7], "applied_patches": []}', "", "FAIL"),
        (1, '{"status": "FAIL", "missing_patches": null, "applied_patches": []}', "", "FAIL"),
    ],
    ids=range(11),
)
def test_a_tool_that_fails_says_nothing_of_a_patch(rc, out, err, words):
    with pytest.raises(CommerceError) as caught:
        read_verification(rc, out, err)
    assert caught.value.code == "tool_failed"
    assert words in caught.value.came_back
