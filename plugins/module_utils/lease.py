# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may change this store now: one run at a time on a host, by a lock that ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os

from .errors import CommerceError


class Lease:
    """An exclusive lock on the store's root folder itself: nothing is written, nothing outlives the process."""

    def __init__(self, root: str):
        self._root = root
        self._descriptor = -1

    def __enter__(self):
        self._descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise CommerceError(
                "take the lease",
                self._root,
                "another run is changing this store now",
                "Wait until it has ended, then run again.",
                code="leased",
            ) from error
        except OSError as error:
            os.close(self._descriptor)
            raise CommerceError(
                "take the lease",
                self._root,
                error.strerror or str(error),
                "Let the file system of the root folder give locks: NFS needs its lock service.",
                code="no_lease",
            ) from error
        return self

    def __exit__(self, *dummy):
        os.close(self._descriptor)
