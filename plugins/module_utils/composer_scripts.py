# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids of patches that scripts of a composer.json apply after each install and update, with all else left as it is.

Text in, text out: all but the scripts of the two events stays byte for byte. Where a file is of a shape that cannot be
changed safely, UnclearFile says why.
"""

from __future__ import annotations

import json
import re
from typing import List, Optional, Sequence, Tuple

from .errors import UnclearFile
from .json_places import Place, indent_of, place_of
from .patch_ids import Listed

SCRIPTS = "scripts"
EVENTS = ("post-install-cmd", "post-update-cmd")
# With the PHP that Composer runs with; without a terminal the tool must not wait for an answer.
COMMAND = "@php vendor/bin/magento-patches apply --no-interaction --no-ansi"

_OURS = re.compile(r"(?:\S*php\S* )?(?:\./)?vendor/bin/magento-patches apply((?: \S+)+)")


def listed_in(text: str) -> Listed:
    """The ids that the scripts of both events apply."""
    ids = [_ids_of(_entries(text, event)) for event in EVENTS]
    return Listed(tuple(patch_id for patch_id in ids[0] if patch_id in ids[1]))


def with_patches(text: str, add: Sequence[str]) -> str:
    """The text with scripts for both events that apply the ids too."""
    for event in EVENTS:
        ids = _ids_of(_entries(text, event))
        text = _with_ids(text, event, [*ids, *(patch_id for patch_id in dict.fromkeys(add) if patch_id not in ids)])
    return text


def without_patches(text: str, remove: Sequence[str]) -> str:
    """The text without the ids, and without scripts that would apply none; an event that would be empty goes too."""
    for event in EVENTS:
        ids = _ids_of(_entries(text, event))
        if set(ids) & set(remove):
            text = _with_ids(text, event, [patch_id for patch_id in ids if patch_id not in remove])
    return text


def _scripts(text: str) -> Optional[Place]:
    member = place_of(text).member(SCRIPTS)
    if member is None:
        return None
    if not isinstance(member.value, dict):
        raise UnclearFile("{0} is no object".format(SCRIPTS))
    return place_of(text, member.value_start)


def _entries(text: str, event: str) -> List[str]:
    """The scripts of an event, one by one."""
    scripts = _scripts(text)
    member = scripts.member(event) if scripts else None
    value = member.value if member else []
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise UnclearFile("{0}.{1} is neither a text nor a list of texts".format(SCRIPTS, event))
    if sum(1 for entry in entries if "magento-patches" in entry and "apply" in entry) > 1:
        raise UnclearFile("several scripts of {0} apply patches".format(event))
    return entries


def _own(entries: Sequence[str]) -> Optional[Tuple[int, str, Tuple[str, ...]]]:
    """Which of the scripts applies patches: its number, what stands before the ids, and the ids."""
    for number, entry in enumerate(entries):
        if "magento-patches" not in entry or "apply" not in entry:
            continue
        found = _OURS.fullmatch(entry.strip())
        if not found:
            raise UnclearFile("the script {0!r} does more than to apply patches".format(entry[:200]))
        words = found.group(1).split()
        ids = tuple(word for word in words if not word.startswith("-"))
        options = [word for word in words if word.startswith("-")]
        command = entry.strip()[: found.start(1)]
        return number, " ".join([command, *options]), ids
    return None


def _ids_of(entries: Sequence[str]) -> Tuple[str, ...]:
    own = _own(entries)
    return own[2] if own else ()


def _with_ids(text: str, event: str, ids: Sequence[str]) -> str:
    entries = list(_entries(text, event))
    own = _own(entries)
    if own and ids:
        entries[own[0]] = " ".join([own[1], *ids])
    elif own:
        del entries[own[0]]
    elif ids:
        # Before a script that compiles what is patched.
        entries.insert(0, " ".join([COMMAND, *ids]))
    return _with_entries(text, event, entries)


def _with_entries(text: str, event: str, entries: Sequence[str]) -> str:
    top = place_of(text)
    unit, line = indent_of(text, top), "\r\n" if "\r\n" in text else "\n"
    scripts = _scripts(text)
    if scripts is None:
        member = _member(event, entries, unit * 2, unit, line)
        whole = "{0}: {{{1}{2}{1}{3}}}".format(json.dumps(SCRIPTS), line, member, unit)
        return _inserted(text, top, unit + whole, line)
    found = scripts.member(event)
    if found and entries:
        # One script that stood alone goes on doing so.
        alone = isinstance(found.value, str) and len(entries) == 1
        value = json.dumps(entries[0], ensure_ascii=False) if alone else _list(entries, unit * 2, unit, line)
        return text[: found.value_start] + value + text[found.end :]
    if found:
        return _removed(text, scripts, event)
    return _inserted(text, scripts, _member(event, entries, unit * 2, unit, line), line)


def _member(name: str, entries: Sequence[str], indent: str, unit: str, line: str) -> str:
    return "{0}{1}: {2}".format(indent, json.dumps(name), _list(entries, indent, unit, line))


def _list(entries: Sequence[str], indent: str, unit: str, line: str) -> str:
    inner = ("," + line).join(indent + unit + json.dumps(entry, ensure_ascii=False) for entry in entries)
    return "[{0}{1}{0}{2}]".format(line, inner, indent)


def _inserted(text: str, place: Place, member: str, line: str) -> str:
    """The text with a further member at the end of an object."""
    if place.members:
        end = place.members[-1].end
        return text[:end] + "," + line + member + text[end:]
    start = text.rfind("\n", 0, place.start) + 1
    before = text[start : place.start]
    indent = before[: len(before) - len(before.lstrip())]
    return text[: place.start] + "{" + line + member + line + indent + "}" + text[place.end :]


def _removed(text: str, place: Place, name: str) -> str:
    """The text without a member of an object; an object that would be empty stays as {}."""
    number = next(number for number, member in enumerate(place.members) if member.name == name)
    if len(place.members) == 1:
        return text[: place.start] + "{}" + text[place.end :]
    if number:
        return text[: place.members[number - 1].end] + text[place.members[number].end :]
    return text[: place.members[0].start] + text[place.members[1].start :]
