# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A switch in one call: what it leaves after success, after every kind of failure, and after a kill anywhere."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from support.killed import killed_before
from support.live_root import EVENTS, MODEL
from support.switch_node import BROKEN, DEFECTIVE, FIXED, Node
from support.switch_root import STAGED, contents, store_tree

from ansible_collections.storefleet.commerce.plugins.module_utils import (
    kept_files,
    switch_site,
    switch_source,
    switch_whole,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Lease
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import read_record, write_record
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.trail import TRAIL


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk takes most of the time, and nothing here goes by it."""
    monkeypatch.setattr(os, "fsync", lambda dummy: None)


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    made = Node(tmp_path)
    made.patch(monkeypatch)
    return made


def refused(node: Node, *given, **wished) -> CommerceError:
    with pytest.raises(CommerceError) as raised:
        node.run(*given, **wished)
    return raised.value


def files_and(found: dict[str, tuple]) -> dict[str, tuple]:
    """A tree's paths, and all of its files; a kill between two acts on one folder leaves that folder's time."""
    return {path: of if of[-1] else () for path, of in found.items()}


def test_a_switch_is_made_and_proven_and_leaves_nothing(node) -> None:
    result = node.run()
    assert node.did == ["require", "prove", "hold", "reload", "wait", "clean", "prove", "restart", "wait"]
    assert (result["changed"], result["before"], result["after"]) == (True, DEFECTIVE, FIXED)
    assert result["actions"] == ["reloaded", "switched the code", "cleaned", "switched the configuration", "told"]
    assert set(result["files"]) > set(STAGED)
    assert set(result["seconds"]) == {
        "prove",
        "prepare",
        "code",
        "reload",
        "requests_of_before",
        "configuration",
        "clean",
    }
    assert result["kept_until"] is None
    assert contents(node.root) == STAGED
    assert not (node.root / OWN_FOLDER).exists()


def test_customers_are_served_at_every_moment_between_the_steps(node) -> None:
    seen = []
    for name in ("hold", "reload", "wait", "clean", "prove"):
        node.act[name] = lambda: seen.append(node.now())
    node.run(keep_way_back=60)
    node.run("revert")
    assert BROKEN not in seen
    assert len(seen) == 14


def trail(node) -> list[str]:
    """The outcomes in the store's log."""
    return [json.loads(line)["outcome"] for line in (node.root / TRAIL).read_text().splitlines()]


def test_files_get_their_own_times_when_no_request_of_before_is_left(node) -> None:
    """Or an opcache that validates timestamps mixes old and new code in a request that is in flight."""
    before = os.stat(node.root / MODEL).st_mtime_ns
    seen = []
    for name in ("reload", "clean", "prove", "wait"):
        node.act[name] = lambda: seen.append(os.stat(node.root / MODEL).st_mtime_ns)
    node.run()
    assert trail(node) == ["changed"]
    assert set(seen) == {before}
    assert os.stat(node.root / MODEL).st_mtime_ns > before


@pytest.mark.parametrize("fail", ["reload once", "clean once", "say", "restart", "stale once", "health", "prove after"])
def test_a_failure_brings_back_the_tree_of_before(node, fail: str) -> None:
    before = store_tree(node.root)
    name = fail.split()[0]
    if fail == "say":
        node.say = BROKEN
    elif fail == "health":
        node.act["clean"] = lambda: node.health.append("The home page is broken.")
    elif fail == "prove after":
        node.act["clean"] = lambda: node.fail.append("prove") if node.did.count("clean") == 1 else node.fail.clear()
    else:
        node.fail.append(name)
        # The way back goes the same steps, and this one does it.
        undone = {"reload": "reload", "stale": "reload", "clean": "clean"}.get(name)
        if undone:
            node.act[undone] = lambda: node.fail.clear() if node.did.count(undone) == 2 else None
    error = refused(node)
    assert error.code == "rolled_back"
    assert "serves as before (rest defective)" in str(error)
    assert store_tree(node.root) == before
    assert node.now() == DEFECTIVE
    assert not (node.root / OWN_FOLDER).exists()
    assert trail(node) == ["taken_back"]


def test_the_way_back_is_configuration_clean_code_reload_and_proof(node) -> None:
    node.say = BROKEN
    refused(node)
    assert node.did == [
        "require",
        "prove",
        "hold",
        "reload",
        "wait",
        "clean",
        "prove",
        "clean",
        "hold",
        "reload",
        "wait",
        "prove",
    ]


@pytest.mark.parametrize("name", ["reload", "clean", "prove"])
def test_a_signal_takes_the_way_back(node, name: str) -> None:
    before, handler = store_tree(node.root), signal.getsignal(signal.SIGHUP)
    node.act[name] = lambda: os.kill(os.getpid(), signal.SIGHUP) if "reload" in node.did else None
    assert refused(node).code == "rolled_back"
    assert store_tree(node.root) == before
    assert signal.getsignal(signal.SIGHUP) == handler


def test_a_way_back_that_fails_says_what_to_do_and_is_finished_by_the_next_run(node) -> None:
    before = store_tree(node.root)
    node.fail.append("reload")
    error = refused(node)
    assert error.code == "rollback_failed"
    assert "As root: service php-fpm reload." in error.next_step or "systemctl reload php-fpm" in error.next_step
    assert "cp -a" not in error.next_step, "the files are back already"
    node.fail.clear()
    assert node.run()["actions"][0] == "put right what an interrupted run had left"
    assert contents(node.root) == STAGED
    assert before != store_tree(node.root)


def test_a_store_that_does_not_serve_as_before_when_all_is_back_needs_hands(node, monkeypatch) -> None:
    before = contents(node.root)
    node.say = BROKEN
    node.act["clean"] = lambda: node.did.count("clean") == 2 and monkeypatch.setattr(node, "now", lambda: BROKEN)
    error = refused(node)
    assert (error.code, contents(node.root)) == ("rollback_failed", before)
    assert "prove that the store serves as before" in str(error)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda node: (node.root / MODEL).write_text("<?php // deployed"), "live_changed"),
        (lambda node: (node.root / "generated/metadata/global.php").touch(), "live_changed"),
        (lambda node: (node.root / "../.dep").mkdir() or (node.root / "../.dep/deploy.lock").touch(), "deploy_running"),
        (lambda node: node.fail.append("require"), "failed"),
        (lambda node: node.fail.append("lock"), "leased"),
    ],
)
def test_what_hinders_is_seen_before_anything_is_changed(node, spoil, code: str) -> None:
    spoil(node)
    before = store_tree(node.root)
    assert refused(node).code == code
    assert store_tree(node.root) == before
    assert not (node.root / OWN_FOLDER).exists()


