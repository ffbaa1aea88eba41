# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Quality Patches Tool (`php vendor/bin/magento-patches`) prints, read.

Its exit status does not tell much: 0 for applied, already applied, reverted and not applied, 1 for every refusal, with
the text on stdout, 255 for an uncaught PHP error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from .errors import CommerceError
from .printed_json import printed_values
from .qpt_table import read_table

# Relative to the store's root.
TOOL = "vendor/bin/magento-patches"
# The tool holds all of its patches (about 290) against the files at every call: 12 s cold, more on a slow disk.
TOOL_SECONDS = 600

APPLIED, ALREADY_APPLIED, REVERTED, NOT_APPLIED = "applied", "already_applied", "reverted", "not_applied"

_EVENTS = (
    (APPLIED, re.compile(r"Patch (\S+) has been applied$")),
    # The file in brackets; older releases have it without.
    (ALREADY_APPLIED, re.compile(r"Patch (\S+) (?:\(.*\) |\S+ )?was already applied$")),
    (REVERTED, re.compile(r"Patch (\S+) has been reverted$")),
    (NOT_APPLIED, re.compile(r"Patch (\S+) (?:\(.*\) |\S+ )?is not applied$")),
)
_REFUSALS = (
    ("patch_not_found", re.compile(r"Next patches weren't found: ([^.]+)\.")),
    ("patch_required", re.compile(r"Patch \S+ is a dependency for (.+?)\. Please, revert")),
    ("patch_conflict", re.compile(r"patch (\S+) can't be (?:applied|reverted)")),
    ("patch_conflict", re.compile(r"(?:Applying|Reverting) patch (\S+) .*failed\.")),
)
_HEADING = re.compile(r"Magento \d\S* .*Edition, version \S+")
_LONGEST = 2000


@dataclass(frozen=True)
class Event:
    """What the tool says that it did, or found done, with one patch."""

    id: str
    what: str


@dataclass(frozen=True)
class Refusal:
    """Why the tool did not do it. code: patch_not_found, patch_required, patch_conflict or tool_failed.

    ids: of the patches that it names as the reason. words: its own.
    """

    code: str
    ids: Tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Answer:
    """What one call of apply or revert printed."""

    events: Tuple[Event, ...]
    refusal: Optional[Refusal]


@dataclass(frozen=True)
class StatusRow:
    """What `status` lists of one patch. status: Applied, Not applied or N/A."""

    id: str
    title: str
    categories: Tuple[str, ...]
    origin: str
    status: str
    type: str
    requires: Tuple[str, ...]
    replacement: Optional[str]
    components: Tuple[str, ...]


def command(php: Sequence[str], *words: str) -> List[str]:
    """The argv of a call of the tool, which asks nothing and prints no colours."""
    return list(php) + [TOOL] + list(words) + ["--no-interaction", "--no-ansi"]


def read_answer(rc: int, out: str, err: str = "") -> Answer:
    """Read what apply or revert left: exit status and both outputs."""
    events: List[Event] = []
    for line in out.splitlines():
        for what, pattern in _EVENTS:
            found = pattern.match(line.strip())
            if found:
                events.append(Event(found.group(1), what))
    return Answer(tuple(events), None if rc == 0 else _refusal(rc, out, err))


def _refusal(rc, out, err):
    lines = [line.strip() for line in (out + "\n" + err).splitlines()]
    words = "; ".join(line for line in lines if line and not _HEADING.fullmatch(line))[:_LONGEST]
    for code, pattern in _REFUSALS:
        found = pattern.search(out)
        if found:
            return Refusal(code, tuple(re.split(r"[,\s]+", found.group(1).strip())), words)
    return Refusal("tool_failed", (), words or "exit status {0} without a word".format(rc))


def read_status(text: str) -> Tuple[StatusRow, ...]:
    """Read what `status` printed, a list in JSON or the table of older releases.

    Warnings before and after it don't matter; neither list nor table raises CommerceError tool_failed.
    """
    try:
        rows = _listed(text)
        if rows is not None:
            return tuple(_row(row) for row in rows)
    except (KeyError, TypeError, AttributeError):
        pass
    raise CommerceError(
        "read the status that the Quality Patches Tool prints",
        "this store",
        text.strip()[:_LONGEST] or "it printed nothing",
        "Run `php vendor/bin/magento-patches status` by hand in the store's root.",
        code="tool_failed",
    )


def _listed(text) -> Optional[Sequence[Mapping[str, str]]]:
    lists = list(printed_values(text, "["))
    # A warning may end with an empty list of its own.
    return next(filter(None, lists), lists[0] if lists else read_table(text))


def _row(row):
    details = _details(row.get("Details") or "")
    return StatusRow(
        id=row["Id"],
        # The tool breaks titles at 60 characters, inside of words.
        title=row["Title"].replace("\n", ""),
        # Older releases have the type in their place.
        categories=tuple(part for part in row.get("Category", "").split("\n") if part),
        origin=row.get("Origin", ""),
        status=row["Status"],
        type=row.get("Type") or (details.get("Patch type") or ("",))[0],
        requires=details.get("Required patches", ()),
        replacement=(details.get("Recommended replacement") or (None,))[0],
        components=details.get("Affected components", ()),
    )


def _details(text) -> Dict[str, Tuple[str, ...]]:
    """`Name: value` lines, and `Name:` lines with a list of ` - value` below."""
    details: Dict[str, Tuple[str, ...]] = {}
    name = None
    for line in text.splitlines():
        item = re.match(r"\s*-\s+(.+)", line)
        if item and name:
            details[name] += (item.group(1).strip(),)
            continue
        found = re.match(r"([^:]+):\s*(.*)", line)
        if found:
            name = found.group(1).strip()
            details[name] = (found.group(2).strip(),) if found.group(2).strip() else ()
    return details
