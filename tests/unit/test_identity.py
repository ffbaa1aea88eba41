# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving up root: what the work may do afterwards, what it asks root for, and how its end is told."""

from __future__ import annotations

import os
import pwd
import signal
import time
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import identity_of, owner_of, run_as
from ansible_collections.storefleet.commerce.plugins.module_utils.interruptions import Interrupted, held

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")
NOBODY = "nobody"


def refuse(request):
    raise CommerceError("do it", request["what"], "no", "Ask again.", code="refused")


@ROOT_ONLY
def test_work_runs_as_the_user_and_nothing_of_root_is_left(monkeypatch):
    monkeypatch.setenv("SECRET_OF_ROOT", "x")

    def work(dummy):
        return {"ids": [*os.getresuid(), *os.getresgid()], "groups": os.getgroups(), "environment": sorted(os.environ)}

    entry = pwd.getpwnam(NOBODY)
    result = run_as(identity_of(NOBODY), work, refuse)
    assert result["ids"] == [entry.pw_uid] * 3 + [entry.pw_gid] * 3
    assert 0 not in result["groups"]
    assert "SECRET_OF_ROOT" not in result["environment"]
    assert os.geteuid() == 0


@ROOT_ONLY
def test_root_answers_what_the_work_asks():
    result = run_as(
        identity_of(NOBODY), lambda ask: {"heard": ask({"number": 1})}, lambda request: {"as": os.geteuid(), **request}
    )
    assert result == {"heard": {"as": 0, "number": 1}}


@ROOT_ONLY
def test_a_refusal_of_root_reaches_the_caller_through_the_work():
    with pytest.raises(CommerceError) as raised:
        run_as(identity_of(NOBODY), lambda ask: ask({"what": "a pool"}), refuse)
    assert raised.value.as_dict() == {
        "tried": "do it",
        "on": "a pool",
        "came_back": "no",
        "next_step": "Ask again.",
        "code": "refused",
    }


@ROOT_ONLY
def test_an_unforeseen_error_is_told_without_its_message():
    def work(dummy):
        raise RuntimeError("password=hunter2")

    with pytest.raises(CommerceError) as raised:
        run_as(identity_of(NOBODY), work, refuse)
    assert "RuntimeError in test_identity.py:" in str(raised.value)
    assert "hunter2" not in str(raised.value)


@ROOT_ONLY
def test_a_work_that_dies_is_told():
    with pytest.raises(CommerceError, match="ended without a result"):
        run_as(identity_of(NOBODY), lambda dummy: os._exit(9), refuse)


def test_the_user_itself_works_in_this_process():
    me = identity_of(pwd.getpwuid(os.geteuid()).pw_name)
    assert run_as(me, lambda ask: {"pid": os.getpid(), "heard": ask({"a": 1})}, lambda request: request) == {
        "pid": os.getpid(),
        "heard": {"a": 1},
    }


@ROOT_ONLY
def test_a_third_user_is_refused(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam(NOBODY).pw_uid)
    with pytest.raises(CommerceError) as raised:
        run_as(identity_of("root"), lambda dummy: {}, refuse)
    assert raised.value.code == "wrong_user"
    assert "but nobody" in str(raised.value)


@ROOT_ONLY
def test_the_owner_of_a_store_is_found_through_a_link_of_its_own(tmp_path):
    release = tmp_path / "releases" / "1"
    release.mkdir(parents=True)
    os.chown(release, pwd.getpwnam(NOBODY).pw_uid, -1)
    current = tmp_path / "current"
    current.symlink_to(release)
    assert owner_of(str(current)).name == NOBODY
    os.lchown(current, pwd.getpwnam("daemon").pw_uid, -1)
    with pytest.raises(CommerceError) as raised:
        owner_of(str(current))
    assert raised.value.code == "foreign_link"


@ROOT_ONLY
def test_a_store_of_root_needs_its_user_named(tmp_path):
    (tmp_path / "app/etc").mkdir(parents=True)
    with pytest.raises(CommerceError) as raised:
        owner_of(str(tmp_path))
    assert raised.value.code == "owned_by_root"
    assert owner_of(str(tmp_path), "root").uid == 0


def test_a_root_that_is_not_there_and_an_unknown_user_are_told(tmp_path):
    with pytest.raises(CommerceError) as raised:
        owner_of(str(tmp_path / "none"))
    assert raised.value.code == "no_store"
    with pytest.raises(CommerceError) as raised:
        identity_of("no-such-user")
    assert raised.value.code == "no_user"


@ROOT_ONLY
def test_a_folder_of_root_that_is_no_store_needs_no_user(tmp_path):
    with pytest.raises(CommerceError) as caught:
        owner_of(str(tmp_path))
    assert caught.value.code == "no_store"


def test_groups_of_the_user_are_taken_along():
    assert identity_of("root").groups[0] == 0
    assert Path("/").owner() == "root"


@ROOT_ONLY
def test_a_signal_is_the_works_to_answer():
    def work(ask):
        with held() as signals:
            ask({})
            try:
                with signals.let_through():
                    time.sleep(10)
            except Interrupted as error:
                return {"undone after": error.number}
        return {}

    def signalled(dummy):
        os.kill(os.getpid(), signal.SIGTERM)
        return {}

    assert run_as(identity_of(NOBODY), work, signalled) == {"undone after": signal.SIGTERM}
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@ROOT_ONLY
def test_work_whose_root_was_killed_asks_itself(tmp_path):
    def killed(request):
        if os.geteuid() == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"as": os.geteuid(), **request}

    with open(tmp_path / "heard", "w+") as heard:

        def work(ask):
            heard.write(str(ask({"number": 1})))
            heard.flush()
            return {}

        root = os.fork()
        if root == 0:
            try:
                run_as(identity_of(NOBODY), work, killed)
            finally:
                os._exit(0)
        os.waitpid(root, 0)
        deadline = time.monotonic() + 10
        while not (tmp_path / "heard").read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert (tmp_path / "heard").read_text() == str({"as": pwd.getpwnam(NOBODY).pw_uid, "number": 1})
