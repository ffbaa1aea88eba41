# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module quality_patch_info: when it starts the tool, and that its result is what it documents."""

from __future__ import annotations

import json

import pytest
import yaml

from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import Workplace
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.modules import quality_patch_info

OURS = "ACSD-61103"
STATUS = {"Id": OURS, "Title": "t\n", "Category": "c", "Origin": "o", "Status": "Not applied", "Details": ""}


class Tool:
    def __init__(self):
        self.calls = 0

    def run(self, argv, **more):
        if argv[0] == "git":
            return LocalRunner().run(argv, **more)
        self.calls += 1
        if "verify" in argv:
            return Result(
                1, json.dumps({"status": "FAIL", "applied_patches": [], "missing_patches": [{"id": OURS}]}), ""
            )
        return Result(0, json.dumps([STATUS]), "")


def look(tree, verify=False, check=False):
    tool = Tool()
    place = Workplace(str(tree.root), ("php",), None, tool, check)
    return quality_patch_info.look_at([OURS], verify)(place, None), tool.calls


@pytest.mark.parametrize(("verify", "check", "calls"), [(False, False, 0), (True, True, 0), (True, False, 2)])
def test_when_the_tool_is_started(store_tree, verify, check, calls):
    before = {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")}
    result, started = look(store_tree, verify, check)
    assert started == calls
    assert result["tool"]["state"] == result["tool"]["verify"]["state"] == ("answered" if calls else "not_run")
    assert result["patches"][0]["tool"]["verified"] is (False if calls else None)
    assert result["patches"][0]["tool"]["agrees"] == (True if calls else None)
    assert result["changed"] is False
    assert {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")} == before


def test_the_result_is_what_is_documented(store_tree, patched):
    store_tree.write(patched)
    documented = yaml.safe_load(quality_patch_info.RETURN)
    result, dummy = look(store_tree, verify=True)
    assert set(result) == {name for name, each in documented.items() if each["returned"] == "success"} | {"changed"}
    assert set(result["tool"]) == set(documented["tool"]["contains"])
    assert set(result["tool"]["verify"]) == set(documented["tool"]["contains"]["verify"]["contains"])
    contained = documented["patches"]["contains"]
    (patch,) = result["patches"]
    assert set(patch) == set(contained)
    for name, each in contained.items():
        for found in patch[name] if each["type"] == "list" else [patch[name]] if each["type"] == "dict" else []:
            assert set(found) == set(each["contains"]), name
    assert patch["files"]
    assert patch["dependents"]
    assert patch["rules"]
