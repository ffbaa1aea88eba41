# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that are made of a load's samples."""

from __future__ import annotations

import pytest
from support.load_report import results, table
from support.load_results import Sample, Window, longest_pause, longest_without_slow, read_samples, summary


def sample(at, seconds, failure=None, kind="rest login"):
    return Sample(at, seconds, kind, failure)


SAMPLES = [
    sample(0.0, 0.1),
    sample(1.0, 5.0, kind="slow page"),
    sample(1.5, 0.1, "status 500"),
    sample(2.0, 0.2),
    sample(3.0, 2.0, "RemoteDisconnected", "soap login"),
    sample(4.0, 0.1),
]


def test_summary():
    found = summary(SAMPLES, [Window("in 1", 2.1, 3.5)])
    assert found["sent"] == 6
    assert found["failed"] == 2
    assert found["seconds"] == 5.0
    assert found["rate"] == 1.0
    assert found["slowest"] == 2.0
    assert found["kinds"]["rest login"] == {"sent": 4, "failed": 1}
    assert found["kinds"]["soap login"] == {"sent": 1, "failed": 1}
    assert found["failures"] == {"status 500": 1, "RemoteDisconnected": 1}
    # The slow one, that which began before, and that which ended after.
    assert found["windows"] == [{"name": "in 1", "seconds": 1.4, "requests": 3, "failed": 1, "without_slow": 0.0}]


def test_the_longest_pause_is_between_answers_and_none_of_slow_requests():
    assert longest_pause(SAMPLES) == pytest.approx(1.9)
    assert longest_pause([sample(0.0, 0.1), sample(1.0, 5.0, kind="slow page"), sample(9.0, 0.9)]) == pytest.approx(9.8)
    assert longest_pause(SAMPLES[:1]) == 0.0


@pytest.mark.parametrize(
    ("slow", "longest"),
    [
        ([], 10.0),
        ([(5.0, 16.0)], 0.0),
        ([(12.0, 3.0)], 5.0),
        ([(5.0, 7.0), (11.0, 5.0), (15.5, 9.0)], 0.0),
        ([(8.0, 10.0), (9.0, 2.0), (17.0, 5.0)], 0.0),
        ([(5.0, 7.0), (13.0, 9.0)], 1.0),
        ([(11.0, 2.0), (14.0, 9.0)], 1.0),
    ],
    ids=["none", "all the time", "ends early", "overlapping", "one within another", "a gap", "begins late"],
)
def test_the_longest_time_without_a_slow_request(slow, longest):
    samples = [sample(at, seconds, kind="slow page") for at, seconds in slow] + [sample(12.0, 1.0)]
    assert longest_without_slow(samples, Window("in 1", 10.0, 20.0)) == pytest.approx(longest)


def test_samples_are_read_in_the_order_in_which_they_were_due(tmp_path):
    file = tmp_path / "samples"
    file.write_text("".join(one.to_line() for one in reversed(SAMPLES)))
    assert read_samples(file) == SAMPLES


def test_results_of_several_files_are_those_of_one_way(tmp_path):
    for number, part in enumerate((SAMPLES[:2], SAMPLES[2:])):
        (tmp_path / str(number)).write_text("".join(one.to_line() for one in part))
    found = results("in place", "note", [["in 1", 2.1, 3.5]], {"page": "HIT"}, [tmp_path / "0", tmp_path / "1"])
    assert found == {
        "way": "in place",
        "note": "note",
        "state": {"page": "HIT"},
        **summary(SAMPLES, [Window("in 1", 2.1, 3.5)]),
    }


def test_table():
    one = {
        "way": "in place",
        "note": "timeout 0",
        "windows": [{"requests": 7}, {"requests": 8}],
        "sent": 1234,
        "rate": 60.4,
        "failed": 56,
    }
    assert table([{**one, "longest_pause": 0.123}]).splitlines() == [
        "| way      |           | switches | requests | a second | during switches | failed | longest pause |",
        "| -------- | --------- | -------: | -------: | -------: | --------------: | -----: | ------------: |",
        "| in place | timeout 0 | 2        | 1,234    | 60       | 15              | 56     | 0.12 s        |",
    ]
