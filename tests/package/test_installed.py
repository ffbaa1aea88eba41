# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a checkout, an ansible.cfg or anything else in the home folder."""

from __future__ import annotations

import json
import sys
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


@pytest.fixture(scope="module")
def sick_fleet(user) -> str:
    """An inventory of a host that is away, of one where no module runs, and of one without a store."""
    file = user.home / "sick.yml"
    away = "{ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}"
    local = f"ansible_connection: local, ansible_remote_tmp: {user.home}/tmp"
    lame = f"{{{local}, ansible_python_interpreter: {user.home}/no-python}}"
    empty = f"{{{local}, ansible_python_interpreter: {sys.executable}, commerce_root: {user.home}/none}}"
    file.write_text(f"commerce: {{hosts: {{away: {away}, lame: {lame}, empty: {empty}}}}}\n")
    return str(file)


@pytest.mark.parametrize("playbook", ["audit", "remediate"])
def test_a_sick_fleet_is_told_host_by_host_and_fails_the_run(user, sick_fleet: str, playbook: str) -> None:
    told = " ".join(
        user.run("ansible-playbook", "--inventory", sick_fleet, f"storefleet.commerce.{playbook}", status=2).split()
    )
    assert "away: unknown (unreachable). Make the host reachable, then audit again:" in told
    assert "lame: unknown (tool_failed). Let modules run on the host, then audit again:" in told
    assert "empty: unknown (tool_failed)." in told
    assert "commerce_root" in told


@pytest.mark.parametrize("playbook", ["audit", "remediate", "plan"])
def test_a_wrong_option_is_told_in_a_sentence_for_each_host(user, sick_fleet: str, playbook: str) -> None:
    command = ["ansible-playbook", "-i", sick_fleet, "-e", "commerce_probe=gentel", f"storefleet.commerce.{playbook}"]
    told = " ".join(user.run(*command, status=2).split())
    so = "it could not be audited:" if playbook == "plan" else "unknown (tool_failed)."
    for host in ("away", "lame", "empty"):
        assert f"{host}: {so} Could not take the options" in told
    assert "got: gentel. Correct the variable" in told
    # The documentation of all options is what Ansible's own check of a role's arguments would show, for each host.
    assert "throw-away customer" not in told


def test_a_sick_fleet_can_be_tolerated(user, sick_fleet: str) -> None:
    user.run("ansible-playbook", "-i", sick_fleet, "-e", "commerce_enforce=false", "storefleet.commerce.audit")
