# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a change is expected to take, by the reports of earlier runs, and the lookup that reads them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.lookup import change_seconds
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.expected import expected_seconds


def report(check: bool = False, outcome: str = "repaired", **seconds: float) -> dict:
    """A report in which each of these hosts came to an outcome, in so many seconds of building and switching."""
    entries = [
        {"name": name, "outcome": outcome, "seconds": {"build": spent - 1, "switch": 1, "soak": 600} if spent else {}}
        for name, spent in seconds.items()
    ]
    return {
        "schema_version": 1,
        "run": {"started": "2026-11-23T21:40:05Z"},
        "scope": {"pattern": "commerce", "check": check},
        "stores": entries,
    }


def test_without_a_change_nothing_is_known() -> None:
    assert expected_seconds([], ["web1"]) == {"web1": None}
    assert expected_seconds([report(web1=0)], ["web1"]) == {"web1": None}


def test_a_host_takes_what_it_took() -> None:
    assert expected_seconds([report(web1=40.2, web2=90)], ["web2", "web1"]) == {"web2": 90, "web1": 41}


def test_of_a_hosts_own_changes_the_five_newest_count() -> None:
    newest_first = [report(web1=seconds) for seconds in (10, 30, 20, 50, 40, 900, 900, 900, 900, 900, 900)]
    assert expected_seconds(newest_first, ["web1"]) == {"web1": 30}


def test_a_host_without_any_takes_what_hosts_take() -> None:
    assert expected_seconds([report(web1=10, web2=20, web3=90)], ["new"]) == {"new": 20}


@pytest.mark.parametrize("outcome", ["not_repaired", "taken_back", "taken_out", "nothing_to_do", "lost"])
def test_only_what_came_to_its_end_counts(outcome: str) -> None:
    assert expected_seconds([report(outcome=outcome, web1=10)], ["web1"]) == {"web1": None}


def test_a_rollback_takes_what_rollbacks_took() -> None:
    reports = [report(web1=10), report(outcome="taken_out", web1=3)]
    assert expected_seconds(reports, ["web1"], "absent") == {"web1": 3}


def test_a_check_changes_nothing_and_does_not_count() -> None:
    assert expected_seconds([report(check=True, web1=10)], ["web1"]) == {"web1": None}


@pytest.fixture
def lookup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Asks the lookup, which reads the reports of this folder."""
    monkeypatch.setattr(change_seconds, "callback_options", lambda: {"directory": str(tmp_path)})
    made = change_seconds.LookupModule()
    monkeypatch.setattr(made, "set_options", lambda var_options, direct: setattr(made, "_given", direct))
    monkeypatch.setattr(made, "get_option", lambda name: made._given.get(name, "present"))

    def ask(*names: str, hostvars: dict | None = None, **options: str):
        return made.run(list(names), {"hostvars": hostvars} if hostvars is not None else None, **options)

    return ask


def kept(folder: Path, name: str, document: object, age: int) -> None:
    """A report among those that are kept."""
    file = folder / "runs" / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document))
    os.utime(file, (1e9 - age, 1e9 - age))


def test_the_lookup_reads_the_kept_reports(lookup, tmp_path: Path) -> None:
    for age, seconds in enumerate((10, 30, 20, 50, 40, 900, 900, 900, 900, 900, 900)):
        kept(tmp_path, f"run-{seconds}-{age}", report(web1=seconds), age)
    kept(tmp_path, "rollback", report(outcome="taken_out", web1=7), 0)
    assert lookup("web1", "new") == [{"web1": 30, "new": 900}]
    assert lookup("web1", state="absent") == [{"web1": 7}]


def test_the_soak_is_the_one_that_is_asked_for_now(lookup, tmp_path: Path) -> None:
    kept(tmp_path, "run", report(web1=10, web2=20), 0)
    hostvars = {"web1": {"commerce_soak_seconds": 300}, "web2": {}}
    assert lookup("web1", "web2", hostvars=hostvars) == [{"web1": 310, "web2": 20}]


def test_without_reports_the_lookup_knows_nothing(lookup, tmp_path: Path) -> None:
    assert lookup("web1", hostvars={"web1": {"commerce_soak_seconds": 300}}) == [{"web1": None}]
    kept(tmp_path, "of-a-later-release", {"schema_version": 99, "outcome": "repaired"}, 0)
    assert lookup("web1") == [{"web1": None}]
    assert lookup() == [{}]
