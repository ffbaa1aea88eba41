# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer would choose, found out beside the store."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.live_root import tree as everything
from support.tool_store import BASE, CLOUD, TOOL, FakeComposer, ToolStore

from ansible_collections.storefleet.commerce.plugins.module_utils import composer, tool_forecast
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_forecast import (
    expected_outcome,
    forecast_tool,
    state_before,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolPlan, ToolWish, plan_tool


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> ToolStore:
    (tmp_path / "composer").write_text("#!/usr/bin/env php\n")
    monkeypatch.setattr(composer.shutil, "which", lambda name, path: str(tmp_path / "composer"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tool_forecast.tempfile, "tempdir", str(tmp_path / "temporary"))
    return ToolStore(tmp_path / "store")


def forecast(store: ToolStore, monkeypatch, *answers):
    runner = FakeComposer(*answers)
    monkeypatch.setattr(tool_forecast, "LocalRunner", lambda variables, home: runner)
    found = read_store(str(store.root))
    plan = plan_tool(found, (), ToolWish())
    return forecast_tool(found, plan, ToolWish(), (), ("php",), str(store.root.parent)), runner


def test_it_is_solved_elsewhere_and_nothing_is_left(store: ToolStore, monkeypatch, tmp_path: Path) -> None:
    store.write("auth.json", '{"bearer": {"p.example": "geheim"}}')
    before = everything(store.root)
    seen = []

    def solve(folder: Path) -> None:
        seen.extend(sorted(os.listdir(folder)))
        assert (folder / "auth.json").is_symlink()
        store.list_packages(folder, {BASE: "2.4.6-p3", "acme/other": "1.0", TOOL: "1.1.82", CLOUD: "1.1"})

    found, runner = forecast(store, monkeypatch, solve)
    assert seen == ["auth.json", "composer.json", "composer.lock", "home"]
    assert found.result["packages"] == [
        {"name": CLOUD, "before": "1.0", "after": "1.1"},
        {"name": TOOL, "before": "1.1.53", "after": "1.1.82"},
    ]
    assert found.actions == (f"would have let Composer install {TOOL} 1.1.82",)
    assert found.diff[0]["after"] == f"{CLOUD} 1.1\n{TOOL} 1.1.82\n"
    assert "--no-install" in runner.calls[0]
    assert everything(store.root) == before
    assert os.listdir(tmp_path / "temporary") == []


def test_what_could_not_be_is_told_beforehand(store: ToolStore, monkeypatch, tmp_path: Path) -> None:
    with pytest.raises(CommerceError) as caught:
        forecast(store, monkeypatch, Result(100, "", "curl error 7"))
    assert caught.value.code == "no_egress"
    assert os.listdir(tmp_path / "temporary") == []


def test_repositories_in_the_release_are_found(store: ToolStore, monkeypatch) -> None:
    (store.root / "packages/acme").mkdir(parents=True)
    (store.root.parent / "outside").mkdir()
    repositories = {
        "own": {"type": "path", "url": "./packages/*"},
        "again": {"type": "artifact", "url": "packages/acme"},
        "outside": {"type": "path", "url": "../outside"},
        "absolute": {"type": "path", "url": "/srv"},
        "far": {"type": "composer", "url": "https://packages.example.com"},
        "none": False,
    }
    manifest = json.loads((store.root / "composer.json").read_text())
    store.write("composer.json", json.dumps({**manifest, "repositories": repositories}))
    seen = {}

    def solve(folder: Path) -> None:
        seen.update({path.name: path.resolve() for path in folder.iterdir() if path.is_symlink()})
        store.list_packages(folder, {BASE: "2.4.6-p3", "acme/other": "1.0", TOOL: "1.1.82", CLOUD: "1.0"})

    forecast(store, monkeypatch, solve)
    assert seen == {"packages": store.root / "packages"}


def test_what_the_patches_would_change_is_what_the_advisory_says() -> None:
    outcome = expected_outcome(("ACSD-61103", "ACSD-1"), "tool_missing")
    assert [(change.id, change.before, change.after, len(change.files)) for change in outcome.patches] == [
        ("ACSD-61103", "tool_missing", "applied", 7),
        ("ACSD-1", "tool_missing", "applied", 0),
    ]
    assert (outcome.changed, outcome.actions[1]) == (True, "would have applied ACSD-1, as far as it fits")
    assert expected_outcome((), "tool_missing").changed is False


@pytest.mark.parametrize(("before", "state"), [(None, "tool_missing"), ("1.1.53", "tool_too_old")])
def test_the_state_before_is_the_tool_s(before, state: str) -> None:
    assert state_before(ToolPlan(before, "*", None, None, False)) == state
