# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of Ansible has one name in all of its workers; a worker whose run was killed begins nothing more."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import subprocess
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder, holder_of
from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process, process_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils import run_identity
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_identity import HolderMixin, has_ended, holder


@pytest.fixture(autouse=True)
def _run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_identity.constants, "DEFAULT_LOCAL_TMP", "/root/.ansible/tmp/ansible-local-4711x8k2n5c3")


def in_worker() -> dict:
    """What a worker process says of its run."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(holder, ({"inventory_hostname": "web1"},))


def test_every_worker_says_the_same_of_its_run() -> None:
    found = in_worker()
    assert found == in_worker() == holder({"inventory_hostname": "web1"})
    assert Process(found["pid"], found["started"], found["space"]) == process_of(os.getpid())
    assert (found["run"], found["host"]) == (f"{os.uname().nodename}:4711x8k2n5c3", "web1")


def test_it_is_what_the_modules_take() -> None:
    made = holder_of({"_holder": holder(None, ended="ops:1")})
    assert isinstance(made, Holder)
    assert (made.host, made.ended, made.pid) == ("", "ops:1", os.getpid())


@pytest.mark.parametrize(
    ("task_vars", "sudo", "who"),
    [
        ({}, None, pwd.getpwuid(os.getuid()).pw_name),
        ({}, "alice", "alice"),
        ({"awx_user_name": "bob"}, "alice", "bob"),
        ({"tower_user_name": "eve", "awx_user_name": ""}, None, "eve"),
    ],
)
def test_who_started_the_run(monkeypatch: pytest.MonkeyPatch, task_vars: dict, sudo: str | None, who: str) -> None:
    monkeypatch.delenv("SUDO_USER", raising=False)
    if sudo:
        monkeypatch.setenv("SUDO_USER", sudo)
    made = holder_of({"_holder": holder(task_vars, change_id="CHG-7")})
    assert (made.operator, made.change_id) == (who, "CHG-7")


def test_a_worker_of_a_killed_run_begins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    monkeypatch.setattr(run_identity.multiprocessing, "parent_process", lambda: SimpleNamespace(pid=gone.pid))
    with pytest.raises(AnsibleActionFail, match="killed"):
        holder({})


def test_only_what_is_seen_to_be_gone_has_ended() -> None:
    own = process_of(os.getpid())
    assert not has_ended(own)
    assert has_ended(own._replace(started=own.started - 1))
    assert not has_ended(own._replace(space="another machine"))


class Base(ActionBase):
    """Runs no module: gives what it would be given."""

    def __init__(self):
        self._task = SimpleNamespace(args={"root": "/srv/store"})
        self._templar = SimpleNamespace(template=lambda text: text.replace("{{ ticket }}", "CHG-7"))

    def run(self, tmp=None, task_vars=None):
        return self._task.args


class Action(HolderMixin, Base):
    pass


def test_the_module_is_told_with_its_own_options() -> None:
    made = Action()
    given = made._task.args
    task_vars = {"inventory_hostname": "web1", "commerce_change_id": "{{ ticket }}"}
    assert made.run(task_vars=task_vars) == {
        "root": "/srv/store",
        "_holder": holder({"inventory_hostname": "web1"}, change_id="CHG-7"),
    }
    assert given == {"root": "/srv/store"}
