# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules with a tool that really runs, a shell script in its place, and fails in the ways that tools do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.ended import ended
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils import patch_info, qpt_output
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.audit import Plan, audit
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.modules import quality_patch, quality_patch_info

OURS = "ACSD-61103"
AUTHENTICATION = "vendor/magento/module-customer/Model/Authentication.php"
INTERFACE = "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"
ROW = {"Id": OURS, "Title": "t\n", "Category": "c", "Origin": "o", "Status": "Not applied", "Details": ""}
REPORT = {"status": "FAIL", "applied_patches": [], "missing_patches": {OURS: {"id": OURS}}}
WARNINGS = (
    "echo 'PHP Deprecated:  Optional parameter before required parameter in /s/x.php on line 7'\n"
    "echo '[28-Nov-2026 10:00:00 UTC] PHP Warning:  Module redis is already loaded in Unknown on line 0' >&2\n"
    "echo; echo 'Warning: Undefined array key [0] in /s/x.php on line 9'\n"
)
PHP_ERROR = "echo 'PHP Fatal error:  Uncaught Error: Class \"X\" not found in /s/x.php:3' >&2; exit 255\n"
NEITHER = (
    "echo 'Magento 2 Community Edition, version 2.4.6.0-patch3'\n"
    "command -v git || command -v patch || { echo 'git or patch is required to perform this operation.'; exit 1; }\n"
)
# Its child holds the outputs open, and would outlive it.
HANGS = 'trap "" TERM\nsleep 600 & echo $! >child\nwait\n'


@pytest.fixture
def tool(store_tree):
    """Puts a script in the tool's place."""
    return lambda script: store_tree.write({qpt_output.TOOL: script})


@pytest.fixture
def run(monkeypatch, capsys, store_tree):
    """Runs a module on the store, with a shell as its PHP."""

    def start(module, **options):
        return runner(module.main, monkeypatch, capsys)(root=str(store_tree.root), php="/bin/sh", **options)

    return start


def printing(*values: object) -> str:
    """A tool that prints warnings, then the first value for status and the second for verify."""
    status, verify = (f"cat <<'END'\n{json.dumps(value, indent=4)}\nEND\n" for value in values)
    return f'{WARNINGS}if [ "$1" = verify ]; then\n{verify}exit 1\nfi\n{status}'


def test_warnings_before_what_it_says_do_no_harm(run, tool) -> None:
    tool(printing([ROW], REPORT))
    result = run(quality_patch_info, verify_with_tool=True)
    assert result["tool"] == {"state": "answered", "words": "", "verify": {"state": "answered", "words": ""}}
    assert result["patches"][0]["tool"] == {"status": "Not applied", "verified": False, "agrees": True, "words": ""}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (PHP_ERROR, 'Class "X" not found'),
        (WARNINGS + PHP_ERROR, 'Class "X" not found'),
        (WARNINGS, "Undefined array key"),
        (HANGS, "no end within 1 s"),
        ("kill -9 $$\n", "exit status -9"),
    ],
    ids=["255", "warnings and 255", "warnings only", "hangs", "killed"],
)
@pytest.mark.parametrize("applied", [False, True])
def test_a_failing_tool_says_nothing_of_a_patch(
    run, tool, store_tree, patched, monkeypatch, script: str, words: str, applied: bool
) -> None:
    monkeypatch.setattr(qpt_output, "TOOL_SECONDS", 1)
    store_tree.write(patched if applied else {})
    tool(script)
    result = run(quality_patch_info, verify_with_tool=True)
    assert (result["tool"]["state"], result["tool"]["verify"]["state"]) == ("failed", "failed")
    assert words in result["tool"]["words"]
    (patch,) = result["patches"]
    assert patch["state"] == ("applied" if applied else "not_applied")
    assert patch["tool"] == {"status": None, "verified": None, "agrees": None, "words": ""}
    assert script != HANGS or ended(int(store_tree.read("child")))


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_tool_that_hangs_is_ended_with_its_children(
    run, tool, store_tree, patched, unpatched, monkeypatch, state: str
) -> None:
    monkeypatch.setattr(qpt_output, "TOOL_SECONDS", 1)
    store_tree.write(patched if state == "absent" else {})
    other = unpatched if state == "absent" else patched
    tool(f"cat >{AUTHENTICATION} <<'END'\n{other[AUTHENTICATION]}END\n{HANGS}")
    result = run(quality_patch, state=state)
    assert (result["failed"], result["code"]) == (True, "tool_failed")
    assert f"no end within 1 s, so it was stopped It changed nevertheless: {AUTHENTICATION}" in result["msg"]
    assert ended(int(store_tree.read("child")))


@pytest.mark.parametrize(
    ("script", "words"), [(PHP_ERROR, 'Class "X" not found'), (WARNINGS + PHP_ERROR, "Optional parameter")]
)
def test_a_tool_with_a_php_error_changes_nothing(run, tool, store_tree, script: str, words: str) -> None:
    tool(script)
    result = run(quality_patch)
    assert (result["failed"], result["code"]) == (True, "tool_failed")
    assert words in result["msg"]
    assert not (store_tree.root / INTERFACE).exists()


def test_warnings_before_what_was_done_do_no_harm(run, tool, store_tree, patched) -> None:
    files = "".join(f"mkdir -p {Path(path).parent}\ncat >{path} <<'END'\n{text}END\n" for path, text in patched.items())
    tool(f"{WARNINGS}{files}echo 'Patch {OURS} has been applied'\n{WARNINGS}")
    result = run(quality_patch)
    assert (result["changed"], result["actions"]) == (True, [f"applied {OURS}"])
    assert result["patches"][0]["after"] == "applied"


@pytest.mark.parametrize("module", [quality_patch, quality_patch_info])
def test_a_host_with_neither_git_nor_patch(run, tool, store_tree, module) -> None:
    tool(NEITHER + "touch started\n")
    result = run(module, environment={"PATH": "/nonexistent"})
    assert (result["failed"], result["code"]) == (True, "tool_failed")
    assert "neither git nor patch" in result["msg"]
    assert result["next_step"].startswith("Install git (or patch)")
    assert not (store_tree.root / "started").exists()


def test_a_tool_that_finds_neither_git_nor_patch_where_we_do(run, tool) -> None:
    tool("PATH=/nonexistent\n" + NEITHER)
    result = run(quality_patch)
    assert (result["failed"], result["code"]) == (True, "tool_failed")
    assert "git or patch is required to perform this operation." in result["msg"]
    result = run(quality_patch_info, verify_with_tool=True)
    assert "git or patch is required" in result["tool"]["words"]
    assert result["patches"][0]["tool"]["agrees"] is None


@pytest.mark.parametrize(("path", "state"), [(None, "not_applied"), ("/nonexistent", "unknown")])
def test_an_audit_goes_by_the_files_where_the_tool_fails(tool, store_tree, path: str | None, state: str) -> None:
    tool("PATH=/nonexistent\n" + NEITHER)
    plan = Plan(ProbeOptions(), ask_tool=patch_info.ask_tool)
    runner = LocalRunner({"PATH": path} if path else {})
    found = audit(str(store_tree.root), ("/bin/sh",), runner, plan, ACSD_61103)["evidence"]
    assert (found["patch"]["files"], found["patch"]["tool"]) == (state, None)
    assert "git or patch is required" in " ".join(found["failures"])
