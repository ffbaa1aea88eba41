# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may change this store now.

A lock on the root folder guards each call on a host, and ends with the process that holds it. A lease file, which a run
takes on every node of a store before it changes any, guards what lies between the calls of the run.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import ExitStack, contextmanager
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional

from .errors import CommerceError
from .lease_file import (
    LEASE_FILE,
    ONLY_IF_OVER,
    LeaseFile,
    create_lease_file,
    read_lease_file,
    remove_lease_file,
    replace_lease_file,
)
from .processes import Process, is_running, process_of

# Set by the action plugins, one source with doc_fragments/lease.py.
LEASE_ARGUMENTS: Dict[str, Dict[str, Any]] = {"_holder": {"type": "dict"}}

# Seconds to wait for the end of another call. One of the own run is at work on another node that shares the tree, or
# was cut off from its playbook and ends by itself. Another run's lease is taken and given back in a moment.
OWN_CALL = 900.0
SHORT_CALL = 2.0
_PAUSE = 0.1


class Holder(NamedTuple):
    """A run of ansible-playbook that changes stores.

    run: an id of its own. controller: host name. pid, started, space: its process there, see processes.Process.
    host: the inventory's name of the node that it calls now. ended: the id of a run that its controller knows to have
    ended, if it was asked for one. operator: who started the run, a login name. change_id: the ticket that it is for.
    """

    run: str
    controller: str
    pid: int
    started: int
    space: str = ""
    host: str = ""
    ended: str = ""
    operator: str = ""
    change_id: str = ""


def holder_of(params: Mapping[str, Any]) -> Optional[Holder]:
    """The run that a module was called by, None for a module that was called without our action plugin."""
    found = params.get("_holder")
    if not found:
        return None
    return Holder(**dict(found, pid=int(found["pid"]), started=int(found["started"])))


class Lease:
    """The right to change the store at root for the length of a with block.

    Raises CommerceError leased where a call of another run is under way, or another run has the lease. A call of the
    holder's own run is waited for. A lease file of the holder's own run is renewed; a stale one of another is removed,
    and words says so. Nothing is written where there is no lease file.
    """

    def __init__(self, root: str, holder: Optional[Holder] = None):
        self._root = root
        self._holder = holder
        self._lock = ExitStack()
        self.words = ""

    def __enter__(self) -> Lease:
        with ExitStack() as lock:
            root = lock.enter_context(_locked(self._root, self._holder, 0.0))
            found = read_lease_file(root)
            if found and _is_of(found, self._holder):
                replace_lease_file(root, _renewed(found, found.seconds))
            elif found:
                self.words = _stale_words(self._root, found, self._holder)
                remove_lease_file(root)
            self._lock = lock.pop_all()
        return self

    def __exit__(self, *dummy):
        self._lock.close()


class Taken(NamedTuple):
    """A lease that was taken or renewed.

    changed: it was not this run's before. shared_with: the other host of the inventory by which this run had already
    taken it in this very tree, so that both see one file system; None if there is none. words: whose stale lease it
    was, if it was.
    """

    changed: bool
    shared_with: Optional[str]
    words: str


def take(root: str, holder: Holder, seconds: int, check: bool = False) -> Taken:
    """Take the lease for a run, or renew it; it expires that many seconds after the run's last call on the store.

    In check mode nothing is written. CommerceError: leased names who has it; no_lease where none can be written or
    read.
    """
    with _locked(root, holder, SHORT_CALL) as real:
        found = read_lease_file(real)
        if found and _is_of(found, holder):
            if not check:
                replace_lease_file(real, _renewed(found, seconds))
            return Taken(False, found.host if found.host != holder.host else None, "")
        words = _stale_words(root, found, holder) if found else ""
        if not check:
            # One that was cut while it was written is nobody's: whoever wrote it had the lock, which is ours now.
            remove_lease_file(real)
            try:
                create_lease_file(real, _new(holder, seconds))
            except FileExistsError as error:
                raise _leased(root, "another node has just taken it") from error
        return Taken(True, None, words)


def give_back(root: str, holder: Optional[Holder], force: bool = False, check: bool = False) -> bool:
    """Give the lease back if it is of that run, stale, or cut while it was written; says whether there was one to give.

    With force that of any other run too, but never while a call of it is under way: CommerceError leased. In check
    mode nothing is written.
    """
    with _locked(root, holder, SHORT_CALL) as real:
        if not _may_give_back(real, holder, force):
            return False
        return os.path.lexists(os.path.join(real, LEASE_FILE)) if check else remove_lease_file(real)


def lease_of(root: str) -> Optional[LeaseFile]:
    """The lease of a store as its file has it now, whoever is at work. CommerceError no_lease."""
    return read_lease_file(os.path.realpath(root))


@contextmanager
def _locked(root: str, holder: Optional[Holder], patience: float) -> Iterator[str]:
    """An exclusive lock on the root folder itself; gives the folder's real path.

    Nothing is written, and nothing outlives the process. patience: seconds to wait for a call of another run.
    """
    # Resolved once: where root is a link that a deployment moves on, the lock and the lease stay those of one release.
    real = os.path.realpath(root)
    descriptor = os.open(real, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        started = time.monotonic()
        while not _lock(root, descriptor):
            found = _readable(real)
            waited = time.monotonic() - started
            if waited >= (OWN_CALL if found and _is_of(found, holder) else patience):
                raise _leased(root, _at_work(found))
            time.sleep(_PAUSE)
        yield real
    finally:
        os.close(descriptor)


def _lock(root, descriptor):
    """Take the lock if it is free; says whether it was."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise CommerceError(
            "take the lease",
            root,
            error.strerror or str(error),
            "Let the file system of the root folder give locks: NFS needs its lock service.",
            code="no_lease",
        ) from error
    return True


def _readable(root):
    try:
        return read_lease_file(root)
    except CommerceError:
        return None


def _at_work(found):
    words = "another run is changing this store now"
    return "{0}: {1}".format(words, found.in_words()) if found else words


def _is_of(found: LeaseFile, holder: Optional[Holder]) -> bool:
    return holder is not None and found.run == holder.run


def _stale_words(root, found, holder) -> str:
    """That the lease of another run is stale; CommerceError leased where it is not."""
    if not found.is_stale(time.time(), is_running, holder.ended if holder else ""):
        raise _leased(root, found.in_words())
    return "took over a stale lease: {0}".format(found.in_words())


def _may_give_back(root, holder, force):
    found = None if force else read_lease_file(root)
    if found is None or _is_of(found, holder):
        return True
    return found.is_stale(time.time(), is_running, holder.ended if holder else "")


def _new(holder, seconds):
    return _renewed(
        LeaseFile(
            run=holder.run,
            controller=holder.controller,
            process=Process(holder.pid, holder.started, holder.space),
            host=holder.host,
            node="",
            call=Process(0, 0, ""),
            taken=time.time(),
            expires=0,
            seconds=seconds,
            operator=holder.operator,
            change_id=holder.change_id,
        ),
        seconds,
    )


def _renewed(found, seconds):
    return found._replace(
        node=os.uname().nodename,
        call=process_of(os.getpid()) or found.call,
        expires=time.time() + seconds,
        seconds=seconds,
    )


def _leased(root, came_back):
    return CommerceError("take the lease", root, came_back, ONLY_IF_OVER, code="leased")
