# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store writes down about errors: what is new counts, what it always does does not, and nothing is quoted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import error_records
from ansible_collections.storefleet.commerce.plugins.module_utils.error_records import (
    ErrorRecords,
    kinds_in,
    new_exceptions,
    new_reports,
    read_error_records,
)

NOW = 1_800_000_000.0
INVALID = (
    '[2026-11-23T18:40:01.123456+00:00] main.CRITICAL: secret {"exception":"[object] '
    "(Magento\\\\Framework\\\\Exception\\\\LocalizedException(code: 0): secret at /s/a.php:3)\n"
    "[stacktrace]\n#0 /s/b.php(7): x()\n"
)
TYPE_ERROR = '[2026-11-23 18:40:02] report.ERROR: x {"exception":"[object] (TypeError(code: 0): secret at y)"} []\n'
PLAIN = "[2026-11-23 18:40:03] main.CRITICAL: Zend_Db_Statement_Exception: secret\n"
OTHER = "[2026-11-23 18:40:04] main.CRITICAL: secret\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "var/log").mkdir(parents=True)
    return tmp_path


def write(store: Path, text: str) -> None:
    with (store / error_records.LOG).open("a") as file:
        file.write(text)


def report(store: Path, path: str, written: float) -> None:
    target = store / error_records.REPORTS / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("{}")
    os.utime(target, (written, written))


def records(store: Path, now: float = NOW) -> ErrorRecords:
    """As they come back from a journal."""
    return ErrorRecords.from_dict(json.loads(json.dumps(read_error_records(str(store), now).as_dict())))


def test_exceptions_are_told_by_their_class() -> None:
    kinds = kinds_in("#0 the end of one\n" + INVALID + TYPE_ERROR + PLAIN + OTHER)
    localized = "Magento\\Framework\\Exception\\LocalizedException"
    assert kinds == [localized, "TypeError", "Zend_Db_Statement_Exception", "an error"]
    assert kinds_in(INVALID.replace("\\\\", "\\\\\\\\")) == [localized]
    assert kinds_in("no log at all") == []


def test_a_new_class_of_exceptions_is_told_and_nothing_of_what_it_says(store: Path) -> None:
    write(store, INVALID)
    before = records(store)
    write(store, INVALID + TYPE_ERROR + TYPE_ERROR)
    found = new_exceptions(before, records(store))
    assert found == ("2 new exceptions in var/log/exception.log, the first of them TypeError.",)


def test_what_the_store_logs_all_the_time_is_not_new(store: Path) -> None:
    write(store, INVALID + TYPE_ERROR)
    before = records(store)
    assert new_exceptions(before, records(store)) == ()
    write(store, TYPE_ERROR + INVALID)
    assert new_exceptions(before, records(store)) == ()


@pytest.mark.parametrize("how", ["the first", "replaced", "emptied"])
def test_a_log_that_begins_anew_is_read_from_its_beginning(store: Path, how: str) -> None:
    if how != "the first":
        write(store, OTHER * 3)
    before = records(store)
    if how == "replaced":
        (store / error_records.LOG).rename(store / "var/log/exception.log.1")
        write(store, TYPE_ERROR + OTHER * 9)
    else:
        (store / error_records.LOG).write_text(TYPE_ERROR)
    assert new_exceptions(before, records(store))[0].startswith("1 new exception in")


def test_a_log_that_is_not_there_says_nothing(store: Path) -> None:
    assert new_exceptions(records(store), records(store)) == ()
    write(store, OTHER)
    before = records(store)
    (store / error_records.LOG).unlink()
    assert new_exceptions(before, records(store)) == ()


def test_of_a_long_log_only_the_end_is_looked_at(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_records, "LOOKED_AT", 100)
    write(store, TYPE_ERROR + OTHER * 10)
    before = records(store)
    assert before.kinds == ("an error",)
    write(store, OTHER)
    assert new_exceptions(before, records(store)) == ()


def test_new_reports_of_either_layout_are_counted(store: Path) -> None:
    report(store, "12", NOW - 7200)
    before = records(store)
    assert before.reports == ()
    assert new_reports(before, records(store, NOW + 5)) == ()
    report(store, "34", NOW + 1)
    assert new_reports(before, records(store, NOW + 5)) == ("1 new error report in var/report.",)
    report(store, "ab/cd/abcd12", NOW + 2)
    assert new_reports(before, records(store, NOW + 5)) == ("2 new error reports in var/report.",)


def test_a_store_that_writes_reports_all_the_time_may_go_on_so(store: Path) -> None:
    for number in range(60):
        report(store, f"old{number}", NOW - 60 * number - 1)
    before = records(store)
    assert len(before.reports) == 60
    for number, found in enumerate([0, 0, 0, 1]):
        report(store, f"new{number}", NOW + 1)
        assert len(new_reports(before, records(store, NOW + 60))) == found


def test_links_below_the_reports_are_not_followed(store: Path, tmp_path: Path) -> None:
    (store / "var/report").mkdir()
    (store / "elsewhere").mkdir()
    (store / "elsewhere/12").write_text("{}")
    os.utime(store / "elsewhere/12", (NOW, NOW))
    (store / "var/report/link").symlink_to(store / "elsewhere")
    os.utime(store / "var/report/link", (NOW - 9000, NOW - 9000), follow_symlinks=False)
    assert records(store).reports == ()
