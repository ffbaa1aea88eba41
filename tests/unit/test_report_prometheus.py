# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Prometheus' text format, read back by a small strict reader of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from support.reports import many, sample, samples

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_prometheus import render

NAME = "[a-z][a-z0-9_]*"
LABEL = re.compile(rf'({NAME})="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=[a-z])|$)')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.+)\}})? (-?[0-9]+(?:\.[0-9]+)?)")
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}

Samples = Mapping[tuple, float]


def labels_of(text: str) -> tuple:
    labels, position = [], 0
    while position < len(text):
        found = LABEL.match(text, position)
        assert found, text[position:]
        value = re.sub(r'\\["\\n]', lambda escape: ESCAPES[escape.group()], found[2])
        labels.append((found[1], value))
        position = found.end()
    assert len(dict(labels)) == len(labels)
    return tuple(sorted(labels))


def parsed(text: str) -> dict[str, Samples]:
    """The samples by the metric's name and by their labels; whatever is not of the format fails."""
    assert text.endswith("\n")
    metrics: dict[str, dict[tuple, float]] = {}
    lines = iter(text.split("\n")[:-1])
    described = None
    for line in lines:
        if line.startswith("# HELP "):
            dummy, dummy, name, words = line.split(" ", 3)
            assert words.endswith(".")
            assert name not in metrics
            assert next(lines) == f"# TYPE {name} gauge"
            described, metrics[name] = name, {}
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        labels = labels_of(found[2] or "")
        assert found[1] == described
        assert labels not in metrics[described]
        metrics[described][labels] = float(found[3])
    assert all(metrics.values())
    return metrics


def of(kind: str = "sample") -> dict[str, Samples]:
    return parsed(render(samples()[kind]))


def value(metrics: Mapping[str, Samples], metric: str, **labels: str) -> float | None:
    return metrics.get(f"storefleet_{metric}", {}).get(tuple(sorted(labels.items())))


def seconds(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("kind", samples())
def test_the_format_is_kept_and_no_name_breaks_the_rules(kind: str) -> None:
    for name in of(kind):
        assert name.startswith("storefleet_")
        # These endings are those of counters and histograms.
        assert not name.endswith(("_total", "_count", "_sum", "_bucket"))


def test_the_run() -> None:
    metrics = of()
    about = {"playbook": "remediate", "controller": "control-1", "collection": "0.1.0"}
    assert value(metrics, "report_info", **about) == 1
    assert value(metrics, "report_timestamp_seconds") == seconds(2026, 11, 23, 21, 42, 55)
    assert value(metrics, "report_duration_seconds") == 170
    assert value(metrics, "report_aborted") == 0
    assert value(metrics, "rollout_stopped") == 1
    assert value(metrics, "stores") == 17


def test_an_aborted_run_has_its_beginning_and_no_duration() -> None:
    metrics = of("aborted")
    assert value(metrics, "report_aborted") == 1
    assert value(metrics, "report_timestamp_seconds") == seconds(2026, 11, 23, 21, 40, 5)
    assert value(metrics, "report_duration_seconds") is None


@pytest.mark.parametrize(("kind", "partial"), [("sample", 1), ("check", 1), ("first", 0), ("rollback", 0)])
def test_a_run_that_did_not_see_or_do_all_says_so(kind: str, partial: int) -> None:
    assert value(of(kind), "report_partial") == partial


@pytest.mark.parametrize("part", [{"slice": {"number": 1, "count": 4}}, {"tags": ["audit"]}, {"limit": "a"}])
def test_each_kind_of_part_counts(part: dict) -> None:
    report = samples()["first"]
    report["scope"].update(part)
    assert value(parsed(render(report)), "report_partial") == 1


def test_every_status_is_counted_also_when_there_is_none() -> None:
    report = sample()
    metrics = of()
    for status, count in report["totals"]["by_status"].items():
        assert value(metrics, "hosts", status=status) == count
    assert value(of("first"), "hosts", status="needs_hands") == 0


def test_the_drift() -> None:
    assert value(of(), "drift_hosts", change="lost") == 1
    assert value(of(), "drift_hosts", change="changed") == 5
    assert value(of("first"), "drift_hosts", change="lost") is None


def test_a_rollout_that_went_on_and_a_run_without_one() -> None:
    assert value(of("rollback"), "rollout_stopped") == 0
    assert value(of("first"), "rollout_stopped") is None


@pytest.mark.parametrize("name", ["at", "cz", "hu", "it", "lu", "pl"])
def test_each_host_has_what_is_known_of_it(name: str) -> None:
    entry = next(entry for entry in sample()["stores"] if entry["name"] == name)
    metrics = of()
    known = {key: entry[key] or "" for key in ("state", "status", "reason", "version")}
    assert value(metrics, "store_info", host=name, store=entry["store"], **known) == 1
    well = entry["status"] in ("compliant", "not_applicable", "waived")
    assert value(metrics, "store_well", host=name, store=entry["store"]) == well


def test_every_host_is_there() -> None:
    metrics = of()
    assert len(metrics["storefleet_store_info"]) == len(metrics["storefleet_store_well"]) == 18


def test_what_is_not_known_has_no_sample() -> None:
    metrics = of()
    assert value(metrics, "store_audited_timestamp_seconds", host="hu", store="hu") is None
    assert value(metrics, "store_stuck_counters", host="hu", store="hu") is None
    assert value(metrics, "store_audited_timestamp_seconds", host="be", store="be") == seconds(2026, 11, 23, 21, 40, 15)
    assert value(metrics, "store_stuck_counters", host="be", store="be") == 0
    assert value(metrics, "store_stuck_counters", host="de-web1", store="de") == 12
    assert value(metrics, "store_locked_accounts", host="de-web1", store="de") == 3


def test_a_waiver_ends_when_its_last_day_is_over() -> None:
    metrics = of()
    assert value(metrics, "store_waiver_end_timestamp_seconds", host="it", store="it") == seconds(2027, 4, 1)
    assert value(metrics, "store_waiver_end_timestamp_seconds", host="fr", store="fr") == seconds(2026, 11, 1)
    assert value(metrics, "store_waiver_end_timestamp_seconds", host="at", store="at") is None


def test_the_last_day_of_the_calendar_ends_too() -> None:
    report = sample()
    waived = next(entry for entry in report["stores"] if entry["name"] == "it")
    waived["waiver"]["expires"] = "9999-12-31"
    end = value(parsed(render(report)), "store_waiver_end_timestamp_seconds", host="it", store="it")
    assert end == seconds(9999, 12, 31) + 86400


def test_labels_are_escaped() -> None:
    report = sample()
    report["stores"][0]["name"] = 'a"b\\c\nd\ud800,{}\\n店'
    assert value(parsed(render(report)), "store_well", host='a"b\\c\nd?,{}\\n店', store="at") == 1


def test_equal_reports_give_equal_bytes() -> None:
    assert render(many(50)) == render(many(50))
