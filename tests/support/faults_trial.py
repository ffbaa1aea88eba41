# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault in one run: let in, taken away, and everything looked over that has to be as it should."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from support.faults import FROM_HERE, Expected, Fault, hit_step
from support.faults_host import FaultyHost, Left, Strike
from support.faults_run import Run
from support.stores import DEFECTIVE, FIXED, Steps
from support.trees import differences

# What a failed compile leaves on purpose, and what a proven repair keeps for a day: on the file system of the root, and
# on that of generated/ where it has one.
COMPILE_LOG = (".storefleet", ".storefleet/compile.log")
OWN = ".storefleet"
KEPT = (".storefleet/kept", "generated/.storefleet-")
FOLDER = oct(stat.S_IFDIR)
# A repaired tree is compared with another one's: files that were changed have times of their own.
TIMELESS = ("type", "mode", "uid", "gid", "links", "target", "content", "xattrs")

# How long what runs on without its controller may take to end by itself.
PATIENCE = 60


def unlike_before(before: Mapping[str, dict], after: Mapping[str, dict], by_hand: bool = False) -> list[str]:
    """What a run that failed has left different in the tree; but commands by hand need not give folders their times."""
    log = {path: entry for path, entry in after.items() if path in COMPILE_LOG}
    kept = dict(after) if COMPILE_LOG[1] not in log else {path: after[path] for path in after if path not in log}
    if by_hand:
        folders = {path for path, entry in before.items() if entry["type"] == FOLDER and path in kept}
        kept.update({path: {**kept[path], "mtime": before[path]["mtime"]} for path in folders})
    return differences(dict(before), kept)


def arranged_paths(first: Mapping[str, dict], before: Mapping[str, dict]) -> set[str]:
    """What was arranged for a fault in the tree, which is another one than that of the undisturbed repair then."""
    return {path for path in first.keys() | before.keys() if _timeless(first.get(path)) != _timeless(before.get(path))}


def unlike_repaired(repaired: Mapping[str, dict], after: Mapping[str, dict], aside: Iterable[str] = ()) -> list[str]:
    """In what the tree differs from one that was repaired without a fault, but for the paths aside."""
    aside = set(aside)
    compiled_apart = any(path.startswith("generated/") for path in aside)

    def compared(tree):
        # Our folder is there for what is kept; a repair in place keeps nothing.
        ours = {OWN} if any(path.startswith(KEPT) for path in tree) else set()
        return {
            path: _timeless(entry)
            for path, entry in tree.items()
            if path not in aside | ours
            and not path.startswith(KEPT)
            and not (compiled_apart and path.startswith("generated/"))
        }

    return differences(compared(repaired), compared(after))


def _timeless(entry):
    return {key: entry[key] for key in TIMELESS} if entry else None


class Known(NamedTuple):
    """Trees of the store: as it was at first, and after a repair without a fault."""

    first: Mapping[str, dict]
    repaired: Mapping[str, dict]


