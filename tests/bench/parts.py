# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of one call goes, on the store's host and on the controller."""

from __future__ import annotations

import json
from statistics import median

from figures import fastest, milliseconds, table
from fleet import CHECKOUT, PLACE, ROOT, Fleet, engine

CALLS = {"ping": "ping", "files": "files only", "gentle": "gentle probe"}
ON_THE_HOST = (
    "One call at a time, the fastest of the rounds. Imports are each module's own time, compiling it included, with "
    "the interpreter's bookkeeping on; what is waited for (how often: how long) is of a call of its own. The rest is "
    "unpacking and our own code."
)
CORE = f"{PLACE}/library/ansible_collections/storefleet/commerce/plugins"


def _in_store(fleet: Fleet, program: str, *arguments: str, user: str) -> str:
    return engine("exec", f"--user={user}", fleet.names[0], "python3", f"{PLACE}/{program}", *arguments)


def parts_of_calls(fleet: Fleet, rounds: int) -> dict:
    """What tracer.py says of each kind of call, in the first store."""
    return {
        play: json.loads(_in_store(fleet, "tracer.py", str(rounds), fleet.payload(play), user="root")) for play in CALLS
    }


def patch_times(fleet: Fleet, patches: int, rounds: int) -> dict:
    """What patch_state.py says, in the first store, with a catalogue of so many patches."""
    _in_store(fleet, "catalogue.py", ROOT, str(patches), user="deploy")
    engine("exec", fleet.names[0], "mkdir", "--parents", CORE)
    engine("cp", str(CHECKOUT / "plugins" / "module_utils"), f"{fleet.names[0]}:{CORE}/module_utils")
    return json.loads(_in_store(fleet, "patch_state.py", f"{PLACE}/library", ROOT, str(rounds), user="deploy"))


def tables_of_parts(calls: dict, near: dict, size: int) -> list[str]:
    """The sections of the report about parts."""
    return [
        "## Where a call's time goes on the store's host",
        ON_THE_HOST,
        _on_the_host(calls),
        "Import of our own files in the gentle probe, the longest first:",
        _own_files(calls["gentle"]["own"]),
        "## Where a call's time goes on the controller",
        _on_the_controller(near, size),
    ]


def _on_the_host(calls):
    def row(name, values):
        return (name, *(values(calls[call]) for call in CALLS))

    groups = list(dict.fromkeys(group for call in CALLS for group in calls[call]["imports"]))
    kinds = sorted({kind for call in CALLS for kind in calls[call]["waits"]})
    rows = [
        row("the whole call", lambda call: fastest(wall for wall, dummy in call["calls"])),
        row("of it CPU", lambda call: fastest(cpu for dummy, cpu in call["calls"])),
        row("start of Python", lambda call: fastest(wall for wall, dummy in call["start"])),
    ]
    for group in groups:
        rows.append(row(f"import: {group}", lambda call, group=group: fastest(call["imports"][group])))
    for kind in kinds:
        rows.append(row(kind, lambda call, kind=kind: _waited(call["waits"].get(kind))))
    return table(("part", *CALLS.values()), rows)


def _waited(found):
    if not found:
        return ""
    return f"{median(times for times, dummy in found):.0f}: {fastest(seconds for dummy, seconds in found)}"


def _own_files(own):
    sizes = {file.stem: file.stat().st_size for file in (CHECKOUT / "plugins" / "module_utils").glob("*.py")}
    ordered = sorted((name for name in own if name in sizes), key=lambda name: -min(own[name]))
    shown = [(name, f"{sizes[name] / 1024:.1f}", fastest(own[name])) for name in ordered]
    total = (
        "all",
        f"{sum(sizes[name] for name in ordered) / 1024:.1f}",
        fastest(map(sum, zip(*own.values(), strict=True))),
    )
    return table(("module_utils", "KB", "import"), [total, *shown])


def _on_the_controller(near, size):
    used = {part: median(sample.controller_cpu for sample in found) for part, found in near.items()}
    start = used.pop("nothing")
    rows = [("start of ansible-playbook, once", milliseconds([start]))]
    rows += [(f"a call: {part}", milliseconds([(cpu - start) / size])) for part, cpu in used.items()]
    return table(("part", "CPU"), rows)