def test_a_store_that_cannot_be_tested_is_not_changed(node, monkeypatch) -> None:
    before = store_tree(node.root)
    monkeypatch.setattr(node, "now", lambda: {"rest": "not_testable"})
    assert refused(node).code == "not_testable"
    assert store_tree(node.root) == before
    assert not (node.root / OWN_FOLDER).exists()


def test_two_calls_at_a_time_are_refused(node) -> None:
    with Lease(str(node.root)):
        assert refused(node).code == "leased"


def test_what_gets_worse_while_the_store_soaks_takes_the_way_back(node, monkeypatch) -> None:
    before, slept, now = store_tree(node.root), [], [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds
        if len(slept) == 3:
            node.health.append("There are new reports.")

    monkeypatch.setattr(switch_site.time, "sleep", sleep)
    monkeypatch.setattr(switch_site.time, "monotonic", lambda: now[0])
    error = refused(node, soak_seconds=600)
    assert (error.code, slept) == ("rolled_back", [10.0] * 3)
    assert "There are new reports." in str(error)
    assert store_tree(node.root) == before


def test_a_store_that_soaked_is_proven_once_more_at_the_end(node, monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(switch_site.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    monkeypatch.setattr(switch_site.time, "monotonic", lambda: now[0])
    node.run(soak_seconds=25)
    assert now[0] == 25
    assert node.did.count("prove") == 3


def test_what_a_build_has_looked_at_need_not_be_what_it_changed(node) -> None:
    record = read_record(str(node.root))
    path = "vendor/bin/magento-patches"
    write_record(str(node.root), record._replace(fingerprint={**record.fingerprint, "blobs": {path: None}}))
    assert switch_source.staged(str(node.root)).watched == (path,)
    assert node.run()["changed"] is True


def test_what_is_not_changed_by_the_build_may_not_change_either(node) -> None:
    record = read_record(str(node.root))
    write_record(str(node.root), record._replace(fingerprint={**record.fingerprint, "blobs": {MODEL: "of before"}}))
    assert refused(node).code == "live_changed"


@pytest.mark.parametrize(("behaviour", "code"), [(DEFECTIVE, None), (FIXED, None), (BROKEN, "rolled_back")])
def test_a_release_without_patches_is_to_behave_as_before(node, behaviour: dict, code: str | None) -> None:
    node.say = behaviour
    if code:
        assert refused(node, patches=()).code == code
        assert node.now() == DEFECTIVE
    else:
        result = node.run(patches=())
        assert (result["before"], result["after"]) == (DEFECTIVE, behaviour)


@pytest.mark.parametrize(("behaviour", "code"), [(DEFECTIVE, None), (FIXED, None), (BROKEN, "rolled_back")])
def test_another_patch_is_proven_by_what_the_store_did_before(node, behaviour: dict, code: str | None) -> None:
    node.say = behaviour
    if code:
        assert refused(node, patches=("ACSD-1",)).code == code
        return
    result = node.run(patches=("ACSD-1",))
    assert (result["before"], result["after"]) == (DEFECTIVE, behaviour)
    node.did.clear()
    assert node.run(patches=("ACSD-1",))["changed"] is False


@pytest.mark.parametrize("patches", [("ACSD-1", "ACSD-61103"), ("ACSD-61103",)])
def test_a_store_that_gets_both_is_proven_by_both(node, patches: tuple) -> None:
    node.say = DEFECTIVE
    assert refused(node, patches=patches).code == "rolled_back"
    node.say = None
    node.build()
    node.act["clean"] = lambda: node.health.append("The home page is broken.")
    assert refused(node, patches=patches).code == "rolled_back"


def test_another_patch_that_does_harm_to_a_page_is_taken_back(node) -> None:
    node.act["clean"] = lambda: node.health.append("The home page is broken.")
    error = refused(node, patches=("ACSD-1",))
    assert error.code == "rolled_back"
    assert "The home page is broken." in str(error)


def test_without_patches_and_a_stage_nothing_is_to_be_done(node) -> None:
    node.run()
    node._event = False
    node.did.clear()
    assert node.run(patches=())["changed"] is False
    assert node.did == ["prove"]


def test_where_nothing_is_staged_a_well_store_is_left_alone(node) -> None:
    node.run()
    before = store_tree(node.root)
    node.did.clear()
    result = node.run()
    assert (result["changed"], result["actions"], result["after"]) == (False, [], FIXED)
    assert node.did == ["prove"]
    assert store_tree(node.root) == before


def test_where_nothing_is_staged_a_store_that_does_not_follow_its_files_is_made_to(node) -> None:
    node.run()
    node._event = False
    node.did.clear()
    assert node.run()["after"] == FIXED
    assert node.did == ["prove", "require", "reload", "clean", "prove"]
    node.say = DEFECTIVE
    assert refused(node).code == "not_effective"


def test_kept_files_are_brought_back_whole_without_a_build(node) -> None:
    before = store_tree(node.root)
    until = node.run(keep_way_back=3600)["kept_until"]
    assert until.endswith("+00:00")
    assert [path.name for path in (node.root / OWN_FOLDER).iterdir()] == ["kept"]
    node.did.clear()
    result = node.run("revert")
    assert node.did == ["ensure", "require", "prove", "clean", "hold", "reload", "wait", "prove", "restart", "wait"]
    assert (result["changed"], result["before"], result["after"]) == (True, FIXED, DEFECTIVE)
    assert store_tree(node.root) == before
    assert not (node.root / OWN_FOLDER).exists()


def test_a_revert_that_fails_leaves_the_patched_store_and_what_is_kept(node) -> None:
    node.run(keep_way_back=3600)
    before = store_tree(node.root)
    node.fail.append("restart")
    assert refused(node, "revert").code == "rolled_back"
    assert store_tree(node.root) == before
    node.fail.clear()
    assert node.run("revert")["after"] == DEFECTIVE


@pytest.mark.parametrize("spoil", ["nothing kept", "deployed", "over", "other patch", "other state", "no journal"])
def test_files_that_are_kept_no_more_or_do_not_fit_are_refused(node, monkeypatch, spoil: str) -> None:
    if spoil != "nothing kept":
        node.run(keep_way_back=3600)
    before = store_tree(node.root)
    if spoil == "deployed":
        (node.root / MODEL).write_text("<?php // new too")
    elif spoil == "over":
        monkeypatch.setattr(kept_files.time, "time", lambda: 1e12)
    elif spoil == "no journal":
        (node.root / OWN_FOLDER / "kept/journal.json").write_text("{")
    elif spoil.startswith("other"):
        path = node.root / OWN_FOLDER / "kept/journal.json"
        other = {"patches": ["ACSD-1"]} if spoil == "other patch" else {"state": "absent"}
        path.write_text(json.dumps({**json.loads(path.read_text()), **other}))
    assert refused(node, "revert").code == "way_back_stale"
    if spoil in ("over", "no journal"):
        assert not (node.root / OWN_FOLDER).exists()
    if spoil != "deployed":
        assert store_tree(node.root) == before


@pytest.mark.parametrize(("without", "code"), [(b"<config/>", None), (b"still another", "way_back_stale")])
def test_kept_files_have_to_be_without_all_of_the_patches(node, monkeypatch, without: bytes, code) -> None:
    node.run(keep_way_back=3600)
    before = store_tree(node.root)
    out = Outcome(True, (), (EVENTS,), (), {EVENTS: b""}, {EVENTS: without})
    monkeypatch.setattr(switch_whole, "ensure", lambda *dummy: out)
    if code:
        assert refused(node, "revert").code == code
        assert store_tree(node.root) == before
    else:
        assert node.run("revert")["after"] == DEFECTIVE


def test_a_patched_file_that_the_switch_left_alone_is_not_among_the_kept(node, monkeypatch) -> None:
    node.run(keep_way_back=3600)
    out = Outcome(True, (), ("a.php",), (), {"a.php": b"1"}, {"a.php": None})
    monkeypatch.setattr(switch_whole, "ensure", lambda *dummy: out)
    assert refused(node, "revert").code == "way_back_stale"


def test_kept_files_go_when_their_time_is_over_and_not_before(node, monkeypatch) -> None:
    assert not node.run("expire")["changed"]
    node.run(keep_way_back=3600)
    assert not node.run("expire")["changed"]
    assert (node.root / OWN_FOLDER / "kept").exists()
    monkeypatch.setattr(kept_files.time, "time", lambda: 1e12)
    words = "removed the files of before, as their time is over"
    assert node.run("expire", check=True)["actions"] == [f"would have {words}"]
    assert (node.root / OWN_FOLDER / "kept").exists()
    node.did.clear()
    assert node.run("expire")["actions"] == [words]
    assert not (node.root / OWN_FOLDER).exists()
    assert node.did == []


def test_a_call_that_is_killed_anywhere_is_put_right_by_the_next(tmp_path: Path, monkeypatch) -> None:
    number, came_so_far, outcomes = 0, True, set()
    while came_so_far:
        node = Node(tmp_path / str(number))
        node.patch(monkeypatch)
        before = store_tree(node.root)
        came_so_far = killed_before(monkeypatch, number, node.run)
        # What the next run calls first, whatever it is there for.
        node.fail.clear()
        kept = contents(node.root) == STAGED and not (node.root / OWN_FOLDER / "way_back").exists()
        result = node.run()
        assert node.now() == result["after"] == FIXED, f"killed before call {number}"
        outcomes.add(bool(kept))
        assert contents(node.root) == STAGED, f"killed before call {number}"
        assert not (node.root / OWN_FOLDER).exists()
        assert before
        number += 1
    assert number > 40
    assert outcomes == {True, False}


def test_a_revert_that_is_killed_anywhere_is_put_right_by_the_next(tmp_path: Path, monkeypatch) -> None:
    number, came_so_far = 0, True
    while came_so_far:
        node = Node(tmp_path / str(number))
        node.patch(monkeypatch)
        before = store_tree(node.root)
        node.run(keep_way_back=3600)
        came_so_far = killed_before(monkeypatch, number, lambda node=node: node.run("revert"))
        # Where it had been proven the next run only clears away, and finds nothing to revert.
        with suppress(CommerceError):
            node.run("revert")
        assert files_and(store_tree(node.root)) == files_and(before), f"killed before call {number}"
        assert not (node.root / OWN_FOLDER).exists()
        # Every call of the file system is killed before by its like of the switch itself; here some do.
        number += 3
    assert number > 40


def test_check_mode_writes_nothing_and_predicts(node) -> None:
    before = store_tree(node.root)
    result = node.run(check=True)
    assert (result["changed"], result["after"]) == (True, {})
    assert set(result["files"]) > set(STAGED)
    assert node.did == []
    assert store_tree(node.root) == before
    node.run(keep_way_back=60)
    assert node.run(check=True)["changed"] is False
    assert node.run("revert", check=True)["changed"] is True
    assert contents(node.root) == STAGED
