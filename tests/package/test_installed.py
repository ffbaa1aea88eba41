# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a checkout, an ansible.cfg or anything else in the home folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PLAYBOOKS = sorted(file.stem for file in (CHECKOUT / "playbooks").glob("*.yml"))
MODULES = sorted(file.stem for file in (CHECKOUT / "plugins/modules").glob("*.py") if file.stem != "__init__")
ROLES = sorted(folder.name for folder in (CHECKOUT / "roles").iterdir())


@pytest.fixture(scope="module")
def inventory(user) -> str:
    file = user.home / "inventory.yml"
    file.write_text("commerce: {hosts: {store.example: {ansible_connection: local}}}\n")
    return str(file)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_playbook_passes_the_syntax_check(user, inventory: str, playbook: str) -> None:
    user.run("ansible-playbook", "--inventory", inventory, "--syntax-check", f"storefleet.commerce.{playbook}")


@pytest.mark.parametrize("playbook", ["audit", "remediate"])
def test_playbook_lists_the_tasks_of_its_roles(user, inventory: str, playbook: str) -> None:
    listed = user.run("ansible-playbook", "--inventory", inventory, "--list-tasks", f"storefleet.commerce.{playbook}")
    assert "commerce : " in listed or "audit : " in listed, listed
    assert "(commerce)" in listed, listed


def test_modules_are_documented(user) -> None:
    documented = json.loads(user.run("ansible-doc", "--json", *(f"storefleet.commerce.{name}" for name in MODULES)))
    assert sorted(documented) == [f"storefleet.commerce.{name}" for name in MODULES]


def test_roles_are_documented(user) -> None:
    documented = json.loads(user.run("ansible-doc", "--type", "role", "--json", "--list", "storefleet.commerce"))
    assert sorted(documented) == [f"storefleet.commerce.{name}" for name in ROLES]
