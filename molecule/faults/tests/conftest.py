# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store that all faults come to, one after the other, and the table of what became of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support.faults import as_json, table
from support.faults_host import FaultyHost
from support.faults_run import Run
from support.faults_trial import Known

RESULTS = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[RESULTS] = []


def pytest_terminal_summary(terminalreporter, config):
    """The table of all that was tried; as JSON it is in the folder of all that a checkout makes."""
    results = config.stash[RESULTS]
    if results:
        terminalreporter.write_line("")
        terminalreporter.write(table(results))
        Path(os.environ["COMMERCE_CACHE"], "faults.json").write_text(as_json(results))


@pytest.fixture
def results(request):
    """What became of each fault; the table is made of it."""
    return request.config.stash[RESULTS]


@pytest.fixture(scope="session")
def remembered():
    """What is known of the containers once they have been looked at, by name."""
    return {}


@pytest.fixture
def faulty(store, remembered):
    """The host of the store, as it was at first."""
    host = FaultyHost(store)
    if store.name not in remembered:
        host.remember()
        remembered[store.name] = None
    host.reset()
    return host


@pytest.fixture
def run(request):
    """Starts remediate.yml with extra variables; what it prints stays until the scenario is destroyed."""
    title = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower().partition("[")[2]).strip("-")
    numbers = iter(range(10))
    logs = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "logs")
    logs.mkdir(exist_ok=True)

    def start(**variables):
        return Run(logs / f"{title}-{next(numbers)}.log", Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]), variables)

    return start


@pytest.fixture
def known(faulty, run, remembered, store):
    """The store's trees of before and after a repair that no fault has hit."""
    trees = remembered[store.name]
    if trees is None:
        first = faulty.tree()
        undisturbed = run()
        assert undisturbed.end() == 0, undisturbed.printed()
        trees = remembered[store.name] = Known(first, faulty.tree())
        faulty.reset()
    return trees
