# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few lines that end a run on a terminal."""

from __future__ import annotations

import re

import pytest
from support.reports import many, sample, samples

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_text import summary

SEQUENCE = re.compile("\033\\[[0-9]+m")


def lines_of(kind: str, **how) -> list[str]:
    return summary(samples()[kind], **how).split("\n")[:-1]


def entry_of(report: dict, name: str) -> dict:
    return next(entry for entry in report["stores"] if entry["name"] == name)


def test_the_whole_of_a_rollout_that_stopped() -> None:
    assert (
        summary(sample(), where="/srv/reports")
        == """\
LOST since 2026-11-22: 1 host that had been compliant
  es: The store behaves well from its caches only: apply ACSD-61103 with
    remediate.yml before the next reload or cache clean.
NEEDS HANDS: 1 host
  cz: Run: mv /var/www/html/.storefleet/old /var/www/html/generated
remediate: 18 hosts of 17 stores, 5 well, 2 min 50 s
   3 compliant      3 patched
   5 vulnerable     3 unpatched, 1 conflict, 1 will regress
   1 not applicable 1 no customer api
   7 unknown        3 unreachable, 2 not run, 1 not testable, 1 tool failed
   1 waived         1 unpatched
   1 needs hands    1 rollback failed
Rollout: 2 of 4 stages done, and stopped. 2 stores were lost since the plan, and
  commerce_max_lost is 0: no further stage.
Outcome: 1 lost, 1 needs hands, 3 not repaired, 6 not started, 3 nothing to do,
  2 repaired, 1 taken back
Since 2026-11-22: 1 lost, 1 gained, 1 recovered, 5 changed, 5 new, 1 gone
Report: /srv/reports
"""
    )


@pytest.mark.parametrize("kind", samples())
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_longer_than_a_terminal_is_wide(kind: str, color: bool) -> None:
    lines = [SEQUENCE.sub("", line) for line in lines_of(kind, color=color)]
    assert max(map(len, lines)) <= 80
    assert all(lines)


def test_a_fleet_is_a_few_lines_too() -> None:
    lines = summary(many(3000)).split("\n")
    assert len(lines) < 25
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("kind", samples())
def test_color_changes_nothing_but_the_color(kind: str) -> None:
    plain, colored = lines_of(kind), lines_of(kind, color=True)
    assert [SEQUENCE.sub("", line) for line in colored] == plain
    assert "\033" not in "".join(plain)
    assert all(line.endswith("\033[0m") for line in colored if "\033" in line)


def test_what_is_bad_is_red_and_what_is_well_is_green() -> None:
    lines = lines_of("sample", color=True)
    assert lines[0].startswith("\033[31mLOST")
    assert any(line.startswith("\033[32m   3 compliant") for line in lines)
    assert any(line.startswith("\033[33m   7 unknown") for line in lines)
    assert any(line.startswith("\033[31m   1 needs hands") for line in lines)


def test_only_some_are_told_by_name() -> None:
    report = sample()
    names = [entry["name"] for entry in report["stores"]][:7]
    report["drift"]["lost"] = names
    lines = summary(report).split("\n")
    assert lines[0] == "LOST since 2026-11-22: 7 hosts that had been compliant"
    told = [line for line in lines if line.startswith("  ") and line[2:].split(":")[0] in names]
    assert [line[2:].split(":")[0] for line in told[:5]] == names[:5]
    assert "  and 2 more" in lines


def test_an_aborted_run_says_so_and_what_it_left() -> None:
    assert lines_of("aborted")[0] == "ABORTED before its end. Each host had been looked at."
    report = samples()["aborted"]
    entry_of(report, "ch").update(state="not_started")
    entry_of(report, "be").update(state="not_selected")
    assert summary(report).startswith("ABORTED before its end. 1 host had not been looked at.\n")
    assert "ABORTED" not in summary(sample())


def test_a_check_says_that_it_was_one() -> None:
    assert "remediate: 3 hosts of 3 stores, 1 well, 5 min 0 s, a check: nothing was changed" in lines_of("check")
    assert "check" not in summary(samples()["rollback"])


def test_a_first_report_has_no_drift_and_an_audit_no_rollout() -> None:
    assert lines_of("first") == [
        "audit: 14 hosts of 13 stores, 4 well, 6 min 40 s",
        "   4 compliant      4 patched",
        "  10 vulnerable     10 unpatched",
    ]


def test_a_rollout_that_was_not_stopped() -> None:
    assert "Rollout: 1 of 1 stage done" in lines_of("rollback")


def test_a_report_that_is_like_the_last_one_says_so() -> None:
    report = sample()
    report["drift"].update({key: [] for key in ("lost", "gained", "recovered", "changed", "new", "gone")})
    assert "Since 2026-11-22: no change" in summary(report).split("\n")
    assert "LOST" not in summary(report)


def test_a_last_report_without_an_end_is_told_in_words() -> None:
    report = sample()
    report["drift"]["baseline"]["ended"] = None
    assert summary(report).startswith("LOST since the last report: 1 host")


@pytest.mark.parametrize(
    ("ended", "words"),
    [("21:40:05", "0 s"), ("21:41:05", "1 min 0 s"), ("23:41:09", "2 h 1 min"), ("22:40:05", "1 h")],
)
def test_how_long_it_took(ended: str, words: str) -> None:
    report = samples()["first"]
    report["run"].update(started="2026-11-23T21:40:05Z", ended=f"2026-11-23T{ended}Z")
    assert summary(report).split("\n", maxsplit=1)[0].endswith(f"well, {words}")


def test_nothing_that_a_store_says_moves_the_cursor() -> None:
    report = sample()
    entry_of(report, "es").update(next_step="Look\x1b[2J\x7f\x9b1A\r\nhere \u202eback\x07.")
    assert "  es: Look[2J1A here back.\n" in summary(report)


def test_reasons_that_take_two_lines_stand_below_each_other() -> None:
    report = sample()
    for number, entry in enumerate(report["stores"]):
        entry.update(status="vulnerable", reason=f"a_reason_of_number_{number:02}")
    lines = summary(report).split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("  18 vulnerable     1 a reason"))
    assert lines[first + 1].startswith(" " * 20 + "1 a reason of number 02, 1 a")


def test_the_folder_of_the_report_is_never_broken() -> None:
    where = "/srv/a folder with a long name/" + "reports of the night/" * 5
    assert summary(sample(), where=where).endswith(f"\nReport: {where}\n")
    assert "Report" not in summary(sample())
