# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease as a file beside the release: who has it, until when, and whether that still counts.

For the store's owner who has the lock on the root folder. The path given is that of the root, resolved.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import Any, Callable, Dict, NamedTuple, Optional

from .errors import CommerceError
from .own_folder import leave_own_folder, make_own_folder
from .processes import Process
from .store import LEASE_FILE

ONLY_IF_OVER = (
    "Wait until that run has ended, then run again. If you are sure that it will never go on, give its lease back: "
    "storefleet.commerce.store_lease with state absent and force true."
)
_VERSION = 1


class LeaseFile(NamedTuple):
    """What a lease file says.

    run: the id of the run of ansible-playbook. controller: the name of its machine. process: its process there.
    host: the inventory's name of the node that took it. node: that node's own name for itself.
    call: the process of the run's last call on that node. taken, expires: Unix time. seconds: what each call of the
    run puts the expiry off to. operator, change_id: who started the run, and the ticket that it is for, if known.
    """

    run: str
    controller: str
    process: Process
    host: str
    node: str
    call: Process
    taken: float
    expires: float
    seconds: int
    operator: str = ""
    change_id: str = ""

    def is_stale(self, now: float, running: Callable[[Process], Optional[bool]], ended: str) -> bool:
        """Whether the run that took it cannot change the store any more. To be asked with the lock in hand.

        running: processes.is_running. ended: a run that the asking run's own machine knows to have ended.
        Time decides only where the process of the run cannot be seen.
        """
        if running(self.call):
            return False
        if self.run == ended:
            return True
        runs = running(self.process)
        return now >= self.expires if runs is None else not runs

    def in_words(self) -> str:
        """Who has it, for an operator."""
        whose = " by {0}".format(self.operator) if self.operator else ""
        why = " for {0}".format(self.change_id) if self.change_id else ""
        return "the run {0}{1}{2} of {3} (process {4}) has had it since {5}, until {6} (last from {7})".format(
            self.run, whose, why, self.controller, self.process.pid, _utc(self.taken), _utc(self.expires), self.node
        )


def read_lease_file(root: str) -> Optional[LeaseFile]:
    """The lease file at root; CommerceError no_lease where it cannot be read.

    None where there is none, or only the beginning of one: whoever wrote it had the lock, and is gone.
    """
    path = os.path.join(root, LEASE_FILE)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    try:
        held: Dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    try:
        if held.pop("version") != _VERSION:
            raise _unreadable(path, "it is of another version of this collection")
        held["process"], held["call"] = Process(*held["process"]), Process(*held["call"])
        return LeaseFile(**held)
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, "it is no lease of this collection") from error


def create_lease_file(root: str, lease: LeaseFile) -> None:
    """Write the lease where there is none; FileExistsError where another one came first.

    What the lock promises on this node, that error promises where nodes that share the tree do not share their locks.
    """
    try:
        make_own_folder(root)
        descriptor = os.open(os.path.join(root, LEASE_FILE), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write(descriptor, lease)
        except OSError:
            remove_lease_file(root)
            raise
    except FileExistsError:
        raise
    except OSError as error:
        leave_own_folder(root)
        raise _not_written(root, error) from error


def replace_lease_file(root: str, lease: LeaseFile) -> None:
    """Write the lease in the place of the one that is there."""
    path = os.path.join(root, LEASE_FILE)
    try:
        _write(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), lease)
        os.replace(path + ".new", path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(path + ".new")
        raise _not_written(root, error) from error


def remove_lease_file(root: str) -> bool:
    """Take the lease file away, and our folder if nothing else is in it; says whether there was one."""
    try:
        os.unlink(os.path.join(root, LEASE_FILE))
        found = True
    except (FileNotFoundError, NotADirectoryError):
        found = False
    leave_own_folder(root)
    return found


def _write(descriptor, lease):
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(lease._asdict(), version=_VERSION), file)
        file.flush()
        os.fsync(file.fileno())


def _unreadable(path, came_back):
    return CommerceError("read the lease", path, came_back, ONLY_IF_OVER, code="no_lease")


def _not_written(root, error):
    return CommerceError(
        "write the lease",
        os.path.join(root, LEASE_FILE),
        error.strerror or str(error),
        "Let the store's owner write to the store's root folder, and make room. Nothing has been changed.",
        code="no_lease",
    )


def _utc(moment):
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment))
