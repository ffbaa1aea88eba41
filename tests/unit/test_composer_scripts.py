# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts of a composer.json that apply patches: added, changed and removed, with every other byte as it was."""

from __future__ import annotations

import difflib
import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.composer_scripts import (
    COMMAND,
    EVENTS,
    listed_in,
    with_patches,
    without_patches,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import UnclearFile

OURS, OTHER = "ACSD-61103", "ACSD-62332"
HEAD = (
    '{\n    "name": "acme/shop",\n    "homepage": "https:\\/\\/a.example\\/\\u00e4ö",\n'
    '    "require": {"a/b": "^1", "c/d" :"2"}'
)
BUILD = "composer run build && echo done"


def manifest(scripts: str = "") -> str:
    """A composer.json with what no program would write in that way, and these scripts."""
    return HEAD + (f',\n    "scripts": {scripts}' if scripts else "") + "\n}\n"


TEXTS = {
    "none": manifest(),
    "empty object": manifest("{}"),
    "empty list": manifest('{\n        "post-install-cmd": [],\n        "test": "x"\n    }'),
    "text": manifest(f'{{\n        "post-install-cmd": "{BUILD}"\n    }}'),
    "list": manifest(f'{{ "test": [ "a" , "b"], "post-update-cmd": ["{BUILD}", "@test"] }}'),
    "ours": manifest(json.dumps({event: [BUILD, f"{COMMAND} {OTHER}"] for event in EVENTS}, indent=2)),
    "by hand": manifest(json.dumps(dict.fromkeys(EVENTS, f"php vendor/bin/magento-patches apply {OTHER} -n"))),
    "one event": manifest(json.dumps({"post-install-cmd": f"./vendor/bin/magento-patches apply {OURS}"})),
    "tabs": '{\n\t"require": {},\n\t"scripts": {\n\t\t"test": "x"\n\t}\n}',
    "windows": '{\r\n  "scripts": {\r\n    "test": "x"\r\n  }\r\n}\r\n',
    "one line": '{"name": "acme/shop"}',
    "empty": "{}",
}


def without_scripts(text: str) -> dict:
    """All but the scripts of the two events."""
    found = json.loads(text)
    scripts = {name: value for name, value in found.pop("scripts", {}).items() if name not in EVENTS}
    return {**found, "scripts": scripts}


def others(text: str, event: str) -> list[str]:
    """The scripts of an event that do something else."""
    value = json.loads(text).get("scripts", {}).get(event, [])
    entries = [value] if isinstance(value, str) else value
    return [entry for entry in entries if "magento-patches" not in entry]


@pytest.mark.parametrize("name", TEXTS)
def test_an_id_comes_into_both_events_and_goes_again(name: str) -> None:
    text = TEXTS[name]
    listed = set(listed_in(text).ids)
    after = with_patches(text, [OURS])
    assert set(listed_in(after).ids) == listed | {OURS}
    assert without_scripts(after) == without_scripts(text)
    for event in EVENTS:
        assert others(after, event) == others(text, event)
        (entry,) = [each for each in _entries(after, event) if "magento-patches" in each]
        assert entry.split().count(OURS) == 1
    assert with_patches(after, [OURS]) == after
    gone = without_patches(after, [OURS])
    assert set(listed_in(gone).ids) == listed - {OURS}
    assert [others(gone, event) for event in EVENTS] == [others(text, event) for event in EVENTS]
    assert without_scripts(gone) == without_scripts(text)


def _entries(text: str, event: str) -> list[str]:
    value = json.loads(text)["scripts"][event]
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_that_is_not_of_these_events_stays(name: str) -> None:
    text = TEXTS[name]
    after = with_patches(text, [OURS])
    before = [line.rstrip(",\r") for line in text.split("\n")]
    lost = [
        line for line in difflib.ndiff(before, [line.rstrip(",\r") for line in after.split("\n")]) if line[:2] == "- "
    ]
    # The list of an event is written anew.
    own = ("cmd", "magento-patches", "{", json.dumps(BUILD), "]")
    assert [line for line in lost if not any(word in line for word in own)] == []
    wanted = "\r\n" if name == "windows" else "\n"
    assert after.count(wanted) == after.count("\n")
    assert after.endswith(text[-1:])
    if name == "none":
        assert after.startswith(HEAD)


def test_what_is_written_is_as_composer_writes_it() -> None:
    after = with_patches(TEXTS["none"], [OURS, OTHER])
    script = f'                "{COMMAND} {OURS} {OTHER}"'[4:]
    assert after == HEAD + (
        ',\n    "scripts": {\n        "post-install-cmd": [\n' + script + "\n        ],\n"
        '        "post-update-cmd": [\n' + script + "\n        ]\n    }\n}\n"
    )


def test_one_of_two_ids_goes_and_the_other_stays() -> None:
    text = with_patches(TEXTS["list"], [OTHER, OURS])
    assert listed_in(without_patches(text, [OTHER])).ids == (OURS,)
    assert OTHER not in without_patches(text, [OTHER])


def test_patches_come_before_what_may_compile_them() -> None:
    after = with_patches(TEXTS["text"], [OURS])
    assert _entries(after, "post-install-cmd") == [f"{COMMAND} {OURS}", BUILD]


def test_options_of_a_script_stay() -> None:
    after = with_patches(TEXTS["by hand"], [OURS])
    assert _entries(after, EVENTS[0]) == [f"php vendor/bin/magento-patches apply -n {OTHER} {OURS}"]


def test_one_that_is_in_one_event_only_is_not_listed() -> None:
    assert listed_in(TEXTS["one event"]).ids == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "no JSON object"),
        ('{"a": }', "not valid JSON"),
        ('{"a": 1', "not valid JSON"),
        ('{"scripts": []}', "no object"),
        ('{"scripts": {"post-install-cmd": {"a": 1}}}', "neither a text"),
        ('{"scripts": {"post-install-cmd": [1]}}', "neither a text"),
        ('{"scripts": {}, "scripts": {}}', "2 times"),
        ('{"scripts": {"post-update-cmd": "cd x && vendor/bin/magento-patches apply A"}}', "does more"),
        (
            json.dumps({"scripts": {"post-update-cmd": [f"vendor/bin/magento-patches apply {each}" for each in "AB"]}}),
            "several",
        ),
    ],
)
def test_what_cannot_be_changed_safely(text: str, why: str) -> None:
    with pytest.raises(UnclearFile) as caught:
        with_patches(text, [OURS])
    assert why in str(caught.value)
