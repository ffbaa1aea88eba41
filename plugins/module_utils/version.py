# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions and version constraints, ordered and read as Composer does it, oddities included.

Two things differ: a text of more than 500 characters, or with a number of more than 18 digits, is none here; and of
`>=1 <3 || >=3 <2` Composer makes `>=1 <2`, where each alternative counts here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import List, Tuple

from .errors import CommerceError

# What may follow the numbers, in the order of PHP's version_compare. A word that is not here comes before all.
_RANKS = {"dev": 0, "alpha": 1, "beta": 2, "RC": 3, "rc": 3, "patch": 6}
_BRANCH, _STRANGE, _END, _NUMBER = -2, -1, 4, 5
_LONG = {"a": "alpha", "b": "beta", "rc": "RC", "p": "patch", "pl": "patch"}

_BLANK = " \t\n\r\0\v"
_STABILITY = "stable|rc|beta|alpha|dev"
_SUFFIX = r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?\d+(?:[.-]\d+)*)?)?([.-]?dev)?"
_LIKE_A_VERSION = r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:" + _SUFFIX + r"|\.([x*][.-]?dev))(?:\+\S+)?"
_ANY_CASE = re.ASCII | re.IGNORECASE

# Texts, and not compiled: most of them are not needed for what most stores and rules say.
_TOO_MUCH = r"\d{19}"
_ALIAS = r"^([^,\s]+) +as +[^,\s]+$"
_FLAG = "@(?:" + _STABILITY + ")$"
_BUILD = r"^([^,\s+]+)\+\S+$"
_NUMBERS = r"^v?(\d{1,5})(\.\d+)?(\.\d+)?(\.\d+)?" + _SUFFIX + "$"
_DATE = r"^v?(\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3})?)" + _SUFFIX + "$"
_BRANCH_ALIAS = r"^v?(\d+)(\.(?:\d+|[x*]))?(\.(?:\d+|[x*]))?(\.(?:\d+|[x*]))?$"

_AND = r"(?<=[^=<>, ])(?<!as) *(?<!-)[, ](?!-) *(?=[^,])(?!as)"
_FLAGGED = r"^([^,\s]*)@(" + _STABILITY + ")$"
_REFERENCE = r"^(dev-[^,\s@]+?|[^,\s@]+?\.x-dev)#.+$"
_ANY = r"^(v)?[x*](\.[x*])*$"
_TILDE_OR_CARET = r"^([~^])" + _LIKE_A_VERSION + "$"
_WILDCARD = r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.[xX*])+$"
_RANGE = "^(" + _LIKE_A_VERSION + ") +- +(" + _LIKE_A_VERSION + ")$"
_COMPARISON = r"^(<>|!=|>=?|<=?|==?)?\s*(.*)"
# Composer looks for it in small letters only, so that >=1.0-RC1 lets 1.0-RC1-dev in.
_HAS_SUFFIX = "-" + _SUFFIX.replace("|rc|", "|RC|") + "$"


