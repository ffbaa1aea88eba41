# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load on a store: python3 -m support.load --address HOST:PORT SAMPLES

Requests are sent at a fixed rate whatever the answers take, as customers do: a store that pauses is not asked less.
Beside them a slow one is started so often that there is one in flight at any moment. SAMPLES gets a line of JSON for
each request when it is over (load_results.Sample). The load ends with status 0 when SAMPLES.stop exists, and with
status 1 if that has not come after --seconds. The customers are those that `python3 -m support.load --sql` prints the
SQL for.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

from support.load_client import attempt, token_of
from support.load_requests import KINDS, SLOW, SLOW_SECONDS, Kind, Visit, cycle
from support.load_results import Sample
from support.stores import PASSWORD

# Twice as often as one takes: the next is in the middle of its own when one ends.
SECONDS_BETWEEN_SLOW = SLOW_SECONDS / 2
# So many may wait for an answer at a time; what is due then waits for its turn, and that counts as the store's.
WORKERS = 64
# Those who log in, beside number 0, who is logged in all the time. So many that none is locked out, for which it takes
# ten wrong passwords within ten minutes.
CUSTOMERS = 6001
SALT = "load"


def email_of(number: int) -> str:
    return f"load-{number}@example.com"


def customers_sql() -> str:
    """A statement that makes the customers, with PASSWORD, in a database without a table prefix."""
    password = f"{hashlib.sha256((SALT + PASSWORD).encode()).hexdigest()}:{SALT}:1"
    return (
        "INSERT INTO customer_entity (website_id, email, group_id, store_id, firstname, lastname, password_hash) "
        f"SELECT 1, CONCAT('load-', seq, '@example.com'), 1, 1, 'Ada', 'Byron', '{password}' FROM seq_0_to_{CUSTOMERS}"
    )


class Load:
    """Requests to one store. write gets the sample of each when it is over, in any order and from any thread."""

    def __init__(self, address: str, write: Callable[[Sample], None]):
        self._address = address
        self._write = write
        self._member = email_of(0)
        self._token = token_of(address, self._member)
        self._defects: list[BaseException] = []

    def run(self, kinds: Iterable[Kind], rate: float, stop: Callable[[], bool]) -> None:
        """Until stop() says so: that many requests a second, and the slow ones; returns with the last answer."""
        turns = cycle(kinds)
        # The time in milliseconds: another load on the same store begins with other customers, and has other new ones.
        numbers = itertools.count(time.time_ns() // 1_000_000)
        begun, clock = time.monotonic(), time.time()
        due = slow_due = begun
        with ThreadPoolExecutor(WORKERS) as workers:
            while not stop() and not self._defects:
                if slow_due <= due:
                    at, kind, slow_due = slow_due, SLOW, slow_due + SECONDS_BETWEEN_SLOW
                else:
                    at, kind, due = due, next(turns), due + 1 / rate
                time.sleep(max(0.0, at - time.monotonic()))
                sent = workers.submit(self._send, kind, next(numbers), clock + at - begun)
                sent.add_done_callback(self._look_for_defect)
        if self._defects:
            raise self._defects[0]

    def _send(self, kind: Kind, number: int, due: float) -> None:
        # Each in turn: none is asked for twice at a time.
        email = email_of(1 + number % CUSTOMERS)
        visit = Visit(email, f"new-{number}@example.com", self._member, self._token)
        failure = attempt(self._address, kind, visit)
        self._write(Sample(due, time.time() - due, kind.name, failure))

    def _look_for_defect(self, sent: Future) -> None:
        """A defect of the load itself must not pass as a request that was never sent."""
        error = sent.exception()
        if error is not None:
            self._defects.append(error)


class SampleFile:
    """Samples as lines of JSON, each written as a whole."""

    def __init__(self, file: TextIO):
        self._file = file
        self._lock = threading.Lock()

    def write(self, sample: Sample) -> None:
        with self._lock:
            self._file.write(sample.to_line())
            self._file.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description="Load on a store, until a file tells it to stop.")
    parser.add_argument("--sql", action="store_true", help="print the SQL that makes the customers, and end")
    parser.add_argument("--address", help="host:port of the store")
    parser.add_argument("--without", action="append", default=[], metavar="WORD", help="none whose kind begins so")
    parser.add_argument("--rate", type=float, default=60.0, help="requests a second (default: 60)")
    parser.add_argument(
        "--seconds", type=float, default=1700.0, help="after which nobody seems to be there (default: 1700)"
    )
    parser.add_argument("samples", type=Path, nargs="?", help="file for the samples")
    options = parser.parse_args()
    if options.sql:
        print(customers_sql())
        return 0
    stop = Path(f"{options.samples}.stop")
    end = time.monotonic() + options.seconds
    with options.samples.open("w") as file:
        load = Load(options.address, SampleFile(file).write)
        kinds = [kind for kind in KINDS if not kind.name.startswith(tuple(options.without))]
        # opcache looks at files by the second. What the login for the token has loaded is looked at in other seconds
        # than what all else loads: on a store that is always so, here it would be chance.
        time.sleep(1.1 - time.time() % 1)
        load.run(kinds, options.rate, lambda: stop.exists() or time.monotonic() > end)
    return 0 if stop.exists() else 1


if __name__ == "__main__":
    sys.exit(main())
