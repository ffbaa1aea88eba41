# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a rollout came, stage by stage."""

from __future__ import annotations

from typing import Any

from .history import Run

# Why a rollout stops that has lost nothing: somebody's refusal, and the window.
_OUTSIDE = ("refused", "closed")


def rollout_of(run: Run) -> dict[str, Any] | None:
    """The stages as planned, and why the rollout stopped; None for a run without a plan."""
    if run.plan is None:
        return None
    planned = run.plan["stages"]
    last = max(run.stages, default=0)
    stopped = _why_stopped(run, last, len(planned))
    # A stage that came to its end is done, if what stopped the rollout was no loss of it.
    whole = run.stopped is not None and run.stopped.get("kind") in _OUTSIDE
    stages = [
        {"number": number, "hosts": list(hosts), "state": _state(number, last, bool(stopped) and not whole)}
        for number, hosts in enumerate(planned, 1)
    ]
    return {"stages": stages, "stopped": stopped}


def _state(number, last, stopped):
    if number > last:
        return "not_started"
    return "stopped" if stopped and number == last else "done"


def _why_stopped(run, last, planned):
    if run.stopped:
        return run.stopped["message"]
    if run.aborted:
        return f"The run was aborted in stage {last}." if last else "The run was aborted before the first stage."
    if run.is_plan:
        return None
    if last < planned:
        return f"The run ended with stage {last}: no host of it was left." if last else "No stage was started."
    return None
