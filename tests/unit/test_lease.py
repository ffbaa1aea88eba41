# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may change a store: one call at a time, one run from its first call to its last, and nothing is left of it."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from support.live_root import make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils import lease
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import (
    Holder,
    Lease,
    Taken,
    give_back,
    holder_of,
    lease_of,
    take,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.processes import process_of

ELSEWHERE = "a machine that cannot be seen from here"
FIRST = Holder("ops:1", "ops", 10, 1000, ELSEWHERE, host="web1")
SECOND = Holder("ops:2", "ops", 11, 1100, ELSEWHERE, host="web1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SHORT_CALL", 0.0)
    monkeypatch.setattr(lease, "OWN_CALL", 0.0)


def taken(root: Path) -> bool:
    """Whether somebody has the lease now."""
    try:
        with Lease(str(root)):
            return False
    except CommerceError:
        return True


def test_a_second_taker_is_told_to_wait(root: Path) -> None:
    with Lease(str(root)):
        with pytest.raises(CommerceError, match="another run is changing this store now") as raised, Lease(str(root)):
            raise AssertionError("two at a time")
        # A refused taker took nothing away from the first one.
        assert taken(root)
    assert (raised.value.code, raised.value.on) == ("leased", str(root))
    assert "Wait" in raised.value.next_step


def test_it_is_given_back_at_the_end_and_after_an_error(root: Path) -> None:
    made = Lease(str(root))
    for dummy in range(2):
        with pytest.raises(ValueError, match="of the store"), made:
            raise ValueError("of the store")
        assert not taken(root)


def test_it_dies_with_its_process(root: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with Lease(str(root)):
            os.write(writing, b"taken")
            signal.pause()
        os._exit(0)
    try:
        assert os.read(reading, 5) == b"taken"
        assert taken(root)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
    assert not taken(root)


def test_stores_beside_each_other_do_not_wait_for_each_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with Lease(str(tmp_path / "one")):
        assert not taken(tmp_path / "two")


def test_the_same_folder_by_another_name_is_the_same_store(root: Path, tmp_path_factory) -> None:
    link = tmp_path_factory.mktemp("links") / "current"
    link.symlink_to(root)
    with Lease(str(root)):
        assert taken(link)


def test_nothing_is_written_and_no_descriptor_stays_open(root: Path) -> None:
    before, descriptors = tree(root), len(list(Path("/proc/self/fd").iterdir()))
    with Lease(str(root)):
        assert tree(root) == before
        assert taken(root)
    assert tree(root) == before
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which the test sets."""
    now = [1_700_000_000.0]
    monkeypatch.setattr(lease.time, "time", lambda: now[0])
    return now


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes that this test process plays are seen as ended, those elsewhere are not seen at all."""
    monkeypatch.setattr(lease, "is_running", lambda process: None if process.space == ELSEWHERE else False)


def refused(root: Path, holder: Holder | None) -> str:
    """Why nobody but the run that has the lease may change the store: of a call, and of a taker if there is a run."""
    with pytest.raises(CommerceError) as raised, Lease(str(root), holder):
        raise AssertionError("two at a time")
    assert raised.value.code == "leased"
    if holder:
        with pytest.raises(CommerceError) as again:
            take(str(root), holder, 60)
        assert str(again.value) == str(raised.value)
    return str(raised.value)


def test_between_two_calls_of_a_run_no_other_run_gets_in(root: Path) -> None:
    assert take(str(root), FIRST, 600) == Taken(True, None, "")
    words = refused(root, SECOND)
    assert words == refused(root, None)
    assert "ops:1 of ops" in words
    assert "force" in words
    with Lease(str(root), FIRST) as own:
        assert own.words == ""
    assert lease_of(str(root)).run == "ops:1"


def test_every_call_of_its_run_renews_it(root: Path, clock: list[float]) -> None:
    take(str(root), FIRST, 600)
    clock[0] += 500
    with Lease(str(root), FIRST):
        found = lease_of(str(root))
        assert (found.taken, found.expires) == (clock[0] - 500, clock[0] + 600)
        assert found.call == process_of(os.getpid())
    clock[0] += 100
    assert take(str(root), FIRST, 60) == Taken(False, None, "")
    assert lease_of(str(root)).expires == clock[0] + 60


@pytest.mark.usefixtures("gone")
def test_one_that_has_expired_is_taken_over_and_that_is_said(root: Path, clock: list[float]) -> None:
    take(str(root), FIRST, 600)
    clock[0] += 599
    refused(root, SECOND)
    clock[0] += 1
    taken = take(str(root), SECOND, 600)
    assert (taken.changed, "stale lease: the run ops:1 of ops" in taken.words) == (True, True)
    assert lease_of(str(root)).run == "ops:2"
    # And whoever had it is now the one who has to wait.
    refused(root, FIRST)


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("holder", [SECOND, None])
def test_a_call_removes_a_stale_one_and_takes_none(root: Path, clock: list[float], holder: Holder | None) -> None:
    take(str(root), FIRST, 600)
    clock[0] += 600
    with Lease(str(root), holder) as found:
        assert "stale lease" in found.words
        assert lease_of(str(root)) is None
    assert not (root / ".storefleet").exists()


@pytest.mark.usefixtures("gone")
def test_a_run_that_is_known_to_have_ended_has_it_no_longer(root: Path) -> None:
    take(str(root), FIRST, 600)
    refused(root, SECOND._replace(ended="ops:3"))
    assert "stale" in take(str(root), SECOND._replace(ended="ops:1"), 600).words


def test_a_call_of_it_under_way_keeps_it_even_so(root: Path, clock: list[float]) -> None:
    take(str(root), FIRST, 600)
    clock[0] += 600
    with Lease(str(root), FIRST):
        words = refused(root, SECOND._replace(ended="ops:1"))
        assert "another run is changing this store now: the run ops:1" in words
        with pytest.raises(CommerceError):
            give_back(str(root), SECOND, force=True)
    assert lease_of(str(root)).run == "ops:1"


def test_a_second_host_of_the_run_in_the_same_tree_learns_who_was_first(root: Path) -> None:
    take(str(root), FIRST, 600)
    assert take(str(root), FIRST._replace(host="web2"), 600) == Taken(False, "web1", "")
    assert take(str(root), FIRST, 600) == Taken(False, None, "")


def test_it_is_given_back_by_its_run_only_or_by_force(root: Path) -> None:
    assert not give_back(str(root), FIRST)
    take(str(root), FIRST, 600)
    assert not give_back(str(root), SECOND)
    assert not give_back(str(root), None)
    assert lease_of(str(root)).run == "ops:1"
    assert give_back(str(root), FIRST)
    assert not (root / ".storefleet").exists()
    take(str(root), FIRST, 600)
    assert give_back(str(root), SECOND, force=True)
    assert lease_of(str(root)) is None


@pytest.mark.usefixtures("gone")
def test_a_stale_one_is_given_back_by_anybody(root: Path, clock: list[float]) -> None:
    take(str(root), FIRST, 600)
    clock[0] += 600
    assert give_back(str(root), SECOND)


@pytest.mark.parametrize("text", ["", "{", '{"version": 0}'])
def test_what_cannot_be_read_goes_by_force(root: Path, text: str) -> None:
    take(str(root), FIRST, 600)
    (root / ".storefleet/lease.json").write_text(text)
    assert give_back(str(root), None, force=True)
    assert not (root / ".storefleet").exists()


def test_the_beginning_of_one_does_not_keep_a_run_from_taking_it(root: Path) -> None:
    (root / ".storefleet").mkdir()
    (root / ".storefleet/lease.json").write_text('{"run":')
    assert take(str(root), FIRST, 600).changed
    assert lease_of(str(root)).run == "ops:1"


def test_a_prediction_writes_nothing(root: Path) -> None:
    before = tree(root)
    assert take(str(root), FIRST, 600, check=True) == Taken(True, None, "")
    assert not give_back(str(root), FIRST, check=True)
    assert tree(root) == before
    take(str(root), FIRST, 600)
    before = tree(root)
    assert take(str(root), FIRST, 60, check=True) == Taken(False, None, "")
    with pytest.raises(CommerceError):
        take(str(root), SECOND, 60, check=True)
    assert give_back(str(root), FIRST, check=True)
    assert tree(root) == before


def test_a_node_without_shared_locks_that_came_first_has_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(*dummy):
        raise FileExistsError

    monkeypatch.setattr(lease, "create_lease_file", create)
    with pytest.raises(CommerceError, match="another node has just taken it") as raised:
        take(str(root), FIRST, 600)
    assert raised.value.code == "leased"


def test_a_link_leads_to_the_lease_of_its_target(root: Path, tmp_path_factory) -> None:
    link = tmp_path_factory.mktemp("links") / "current"
    link.symlink_to(root)
    take(str(link), FIRST, 600)
    refused(root, SECOND)
    refused(link, SECOND)


def test_a_link_that_moves_on_meanwhile_divides_no_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, link = tmp_path / "one", tmp_path / "two", tmp_path / "current"
    one.mkdir()
    two.mkdir()
    link.symlink_to(one)

    def deploy(*dummy):
        link.unlink()
        link.symlink_to(two)

    monkeypatch.setattr(lease.fcntl, "flock", deploy)
    take(str(link), FIRST, 600)
    assert (lease_of(str(one)).run, lease_of(str(two))) == ("ops:1", None)


def at_work(root: Path, holder: Holder | None, seconds: float) -> threading.Thread:
    """A call that changes the store for so long; it has begun."""
    begun = threading.Event()

    def call():
        with Lease(str(root), holder):
            begun.set()
            threading.Event().wait(seconds)

    thread = threading.Thread(target=call)
    thread.start()
    assert begun.wait(10)
    return thread


def test_a_call_of_the_own_run_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "OWN_CALL", 10.0)
    take(str(root), FIRST, 600)
    for wait in (lambda: Lease(str(root), FIRST).__enter__().__exit__(), lambda: take(str(root), FIRST, 600)):
        thread = at_work(root, FIRST, 0.3)
        with pytest.raises(CommerceError, match="changing this store now: the run ops:1"), Lease(str(root), SECOND):
            raise AssertionError("two at a time")
        wait()
        thread.join()


def test_who_is_at_work_is_not_told_where_the_lease_cannot_be_read(root: Path) -> None:
    take(str(root), FIRST, 600)
    with Lease(str(root), FIRST):
        (root / ".storefleet/lease.json").write_text("{}")
        assert "another run is changing this store now." in refused(root, SECOND)


def test_a_lease_that_is_just_being_taken_or_given_back_is_waited_for(root: Path, monkeypatch) -> None:
    monkeypatch.setattr(lease, "SHORT_CALL", 10.0)
    thread = at_work(root, None, 0.3)
    assert take(str(root), FIRST, 600).changed
    thread.join()
    give_back(str(root), FIRST)
    thread = at_work(root, None, 0.3)
    assert not give_back(str(root), FIRST)
    thread.join()


def test_the_holder_is_read_from_what_a_module_is_given() -> None:
    assert holder_of({"_holder": None}) is None
    given = {**FIRST._asdict(), "pid": "10", "started": "1000"}
    assert holder_of({"_holder": given}) == FIRST
