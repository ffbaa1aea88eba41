# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many stores the stages of a rollout reach: commerce_batches in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

DEFAULT = (1, "10%", "50%", "100%")
ALL = 100


class Share(NamedTuple):
    """What a stage and those before it reach: so many stores, or so many percent of them."""

    amount: int
    is_percent: bool

    def of(self, total: int) -> int:
        """As a number of stores; a part of a store counts as a whole one."""
        return min(total, math.ceil(self.amount * total / 100) if self.is_percent else self.amount)

    def __str__(self) -> str:
        return f"{self.amount}%" if self.is_percent else str(self.amount)


def shares_of(batches: Any) -> list[Share]:
    """The shares as an operator writes them: a list, or one text with commas. CommerceError bad_batches.

    They are checked without a look at the fleet: what is right today must not be wrong when the fleet has grown.
    """
    given = batches.split(",") if isinstance(batches, str) else batches
    if not isinstance(given, Sequence) or not given:
        raise _refused(batches, "it is not a list with at least one share")
    shares = [_share(batches, text) for text in given]
    for kind in (False, True):
        alike = [share for share in shares if share.is_percent is kind]
        for before, share in zip(alike, alike[1:]):
            if share.amount <= before.amount:
                raise _refused(batches, f"{share} comes after {before}, and shares have to grow")
    if Share(ALL, True) in shares[:-1]:
        raise _refused(batches, f"{shares[-1]} comes after 100%, and then no store is left")
    if shares[-1] != Share(ALL, True):
        raise _refused(
            batches,
            f"the last share is {shares[-1]}",
            "The last must be 100%, or stores stay as they are: to leave some out on purpose, use --limit.",
        )
    return shares


def ends_of(total: int, batches: Any) -> list[int]:
    """How many stores are reached at the end of each stage, out of total: strictly growing, the last is total.

    A share that reaches no store more than the one before it, as 10% after 1 of eight stores, makes no stage.
    CommerceError bad_batches.
    """
    ends: list[int] = []
    for share in shares_of(batches):
        end = share.of(total)
        if end > (ends[-1] if ends else 0):
            ends.append(end)
    return ends


def _share(batches: Any, given: Any) -> Share:
    text = "" if isinstance(given, bool) else str(given).strip()
    number = text[:-1].rstrip() if text.endswith("%") else text
    if not (number.isascii() and number.isdigit()):
        raise _refused(batches, f"{given!r} is neither a number of stores nor a percentage")
    share = Share(int(number), number != text)
    if share.amount < 1 or (share.is_percent and share.amount > ALL):
        raise _refused(batches, f"{share} is not within {'1% to 100%' if share.is_percent else '1 and more'}")
    return share


def _refused(batches: Any, came_back: str, next_step: str = "") -> CommerceError:
    return CommerceError(
        "make stages",
        f"commerce_batches {batches!r}",
        came_back,
        next_step or f"Write shares of the stores that grow, as {list(DEFAULT)}.",
        code="bad_batches",
    )
