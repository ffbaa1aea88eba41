# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Quality Patches Tool prints, as recorded with 1.1.82 and in releases around it, and how it is read.

The releases are those of magento/magento-cloud-patches, which is the program; magento/quality-patches has the patches.
"""

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


# What PHP says before a program's own words, on the same output or in a log's form.
WARNINGS = (
    "PHP Deprecated:  Optional parameter $a declared before required parameter $b in /s/vendor/x/y.php on line 7\n"
    "\nWarning: Undefined array key [0] in /s/vendor/x/y.php on line 9\n"
    '[28-Nov-2026 10:00:00 UTC] PHP Warning:  Module "redis" is already loaded in Unknown on line 0\n'
    "Do not run Composer as root/super user! See https://getcomposer.org/root for details\n"
)

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
        # An older release, without brackets.
        (0, f"Patch {OURS} {FILE} was already applied\n\n", [(OURS, ALREADY_APPLIED)]),
        (0, f"Patch {OURS} ({FILE}) is not applied\n", [(OURS, NOT_APPLIED)]),
        (0, WARNINGS + f"Patch {OURS} has been applied\n" + details(OURS) + WARNINGS, [(OURS, APPLIED)]),
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
        # Older releases: the line about a conflict names no patch.
        (
            1,
            f"Error: patch conflict happened\n{HEADING}Applying patch {OURS} (/s/{FILE}) failed.\nerror: a.php: no\n",
            "",
            "patch_conflict",
            (OURS,),
            "a.php: no",
        ),
        (
            1,
            f"Reverting patch {OURS} (/s/{FILE}) failed.\na.php: no\n{HEADING}Revert operation finished with errors.\n",
            "",
            "patch_conflict",
            (OURS,),
            "finished with errors",
        ),
        (
            1,
            HEADING + "git or patch is required to perform this operation.\n",
            "",
            "tool_failed",
            (),
            "git or patch is required to perform this operation.",
        ),
        (
            1,
            "Composer could not find the config file: /s/composer.json\n",
            "",
            "tool_failed",
            (),
            "Composer could not find",
        ),
        (255, "", "PHP Fatal error:  Uncaught Error: Class not found", "tool_failed", (), "Class not found"),
        (255, WARNINGS, "", "tool_failed", (), "already loaded"),
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


JSON = json.dumps([ROW], indent=4)


@pytest.mark.parametrize(
    "printed",
    [
        JSON,
        WARNINGS + JSON,
        JSON + "\n" + WARNINGS,
        WARNINGS + "[]\n" + JSON + "\n[]\n",
        json.dumps([ROW]),
    ],
    ids=["alone", "warnings before", "warnings after", "empty lists", "one line"],
)
def test_status(printed):
    (row,) = read_status(printed)
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


def test_a_store_without_any_patch():
    assert read_status(WARNINGS + "[]") == ()


# Columns and their widths. magento-cloud-patches 1.0.27 and 1.1, then older releases of 1.0.
COLUMNS = {"Id": 10, "Title": 60, "Category": 14, "Origin": 22, "Status": 11, "Details": 30}
OLD_COLUMNS = {"Id": 10, "Title": 60, "Type": 8, "Status": 11, "Details": 30}
# Left, line, between and right of each of the frame's lines, and the bars; the console's plain frame after it.
DOUBLE = ("╔═╤╗", "╠═╪╣", "╟─┼╢", "╚═╧╝", "║│")
PLAIN = ("+-++", "+-++", "+-++", "+-++", "||")


def table(columns, frame, *rows):
    """As the tool draws it: each row a dict of cells with their lines, and a line of the frame between two rows."""
    top, below_names, between, bottom, (outer, inner) = frame

    def line(signs):
        left, dash, joint, right = signs
        return left + joint.join(dash * (width + 2) for width in columns.values()) + right

    def row(cells):
        cells = [cells.get(name, "").split("\n") for name in columns]
        for number in range(max(map(len, cells))):
            parts = [cell[number] if number < len(cell) else "" for cell in cells]
            padded = (f" {part:{width}} " for part, width in zip(parts, columns.values(), strict=True))
            yield outer + inner.join(padded) + outer

    lines = [line(top), *row({name: name for name in columns}), line(below_names)]
    for number, cells in enumerate(rows):
        lines += [line(between)] * (number > 0) + list(row(cells))
    return "\n".join([*lines, line(bottom), "Magento 2 Community Edition, version 2.4.6.0-patch1", ""])


FIRST = {
    "Id": OURS,
    "Title": "Fixes the issue where a | b fails",
    "Category": "Customer\nWeb API",
    "Origin": "Adobe Commerce Support",
    "Type": "Optional",
    "Status": "Applied",
}
SECOND = {
    "Id": OTHER,
    "Title": "Fixes the issue where a listing of most products is limited \nto a total_count of 10,000 prod",
    "Category": "GraphQL",
    "Origin": "Adobe Commerce Support",
    "Type": "Optional",
    "Status": "Not applied",
}
ONES_OWN = {"Id": "N/A", "Title": "../m2-hotfixes/own.patch", "Origin": "Local", "Type": "Custom", "Status": "N/A"}
COMPONENTS = "Affected components:\n - magento/framework"
REQUIRED = f"Required patches:\n - {OURS}"
NEW_ROWS = (
    {**FIRST, "Details": "Patch type: Optional\n" + COMPONENTS},
    {**SECOND, "Details": f"Patch type: DEPRECATED\nRecommended replacement: A-7\n{REQUIRED}"},
    {**ONES_OWN, "Details": "Patch type: Custom"},
)
OLD_ROWS = ({**FIRST, "Details": COMPONENTS}, {**SECOND, "Details": REQUIRED}, ONES_OWN)
TITLES = [
    "Fixes the issue where a | b fails",
    "Fixes the issue where a listing of most products is limited to a total_count of 10,000 prod",
]


@pytest.mark.parametrize("frame", [DOUBLE, PLAIN], ids=["double", "plain"])
@pytest.mark.parametrize(
    ("columns", "printed", "categories", "origin", "types", "replacement"),
    [
        (COLUMNS, NEW_ROWS, ("Customer", "Web API"), "Adobe Commerce Support", ["Optional", "DEPRECATED"], "A-7"),
        (OLD_COLUMNS, OLD_ROWS, (), "", ["Optional", "Optional"], None),
    ],
    ids=["1.0.27 and 1.1", "older"],
)
def test_status_as_a_table(frame, columns, printed, categories, origin, types, replacement):
    rows = read_status(WARNINGS + table(columns, frame, *printed) + WARNINGS)
    assert [row.id for row in rows[:2]] == [OURS, OTHER]
    assert [row.status for row in rows[:2]] == ["Applied", "Not applied"]
    assert [row.title for row in rows[:2]] == TITLES
    assert [row.type for row in rows[:2]] == types
    assert (rows[0].categories, rows[0].origin, rows[0].components) == (categories, origin, ("magento/framework",))
    assert (rows[1].requires, rows[1].replacement) == ((OURS,), replacement)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PHP Fatal error: something",
        WARNINGS,
        "[1]",
        '[{"Id": "A"}]',
        "[{",
        "+---+\n",
        "+----+-----+\n| Id | Why |\n+----+-----+\n| A  | no  |\n+----+-----+\n",
    ],
)
def test_no_status(text):
    with pytest.raises(CommerceError) as caught:
        read_status(text)
    assert caught.value.code == "tool_failed"