class Trial:
    """A fault's run, and what was found wrong afterwards: problems, a line each, none if the store has borne it.

    start: starts remediate.yml with extra variables.
    """

    def __init__(self, fault: Fault, host: FaultyHost, start: Callable[..., Run], known: Known):
        self._fault = fault
        self._host = host
        self._start = start
        self._known = known
        self._runs: list[Run] = []
        self._mended = False
        self.problems: list[str] = []
        self.status = 0
        self.hit = ""

    @property
    def printed(self) -> str:
        """The ends of what the runs have printed."""
        return "\n\n".join(run.printed()[-4000:] for run in self._runs)

    def go_through(self) -> None:
        """The whole of it; the fault is taken away in the middle, before what it has left is looked at."""
        self._host.arrange(self._fault)
        before = self._host.left()
        self._let_in()
        self.mend()
        self._require(self._host.is_quiet(PATIENCE), "a process of the run does not end")
        self._check(before)
        first = self._runs[0].printed()
        self._require(bool(re.search(self._fault.says, first)), f"the run does not say {self._fault.says!r}")
        printed = " ".join(run.printed() for run in self._runs)
        self._require(not [secret for secret in self._host.secrets() if secret in printed], "a secret was printed")

    def mend(self) -> None:
        """Take the fault away, unless that has been done."""
        if not self._mended:
            self._mended = True
            self._host.mend(self._fault)

    def _require(self, is_so: bool, problem: str) -> None:
        if not is_so:
            self.problems.append(problem)

    def _run(self) -> Run:
        self._runs.append(self._start(ansible_user=self._fault.user, **self._fault.options))
        return self._runs[-1]

    def _let_in(self) -> None:
        if self._fault.moment is None:
            self.status = self._run().end()
            return
        strike = self._host.strike(self._fault.moment, self._fault.deed, self._fault.script)
        self.status = self._run_into(strike)
        self.hit = self._found_in(strike)

    def _run_into(self, strike: Strike) -> int:
        """A run that the fault comes to; its exit status."""
        run = self._run()
        if self._fault.deed in FROM_HERE and strike.wait_until_now():
            self._do_from_here(strike, run)
        return run.end()

    def _found_in(self, strike: Strike) -> str:
        """The step that the run was in when the fault came."""
        seen = strike.end()
        if self._fault.deed == "node_lost":
            return "-"
        self._require(seen["reached"], "no run came to the moment of the fault")
        return hit_step(seen["seen"]) if seen["reached"] else "-"

    def _do_from_here(self, strike: Strike, run: Run) -> None:
        if self._fault.deed == "node_lost":
            self._host.lose_power()
            return
        run.kill()
        if self._fault.deed == "second_controller":
            second = self._run()
            self._require(second.end() != 0, "a second run was let in while the first one's call was under way")
            self._require(str(run.pid) in second.printed(), "the second run does not name the process of the first")
        strike.go_on()

    def _check(self, before: Left) -> None:
        expected = self._fault.expected
        is_well = expected is Expected.SURVIVED
        self._require((self.status == 0) is is_well, f"the run ended with status {self.status}")
        if expected in (Expected.NEXT_RUN, Expected.BEFORE_BY_NEXT_RUN):
            # While one file of several is another, no state is whole: it lasts for milliseconds.
            if self._fault.serves and self.hit != "code":
                self._require(self._host.logs_in(), "customers cannot log in before the next run")
            self._run_again(expected is Expected.NEXT_RUN)
        if expected is Expected.BY_HAND:
            self._host.run_by_hand(self._runs[0].printed())
        if expected in (Expected.SURVIVED, Expected.NEXT_RUN):
            aside = arranged_paths(self._known.first, before.tree)
            self._check_what_is_left(before, FIXED, lambda tree: unlike_repaired(self._known.repaired, tree, aside))
        else:
            by_hand = expected is Expected.BY_HAND
            self._check_what_is_left(before, DEFECTIVE, lambda tree: unlike_before(before.tree, tree, by_hand))

    def _run_again(self, to_success: bool) -> None:
        """The next run; and as often as that one is killed too, the one after it."""
        for moment in self._fault.again:
            strike = self._host.strike(moment, self._fault.deed)
            self._require(self._run_into(strike) != 0, "a run that was killed says that all is well")
            self.hit += f", {self._found_in(strike)}"
        status = self._run().end()
        self._require((status == 0) is to_success, f"the next run ended with status {status}")

    def _check_what_is_left(
        self, before: Left, logins: Mapping[str, Steps], differs: Callable[[Mapping[str, dict]], list[str]]
    ) -> None:
        after = self._host.left()
        if self._fault.deed == "node_lost":
            # Redis keeps nothing on disk here.
            before = before._replace(foreign=after.foreign)
        self.problems += differs(after.tree) + before.unlike(after)
        if not self._fault.serves and self._fault.expected is Expected.AS_BEFORE:
            return
        for api, steps in self._host.steps().items():
            self._require(steps == logins[api], f"{api}: {steps}")
        stale = self._host.stale_wiring()
        self._require(not stale, f"php-fpm still has the wiring of before: {', '.join(stale)}")
