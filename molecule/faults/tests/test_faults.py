# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens in the middle of a repair: the store is as before, or the next run repairs it; nothing is left."""

from __future__ import annotations

import os
import time

import pytest
from support.faults import Result, table
from support.faults_catalogue import FAULTS
from support.faults_trial import Trial

CHOSEN = [fault for fault in FAULTS if fault.core or os.environ.get("STOREFLEET_LONG")]


@pytest.mark.parametrize("fault", CHOSEN, ids=[fault.title for fault in CHOSEN])
def test_the_store_bears_it(fault, faulty, run, known, results):
    started = time.monotonic()
    trial = Trial(fault, faulty, run, known)
    try:
        trial.go_through()
    except Exception as error:
        trial.problems.append(f"{type(error).__name__}: {error}")
        raise
    finally:
        trial.mend()
        faulty.clear(fault)
        outcome = "; ".join(trial.problems) or fault.expected.value
        results.append(Result(fault.step, fault.name, trial.status, trial.hit, outcome, time.monotonic() - started))
        print(table(results[-1:]))
    assert trial.problems == [], trial.printed
