# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands at the top of the page: the one sentence, what limits its worth, what to do, and what run it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .html_words import counted, duration, moment, noun_of
from .plain import seconds_between
from .terms import WELL

# Next steps that are listed; the table has all of them.
_STEPS = 6


class Banner(NamedTuple):
    """Something that has to be known before the figures are read. kind: alarm or note."""

    kind: str
    title: str
    text: str


class Step(NamedTuple):
    """What to do, and on how many hosts of which status."""

    status: str
    count: int
    text: str


def headline_of(report: Mapping[str, Any]) -> str:
    """How the fleet is, in one sentence."""
    hosts, well, noun = report["totals"]["hosts"], report["totals"]["well"], noun_of(report)
    if not hosts:
        return f"No {noun} is in this report"
    if well == hosts:
        return f"The only {noun} is well" if hosts == 1 else f"All {counted(hosts, noun)} are well"
    if not well:
        return f"The only {noun} is not well" if hosts == 1 else f"None of {counted(hosts, noun)} is well"
    return f"{well:,} of {counted(hosts, noun)} {'is' if well == 1 else 'are'} well"


def banners_of(report: Mapping[str, Any]) -> list[Banner]:
    """What limits the worth of the report, and what must not be overlooked. What was lost comes first."""
    return [banner for banner in (_lost(report), _aborted(report), _stopped(report), *_narrowed(report)) if banner]


def _lost(report):
    lost, noun = len(report["drift"]["lost"]), noun_of(report)
    if not lost:
        return None
    ended = report["drift"]["baseline"]["ended"]
    since = f" since {moment(ended)}" if ended else ""
    return Banner(
        "alarm",
        f"{counted(lost, noun)} lost the fix{since}",
        "A deployment or a Composer install has most likely taken the patch away: it has to be applied again, and the"
        " deployment has to carry it.",
    )


def _aborted(report):
    if not report["run"]["aborted"]:
        return None
    where = (report["rollout"] or {}).get("stopped")
    text = "What it had found until then is here. What it did not come to is unknown, never well."
    return Banner("alarm", "This run was aborted", f"{where} {text}" if where else text)


def _stopped(report):
    rollout = report["rollout"]
    if not rollout or not rollout["stopped"] or report["run"]["aborted"]:
        return None
    return Banner("alarm", "The rollout stopped", rollout["stopped"])


def _narrowed(report):
    scope, noun = report["scope"], noun_of(report)
    if scope["check"]:
        yield Banner("note", "Check mode", "Nothing was changed and no login was tried: this is what a run would do.")
    if scope["limit"]:
        unseen = sum(entry["state"] == "not_selected" for entry in report["stores"])
        text = f"Only {scope['limit']} was looked at; {counted(unseen, noun)} of {scope['pattern']} was not."
        yield Banner("note", "A part of the fleet", text if unseen == 1 else text.replace(" was not.", " were not."))
    if scope["slice"]:
        yield Banner("note", "A slice of the fleet", _which(scope["slice"]))
    if scope["tags"]:
        yield Banner("note", "Some tasks only", "Tags: " + ", ".join(scope["tags"]) + ".")


def _which(cut):
    if cut["count"] is None:
        return "A job that has a part of the fleet in its inventory; which one is not known."
    numbers = cut["numbers"]
    which = f"Slice {numbers[0]}" if len(numbers) == 1 else "Slices " + ", ".join(map(str, numbers))
    return f"{which} of {cut['count']}."


def facts_of(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What run it was, as names with values."""
    run, scope = report["run"], report["scope"]
    facts = [("Playbook", run["playbook"]), ("Hosts", scope["pattern"]), ("Started", moment(run["started"]))]
    if run["ended"]:
        facts.append(("Took", duration(seconds_between(run["started"], run["ended"]))))
    facts.append(("Control node", run["controller"]))
    if run["change_id"]:
        facts.append(("Change", run["change_id"]))
    facts.append(("Run", run["id"]))
    if run["sources"]:
        facts.append(("Merged from", ", ".join(run["sources"])))
    return [(name, str(value)) for name, value in facts if value]


def steps_of(report: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """What to do next, the gravest and most frequent first; rest: how many hosts have steps that are not listed."""
    found = Counter((entry["status"], entry["next_step"]) for entry in report["stores"] if entry["status"] not in WELL)
    steps = sorted(
        (Step(status, count, text) for (status, text), count in found.items()),
        key=lambda step: (order.index(step.status), -step.count, step.text),
    )
    return {"listed": steps[:_STEPS], "rest": sum(step.count for step in steps[_STEPS:])}
