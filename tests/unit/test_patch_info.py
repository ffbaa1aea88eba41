# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of patches, and how the tool's own status is compared with it."""

from __future__ import annotations

import json
import shutil

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_info import (
    ANSWERED,
    FAILED,
    NOT_RUN,
    ToolAnswer,
    VerifyAnswer,
    ask_tool,
    ask_verify,
    patch_info,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.qpt_output import StatusRow
from ansible_collections.storefleet.commerce.plugins.module_utils.qpt_verify import Verification
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

OURS = "ACSD-61103"
DEPENDENT = "ACSD-62332"
AUTHENTICATION = "vendor/magento/module-customer/Model/Authentication.php"
OTHER = "vendor/magento/framework/Other.php"


class Tool:
    """In the tool's place; git is the real one."""

    def __init__(self, out="", rc=0, err="", error=None):
        self.result, self.error, self.calls = Result(rc, out, err), error, []

    def run(self, argv, **more):
        if argv[0] == "git":
            return LocalRunner().run(argv, **more)
        self.calls.append((argv, more))
        if self.error:
            raise self.error
        return self.result


def row(patch_id, status):
    return {"Id": patch_id, "Title": "t\n", "Category": "c", "Origin": "o", "Status": status, "Details": ""}


def ask(tree, tool):
    return ask_tool(read_store(str(tree.root)), ("php8.2", "-d", "x=1"), tool)


def info(tree, *ids, **statuses):
    """statuses: what the tool says of each id; it gives no answer where there are none."""
    rows = {
        name.replace("_", "-"): StatusRow(name, "", (), "", status, "", (), None, ())
        for name, status in statuses.items()
        if status
    }
    answer = ToolAnswer(ANSWERED, rows=rows) if statuses else ToolAnswer(NOT_RUN)
    return patch_info(read_store(str(tree.root)), ids or (OURS,), LocalRunner(), answer)


def one(tree, patch_id=OURS, **statuses):
    (patch,) = info(tree, patch_id, **statuses)["patches"]
    return patch


def test_asking_the_tool(store_tree):
    tool = Tool("Warning: something\n" + json.dumps([row(OURS, "N/A"), row(DEPENDENT, "Applied")]))
    answer = ask(store_tree, tool)
    assert (answer.state, answer.words) == ("answered", "")
    assert {patch_id: found.status for patch_id, found in answer.rows.items()} == {OURS: "N/A", DEPENDENT: "Applied"}
    ((argv, more),) = tool.calls
    assert " ".join(argv) == (
        "php8.2 -d x=1 vendor/bin/magento-patches status --format=json --no-interaction --no-ansi"
    )
    assert more == {"cwd": str(store_tree.root), "timeout": 600}


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        (Tool("Composer could not find the config file\n", 1), "Its status failed: Composer could not find"),
        (Tool("", 255, "PHP Fatal error: x"), "Its status failed: PHP Fatal error"),
        (Tool("nonsense", 0), "nonsense"),
        (Tool(json.dumps([7]), 0), "[7]"),
        (Tool("", 0), "nothing"),
        (Tool(error=CommerceError("run", "x", "no end within 600 s", "Wait.", code="timeout")), "no end within 600 s"),
        (Tool(error=CommerceError("start", "x", "No such file", "Install.", code="not_started")), "No such file"),
    ],
    ids=range(7),
)
def test_a_tool_that_fails_is_an_answer(store_tree, tool, words):
    answer = ask(store_tree, tool)
    assert (answer.state, dict(answer.rows)) == ("failed", {})
    assert words in answer.words


def test_a_tool_that_is_not_there(store_tree):
    (store_tree.root / "vendor/bin/magento-patches").unlink()
    tool = Tool()
    assert ask(store_tree, tool).state == "failed"
    assert tool.calls == []


def test_a_tool_without_json_is_asked_for_its_table(store_tree):
    class Old(Tool):
        def run(self, argv, **more):
            self.calls.append(argv)
            if "--format=json" in argv:
                return Result(1, "", 'In ArgvInput.php line 212:\n  The "--format" option does not exist.\n')
            return Result(0, TABLE, "")

    tool = Old()
    answer = ask(store_tree, tool)
    assert (answer.state, {patch_id: found.status for patch_id, found in answer.rows.items()}) == (
        "answered",
        {OURS: "N/A"},
    )
    assert [argv[4:] for argv in tool.calls] == [
        ["status", "--format=json", "--no-interaction", "--no-ansi"],
        ["status", "--no-interaction", "--no-ansi"],
    ]


TABLE = """\
+------------+-------+------+--------+---------+
| Id         | Title | Type | Status | Details |
+------------+-------+------+--------+---------+
| ACSD-61103 | t     | o    | N/A    |         |
+------------+-------+------+--------+---------+
"""


def verify(tree, tool):
    return ask_verify(read_store(str(tree.root)), [OURS, DEPENDENT], ("php8.2", "-d", "x=1"), tool)


