# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One switch at a time in one database, from whichever node it comes."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from typing import Iterator

from .database import QUERY_SECONDS, Database
from .errors import CommerceError

# Nodes of one store switch one after another; each takes a few seconds.
WAIT_SECONDS = QUERY_SECONDS - 5


@contextmanager
def switch_lock(settings, required: bool = True) -> Iterator[None]:
    """Hold the lock of the store's database (settings.DatabaseSettings) for the length of the block.

    Another holder raises CommerceError leased, a database that does not answer what database.Database raises. Without
    required nothing is raised: a way back has to go on without its database, and without the library that talks to it.
    The server gives the lock back by itself when the connection ends.
    """
    database = None
    try:
        if settings is not None:
            try:
                database = Database(settings)
                _take(database, settings)
            except CommerceError:
                if required:
                    raise
        yield
    finally:
        if database is not None:
            with suppress(CommerceError):
                database.close()


def _take(database, settings):
    row = database.query("SELECT GET_LOCK(%s, %s) AS held", (_name(settings), WAIT_SECONDS))[0]
    # None: the server could not say, as some clusters. Then the leases on the nodes have to do.
    if row["held"] == 0:
        raise CommerceError(
            "take the lock of the database for a switch",
            "the database {0}".format(settings.name),
            "another node or another run is switching this store now",
            "Wait until it has ended, then run again.",
            code="leased",
        )


def _name(settings) -> str:
    """The same on every node: locks belong to the server, which may have many databases. At most 64 characters."""
    identity = "{0}\n{1}".format(settings.name, settings.prefix)
    return "storefleet-switch-{0}".format(hashlib.sha256(identity.encode("utf-8")).hexdigest()[:32])
