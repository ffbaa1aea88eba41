# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer has to do about the tool, by the files of a store, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolPlan, ToolWish, plan_tool

BASE, TOOL, CLOUD = "magento/magento2-base", "magento/quality-patches", "magento/magento-cloud-patches"
AS_FOUND = ToolWish()
PATCHES = ("ACSD-61103",)


@pytest.fixture
def plan(tmp_path: Path):
    """The plan for a store of that Commerce with the tool in that release, and in composer.json so."""

    def of(installed=None, manifest=None, wish=AS_FOUND, base="2.4.6-p3", missing=()):
        packages = [{"name": BASE, "version": base}]
        packages += [{"name": TOOL, "version": installed}] if installed else []
        files = {
            "vendor/composer/installed.json": {"packages": packages},
            "composer.lock": {"packages": packages},
            "composer.json": manifest or {},
        }
        (tmp_path / "app/etc").mkdir(parents=True, exist_ok=True)
        (tmp_path / "vendor/composer").mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            if path not in missing:
                (tmp_path / path).write_text(json.dumps(content))
        return plan_tool(read_store(str(tmp_path)), PATCHES, wish)

    return of


def require(constraint: str, key: str = "require") -> dict:
    return {key: {TOOL: constraint}}


@pytest.mark.parametrize(
    ("installed", "wish"),
    [
        ("1.1.54", ToolWish()),
        ("1.1.82", ToolWish()),
        ("1.1.56", ToolWish()),
        ("1.1.60", ToolWish("~1.1.54")),
        ("1.1.54", ToolWish("1.1.54")),
    ],
)
def test_what_is_there_already_needs_nothing(plan, installed: str, wish: ToolWish) -> None:
    # Not even the files that Composer would need.
    assert plan(installed, require(installed), wish, missing=("composer.lock",)) is None


@pytest.mark.parametrize(
    ("installed", "manifest", "wish", "expected"),
    [
        (None, {}, ToolWish(), ToolPlan(None, ">=1.1.54", "^1.1.54 >=1.1.54", "^1.1.54", False)),
        ("1.1.53", require("^1.1"), ToolWish(), ToolPlan("1.1.53", ">=1.1.54", "^1.1 >=1.1.54", None, False)),
        ("1.1.53", require("*", "require-dev"), ToolWish(), ToolPlan("1.1.53", ">=1.1.54", "* >=1.1.54", None, True)),
        # Another package has brought it.
        ("1.1.53", {}, ToolWish(), ToolPlan("1.1.53", ">=1.1.54", ">=1.1.54", None, False)),
        (
            "1.1.53",
            require("1.1.53"),
            ToolWish("^1.1.60"),
            ToolPlan("1.1.53", "^1.1.60", "^1.1.60 ^1.1.60", "^1.1.60", False),
        ),
        (
            "1.1.53",
            require("^1.1.60"),
            ToolWish("^1.1.60"),
            ToolPlan("1.1.53", "^1.1.60", "^1.1.60 ^1.1.60", None, False),
        ),
        ("1.1.53", require("1.1.82"), ToolWish(), ToolPlan("1.1.53", ">=1.1.54", "1.1.82 >=1.1.54", None, False)),
        ("dev-main", require("dev-main"), ToolWish(), ToolPlan("dev-main", ">=1.1.54", None, None, False)),
    ],
)
def test_composer_json_changes_only_where_it_has_to(plan, installed, manifest, wish, expected) -> None:
    assert plan(installed, manifest, wish) == expected


def test_a_release_that_fails_is_left_behind_and_left_out(plan) -> None:
    found = plan("1.1.56", require("^1.1"), base="2.4.5-p1")
    assert (found.before, found.allowed) == ("1.1.56", ">=1.1.54 !=1.1.56")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"installed": "1.1.53", "manifest": require("1.1.53")}, "pinned", "pins it to 1.1.53"),
        ({"manifest": require("v1.1.40", "require-dev")}, "pinned", "v1.1.40"),
        ({"missing": ("composer.lock",)}, "lock_missing", "composer.lock"),
        ({"missing": ("composer.json",)}, "lock_missing", "composer.json"),
        ({"wish": ToolWish("1.1.56"), "base": "2.4.5"}, "bad_release", "commerce_tool_version"),
        ({"manifest": require("1.1.56"), "base": "2.4.4-p2"}, "bad_release", "composer.json"),
        ({"wish": ToolWish("newest")}, "bad_version", "newest"),
        ({"manifest": {"extra": {"patches": {CLOUD: {"fix": "x.patch"}}}}}, "patched_tool", CLOUD),
    ],
)
def test_what_cannot_be_is_refused_with_the_other_ways(plan, options: dict, code: str, words: str) -> None:
    with pytest.raises(CommerceError) as caught:
        plan(**options)
    assert (caught.value.code, words in caught.value.came_back + caught.value.on) == (code, True)
    if code != "bad_version":
        assert "composer require magento/quality-patches:^1.1.54" in caught.value.next_step
        assert "pipeline" in caught.value.next_step


def test_the_operator_s_word_goes_before_a_pin(plan) -> None:
    assert plan("1.1.53", require("1.1.53"), ToolWish(">=1.1.54")).require == ">=1.1.54"


def test_a_wish_does_not_show_its_secrets() -> None:
    assert "geheim" not in repr(ToolWish(None, None, {"bearer": {"x": "geheim"}}, {"A": "geheim"}))