def test_asking_the_tool_to_verify(store_tree):
    report = {"status": "FAIL", "applied_patches": [], "missing_patches": {OURS: {"id": OURS}}}
    tool = Tool(json.dumps(report), 1)
    answer = verify(store_tree, tool)
    assert (answer.state, answer.words, answer.report.says(OURS)) == ("answered", "", False)
    ((argv, more),) = tool.calls
    assert " ".join(argv) == (
        "php8.2 -d x=1 vendor/bin/magento-patches verify --format=json --patch-id=ACSD-61103 --patch-id=ACSD-62332 "
        "--no-interaction --no-ansi"
    )
    assert more == {"cwd": str(store_tree.root), "timeout": 600}


@pytest.mark.parametrize(
    ("tool", "state", "words"),
    [
        (Tool("", 1, 'Command "verify" is not defined.'), "none", ""),
        (Tool("Composer could not find the config file\n", 1), "failed", "Composer could not find"),
        (Tool(error=CommerceError("run", "x", "no end within 600 s", "Wait.", code="timeout")), "failed", "no end"),
    ],
    ids=range(3),
)
def test_a_tool_that_verifies_nothing_is_an_answer(store_tree, tool, state, words):
    answer = verify(store_tree, tool)
    assert (answer.state, words in answer.words, answer.report.says(OURS)) == (state, True, None)


def test_what_is_told(store_tree):
    found = info(store_tree)
    assert found["tool_version"] == "1.1.82"
    assert found["tool"] == {"state": "not_run", "words": "", "verify": {"state": "not_run", "words": ""}}
    patch = found["patches"][0]
    assert (patch["id"], patch["state"], patch["detail"]) == (OURS, "not_applied", "")
    assert {"path": AUTHENTICATION, "state": "not_applied", "hunk": None, "line": None, "hunks": []} in patch["files"]
    rule = {"package": "magento/magento2-base", "constraint": ">=2.4.6 <2.4.7"}
    assert patch["rules"] == [{**rule, "version": "2.4.6-p3", "file": f"os/{OURS}.patch"}]
    assert (patch["replaced_with"], patch["deprecated"], patch["requires"]) == (None, False, [])
    assert patch["tool"] == {"status": None, "verified": None, "agrees": None, "words": ""}


def test_every_id_once_and_in_order(store_tree):
    assert [patch["id"] for patch in info(store_tree, DEPENDENT, OURS, DEPENDENT)["patches"]] == [DEPENDENT, OURS]


def test_where_a_conflict_is(store_tree):
    store_tree.write({AUTHENTICATION: store_tree.read(AUTHENTICATION).replace("$two", "$mine")})
    patch = one(store_tree)
    assert patch["state"] == "conflict"
    assert {"path": AUTHENTICATION, "state": "conflict", "hunk": 1, "line": 3, "hunks": ["conflict"]} in patch["files"]


def test_dependents(store_tree, patched):
    store_tree.add_patch("ACSD-OLD", ">=2.4.4 <2.4.5", "", require=[OURS])
    others = [(DEPENDENT, True), ("ACSD-OLD", False)]
    expected = [{"id": patch_id, "available": available, "state": None} for patch_id, available in others]
    assert one(store_tree)["dependents"] == expected
    # Their patch files are not read where they do not matter.
    (store_tree.root / "vendor/magento/quality-patches/patches/os/ACSD-62332.patch").rename(store_tree.root / "spare")
    assert one(store_tree)["dependents"] == expected
    store_tree.write(patched)
    assert one(store_tree)["dependents"] == expected
    (store_tree.root / "spare").rename(store_tree.root / "vendor/magento/quality-patches/patches/os/ACSD-62332.patch")
    assert [each["state"] for each in one(store_tree)["dependents"]] == ["not_applied", None]
    store_tree.write({OTHER: store_tree.read(OTHER).replace("$three", "$third")})
    assert [each["state"] for each in one(store_tree)["dependents"]] == ["applied", None]


def test_requirements(store_tree, patched):
    assert one(store_tree, DEPENDENT)["requires"] == [{"id": OURS, "state": "not_applied"}]
    store_tree.write(patched)
    assert one(store_tree, DEPENDENT)["requires"] == [{"id": OURS, "state": "applied"}]
    store_tree.write({OTHER: store_tree.read(OTHER).replace("$three", "$third")})
    assert one(store_tree, DEPENDENT)["requires"] == [{"id": OURS, "state": None}]


def test_side_effects(store_tree, patched, make_patch):
    assert one(store_tree)["side_effects"] == []
    assert one(store_tree, DEPENDENT)["side_effects"] == [{"id": OURS, "what": "applied", "because_of": DEPENDENT}]
    assert one(store_tree, "ACSD-1")["side_effects"] == []
    store_tree.write(patched)
    assert one(store_tree, DEPENDENT)["side_effects"] == []
    # Of one that is there nobody asks.
    store_tree.write({OTHER: store_tree.read(OTHER).replace("$three", "$third")})
    store_tree.add_patch("ACSD-OLD", "*", make_patch({}, {"x": "x\n"}), **{"replaced-with": DEPENDENT})
    store_tree.write({"x": "x\n"})
    assert one(store_tree, DEPENDENT)["side_effects"] == []
    store_tree.catalogue["ACSD-BAD"] = {"packages": {"magento/magento2-base": {"*": {"file": 7}}}}
    store_tree.add_patch("ACSD-3", "*", make_patch({}, {"y": "y\n"}), require=["ACSD-BAD"])
    assert one(store_tree, "ACSD-3")["side_effects"] is None


