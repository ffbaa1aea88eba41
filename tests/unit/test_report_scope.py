# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With Ansible's own inventory, variables and plays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.template import trust_as_template
from ansible.vars.manager import VariableManager

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import scope
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.slices import UNNUMBERED

INVENTORY = """
all:
  hosts: {elsewhere: {}}
commerce:
  hosts:
    shop-de: {ansible_host: 10.0.0.1, commerce_root: "/srv/{{ inventory_hostname }}"}
    web1: {commerce_store: shop-at}
    web2: {commerce_store: shop-at, ansible_host: "{{ unknown }}"}
"""


class Role:
    """A role as a play has it, once it is loaded."""

    def __init__(self, name: str, collection: str):
        self._role_name = name
        self._role_collection = collection
        self.public = False

    def get_name(self) -> str:
        return self._role_name

    def get_all_dependencies(self) -> list:
        return []


AUDIT = Role("audit", "storefleet.commerce")


@pytest.fixture
def inventory(tmp_path: Path) -> InventoryManager:
    file = tmp_path / "inventory.yml"
    file.write_text(INVENTORY)
    return InventoryManager(loader=DataLoader(), sources=[str(file)])


@pytest.fixture
def make_play(inventory: InventoryManager, monkeypatch: pytest.MonkeyPatch):
    loader = inventory._loader
    manager = VariableManager(loader=loader, inventory=inventory)

    def make(hosts: str, file: Path | None = None, roles: list[Role] | None = None, **variables: Any) -> Play:
        play = Play.load(
            {"name": "A play", "hosts": trust_as_template(hosts), "gather_facts": False, "vars": variables},
            variable_manager=manager,
            loader=loader,
        )
        play.roles = roles or []
        monkeypatch.setattr(play, "get_path", lambda: f"{file}:7" if file else "")
        return play

    return make


WITHOUT_WAIVER = {"selected": True, "waiver": None}


def names(run: dict[str, Any], selected: bool) -> list[str]:
    return [host["name"] for host in run["hosts"] if host["selected"] is selected]


def test_a_run_is_about_the_hosts_of_the_pattern(make_play) -> None:
    play = make_play("commerce", scope.PLAYBOOKS / "audit.yml", [AUDIT])
    about = scope.scope_of(play, [play], {"subset": None, "check": False, "tags": ["all"], "skip_tags": []})
    assert about.notes == []
    assert about.said == {
        "playbook": "audit",
        "scope": {"pattern": "commerce", "limit": None, "check": False, "slice": None, "tags": None},
        "change_id": None,
        "hosts": [
            {**WITHOUT_WAIVER, "name": "shop-de", "store": "shop-de", "address": "10.0.0.1", "root": "/srv/shop-de"},
            {**WITHOUT_WAIVER, "name": "web1", "store": "shop-at", "address": "web1", "root": "/var/www/html"},
            # What cannot be told is null: the run itself will say so.
            {**WITHOUT_WAIVER, "name": "web2", "store": "shop-at", "address": None, "root": "/var/www/html"},
        ],
    }


def test_hosts_outside_of_the_limit_and_of_the_batch_are_there(make_play, inventory: InventoryManager) -> None:
    inventory.subset("web1,shop-de")
    inventory.restrict_to_hosts(inventory.get_hosts("web1"))
    run = scope.scope_of(make_play("commerce"), [], {"subset": "web1,shop-de"}).said
    assert names(run, True) == ["shop-de", "web1"]
    assert names(run, False) == ["web2"]
    assert run["scope"]["limit"] == "web1,shop-de"


def test_a_batch_is_of_the_hosts_that_are_in_it(make_play, inventory: InventoryManager) -> None:
    inventory.restrict_to_hosts(inventory.get_hosts("web2"))
    assert scope.batch_of(make_play("commerce")) == ["web2"]


def test_further_plays_about_stores_bring_their_hosts(make_play) -> None:
    first = make_play("web1", roles=[AUDIT])
    planned = make_play("{{ (hostvars | default({})).values() | list }}", roles=[AUDIT])
    second = make_play("{{ fleet }}", roles=[AUDIT], fleet="shop-de:web1")
    other = make_play("elsewhere", roles=[Role("audit", "acme.other"), Role("schedule", "storefleet.commerce")])
    run = scope.scope_of(first, [first, planned, second, other], {}).said
    assert names(run, True) == ["web1", "shop-de"]
    assert run["scope"]["pattern"] == "web1:shop-de:web1"


def test_the_run_says_how_it_was_called(make_play) -> None:
    play = make_play(
        "commerce", commerce_change_id=trust_as_template("CHG-{{ number }}"), number=7, commerce_slice="2/4"
    )
    run = scope.scope_of(play, [], {"check": True, "tags": ["all", "stores"], "skip_tags": ["slow"]}).said
    assert run["change_id"] == "CHG-7"
    assert run["scope"]["check"] is True
    assert run["scope"]["slice"] == {"number": 2, "count": 4}
    assert run["scope"]["tags"] == ["stores", "not slow"]


