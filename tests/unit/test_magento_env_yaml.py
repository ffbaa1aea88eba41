# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids added to .magento.env.yaml and removed: what a YAML reader sees afterwards, and that no other byte moves."""

from __future__ import annotations

import copy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.module_utils.magento_env_yaml import (
    listed_in,
    with_patches,
    without_patches,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.yaml_values import UnclearYaml

OURS = "ACSD-61103"
LIST = "stage:\n  build:\n    QUALITY_PATCHES"
WHOLE = LIST + ":\n      - ACSD-61103\n"


class Loader(yaml.SafeLoader):
    """Reads tags such as !php/const as what they are: a tag and what it is on."""


def _tagged(loader, tag, node):
    kinds = {yaml.ScalarNode: "scalar", yaml.SequenceNode: "sequence", yaml.MappingNode: "mapping"}
    return (tag, getattr(loader, f"construct_{kinds[type(node)]}")(node))


Loader.add_multi_constructor("!", _tagged)


def read(text):
    return yaml.load(text, Loader)


def expected(text, ids):
    """What the file holds, with these ids in its list and nothing else changed."""
    whole = copy.deepcopy(read(text or "") or {})
    for key in ("stage", "build"):
        if not (whole if key == "stage" else whole["stage"]).get(key):
            (whole if key == "stage" else whole["stage"])[key] = {}
    whole["stage"]["build"]["QUALITY_PATCHES"] = list(ids)
    return whole


FULL = """\
# Deployment of the shop. ÄÖ
---
log: # to somebody
  slack:
    token: 'it''s: #1'
    levels: !php/const \\Monolog\\Logger::DEBUG
    "C:\\\\x": {a: "}", b: [1, 'x]']}
stage:
    global:
        SCD_ON_DEMAND:   true    # fine
        TEXT: |+
            stage:
              build:
                QUALITY_PATCHES: [NOT-1]


    build:
        # The last one asked for it.
        SKIP_SCD: true
        "X":
        - a: b
          c: "two
            lines: of"
        - {
            QUALITY_PATCHES: [NOT-2]}
        QUALITY_PATCHES:
            # one
            -   'MDVA-1'   # why
            -   'MDVA-2'
            # two
    deploy:
        DATABASE_CONFIGURATION:
            connection:
                default:
                    driver_options:
                        !php/const PDO::MYSQL_ATTR_LOCAL_INFILE: 1
"""

# Each with what has to be added to get from the text to the result.
ADDED = {
    "no file": (None, WHOLE),
    "empty": ("", WHOLE),
    "a comment": ("# c", "# c\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103"),
    "document marks": (
        "%YAML 1.1\n---\nlog: {}\n...\n# end\n",
        "%YAML 1.1\n---\nlog: {}\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n...\n# end\n",
    ),
    "no stage": ("log:\n    a: 1", "log:\n    a: 1\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103"),
    "no build": (
        "stage:\n   # of it\n   deploy:\n     A: 1\n",
        "stage:\n   build:\n      QUALITY_PATCHES:\n         - ACSD-61103\n   # of it\n   deploy:\n     A: 1\n",
    ),
    "build without anything": (
        "stage:\n  build:   # c\n  deploy: {}\n",
        "stage:\n  build:   # c\n    QUALITY_PATCHES:\n      - ACSD-61103\n  deploy: {}\n",
    ),
    "build in braces": (
        "stage:\n  build: {} # c\n",
        "stage:\n  build: # c\n    QUALITY_PATCHES:\n      - ACSD-61103\n",
    ),
    "stage is null": ("stage: ~", LIST + ":\n      - ACSD-61103"),
    "no list": (
        "stage:\n  build:\n    # c\n    A: |+\n      t\n\n\n",
        LIST + ":\n      - ACSD-61103\n    # c\n    A: |+\n      t\n\n\n",
    ),
    "list without anything": (
        LIST + ": # c\n    A: 1\n",
        LIST + ": # c\n      - ACSD-61103\n    A: 1\n",
    ),
    "list is null": (LIST + ": null\n", LIST + ": [ACSD-61103]\n"),
    "empty list": (
        "stage: \n  build:\n    QUALITY_PATCHES: [ ] # c",
        "stage: \n  build:\n    QUALITY_PATCHES: [ACSD-61103] # c",
    ),
    "list": (
        LIST + ":\n      - A-1 # c\n    # of B\n    B: 1\n",
        LIST + ":\n      - A-1 # c\n      - ACSD-61103\n    # of B\n    B: 1\n",
    ),
    "list as far in as its key": (
        LIST + ":\n    - \"A-1\"\n    -   \"A-2\"\n  deploy:\n  - 1\n",
        LIST + ":\n    - \"A-1\"\n    -   \"A-2\"\n    -   \"ACSD-61103\"\n  deploy:\n  - 1\n",
    ),
    "list at the very end": (
        LIST + ":\n      - A-1",
        LIST + ":\n      - A-1\n      - ACSD-61103",
    ),
    "brackets": (
        LIST + ": [ 'A-1', B-2 , 'C-3', ] # c\n",
        LIST + ": [ 'A-1', B-2 , 'C-3', 'ACSD-61103', ] # c\n",
    ),
    "brackets on several lines": (
        LIST + ": [\n      A-1,\n      B-2\n    ]\n    A: 1\n",
        LIST + ": [\n      A-1,\n      B-2, ACSD-61103\n    ]\n    A: 1\n",
    ),
    "quoted keys": (
        "'stage':\n  \"build\" :\n    'QUALITY_PATCHES':\n      - A-1\n",
        "'stage':\n  \"build\" :\n    'QUALITY_PATCHES':\n      - A-1\n      - ACSD-61103\n",
    ),
    "carriage returns": (
        "\ufeffstage:\r\n  build:\r\n    A: 1\r\n",
        "\ufeffstage:\r\n  build:\r\n    QUALITY_PATCHES:\r\n      - ACSD-61103\r\n    A: 1\r\n",
    ),
    "a merge key beside the list": (
        "x: &x {C: 1}\nstage:\n  build:\n    <<: *x\n    QUALITY_PATCHES: [A-1]\n",
        "x: &x {C: 1}\nstage:\n  build:\n    <<: *x\n    QUALITY_PATCHES: [A-1, ACSD-61103]\n",
    ),
    "twice another": (
        LIST + ": [A-1, A-1]\n",
        LIST + ": [A-1, A-1, ACSD-61103]\n",
    ),
    "a text that goes on": (
        "stage:\n  deploy:\n    A: one\n      \"two\n    B: 'x'\n",
        LIST + ":\n      - ACSD-61103\n  deploy:\n    A: one\n      \"two\n    B: 'x'\n",
    ),
    "apostrophes and comments in brackets": (
        "log: [it's, # ]\n  {b: http://x}]\nstage:\n  build:\n    A: 1\n",
        "log: [it's, # ]\n  {b: http://x}]\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n    A: 1\n",
    ),
    "a comment that is further in": (
        "stage:\n build:\n  QUALITY_PATCHES:\n   - A-1\n     # more of it\n   - B-2\n     # the end\n",
        "stage:\n build:\n  QUALITY_PATCHES:\n   - A-1\n     # more of it\n   - B-2\n   - ACSD-61103\n     # the end\n",
    ),
    "a text that is less far in than its key": (
        'log:\n- a: one\n  b: "x\nstage:\n  y"\nstage:\n  build:\n    A: 1\n',
        'log:\n- a: one\n  b: "x\nstage:\n  y"\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n    A: 1\n',
    ),
    "everything at once": (FULL, FULL.replace("'MDVA-2'\n", "'MDVA-2'\n            -   'ACSD-61103'\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_an_id_is_added(name: str) -> None:
    before, after = ADDED[name]
    assert with_patches(before, [OURS]) == after
    assert read(after) == expected(before, [*listed_in(before).ids, OURS])
    assert with_patches(after, [OURS]) == after


REMOVED = {
    "of several": (
        LIST + ":\n      # one\n      - A-1\n      - ACSD-61103 # c\n      # two\n      - B-2\n",
        LIST + ":\n      # one\n      - A-1\n      # two\n      - B-2\n",
    ),
    "twice": (
        LIST + ":\n    - ACSD-61103\n    - 'A-1'\n    - \"ACSD-61103\"",
        LIST + ":\n    - 'A-1'",
    ),
    "the last of a list with a comment": (
        LIST + ": # c\n      - ACSD-61103\n    A: 1\n",
        LIST + ": [] # c\n    A: 1\n",
    ),
    "the last below a comment": (
        LIST + ":\n      # c\n      - ACSD-61103\n    A: 1\n",
        LIST + ": []\n      # c\n    A: 1\n",
    ),
    "the last of a commented file": (
        "# c\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n",
        "# c\nstage:\n  build:\n    QUALITY_PATCHES: []\n",
    ),
    "the last, and its keys with it": (
        "log: {}\nstage:\n  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n  deploy: {}\n",
        "log: {}\nstage:\n  deploy: {}\n",
    ),
    "the last of the file": (WHOLE, None),
    "in brackets, first": (
        LIST + ": [ACSD-61103, 'A-1', B-2]\n",
        LIST + ": ['A-1', B-2]\n",
    ),
    "in brackets, between and last": (
        LIST + ": [A-1, ACSD-61103 , B-2, ACSD-61103, ]\n",
        LIST + ": [A-1 , B-2, ]\n",
    ),
    "in brackets, alone": (
        LIST + ": [ 'ACSD-61103' ] # c\n",
        LIST + ": [] # c\n",
    ),
    "everything at once": (
        FULL.replace("'MDVA-2'\n", "'MDVA-2'\n            - ACSD-61103 # once more\n"), FULL,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REMOVED)
def test_an_id_is_removed(name: str) -> None:
    before, after = REMOVED[name]
    assert without_patches(before, [OURS]) == after
    assert without_patches(after, [OURS]) == after
    assert OURS not in listed_in(after).ids
    rest = [patch_id for patch_id in listed_in(before).ids if patch_id != OURS]
    if rest:
        assert read(after) == expected(before, rest)


@pytest.mark.parametrize("text", [None, "", "log: {}\n", LIST + ": [A-1]\n", FULL])
def test_what_does_not_list_the_id_is_left_alone(text: str | None) -> None:
    assert without_patches(text, [OURS]) == text


@pytest.mark.parametrize("value", ["'*'", '"*"', "['*']", "[A-1, '*']", "\n    - '*'\n    - A-1"])
def test_everything(value: str) -> None:
    text = f"{LIST}: {value}\n"
    assert listed_in(text).everything
    assert with_patches(text, [OURS]) == text


UNCLEAR = {
    "a word": ("stage: {build: 1}", "of its own"),
    "braces": ("stage:\n  build: {QUALITY_PATCHES: [A-1]}", "of its own"),
    "a scalar": (LIST + ": A-1", "A-1 where a list belongs"),
    "a quoted scalar": (LIST + ": 'A-1'", "where a list belongs"),
    "a text": (LIST + ": |\n      A-1\n", "where a list belongs"),
    "a list that is a mapping": (LIST + ":\n      A-1: 1\n", "not a single word"),
    "an alias": ("x: &x [A-1]\nstage:\n  build:\n    QUALITY_PATCHES: *x", "where a list belongs"),
    "an anchor": (LIST + ": &x [A-1]", "&x, an anchor or a tag"),
    "an anchor above": ("stage:\n  build: &x\n    A: 1", "build has &x"),
    "an anchor before the key": ("stage:\n  &x build:\n    A: 1", "build has an anchor"),
    "a tag": (LIST + ": !!set {A-1}", "!!set"),
    "an entry that is an alias": (LIST + ":\n      - *x", "not a single word"),
    "an entry with a tag": (LIST + ": [!!str A-1]", "not a single word"),
    "an entry of two lines": (LIST + ":\n      - A-1\n        B\n", "not a single word"),
    "an entry that is a list": (LIST + ":\n      - - A-1\n", "not a single word"),
    "an entry without anything": (LIST + ":\n      -\n", "not a single word"),
    "a list in brackets in it": (LIST + ": [[A-1]]", "not a single word"),
    "a comment in brackets": (LIST + ": [A-1, # c\n      B-2]", "comment"),
    "an escape": ('stage:\n  build:\n    QUALITY_PATCHES: ["\\x41"]', "escape"),
    "an escape in a key": ('stage:\n  "b\\x75ild":\n    A: 1', "escape"),
    "a merge key": ("stage:\n  <<: *x\n", "merge key"),
    "twice the key": ("stage:\n  a: 1\nstage:\n  b: 1\n", "stage stands there twice"),
    "two documents": ("log: 1\n---\nstage: {}\n", "more than one document"),
    "two documents, one ended": ("log: 1\n...\n---\nstage: {}\n", "more than one document"),
    "something beside the mark": ("--- {}\n", "beside ---"),
    "a list as a file": ("- stage\n", "no keys"),
    "a word as a file": ("stage\n", "no keys"),
    "braces as a file": ("{stage: {}}", "no keys"),
    "a tab": ("stage:\n\tbuild: 1\n", "tab"),
    "less and less far in": ("  stage:\n build: 1\n", "indented"),
    "an open quote": ("stage: 'a\n", "quotation mark"),
    "an open bracket": ("stage: [a\n", "bracket"),
    "brackets that do not match": ("stage: [a}\n", "do not match"),
    "a lone carriage return": ("stage:\r  build:\r", "line breaks"),
    "a break of another kind": ("a: b\u2028stage:", "line breaks"),
    "a key with a question mark": ("? stage\n: a\n", "question mark"),
    "something behind a quote": ("a: 'b' c\n", "behind"),
    "a text without an end": ("log: |\n  a", "without a line break"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_not_clear_is_not_changed(name: str) -> None:
    text, words = UNCLEAR[name]
    with pytest.raises(UnclearYaml, match=words):
        with_patches(text, [OURS])


# Files made of what people write, in every order.
IDS = st.lists(st.sampled_from(["MDVA-1", "ACSD-2", OURS, "BUNDLE-3-V4"]), max_size=5)
VALUES = st.sampled_from(
    [
        "true # fine",
        "'it''s: # 1'",
        '"a \\" # b"',
        "!php/const \\PDO::ATTR",
        "[1, 'x]', {a: \"}\"}] # ]",
        "[it's, # don't ]\n{i}  2]",
        "|\n{i}  stage:\n\n{i}    - ACSD-61103",
        "one\n{i}  two",
        '"one\n{i}  - two: three"',
        "{{\n{i}  a: [ACSD-61103]\n{i}}}",
        "\n{i}- a: 1\n{i}  b: |\n{i}    c: d\n{i}- - e",
        "\n{i}  QUALITY_PATCHES: [A]",
        "# nothing",
    ]
)
NOISE = st.sampled_from(["", "# c\n", "\n", "  # stage:\n\n"])


@st.composite
def files(draw):
    """A file with or without each of the keys, among others, its list in one of the forms."""
    step, end = draw(st.sampled_from([1, 2, 4])), draw(st.sampled_from(["\n", "\r\n"]))
    indents = [" " * (step * depth) for depth in range(4)]

    def others(indent, names):
        return [
            draw(NOISE)
            + f"{indent}{name}: {draw(VALUES).replace('{i}', indent).replace('{{', '{').replace('}}', '}')}\n"
            for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
        ]

    ids = draw(IDS)
    quote = draw(st.sampled_from(["", "'", '"']))
    words = [quote + patch_id + quote for patch_id in ids]
    form = draw(st.sampled_from(["none", "brackets", "lines", "flat"]))
    listing = {
        "none": "",
        "brackets": f"{indents[2]}QUALITY_PATCHES: [{', '.join(words)}]{draw(st.sampled_from(['', ' # c']))}\n",
        "lines": f"{indents[2]}QUALITY_PATCHES:\n" + "".join(draw(NOISE) + f"{indents[3]}- {word}\n" for word in words),
        "flat": f"{indents[2]}QUALITY_PATCHES:\n" + "".join(f"{indents[2]}- {word} # {word}\n" for word in words),
    }[form]
    build = draw(st.permutations([*others(indents[2], ["A", "B", "C"]), listing]))
    stage = draw(st.permutations([*others(indents[1], ["global", "deploy"]), f"{indents[1]}build:\n" + "".join(build)]))
    root = draw(st.permutations([*others("", ["log", "x y"]), "stage:\n" + "".join(stage)]))
    text = draw(NOISE) + draw(st.sampled_from(["", "---\n"])) + "".join(root) + draw(NOISE)
    text = text.replace("\n", end)
    return text if draw(st.booleans()) else text.rstrip()


@given(files(), st.lists(st.sampled_from([OURS, "NEW-1"]), min_size=1, max_size=2, unique=True))
def test_nothing_but_the_list_changes(text: str, ids: list[str]) -> None:
    before = listed_in(text).ids
    assert list(before) == (((read(text)["stage"] or {}).get("build") or {}).get("QUALITY_PATCHES") or [])
    try:
        added = with_patches(text, ids)
    except UnclearYaml as reason:
        assert "without a line break" in str(reason)  # noqa: PT017
        return
    new = [patch_id for patch_id in ids if patch_id not in before]
    assert read(added) == expected(text, [*before, *new]) if new else added == text
    # What was added can be taken out, and nothing else has moved.
    assert is_part(text, added)
    removed = without_patches(added, ids)
    rest = [patch_id for patch_id in before if patch_id not in ids]
    if rest:
        assert read(removed) == expected(text, rest)
    else:
        assert not listed_in(removed).ids
    build = ((read(text).get("stage") or {}).get("build")) or {}
    if build and "QUALITY_PATCHES" not in build:
        assert removed == text


def is_part(part: str, whole: str) -> bool:
    """Whether the whole has all characters of the part, in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)
