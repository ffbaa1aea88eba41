# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store writes down about errors: its log of exceptions and its error reports. Never what they say."""

from __future__ import annotations

import os
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

LOG, REPORTS = "var/log/exception.log", "var/report"

# Bytes of the log that are looked at: its end, for what the store is used to; what was added, for what is new.
LOOKED_AT = 1 << 20
RECENT_SECONDS = 3600
MOST_REPORTS = 50000
# A store that writes reports all the time writes some while it is changed, too.
USUAL_PACE = 2

_ENTRY = re.compile(r"^\[\d{4}-\d\d-\d\d[T ][^\]]*\] [\w.-]+\.[A-Z]+: ", re.MULTILINE)
_CLASS = re.compile(r"\[object\] \(([\w\\]+)\(code: ?[^)]*\):")
_PLAIN_CLASS = re.compile(r"(?:PHP )?(?:Uncaught )?((?:\w+\\+)*\w*(?:Exception|Error))\b")


class ErrorRecords(NamedTuple):
    """What a store had written down at a time.

    taken: that time, in seconds of the epoch. log: inode and size of the log of exceptions, None where there is none or
    it may not be read. kinds: the classes of exceptions at its end. reports: when those of the last hour were written.
    """

    root: str
    taken: float
    log: Optional[Tuple[int, int]]
    kinds: Tuple[str, ...]
    reports: Tuple[float, ...]

    def as_dict(self) -> Dict[str, Any]:
        """As JSON has it."""
        return dict(self._asdict())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ErrorRecords:
        """What as_dict gave, and JSON made of it."""
        log = tuple(values["log"]) if values["log"] else None
        return cls(values["root"], values["taken"], log, tuple(values["kinds"]), tuple(values["reports"]))


def read_error_records(root: str, now: float) -> ErrorRecords:
    """What the store at root has written down. What may not be read counts as not there."""
    log, text = _end_of_log(root)
    reports = [written for written in _report_times(root) if written > now - RECENT_SECONDS]
    return ErrorRecords(root, now, log, tuple(dict.fromkeys(kinds_in(text))), tuple(sorted(reports)))


def kinds_in(text: str) -> List[str]:
    """The class of each exception in a part of the log, "an error" where none is named."""
    starts = [found.end() for found in _ENTRY.finditer(text)]
    ends = starts[1:] + [len(text)]
    return [_kind(text[start:end].split("\n", 1)[0]) for start, end in zip(starts, ends)]


def new_exceptions(before: ErrorRecords, after: ErrorRecords) -> Tuple[str, ...]:
    """A sentence if the log has exceptions of classes that the store did not log before."""
    if after.log is None:
        return ()
    rotated = before.log is None or before.log[0] != after.log[0] or before.log[1] > after.log[1]
    text = _read(after.root, 0 if rotated else before.log[1], after.log[1])
    fresh = [kind for kind in kinds_in(text) if kind not in before.kinds]
    if not fresh:
        return ()
    lines = "1 new exception" if len(fresh) == 1 else "{0} new exceptions".format(len(fresh))
    return ("{0} in {1}, the first of them {2}.".format(lines, LOG, fresh[0]),)


def new_reports(before: ErrorRecords, after: ErrorRecords) -> Tuple[str, ...]:
    """A sentence if error reports were written since, beyond the pace of the hour before."""
    fresh = [written for written in after.reports if written > before.taken]
    usual = len(before.reports) * (after.taken - before.taken) / RECENT_SECONDS
    if not fresh or (before.reports and len(fresh) <= 1 + USUAL_PACE * usual):
        return ()
    files = "1 new error report" if len(fresh) == 1 else "{0} new error reports".format(len(fresh))
    return ("{0} in {1}.".format(files, REPORTS),)


def _kind(entry: str) -> str:
    found = _CLASS.search(entry) or _PLAIN_CLASS.match(entry)
    # JSON inside of JSON doubles them again.
    return re.sub(r"\\+", lambda dummy: "\\", found.group(1)) if found else "an error"


def _end_of_log(root: str) -> Tuple[Optional[Tuple[int, int]], str]:
    try:
        status = os.stat(os.path.join(root, LOG))
    except OSError:
        return None, ""
    return (status.st_ino, status.st_size), _read(root, max(0, status.st_size - LOOKED_AT), status.st_size)


def _read(root: str, start: int, end: int) -> str:
    try:
        with open(os.path.join(root, LOG), "rb") as file:
            file.seek(start)
            return file.read(min(end - start, LOOKED_AT)).decode("utf-8", "replace")
    except OSError:
        return ""


def _report_times(root: str) -> List[float]:
    """When each report was written; they lie in var/report itself, or in folders below it by their names' letters."""
    times: List[float] = []
    folders = [os.path.join(root, REPORTS)]
    while folders and len(times) < MOST_REPORTS:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        times.append(entry.stat(follow_symlinks=False).st_mtime)
        except OSError:
            continue
    return times
