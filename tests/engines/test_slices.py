# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of AWX on its real engine, ansible-runner: an audit in slices, merged by its last node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.controller_job import Job, told
from support.store_roots import differences

COUNT = 4
AUDIT = "Commerce: audit"
WORKFLOW = "Commerce: audit of the fleet"


@pytest.fixture(scope="module")
def whole(fleet, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(tmp_path_factory.mktemp("whole") / "job", "audit", fleet.inventory, told(1, AUDIT))
    assert job.wait() == 2, job.output
    return job


@pytest.fixture(scope="module")
def slices(fleet, tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """The jobs of the slices, run side by side. AWX calls the workflow that it makes of them as the template."""
    folder = tmp_path_factory.mktemp("slices")
    numbers = range(1, COUNT + 1)
    jobs = [
        Job(folder / str(number), "audit", fleet.slice(number, COUNT), told(10 + number, AUDIT, AUDIT))
        for number in numbers
    ]
    try:
        assert [job.wait() for job in jobs] == [2] * COUNT, [job.output[-2000:] for job in jobs]
    finally:
        for job in jobs:
            job.stop()
    return jobs


@pytest.fixture
def merge(fleet, tmp_path: Path):
    """Runs the last node: it has the whole inventory, and the artifacts of the jobs."""

    def run(jobs: list[Job], status: int, inventory: dict[str, Any] | None = None, **variables: Any) -> Job:
        artifacts = {name: value for job in jobs for name, value in job.artifacts.items()}
        variables = {**told(20, "Commerce: merge", WORKFLOW), **artifacts, **variables}
        job = Job(tmp_path / "merge", "report", fleet.inventory if inventory is None else inventory, variables)
        assert job.wait() == status, job.output
        return job

    return run


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """What does not depend on when it was, nor on how it was cut."""
    stores = [
        {**entry, "audited": bool(entry["audited"]), "messages": [{**said, "time": None} for said in entry["messages"]]}
        for entry in report["stores"]
    ]
    run = {name: report["run"][name] for name in ("playbook", "controller", "aborted", "change_id")}
    return {**report, "stores": stores, "run": run, "scope": report["scope"]}


def test_the_merged_report_is_that_of_the_unsliced_audit(whole: Job, slices: list[Job], merge, fleet) -> None:
    merged = merge(slices, status=2)
    assert differences(fleet.stores, merged.report()) == []
    assert without_times(merged.report()) == without_times(whole.report())
    assert len(merged.report()["run"]["sources"]) == COUNT
    assert merged.has_baseline()
    # What the next node of a workflow goes by is of the fleet, and not of the last slice.
    vulnerable = [store.name for store in fleet.stores if store.state.status == "vulnerable"]
    assert sorted(merged.artifacts["commerce_vulnerable"]) == vulnerable
    assert merged.artifacts["commerce_totals"] == whole.report()["totals"]


def test_a_slice_is_none_of_the_fleet(whole: Job, slices: list[Job]) -> None:
    assert whole.has_baseline()
    assert not any(job.has_baseline() for job in slices)
    assert [job.report()["scope"]["slice"] for job in slices] == [{"numbers": [], "count": None}] * COUNT
    assert not any(name.startswith("commerce_report_of_job_") for name in whole.artifacts)


def test_stores_of_a_slice_that_was_lost_are_unknown(slices: list[Job], merge, fleet) -> None:
    merged = merge(slices[:-1], status=2)
    states = {entry["name"]: entry["state"] for entry in merged.report()["stores"]}
    lost = fleet.slice(COUNT, COUNT)["commerce"]["hosts"]
    assert sorted(states) == sorted(store.name for store in fleet.stores)
    assert {name for name, state in states.items() if state == "not_started"} == set(lost)
    assert merged.report()["run"]["aborted"]
    assert not merged.has_baseline()


def test_files_of_slices_are_merged_as_well_and_are_no_fleet_without_an_inventory(slices: list[Job], merge) -> None:
    files = [str(job.reports / "fleet-report.json") for job in slices]
    merged = merge([], status=2, inventory={"all": {}}, commerce_reports=files)
    assert merged.report()["totals"]["hosts"] == sum(job.report()["totals"]["hosts"] for job in slices)
    assert merged.report()["scope"]["slice"] == {"numbers": [], "count": None}
    assert not merged.has_baseline()
    assert "Could not match supplied host pattern" not in merged.output


@pytest.mark.parametrize("playbook", ["remediate", "rollback", "plan"])
def test_nothing_but_an_audit_runs_as_a_slice(playbook: str, fleet, tmp_path: Path) -> None:
    template = f"Commerce: {playbook}"
    job = Job(tmp_path / "job", playbook, fleet.slice(1, COUNT), told(30, template, template))
    assert job.wait() == 2
    assert f"job slicing in the template {template}, one slice of the fleet" in job.output
    assert "Nothing has been changed." in job.output