def waiver(host: str, reason: str = "Goes away.") -> dict[str, str]:
    return {"host": host, "reason": reason, "expires": "2999-12-31"}


def test_waivers_stand_beside_their_hosts(make_play) -> None:
    play = make_play("commerce", commerce_waivers=[waiver("shop-at"), waiver("web2", "Closed.")])
    about = scope.scope_of(play, [], {})
    reasons = {host["name"]: (host["waiver"] or {}).get("reason") for host in about.said["hosts"]}
    assert reasons == {"shop-de": None, "web1": "Goes away.", "web2": "Closed."}
    assert about.said["hosts"][1]["waiver"] == {"reason": "Goes away.", "expires": "2999-12-31", "expired": False}
    assert about.notes == []


@pytest.mark.parametrize(("day", "expired"), [(date(2999, 12, 31), False), (date(3000, 1, 1), True)])
def test_a_waiver_ends_by_the_day_of_the_run(
    make_play, monkeypatch: pytest.MonkeyPatch, day: date, expired: bool
) -> None:
    monkeypatch.setattr(scope, "day_of_run", lambda: day)
    about = scope.scope_of(make_play("commerce", commerce_waivers=[waiver("web2")]), [], {})
    assert about.said["hosts"][2]["waiver"]["expired"] is expired


def test_waivers_of_nobody_are_told_once(make_play, inventory: InventoryManager) -> None:
    inventory.subset("web1")
    names = ["shop-de", "elsewhere", "shop-xx", "shop-yy", "shop-xx"]
    about = scope.scope_of(make_play("commerce", commerce_waivers=list(map(waiver, names))), [], {})
    assert about.notes == ["commerce_waivers names no host or store of the inventory: shop-xx, shop-yy."]


@pytest.mark.parametrize(
    "waivers", ["{{ unknown }}", "x", [1], [{"host": "web1"}], [{**waiver("web1"), "expires": "soon"}]]
)
def test_waivers_that_are_none_are_left_to_the_audit(make_play, waivers: Any) -> None:
    waivers = trust_as_template(waivers) if isinstance(waivers, str) else waivers
    about = scope.scope_of(make_play("commerce", commerce_waivers=waivers), [], {})
    assert {host["waiver"] for host in about.said["hosts"]} == {None}


def test_a_slice_of_automation_platform_is_one_without_a_number(make_play) -> None:
    told = {"awx_job_template_name": "Audit", "awx_workflow_job_name": "Audit"}
    assert scope.scope_of(make_play("commerce", **told), [], {}).said["scope"]["slice"] == UNNUMBERED
    named = make_play("commerce", **told, commerce_slice="2/4")
    assert scope.scope_of(named, [], {}).said["scope"]["slice"] == {"number": 2, "count": 4}


@pytest.mark.parametrize(
    ("files", "playbook"),
    [
        (["audit.yml", "verdict.yml"], "audit"),
        (["audit.yml", "remediate.yml", "verdict.yml"], "remediate"),
        (["remediate.yml", "rollback.yml"], "rollback"),
        (["verdict.yml"], "verdict"),
    ],
)
def test_a_run_is_named_after_what_changes_most(make_play, files: list[str], playbook: str) -> None:
    plays = [make_play("commerce", scope.PLAYBOOKS / file) for file in files]
    assert scope.scope_of(plays[0], plays, {}).said["playbook"] == playbook


def test_a_run_of_another_playbook_is_named_after_it(make_play, tmp_path: Path) -> None:
    play = make_play("commerce", tmp_path / "site.yml")
    assert scope.scope_of(play, [play], {}).said["playbook"] == "site"
    assert scope.scope_of(make_play("commerce"), [], {}).said["playbook"] == "A play"


def test_plays_are_known_by_their_file_or_their_roles(make_play, tmp_path: Path) -> None:
    elsewhere = tmp_path / "site.yml"
    assert scope.is_ours(make_play("commerce", scope.PLAYBOOKS / "rollback.yml"))
    assert scope.is_ours(make_play("commerce", elsewhere, [AUDIT]))
    assert not scope.is_ours(make_play("commerce", elsewhere))
    assert not scope.is_ours(make_play("commerce", elsewhere, [Role("audit", "acme.other")]))
    assert not scope.is_ours(make_play("commerce"))


def test_only_roles_make_a_play_one_about_stores(make_play) -> None:
    assert scope.has_our_roles(make_play("commerce", roles=[AUDIT]))
    assert not scope.has_our_roles(make_play("localhost", scope.PLAYBOOKS / "report.yml"))


def test_the_last_play_is_known_by_its_file(make_play) -> None:
    assert scope.is_verdict(make_play("commerce", scope.PLAYBOOKS / "verdict.yml"))
    assert not scope.is_verdict(make_play("commerce", scope.PLAYBOOKS / "audit.yml"))
    assert not scope.is_verdict(make_play("commerce"))
