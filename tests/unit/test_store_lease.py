# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module that takes the lease and gives it back; its action plugin knows the processes of the control node."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.plugins.action import ActionBase
from support.live_root import make_root, tree
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.action import store_lease as action
from ansible_collections.storefleet.commerce.plugins.module_utils import lease
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder, lease_of
from ansible_collections.storefleet.commerce.plugins.modules import store_lease

FIRST = Holder("ops:1", "ops", 10, 1000, "elsewhere", host="web1")._asdict()
SECOND = Holder("ops:2", "ops", 11, 1100, "elsewhere", host="web2")._asdict()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    store = make_root(tmp_path / "store")
    (store / "app/etc").mkdir(parents=True)
    (store / "composer.json").write_text('{"require": {"magento/product-community-edition": "2.4.6"}}')
    return store


@pytest.fixture
def run(monkeypatch, capsys, root):
    start = runner(store_lease.main, monkeypatch, capsys)
    return lambda **options: start(**{"root": str(root), **options})


def test_a_run_takes_it_once_and_gives_it_back_once(run, root) -> None:
    answers = [run(_holder=FIRST, state=state) for state in ("present", "present", "absent", "absent")]
    assert [answer["changed"] for answer in answers] == [True, False, True, False]
    assert [answer["actions"] for answer in answers] == [[]] * 4
    assert not (root / ".storefleet").exists()


def test_the_expiry_is_as_asked(run, root) -> None:
    run(_holder=FIRST, expires=77)
    found = lease_of(str(root))
    assert (found.seconds, round(found.expires - found.taken)) == (77, 77)


def test_the_host_that_was_first_in_a_shared_tree_is_named(run) -> None:
    assert run(_holder=FIRST)["shared_with"] is None
    assert run(_holder={**FIRST, "host": "web2"})["shared_with"] == "web1"


def test_another_run_is_refused_and_told_whose_it_is(run, root) -> None:
    run(_holder=FIRST)
    answer = run(_holder=SECOND)
    assert (answer["failed"], answer["code"]) == (True, "leased")
    assert answer["held_by"] == {name: getattr(lease_of(str(root)), name) for name in answer["held_by"]} | {
        "process": [10, 1000, "elsewhere"]
    }
    assert set(answer["held_by"]) == set(yaml.safe_load(store_lease.RETURN)["held_by"]["contains"])
    left = run(_holder=SECOND, state="absent")
    assert (left["changed"], left["held_by"]) == (False, answer["held_by"])
    forced = run(_holder=SECOND, state="absent", force=True)
    assert (forced["changed"], "held_by" in forced) == (True, False)


def test_whose_stale_lease_was_taken_over_is_said(run, monkeypatch) -> None:
    # Here the module's process is the test's, which goes on.
    monkeypatch.setattr(lease, "is_running", lambda process: None)
    run(_holder=FIRST)
    answer = run(_holder={**SECOND, "ended": "ops:1"})
    assert answer["changed"]
    assert ["stale lease: the run ops:1" in words for words in answer["actions"]] == [True]


def test_in_check_mode_nothing_is_written(run, root) -> None:
    before = tree(root)
    assert run(check=True, _holder=FIRST)["changed"]
    assert tree(root) == before
    run(_holder=FIRST)
    assert run(check=True, _holder=SECOND)["code"] == "leased"
    assert run(check=True, _holder=FIRST, state="absent")["changed"]
    assert lease_of(str(root)).run == "ops:1"


def test_a_folder_without_a_store_gets_no_file_of_ours(run, tmp_path) -> None:
    (tmp_path / "plain").mkdir()
    assert run(root=str(tmp_path / "plain"), _holder=FIRST)["code"] == "no_store"
    assert list((tmp_path / "plain").iterdir()) == []


def test_without_a_run_there_is_nobody_to_have_it(run) -> None:
    assert run()["code"] == "no_holder"


class FakeAction(action.ActionModule):
    """Calls no module: gives the answers in turn, and keeps what it would call it with."""

    def __init__(self, *answers: dict):
        self.answers, self.calls = list(answers), []
        self._task = type("Task", (), {"args": {"root": "/srv/store"}})
        self._templar = type("Templar", (), {"template": lambda dummy, text: text})()

    def _execute_module(self, module_args=None, **dummy):
        self.calls.append(module_args)
        return self.answers.pop(0)


LEASED = {"failed": True, "code": "leased", "held_by": {"run": "ops:1", "process": [10, 1000, "here"]}}


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ActionBase, "run", lambda *dummy: {})
    monkeypatch.setattr(action, "holder", lambda task_vars, ended, change_id: {"run": "ops:2", "ended": ended})
    seen = {}
    monkeypatch.setattr(action, "has_ended", lambda process: seen.setdefault(process, process.space == "here"))
    return seen


@pytest.mark.usefixtures("ended")
def test_a_run_that_has_ended_on_this_control_node_is_named_to_the_module() -> None:
    made = FakeAction(LEASED, {"changed": True})
    assert made.run(task_vars={}) == {"changed": True}
    assert [call["_holder"]["ended"] for call in made.calls] == ["", "ops:1"]
    assert all(call["root"] == "/srv/store" for call in made.calls)


def test_a_run_that_may_still_go_on_keeps_its_lease(ended) -> None:
    elsewhere = {**LEASED, "held_by": {"run": "ops:1", "process": [10, 1000, "elsewhere"]}}
    made = FakeAction(elsewhere)
    assert made.run(task_vars={}) == elsewhere
    assert [tuple(process) for process in ended] == [(10, 1000, "elsewhere")]


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("answer", [{"changed": False}, {"failed": True, "code": "leased", "held_by": None}])
def test_the_module_is_called_once_where_nobody_is_named(answer: dict) -> None:
    made = FakeAction(answer)
    assert made.run(task_vars={}) == answer
    assert len(made.calls) == 1