@dataclass(frozen=True, order=True)
class Version:
    """A version such as 2.4.6-p3, or a branch such as dev-main; they compare as in Composer, branches first."""

    key: Tuple = field(repr=False)
    text: str = field(compare=False)
    normal: str = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version; a text that is none raises CommerceError bad_version. normal: as Composer normalizes it."""
        _refuse_excess("version", text)
        return cls._of(_normal(text), text.strip())

    @classmethod
    def _of(cls, normal, text="") -> Version:
        if normal.startswith("dev-"):
            return cls(((_BRANCH, normal),), text, normal)
        parts = re.findall(r"\d+|[A-Za-z]+", normal)
        key = [(_NUMBER, int(part)) if part.isdigit() else (_RANKS.get(part, _STRANGE),) for part in parts]
        return cls(tuple(key) + ((_END,),), text, normal)

    @property
    def is_branch(self) -> bool:
        """Whether it is the name of a branch, which no number is compared with."""
        return self.key[0][0] == _BRANCH

    def __str__(self):
        return self.text


def satisfies(version: str, constraint: str) -> bool:
    """Whether the version lies within a Composer constraint.

    As in Composer, a bound of >= and < includes the pre-releases of its own number: 2.4.7-beta1 is not < 2.4.7.
    A version or a constraint that cannot be read raises CommerceError bad_version.
    """
    found = Version.parse(version)
    _refuse_excess("constraint", constraint)
    alternatives = [
        [bound for part in re.split(_AND, alternative, flags=re.ASCII) for bound in _bounds(part)]
        for alternative in re.split(r"\s*\|\|?\s*", constraint.strip(_BLANK), flags=re.ASCII)
    ]
    return any(all(_within(found, *bound) for bound in bounds) for bounds in alternatives)


def _within(found, operator, normal):
    bound = Version._of(normal)
    if operator == "!=":
        return found != bound
    if found.is_branch or bound.is_branch:
        return operator == "=" and found == bound
    return {
        ">=": found >= bound,
        ">": found > bound,
        "<=": found <= bound,
        "<": found < bound,
        "=": found == bound,
    }[operator]


def _normal(text) -> str:
    """The version with four numbers and its suffix spelt out, or dev- and the name of a branch."""
    version = _without_alias(text.strip(_BLANK))
    if "@" in version:
        version = re.sub(_FLAG, "", version, flags=_ANY_CASE)
    if version in ("master", "trunk", "default"):
        return "dev-" + version
    if version[:4].lower() == "dev-":
        return "dev-" + version[4:]
    if "+" in version:
        version = re.sub(_BUILD, r"\1", version, flags=re.ASCII)
    found = _find(_NUMBERS, version)
    if found:
        numbers = "".join(part or ".0" for part in found.groups()[:4])
    else:
        found = _find(_DATE, version)
        numbers = found and re.sub(r"\D", ".", found.group(1), flags=re.ASCII)
    if found:
        word, count, dev = found.groups()[-3:]
        if word == "stable":
            return numbers
        if word:
            word = word.lower()
            numbers += "-" + _LONG.get(word, word) + (count or "").lstrip(".-")
        return numbers + "-dev" if dev else numbers
    name = re.search(r"(.*?)[.-]?dev$", version, re.IGNORECASE)
    branch = name and _find(_BRANCH_ALIAS, name.group(1).strip(_BLANK))
    if not branch:
        raise _unreadable("version", text)
    return re.sub("[xX*]", "9999999", "".join(part or ".x" for part in branch.groups())) + "-dev"


def _without_alias(text):
    return re.sub(_ALIAS, r"\1", text, flags=re.ASCII) if " as " in text else text


def _find(pattern, text):
    return re.search(pattern, text, _ANY_CASE)


def _bounds(part) -> List[Tuple[str, str]]:
    part = _without_alias(part)
    flag = ""
    flagged = "@" in part and _find(_FLAGGED, part)
    if flagged:
        part = flagged.group(1) or "*"
        flag = flagged.group(2) if flagged.group(2) != "stable" else ""
    if "#" in part:
        part = re.sub(_REFERENCE, r"\1", part, flags=_ANY_CASE)
    anything = _find(_ANY, part)
    if anything:
        return [(">=", "0.0.0.0-dev")] if anything.group(1) or anything.group(2) else []
    found = part[:1] in ("~", "^") and _find(_TILDE_OR_CARET, part)
    if found:
        return _tilde_or_caret(part, *found.groups())
    found = _find(_WILDCARD, part)
    if found:
        place = 3 - found.groups().count(None)
        low = _raised(found.groups() + (None,), place, 0)
        return ([(">=", low)] if low != "0.0.0.0-dev" else []) + [("<", _raised(found.groups(), place))]
    found = " - " in part and _find(_RANGE, part)
    if found:
        return _range(*found.groups())
    return [_comparison(part, flag, *re.search(_COMPARISON, part, re.ASCII).groups())]


def _tilde_or_caret(part, operator, *groups):
    numbers, (word, dummy, dev, wild) = groups[:4], groups[4:]
    low = _normal(part[1:] + ("" if word or dev or wild else "-dev"))
    if operator == "~":
        place = max(1, 4 - numbers.count(None) - (0 if wild else 1))
    else:
        # The first number that is not 0 may not change.
        place = 1 if numbers[0] != "0" or not numbers[1] else 2 if numbers[1] != "0" or not numbers[2] else 3
    return [(">=", low), ("<", _raised(numbers, place))]


def _range(*groups):
    low, high = groups[:9], groups[9:]
    bottom = _normal(low[0]) + ("" if low[5] or low[7] or low[8] else "-dev")
    top = _normal(high[0])
    if (high[2] and high[3]) or high[5] or high[7] or high[8]:
        return [(">=", bottom), ("<=", top)]
    return [(">=", bottom), ("<", _raised(high[1:5], 2 if high[2] else 1))]


def _comparison(part, flag, operator, text):
    try:
        version = _normal(text)
    except CommerceError:
        # A branch that is called by its old name: feature-dev.
        if not (text.endswith("-dev") and re.match(r"[0-9a-zA-Z./-]+$", text)):
            raise _unreadable("constraint", part) from None
        version = "dev-" + text[:-4]
    operator = {None: "=", "==": "=", "<>": "!="}.get(operator, operator)
    if operator != "=" and flag and not re.search("^dev-|-(?:alpha|beta|RC|dev)", version):
        version += "-" + flag
    elif (
        operator in ("<", ">=")
        and not re.search(_HAS_SUFFIX, text.lower(), re.ASCII)
        and not version.startswith("dev-")
    ):
        version += "-dev"
    return operator, version


def _raised(numbers, place, by=1):
    """The first version of the next series: the number at place (from 1) raised, 0 after it."""
    raised = [number or "0" for number in numbers[: place - 1]] + [str(int(numbers[place - 1]) + by)]
    return ".".join(raised + ["0"] * (4 - place)) + "-dev"


def _refuse_excess(what, text):
    if len(text) > 500 or re.search(_TOO_MUCH, text, re.ASCII):
        raise _unreadable(what, text[:80])


def _unreadable(what, text):
    return CommerceError(
        "read a {0}".format(what),
        repr(text),
        "it is not one that Composer knows",
        "Look where it stands: a package's version or a rule of the Quality Patches Tool.",
        code="bad_version",
    )
