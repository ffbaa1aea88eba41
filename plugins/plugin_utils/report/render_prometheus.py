# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a text file for the Prometheus node exporter's textfile collector.

A value that is not known has no sample: an absent series is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from .plain import moment, seconds_between
from .terms import WELL

SUFFIX = ".prom"

_FIRST_DAY = date(1970, 1, 1).toordinal()
_DRIFT = ("gained", "lost", "recovered", "changed", "new", "gone")


class Sample(NamedTuple):
    """A value and the labels that it is told apart by."""

    value: float
    labels: Mapping[str, str] = {}


def render(report: Mapping[str, Any]) -> str:
    """The report in Prometheus' text format; all metrics are gauges."""
    return "".join(_family(*metric) for metric in (*_of_run(report), *_of_hosts(report["stores"])))


def _of_run(report):
    """The metrics of the run: name, help and samples of each."""
    run, scope, drift, rollout = (report[key] for key in ("run", "scope", "drift", "rollout"))
    about = {name: run[name] for name in ("playbook", "controller")}
    partial = bool(scope["limit"] or scope["check"] or scope["slice"] or scope["tags"])
    ended = moment(run["ended"] or run["started"])
    took = seconds_between(run["started"], run["ended"])
    hosts = report["totals"]["by_status"]
    yield "report_info", "The run that the report is of.", [Sample(1, {**about, "collection": report["collection"]})]
    yield (
        "report_timestamp_seconds",
        "When the run ended, or began if it was aborted.",
        [Sample(ended.timestamp())] if ended else [],
    )
    yield "report_duration_seconds", "How long the run took.", [] if took is None else [Sample(took)]
    yield "report_aborted", "Whether the run was aborted.", [Sample(run["aborted"])]
    yield "report_partial", "Whether the run was limited, a slice, or a check.", [Sample(partial)]
    yield "hosts", "Hosts by their status.", [Sample(count, {"status": status}) for status, count in hosts.items()]
    yield "stores", "Stores, of one host or several.", [Sample(report["totals"]["stores"])]
    changes = [Sample(len(drift[change]), {"change": change}) for change in _DRIFT] if drift["baseline"] else []
    yield "drift_hosts", "Hosts that are not as in the last full report.", changes
    stopped = [Sample(rollout["stopped"] is not None)] if rollout else []
    yield "rollout_stopped", "Whether the rollout stopped before its end.", stopped


def _of_hosts(entries):
    """The metrics of the hosts: name, help and samples of each."""
    labelled = [(entry, {"host": entry["name"], "store": entry["store"]}) for entry in entries]
    yield (
        "store_info",
        "What is known of a host.",
        [
            Sample(1, {**labels, **{name: entry[name] or "" for name in ("state", "status", "reason", "version")}})
            for entry, labels in labelled
        ],
    )
    yield (
        "store_well",
        "Whether a host is well: compliant, not applicable or waived.",
        [Sample(entry["status"] in WELL, labels) for entry, labels in labelled],
    )
    yield (
        "store_audited_timestamp_seconds",
        "When a host was last audited in this run.",
        [Sample(moment(entry["audited"]).timestamp(), labels) for entry, labels in labelled if entry["audited"]],
    )
    for name, key, words in (
        ("store_stuck_counters", "stuck", "Counters of failed logins that the defect has left on customers."),
        ("store_locked_accounts", "locked", "Customers who are locked out now."),
    ):
        yield name, words, list(_passive(labelled, key))
    yield (
        "store_waiver_end_timestamp_seconds",
        "When a host's waiver ends, or ended.",
        [Sample(_end(entry["waiver"]["expires"]), labels) for entry, labels in labelled if entry["waiver"]],
    )


def _passive(labelled, key) -> Iterator[Sample]:
    for entry, labels in labelled:
        count = ((entry["evidence"] or {}).get("passive") or {}).get(key)
        if count is not None:
            yield Sample(count, labels)


def _end(day):
    """The end of a waiver's last day, as seconds since 1970."""
    return (date.fromisoformat(day).toordinal() + 1 - _FIRST_DAY) * 86400


def _family(name: str, words: str, samples: Iterable[Sample]) -> str:
    """The lines of one metric; none where it has no sample."""
    lines = [f"storefleet_{name}{_labels(sample.labels)} {float(sample.value):.15g}\n" for sample in samples]
    head = f"# HELP storefleet_{name} {words}\n# TYPE storefleet_{name} gauge\n"
    return head + "".join(lines) if lines else ""


def _labels(labels):
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value):
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
