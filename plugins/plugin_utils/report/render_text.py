# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as the few lines that end a run on a terminal. What must not be missed comes first."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .plain import moment, one_line, seconds_between
from .terms import LOOKED_AT, STATUSES

_WIDTH = 80
# So many hosts are told one by one; the report has them all.
_NAMED = 5
# A blank at which no line is broken, until it is: a figure stays with what it counts.
_TIED = "\u00a0"
_RED, _GREEN, _YELLOW, _BOLD = "31", "32", "33", "1"
_COLORS = {
    "compliant": _GREEN,
    "vulnerable": _RED,
    "not_applicable": _GREEN,
    "unknown": _YELLOW,
    "waived": _YELLOW,
    "needs_hands": _RED,
}


def summary(report: Mapping[str, Any], color: bool = False, where: str | None = None) -> str:
    """The report in a few lines of at most 80 characters, the last with its newline.

    color: whether the lines may have escape sequences. where: the folder that holds the whole report.
    """
    lines: list[_Line] = []
    for part in (_lost, _needs_hands, _aborted, _head, _counts, _rollout, _drift):
        lines += part(report)
    if where:
        lines.append(_Line(f"Report: {one_line(where)}", None, wraps=False))
    return "".join(f"{row}\n" for line in lines for row in line.rows(color))


class _Line:
    """A line that may be too long for one row; indent is that of the rows after the first."""

    def __init__(self, text: str, color: str | None = None, indent: int = 0, wraps: bool = True):
        self._text, self._color, self._indent, self._wraps = text, color, indent, wraps

    def rows(self, color: bool) -> Iterator[str]:
        """The line's rows."""
        indent = " " * self._indent
        rows = [self._text]
        if self._wraps:
            rows = textwrap.wrap(self._text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
        for row in (row.replace(_TIED, " ") for row in rows):
            yield f"\033[{self._color}m{row}\033[0m" if color and self._color else row


def _head(report):
    run, totals = report["run"], report["totals"]
    took = seconds_between(run["started"], run["ended"])
    parts = [f"{_counted(totals['hosts'], 'host')} of {_counted(totals['stores'], 'store')}", f"{totals['well']} well"]
    if took is not None:
        parts.append(_duration(took))
    if report["scope"]["check"]:
        parts.append("a check: nothing was changed")
    yield _Line(f"{one_line(run['playbook'])}: {', '.join(parts)}", _BOLD, indent=2)


def _aborted(report):
    if not report["run"]["aborted"]:
        return
    left = sum(entry["state"] not in LOOKED_AT for entry in report["stores"] if entry["state"] != "not_selected")
    words = f"{_counted(left, 'host')} had not been looked at." if left else "Each host had been looked at."
    yield _Line(f"ABORTED before its end. {words}", _RED)


def _lost(report):
    names = report["drift"]["lost"]
    if names:
        since = _day(report["drift"]["baseline"]["ended"])
        yield _Line(f"LOST since {since}: {_counted(len(names), 'host')} that had been compliant", _RED)
        yield from _each([entry for entry in report["stores"] if entry["name"] in set(names)])


def _needs_hands(report):
    found = [entry for entry in report["stores"] if entry["status"] == "needs_hands"]
    if found:
        yield _Line(f"NEEDS HANDS: {_counted(len(found), 'host')}", _RED)
        yield from _each(found)


def _rollout(report):
    rollout = report["rollout"]
    if rollout is None:
        return
    done = sum(stage["state"] == "done" for stage in rollout["stages"])
    words = f"Rollout: {done} of {_counted(len(rollout['stages']), 'stage')} done"
    if rollout["stopped"]:
        yield _Line(f"{words}, and stopped. {one_line(rollout['stopped'])}", _RED, indent=2)
    else:
        yield _Line(words)
    outcomes = report["totals"]["by_outcome"]
    if outcomes:
        yield _Line("Outcome: " + _listed(outcomes), indent=2)


def _counts(report):
    reasons: dict[str, Counter] = {status: Counter() for status in STATUSES}
    for entry in report["stores"]:
        reasons[entry["status"]][entry["reason"]] += 1
    width = len(str(report["totals"]["hosts"]))
    for status in STATUSES:
        if reasons[status]:
            count = f"{sum(reasons[status].values()):{width}}"
            label = f"  {count} {_words(status):14} "
            most = dict(sorted(reasons[status].items(), key=lambda item: (-item[1], item[0])))
            yield _Line(label + _listed(most), _COLORS[status], indent=len(label))


def _drift(report):
    drift = report["drift"]
    if not drift["baseline"]:
        return
    counts = {change: len(drift[change]) for change in ("lost", "gained", "recovered", "changed", "new", "gone")}
    found = {change: count for change, count in counts.items() if count}
    yield _Line(f"Since {_day(drift['baseline']['ended'])}: {_listed(found) or 'no change'}", indent=2)


def _each(entries: Sequence[Mapping[str, Any]]):
    for entry in entries[:_NAMED]:
        yield _Line(f"  {one_line(entry['name'])}: {one_line(entry['next_step'])}", indent=4)
    if len(entries) > _NAMED:
        yield _Line(f"  and {len(entries) - _NAMED} more")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {_words(name)}".replace(" ", _TIED) for name, count in counts.items())


def _words(name):
    return name.replace("_", " ")


def _counted(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _day(timestamp):
    return moment(timestamp).strftime("%Y-%m-%d") if timestamp else "the last report"


def _duration(seconds):
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * (not hours)
    return " ".join(parts)
