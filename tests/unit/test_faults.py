# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import subprocess
from collections import Counter

import pytest
from support.faults import (
    CODE,
    CONFIGURATION,
    FROM_HERE,
    GENERATED,
    GO,
    KEPT,
    LOOK_AT,
    NEW_CODE,
    REACHED,
    RECORD,
    STAGE,
    WAY_BACK,
    Expected,
    Result,
    as_json,
    at_php,
    hit_step,
    php_command,
    table,
)
from support.faults_catalogue import FAULTS

DEEDS = ("nothing", "kill", "kill_all", "hang_up", *FROM_HERE)
ALL_CODE = {NEW_CODE: "new", CODE: "changed", GENERATED: "changed"}


@pytest.mark.parametrize(
    ("seen", "step"),
    [
        ({}, "before"),
        ({STAGE: "new"}, "build"),
        ({STAGE: "new", RECORD: "new"}, "built"),
        ({STAGE: "new", RECORD: "new", WAY_BACK: "new"}, "journal"),
        ({WAY_BACK: "new", NEW_CODE: "new"}, "code"),
        ({WAY_BACK: "new", NEW_CODE: "new", CODE: "changed"}, "code"),
        ({WAY_BACK: "new", **ALL_CODE}, "reload"),
        ({WAY_BACK: "new", **ALL_CODE, CONFIGURATION[0]: "changed"}, "configuration"),
        ({WAY_BACK: "new", **ALL_CODE, **dict.fromkeys(CONFIGURATION, "changed")}, "clean or proof"),
        ({WAY_BACK: "new", CODE: "changed", **dict.fromkeys(CONFIGURATION, "changed")}, "way back"),
        ({KEPT: "new", **ALL_CODE, **dict.fromkeys(CONFIGURATION, "changed")}, "kept"),
    ],
)
def test_the_step_that_was_hit_is_known_by_what_had_changed(seen, step):
    assert hit_step({**dict.fromkeys(LOOK_AT, "same"), **seen}) == step


def test_a_php_command_is_told_in_words_that_bash_reads_back():
    text = php_command("magento-patches.* apply ", "instead", text="it's $HOME", status=3)
    printed = subprocess.run(
        ["bash", "-euc", text + 'printf "%s|%s|%s|%s" "$pattern" "$stand" "$text" "$status"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == "magento-patches.* apply |instead|it's $HOME|3"


def test_a_moment_of_php_is_when_it_says_so():
    moment = at_php("x", "before")
    assert moment.conditions == (("there", REACHED),)
    assert moment.php == php_command("x", "before")


def test_the_table_has_equal_columns():
    rows = [Result("copy", "killed", 2, "build", "as before", 9.6), Result("reload", "x", 0, "-", "survived", 10)]
    assert table(rows) == (
        "step    fault   status  found in  outcome    seconds\n"
        "copy    killed  2       build     as before  10\n"
        "reload  x       0       -         survived   10\n"
    )
    assert json.loads(as_json(rows))[0] == rows[0]._asdict()


def test_each_fault_has_a_title_of_its_own():
    assert [title for title, count in Counter(fault.title for fault in FAULTS).items() if count > 1] == []


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.title for fault in FAULTS])
def test_a_fault_is_one_that_can_come(fault):
    assert fault.deed in DEEDS
    assert not (fault.php and fault.moment)
    # Something that is done has a time, and something makes the run another one than an undisturbed one.
    assert fault.moment or (fault.deed == "nothing" and not fault.script)
    assert fault.moment or fault.php or fault.arrange or fault.options
    # What is in the way from the beginning, and stays, no next run gets over.
    assert fault.moment or fault.expected in (Expected.AS_BEFORE, Expected.SURVIVED)


def test_the_core_has_what_tells_most():
    core = [fault for fault in FAULTS if fault.core]
    assert 6 <= len(core) <= 8
    assert {fault.expected for fault in core} >= {Expected.AS_BEFORE, Expected.NEXT_RUN, Expected.BY_HAND}


def test_what_the_shim_waits_for_is_what_is_given_to_it():
    assert GO.rpartition("/")[0] == REACHED.rpartition("/")[0]
