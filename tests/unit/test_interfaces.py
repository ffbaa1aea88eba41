# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in two files of the collection because Ansible wants it so, held against each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
ROLES = sorted(folder.name for folder in (CHECKOUT / "roles").iterdir())


def load(name: str):
    return yaml.safe_load((CHECKOUT / name).read_text())


def options(role: str) -> dict:
    return load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def test_every_module_has_the_action_group() -> None:
    modules = sorted(file.stem for file in (CHECKOUT / "plugins/modules").glob("*.py") if file.stem != "__init__")
    assert load("meta/runtime.yml")["action_groups"]["commerce"] == modules


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_argument_specs(role: str) -> None:
    specified = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert load(f"roles/{role}/defaults/main.yml") == specified


def test_an_option_means_the_same_in_each_role() -> None:
    by_name = {}
    for role in ROLES:
        for name, option in options(role).items():
            by_name.setdefault(name, []).append((option["type"], option.get("elements"), option.get("default")))
    assert {name: uses for name, uses in by_name.items() if any(use != uses[0] for use in uses)} == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_choice_is_a_word_that_yaml_takes_for_a_truth_value(role: str) -> None:
    choices = {choice for option in options(role).values() for choice in option.get("choices", [])}
    assert choices & {True, False, "yes", "no", "on", "off", "y", "n"} == set()
