# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV, read back by the standard library's reader."""

from __future__ import annotations

import csv
import io

import pytest
from support.reports import many, sample, samples

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_csv import COLUMNS, render


def rows_of(report: dict) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report), newline=""), strict=True))


def row_of(name: str) -> dict[str, str]:
    return next(row for row in rows_of(sample()) if row["host"] == name)


def with_cell(text: str) -> str:
    report = sample()
    report["stores"][0]["next_step"] = text
    return rows_of(report)[0]["next_step"]


@pytest.mark.parametrize("kind", samples())
def test_each_host_is_a_row_with_all_columns(kind: str) -> None:
    report = samples()[kind]
    assert [row["host"] for row in rows_of(report)] == [entry["name"] for entry in report["stores"]]
    assert render(report).split("\r\n")[0] == ",".join(COLUMNS)
    assert all(set(row) == set(COLUMNS) and None not in row.values() for row in rows_of(report))


def test_lines_end_as_rfc_4180_wants_it() -> None:
    text = render(sample())
    assert text.count("\n") == text.count("\r\n") == len(sample()["stores"]) + 1
    assert text.endswith("\r\n")


def test_a_repaired_host() -> None:
    row = row_of("at")
    assert (row["store"], row["address"], row["root"]) == ("at", "at.example", "/var/www/html")
    assert (row["before_status"], row["before_reason"]) == ("vulnerable", "unpatched")
    assert (row["state"], row["status"], row["reason"], row["outcome"]) == (
        "audited",
        "compliant",
        "patched",
        "repaired",
    )
    assert (row["version"], row["edition"], row["patch"]) == ("2.4.6-p3", "community", "applied")
    assert (row["graphql_files"], row["soap_behaviour"], row["stuck_counters"]) == ("patched", "fixed", "0")
    assert (row["stage"], row["changed"], row["audited"]) == ("1", "yes", "2026-11-23T21:41:15Z")
    assert row["actions"] == "applied ACSD-61103; compiled dependency injection; switched the code"


def test_a_host_that_is_away_has_what_was_known_of_it_and_nothing_else() -> None:
    row = row_of("hu")
    assert (row["state"], row["status"], row["reason"]) == ("unreachable", "unknown", "unreachable")
    assert (row["known_status"], row["known_reason"]) == ("compliant", "patched")
    assert row["known_audited"] == "2026-11-22T21:40:15Z"
    assert (row["rest_behaviour"], row["patch"], row["stuck_counters"], row["audited"]) == ("", "", "", "")
    assert (row["changed"], row["stage"]) == ("no", "")
    assert row["messages"] == "Failed to connect to the host via ssh: No route to host"


def test_a_waiver_and_the_locked_accounts() -> None:
    row = row_of("it")
    assert (row["status"], row["waiver_reason"], row["waiver_expires"]) == ("waived", "closes in March", "2027-03-31")
    assert row["locked_accounts"] == "3"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\uff1d", "\t=", "\n+", " -", "\x00@", "\r="])
def test_no_cell_is_a_formula(first: str) -> None:
    assert with_cell(first + "1+cmd|' /C calc'!A0") == "'" + first.strip(" \t\r\n\x00") + "1+cmd|' /C calc'!A0"


def test_no_cell_has_more_than_one_line_or_a_control_character() -> None:
    assert with_cell("one\r\n\ttwo\n\nthree \x1b[31mred\x00") == "one two three [31mred"


def test_quotes_commas_and_other_scripts_are_as_they_were() -> None:
    assert with_cell('a "b", c; Größe 店') == 'a "b", c; Größe 店'


def test_several_messages_are_one_cell() -> None:
    report = sample()
    report["stores"][0]["messages"] = [{"time": "", "task": None, "text": text} for text in ("One.", "Two,\nthree.")]
    assert rows_of(report)[0]["messages"] == "One.; Two, three."


def test_equal_reports_give_equal_bytes() -> None:
    assert render(many(50)) == render(many(50))
