# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the requests of a load: how many failed, of which kind, and while a switch was going on."""

from __future__ import annotations

import itertools
import json
import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from support.load_requests import SLOW

by_time = operator.attrgetter("at")


class Sample(NamedTuple):
    """One request. at: when it was due, seconds since the epoch. seconds: from then to the end of its answer.

    failure: what was wrong with the answer, in short; None if nothing was.
    """

    at: float
    seconds: float
    kind: str
    failure: str | None

    @property
    def end(self) -> float:
        return self.at + self.seconds

    def to_line(self) -> str:
        return json.dumps(self) + "\n"


class Window(NamedTuple):
    """A time in which something was done to the store, seconds since the epoch."""

    name: str
    began: float
    ended: float

    def sees(self, sample: Sample) -> bool:
        """Whether any of the request's time was in it."""
        return sample.at < self.ended and sample.end > self.began


def read_samples(path: Path) -> list[Sample]:
    """The samples of a load, by the time at which they were due."""
    samples = (Sample(*json.loads(line)) for line in path.read_text().splitlines())
    return sorted(samples, key=by_time)


def longest_pause(samples: Iterable[Sample]) -> float:
    """The longest time in seconds without any answer but those to slow requests."""
    ends = sorted(sample.end for sample in samples if sample.kind != SLOW.name)
    return max((later - earlier for earlier, later in itertools.pairwise(ends)), default=0.0)


def longest_without_slow(samples: Iterable[Sample], window: Window) -> float:
    """The longest time in seconds of a window in which no slow request was in flight."""
    longest, seen = 0.0, window.began
    for sample in sorted(samples, key=by_time):
        if sample.kind == SLOW.name and window.sees(sample):
            longest = max(longest, sample.at - seen)
            seen = max(seen, sample.end)
    return max(longest, window.ended - seen)


def _of_window(samples: Sequence[Sample], window: Window) -> dict[str, Any]:
    seen = [sample for sample in samples if window.sees(sample)]
    return {
        "name": window.name,
        "seconds": round(window.ended - window.began, 2),
        "requests": len(seen),
        "failed": sum(sample.failure is not None for sample in seen),
        "without_slow": round(longest_without_slow(samples, window), 2),
    }


def summary(samples: Sequence[Sample], windows: Iterable[Window]) -> dict[str, Any]:
    """The figures of one load, in which there is more than slow requests.

    seconds: from the first request to the last answer, and rate: the answers in each; slowest: seconds of the slowest
    one; slow requests left out. longest_pause: as the function. kinds: kind -> sent, failed. failures: what was wrong
    -> how often, the most frequent first. windows: of each its name, seconds, requests that it saw, how many of them
    failed, and the longest time with no slow one in flight.
    """
    quick = [sample for sample in samples if sample.kind != SLOW.name]
    lasted = max(sample.end for sample in quick) - min(sample.at for sample in quick)
    failed = [sample for sample in samples if sample.failure is not None]
    sent_by_kind = Counter(sample.kind for sample in samples)
    failed_by_kind = Counter(sample.kind for sample in failed)
    return {
        "sent": len(samples),
        "failed": len(failed),
        "seconds": round(lasted, 1),
        "rate": round(len(quick) / lasted, 1),
        "slowest": round(max(sample.seconds for sample in quick), 2),
        "longest_pause": round(longest_pause(samples), 2),
        "kinds": {kind: {"sent": sent, "failed": failed_by_kind[kind]} for kind, sent in sorted(sent_by_kind.items())},
        "failures": dict(Counter(sample.failure for sample in failed).most_common(10)),
        "windows": [_of_window(samples, window) for window in windows],
    }
