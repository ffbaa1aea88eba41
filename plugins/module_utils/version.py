# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions and version constraints, ordered and read as Composer does it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import List, Tuple

from .errors import CommerceError

# How ripe a version is, in Composer's order. A patch (2.4.6-p3) comes after the plain version.
_DEV, _ALPHA, _BETA, _CANDIDATE, _STABLE, _PATCH = range(6)
_RIPENESS = {
    "alpha": _ALPHA,
    "a": _ALPHA,
    "beta": _BETA,
    "b": _BETA,
    "rc": _CANDIDATE,
    "stable": _STABLE,
    "patch": _PATCH,
    "pl": _PATCH,
    "p": _PATCH,
}
_VERSION = re.compile(
    r"v?(?P<numbers>\d+(?:\.\d+){0,3})"
    r"(?:[._-]?(?P<ripeness>stable|beta|b|rc|alpha|a|patch|pl|p)[.-]?(?P<count>\d+(?:[.-]\d+)*)?)?"
    r"(?P<dev>[.-]?dev)?(?:\+\S+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Version:
    """A version such as 2.4.6-p3; versions compare as in Composer."""

    key: Tuple = field(repr=False)
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version; a text that is none raises CommerceError bad_version."""
        found = _VERSION.fullmatch(text.strip())
        if not found:
            raise _unreadable("version", text)
        numbers = _four(found.group("numbers"))
        ripeness = found.group("ripeness")
        rank = _RIPENESS[ripeness.lower()] if ripeness else _STABLE
        count = tuple(int(part) for part in re.findall(r"\d+", found.group("count") or ""))
        if rank == _STABLE:
            count = ()
        dev = found.group("dev")
        if dev and not ripeness:
            rank = _DEV
        return cls((numbers, rank, count, 0 if dev else 1), text.strip())

    def __str__(self):
        return self.text


def satisfies(version: str, constraint: str) -> bool:
    """Whether the version lies within a Composer constraint: >= > <= < = !=, ^, ~, *, ranges, space or comma, ||.

    As in Composer, a bound of >= and < includes the pre-releases of its own number: 2.4.7-beta1 is not < 2.4.7.
    A constraint that cannot be read raises CommerceError bad_version.
    """
    key = Version.parse(version).key
    return any(_within(key, alternative) for alternative in re.split(r"\s*\|\|?\s*", constraint.strip()))


def _within(key, alternative):
    return all(_COMPARE[operator](key, bound) for operator, bound in _bounds(alternative))


_COMPARE = {
    ">=": lambda key, bound: key >= bound,
    ">": lambda key, bound: key > bound,
    "<=": lambda key, bound: key <= bound,
    "<": lambda key, bound: key < bound,
    "=": lambda key, bound: key == bound,
    "!=": lambda key, bound: key != bound,
}


def _bounds(alternative) -> List[Tuple[str, Tuple]]:
    text = re.sub(r"@(?:stable|rc|beta|alpha|dev)\b", "", alternative, flags=re.IGNORECASE).strip()
    ends = re.fullmatch(r"(\S+)\s+-\s+(\S+)", text)
    if ends:
        return _range(*ends.groups())
    # An operator may stand apart from its version.
    text = re.sub(r"(>=|<=|<>|!=|==|[<>=^~])\s+", r"\1", text)
    bounds: List[Tuple[str, Tuple]] = []
    for part in re.split(r"\s*,\s*|\s+", text):
        bounds.extend(_bound(part))
    return bounds


def _bound(part):
    found = re.fullmatch(r"(>=|<=|<>|!=|==|[<>=^~])?(\S+)", part)
    if not found:
        raise _unreadable("constraint", part)
    operator, text = found.groups()
    plain = operator in (None, "=", "==")
    if plain and re.fullmatch(r"v?[*xX](?:\.[*xX])*", text):
        return []
    wildcard = re.fullmatch(r"v?(\d+(?:\.\d+){0,2})(?:\.[*xX])+", text)
    if plain and wildcard:
        numbers = wildcard.group(1)
        return _from_to(Version.parse(numbers).key, _next(numbers, numbers.count(".")))
    key = Version.parse(text).key
    written = _VERSION.fullmatch(text).group("numbers")
    if operator == "^":
        # The first number that is not 0 may not change.
        numbers = [int(number) for number in written.split(".")]
        place = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
        return _from_to(key, _next(written, place))
    if operator == "~":
        return _from_to(key, _next(written, max(written.count(".") - 1, 0)))
    if operator in (">=", "<"):
        return [(operator, _with_previews(key))]
    return [({"==": "=", "<>": "!=", None: "="}.get(operator, operator), key)]


def _range(low, high):
    low_key, high_key = Version.parse(low).key, Version.parse(high).key
    if re.fullmatch(r"\d+(?:\.\d+)?", high):
        return _from_to(low_key, _next(high, high.count(".")))
    return [(">=", _with_previews(low_key)), ("<=", high_key)]


def _from_to(low, end):
    return [(">=", _with_previews(low)), ("<", end)]


def _with_previews(key):
    numbers, rank = key[0], key[1]
    return (numbers, _DEV, (), 0) if rank == _STABLE else key


def _next(numbers, place):
    parts = list(_four(numbers))
    parts[place] += 1
    return (tuple(parts[: place + 1] + [0] * (3 - place)), _DEV, (), 0)


def _four(numbers):
    parts = [int(number) for number in numbers.split(".")]
    return tuple(parts + [0] * (4 - len(parts)))


def _unreadable(what, text):
    return CommerceError(
        "read a {0}".format(what),
        repr(text),
        "it is not one that Composer knows",
        "Look where it stands: a package's version or a rule of the Quality Patches Tool.",
        code="bad_version",
    )
