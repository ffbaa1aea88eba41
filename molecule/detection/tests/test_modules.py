# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that tell a part of what the audit tells say of each store what inventory/stores.yml expects."""

from __future__ import annotations

import json

import pytest
from support.stores import APIS

STATES = {"patched": "applied", "unpatched": "not_applied"}
FILES_OF_THE_PATCH = 7


@pytest.fixture
def answered(variables, expected):
    """Whether there is a store that the modules can look at."""
    return "broken_by" not in variables and expected["verdict"] != "unknown/unreachable"


@pytest.fixture
def patch(found):
    """What quality_patch_info says of ours; nothing where it failed."""
    return found["patch"].get("patches", [None])[0]


def part(found, wanted):
    """What was found, at the keys that something is expected of."""
    return {key: found[key] for key in wanted}


def test_what_is_no_store(found, variables, answered):
    if answered:
        return
    for module in ("info", "failures_num", "patch"):
        assert found[module].get("code") == variables.get("broken_by"), found[module]["msg"]
        assert found[module].get("unreachable", False) == ("broken_by" not in variables)


def test_description(found, expected, answered):
    if not answered:
        return
    info = found["info"]["commerce"]
    wanted = expected.get("info", {})
    assert part(info, wanted) == wanted
    if "note" in expected:
        assert any(expected["note"] in note for note in info["notes"]), info["notes"]


def test_counters_of_failed_logins(found, expected, answered):
    if not answered:
        return
    wanted = {"files": expected["files"], "blocking": [], **expected.get("failures_num", {})}
    result = found["failures_num"]
    if "code" in wanted:
        assert result["code"] == wanted["code"]
        return
    said = result["failures_num"]
    files = wanted["files"] if isinstance(wanted["files"], dict) else dict.fromkeys(APIS, wanted["files"])
    assert {api: said["apis"][api]["state"] for api in APIS} == files, json.dumps(said, indent=1)
    blocking = said["blocking"]
    assert (blocking and [setting["reason"] for setting in blocking]) == wanted["blocking"]
    assert len(said["failures"]) == ("failure" in wanted)
    assert wanted.get("failure", "") in "".join(said["failures"])


def test_state_of_the_patch(audit, patch, expected, answered):
    if not answered:
        return
    wanted = expected.get("patch", {})
    state = wanted["state"] if "state" in wanted else STATES[expected["files"]]
    assert patch["state"] == state, json.dumps(patch, indent=1)
    assert audit["evidence"]["patch"]["files"] == state
    assert wanted.get("words", "") in patch["detail"]


def test_files_of_the_patch(patch, expected, answered):
    if not answered:
        return
    wanted = expected.get("patch", {})
    most = wanted.get("most", patch["state"])
    if most not in STATES.values():
        assert patch["files"] == []
        return
    assert len(patch["files"]) == FILES_OF_THE_PATCH
    others = {file["path"]: file for file in patch["files"] if (file["state"], file["hunk"]) != (most, None)}
    found = {path: [file["state"], file["hunk"]] if file["hunk"] else file["state"] for path, file in others.items()}
    assert found == wanted.get("files", {})


def test_what_depends_on_the_patch(patch, expected, answered):
    if answered and "dependents" in expected.get("patch", {}):
        assert {other["id"]: other["state"] for other in patch["dependents"]} == expected["patch"]["dependents"]


def test_what_the_tool_itself_says(found, patch, variables, expected, answered):
    if not answered:
        return
    wanted = expected.get("patch", {})
    asked = variables.get("ask_the_tool", False)
    assert found["patch"]["tool"]["state"] == (wanted.get("asked", "answered") if asked else "not_run")
    said = patch["tool"]
    assert [said["status"], said["agrees"]] == wanted.get("tool", [None, None])
