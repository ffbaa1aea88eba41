# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change in a live root: what is left of it after success, after every kind of failure, and after a kill."""

from __future__ import annotations

import dataclasses
import os
import signal
import stat

import pytest
from support.live_root import EVENTS, FACTORY, LONG_AGO, MODEL, NEW, PATHS, make_change, make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils import way_back as way_back_module
from ansible_collections.storefleet.commerce.plugins.module_utils.behaviour import is_fixed
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Lease
from ansible_collections.storefleet.commerce.plugins.module_utils.live import (
    LiveChange,
    Tools,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.store import MAINTENANCE_FLAG as FLAG
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.store import WAY_BACK as FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.way_back import WayBack

DEFECTIVE = {"rest": "defective", "soap": "closed"}
FIXED = {"rest": "fixed", "soap": "closed"}
BROKEN = {"rest": "broken", "soap": "closed"}


@pytest.fixture
def root(tmp_path):
    return make_root(tmp_path)


def wanted(behaviour, dummy_before):
    return is_fixed(behaviour)


class Store:
    """Tools on a folder, whose behaviour follows from its files. A step named in fail raises, one in act does more."""

    def __init__(self, root, fail=(), act=None, compiled=True):
        self.root, self.fail, self.act, self.compiled, self.did = root, fail, act or {}, compiled, []

    def tools(self):
        return Tools(self._change, self._compile, self._step("reload"), self._step("clean"), self._prove)

    def _step(self, name):
        def step():
            self.did.append(name)
            self.act.get(name, lambda: None)()
            if name in self.fail:
                raise CommerceError(name, str(self.root), "no", "Try again.")
            return name

        return step

    def _change(self):
        make_change(self.root)
        self._step("change")()
        return ["changed"]

    def _compile(self):
        (self.root / "generated/metadata").mkdir()
        (self.root / "generated/metadata/global.php").write_text("<?php return ['new'];")
        return self._step("compile")()

    def _prove(self):
        self.did.append("prove")
        if (self.root / FLAG).exists():
            return {"rest": "not_testable"}
        new = "new" in (self.root / MODEL).read_text()
        wired = not self.compiled or ("new" in (self.root / "generated/metadata/global.php").read_text()) == new
        if not wired or ("broken" in self.fail and new):
            return BROKEN
        return FIXED if new and (self.root / NEW).exists() and "without_effect" not in self.fail else DEFECTIVE

    def run(self, needed=True):
        return LiveChange(str(self.root), self.compiled, PATHS, "apply it", self.tools(), wanted).run(needed)


def test_a_compiled_store_is_repaired_under_maintenance(root):
    flag = []
    store = Store(
        root,
        act={name: lambda: flag.append((root / FLAG).exists()) for name in ("change", "compile", "reload", "clean")},
    )
    outcome = store.run()
    assert (outcome.before, outcome.after) == (DEFECTIVE, FIXED)
    assert store.did == ["prove", "change", "compile", "reload", "clean", "prove"]
    assert sorted(outcome.seconds) == ["clean", "compile", "patch", "prove", "reload"]
    assert flag == [True] * 4
    assert not (root / FLAG).exists()
    assert not (root / OWN_FOLDER).exists()
    assert (root / "generated/.htaccess").read_text() == "Deny"
    assert stat.S_IMODE(os.stat(root / "generated").st_mode) == 0o2775


def test_a_store_that_is_not_compiled_needs_neither_maintenance_nor_compile(root):
    (root / "generated/metadata/global.php").unlink()
    store = Store(root, compiled=False, act={"change": lambda: store.did.append((root / FLAG).exists())})
    assert store.run().after == FIXED
    assert store.did == ["prove", "change", False, "reload", "clean", "prove"]
    assert not (root / FACTORY).exists(), "a generated class that repeats an old constructor was left"


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("fail", ["change", "compile", "clean_once", "broken", "without_effect"])
def test_a_failure_brings_back_the_tree_of_before(root, fail, compiled):
    if fail == "compile" and not compiled:
        fail = "change"
    failing = [fail]
    act = {}
    if fail == "clean_once":
        failing = ["clean"]
        act["clean"] = lambda: failing.clear() if store.did.count("clean") > 1 else None
    store = Store(root, fail=failing, act=act, compiled=compiled)
    before = tree(root)
    with pytest.raises(CommerceError) as raised:
        store.run()
    assert raised.value.code == "rolled_back"
    assert "serves as before (rest defective, soap closed)" in str(raised.value)
    assert tree(root) == before


def test_a_class_that_the_changed_code_generated_goes_too(root):
    (root / FACTORY).unlink()
    os.utime((root / FACTORY).parent, (LONG_AGO, LONG_AGO))
    before = tree(root)
    store = Store(root, fail=["broken"], compiled=False)
    store.act["clean"] = lambda: (
        (root / FACTORY).write_text("<?php // by a request") if store.did.count("clean") == 1 else None
    )
    with pytest.raises(CommerceError):
        store.run()
    assert tree(root) == before


def test_a_signal_takes_the_way_back(root):
    before = tree(root)
    store = Store(root, act={"compile": lambda: os.kill(os.getpid(), signal.SIGTERM)})
    with pytest.raises(CommerceError) as raised:
        store.run()
    assert raised.value.code == "rolled_back"
    assert tree(root) == before
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_way_back_that_fails_says_what_to_do_and_keeps_the_files(root):
    with pytest.raises(CommerceError) as raised:
        Store(root, fail=["reload"]).run()
    assert raised.value.code == "rollback_failed"
    # The files are back already: a command that touched them again would destroy them.
    assert "rm -rf generated" not in raised.value.next_step
    assert "cp -a" not in raised.value.next_step
    assert f"cache:clean config compiled_config && rm -f {FLAG} && rm -rf {OWN_FOLDER}." in raised.value.next_step
    assert (root / FOLDER).is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of another user")
def test_a_generated_class_of_the_web_server_stays_the_web_servers(root):
    for path in (FACTORY, os.path.dirname(FACTORY)):
        os.chown(root / path, 65534, 65534)
    os.utime(root / FACTORY, (LONG_AGO, LONG_AGO))
    before = tree(root)
    with pytest.raises(CommerceError) as raised:
        Store(root, fail=["broken"], compiled=False).run()
    assert raised.value.code == "rolled_back"
    # Its folder's times are the web server's to set.
    del before[os.path.dirname(FACTORY)]
    assert before.items() <= tree(root).items()


def test_a_file_that_cannot_be_put_back_is_a_failed_way_back(root, monkeypatch):
    def refuse(*dummy):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(WayBack, "put_back", refuse)
    with pytest.raises(CommerceError, match="Permission denied") as raised:
        Store(root, fail=["broken"]).run()
    assert raised.value.code == "rollback_failed"
    copies = f"cp -a {FOLDER}/files/{MODEL} {MODEL} && cp -a {FOLDER}/files/{EVENTS} {EVENTS}"
    commands = f"{copies} && rm -f {NEW} && rm -rf generated && mv {FOLDER}/generated generated && "
    assert commands in raised.value.next_step


def test_files_that_cannot_be_kept_leave_the_store_as_it_was(root, monkeypatch):
    def full(*dummy, **options):
        raise OSError(28, "No space left on device")

    before = tree(root)
    monkeypatch.setattr(way_back_module.shutil, "copymode", full)
    with pytest.raises(CommerceError, match="No space left on device") as raised:
        Store(root).run()
    assert raised.value.code == "no_way_back"
    assert tree(root) == before


def test_a_store_that_is_well_is_left_alone(root):
    Store(root).run()
    before = tree(root)
    store = Store(root)
    assert store.run(needed=False).actions == ()
    assert store.did == ["prove"]
    assert tree(root) == before


def test_right_files_without_the_behaviour_are_put_into_effect(root):
    Store(root)._change()
    (root / NEW).unlink()
    (root / NEW).parent.rmdir()
    store = Store(root)
    assert store.run(needed=False).before == BROKEN
    assert store.did == ["prove", "change", "compile", "reload", "clean", "prove"]


def test_a_maintenance_flag_that_was_found_stays_and_nothing_is_changed(root):
    (root / FLAG).touch()
    before = tree(root)
    with pytest.raises(CommerceError) as raised:
        Store(root).run()
    assert raised.value.code == "not_testable"
    assert tree(root) == before


def test_two_runs_at_a_time_are_refused(root):
    with Lease(str(root)), pytest.raises(CommerceError) as raised:
        Store(root).run()
    assert raised.value.code == "leased"


def test_a_signal_on_the_way_back_does_not_stop_it(root):
    before = tree(root)
    store = Store(root, fail=["compile"])
    store.act["clean"] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(CommerceError) as raised:
        store.run()
    assert raised.value.code == "rolled_back"
    assert tree(root) == before


@pytest.mark.parametrize("is_worse", [False, True])
def test_a_store_that_is_worse_besides_its_logins_is_as_before(root, is_worse):
    store = Store(root)
    asked = []
    before = tree(root)

    def worse(health):
        asked.append((health, (root / FLAG).exists()))
        return ["The home page does not answer."] if is_worse else []

    tools = dataclasses.replace(store.tools(), health=lambda: "well", worse=worse)
    change = LiveChange(str(root), True, PATHS, "apply it", tools, wanted)
    if is_worse:
        with pytest.raises(CommerceError, match="The home page does not answer") as caught:
            change.run(True)
        assert caught.value.code == "rolled_back"
        assert tree(root) == before
    else:
        assert change.run(True).after == FIXED
    assert asked == [("well", False)]


def test_a_change_is_held_against_what_the_store_did_before(root):
    seen = []

    def as_before(behaviour, before):
        seen.append((behaviour, before))
        return before is None or behaviour == before

    with pytest.raises(CommerceError) as caught:
        LiveChange(str(root), True, PATHS, "apply it", Store(root).tools(), as_before).run(True)
    assert caught.value.code == "rolled_back"
    assert seen == [(FIXED, DEFECTIVE)]