def test_replaced_and_deprecated(store_tree, make_patch):
    store_tree.add_patch("ACSD-2", "*", make_patch({}, {"x": "x\n"}), **{"replaced-with": OURS, "deprecated": True})
    patch = one(store_tree, "ACSD-2")
    assert (patch["replaced_with"], patch["deprecated"]) == (OURS, True)


@pytest.mark.parametrize("patch_id", ["ACSD-1", "ACSD-404"])
def test_not_available(store_tree, patch_id):
    patch = one(store_tree, patch_id)
    assert (patch["state"], patch["files"]) == ("not_available", [])
    rules = [(">=2.4.4 <2.4.5", None)] if patch_id == "ACSD-1" else []
    assert [(rule["constraint"], rule["file"]) for rule in patch["rules"]] == rules


def test_no_tool(store_tree):
    shutil.rmtree(store_tree.root / "vendor/magento/quality-patches")
    patch = one(store_tree)
    assert (patch["state"], patch["rules"], patch["dependents"]) == ("tool_missing", [], [])


@pytest.mark.parametrize(
    ("state", "status", "agrees"),
    [
        ("not_applied", "Not applied", True),
        ("not_applied", "Applied", False),
        ("not_applied", "N/A", False),
        ("not_applied", None, False),
        ("applied", "Applied", True),
        ("applied", "Not applied", False),
        ("applied", None, False),
        ("partial", "N/A", True),
        ("partial", "Applied", False),
        ("conflict", "N/A", True),
        ("conflict", "Not applied", False),
        ("not_available", None, True),
        ("not_available", "N/A", False),
    ],
)
def test_comparison(store_tree, patched, state, status, agrees):
    store_tree.write(
        {
            "not_applied": {},
            "applied": patched,
            "partial": {AUTHENTICATION: patched[AUTHENTICATION]},
            "conflict": {AUTHENTICATION: "<?php\n"},
            "not_available": {},
        }[state]
    )
    if state == "not_available":
        store_tree.install(**{"magento/magento2-base": "2.4.8"})
    patch = one(store_tree, ACSD_61103=status)
    assert patch["state"] == state
    assert (patch["tool"]["status"], patch["tool"]["agrees"]) == (status, agrees)
    assert bool(patch["tool"]["words"]) is not agrees
    assert ("one that requires it" in patch["tool"]["words"]) == (status == "Applied" and not agrees)


@pytest.mark.parametrize(
    ("applied", "status", "verified", "agrees"),
    [
        (True, "Applied", True, True),
        (True, "Applied", False, False),
        (True, "Applied", None, True),
        (False, "Not applied", False, True),
        (False, "Not applied", True, False),
        (False, "N/A", False, False),
        # Its status failed.
        (True, None, True, True),
        (False, None, True, False),
        (False, None, None, None),
    ],
)
def test_comparison_with_verify(store_tree, patched, applied, status, verified, agrees):
    store_tree.write(patched if applied else {})
    row = StatusRow(OURS, "", (), "", status, "", (), None, ())
    answer = ToolAnswer(ANSWERED, rows={OURS: row}) if status else ToolAnswer(FAILED, "no")
    report = Verification(frozenset([OURS] * (verified is True)), frozenset([OURS] * (verified is False)))
    told = patch_info(
        read_store(str(store_tree.root)), [OURS], LocalRunner(), answer, VerifyAnswer(ANSWERED, report=report)
    )
    said = told["patches"][0]["tool"]
    assert (said["status"], said["verified"], said["agrees"]) == (status, verified, agrees)
    assert ("verify" in said["words"]) == (verified is not None and verified is not applied)


@pytest.mark.parametrize(
    ("applied", "status", "agrees"), [(False, None, True), (True, None, False), (True, "Applied", True)]
)
def test_the_tool_hides_deprecated_patches(store_tree, make_patch, applied, status, agrees):
    store_tree.add_patch("ACSD-2", "*", make_patch({}, {"x": "x\n"}), deprecated=True)
    store_tree.write({"x": "x\n"} if applied else {})
    assert one(store_tree, "ACSD-2", ACSD_2=status)["tool"]["agrees"] is agrees


def test_an_asked_for_patch_that_is_broken(store_tree):
    store_tree.add_patch("ACSD-2", "*", "")
    with pytest.raises(CommerceError) as caught:
        info(store_tree, "ACSD-2")
    assert caught.value.on.endswith("ACSD-2.patch")
