# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from support.faults import ROOT, Expected, Fault, Moment
from support.faults_host import Left, commands_of
from support.faults_trial import DEFECTIVE, FIXED, FOLDER, Known, Trial, arranged_paths, unlike_before, unlike_repaired

ENTRY = {"type": "file", "mode": "0o644", "uid": 1, "gid": 1, "mtime": 1, "links": 1, "target": None, "content": "a"}
ENTRY["xattrs"] = {}


def entry(**more):
    return {**ENTRY, **more}


BEFORE = {".": entry(type="folder"), "code.php": entry()}
REPAIRED = {".": entry(type="folder"), "code.php": entry(content="b")}


def test_a_log_of_a_failed_compile_may_stay():
    after = {**BEFORE, ".storefleet": entry(), ".storefleet/compile.log": entry()}
    assert unlike_before(BEFORE, after) == []


@pytest.mark.parametrize(
    "left",
    [
        {".storefleet": entry()},
        {".storefleet": entry(), ".storefleet/compile.log": entry(), ".storefleet/stage.json": entry()},
        {"code.php": entry(mtime=2)},
        {"code.php": entry(links=2)},
    ],
)
def test_nothing_else_may(left):
    assert unlike_before(BEFORE, {**BEFORE, **left}) != []


def test_commands_by_hand_need_not_give_folders_their_times_back():
    before = {".": entry(type=FOLDER), "code.php": entry()}
    folder, file = {".": entry(type=FOLDER, mtime=2)}, {"code.php": entry(mtime=2)}
    assert unlike_before(before, {**before, **folder}, by_hand=True) == []
    assert unlike_before(before, {**before, **folder}) != []
    assert unlike_before(before, {**before, **file}, by_hand=True) != []
    assert unlike_before(before, {"code.php": entry()}, by_hand=True) == [".: gone"]


def test_a_repaired_store_may_have_other_times_and_what_it_keeps():
    after = {**REPAIRED, "code.php": entry(content="b", mtime=5)}
    after |= {".storefleet": entry(), ".storefleet/kept": entry(), ".storefleet/kept/code.php": entry()}
    assert unlike_repaired(REPAIRED, after) == []
    assert unlike_repaired(after, REPAIRED) == []


@pytest.mark.parametrize(
    "left", [{".storefleet": entry()}, {".storefleet/stage": entry()}, {"code.php": entry(content="b", mode="0o600")}]
)
def test_a_repaired_store_has_nothing_else_another(left):
    assert unlike_repaired(REPAIRED, {**REPAIRED, **left}) != []


def test_what_was_arranged_is_not_compared_and_compiled_code_with_it():
    first = {"code.php": entry(), "app/code/Acme.php": None, "generated/a.php": entry()}
    first = {path: held for path, held in first.items() if held}
    arranged = {**first, "app/code/Acme.php": entry(), "generated/a.php": entry(content="with Acme")}
    repaired = {"code.php": entry(content="b"), "generated/a.php": entry(content="b")}
    after = {**repaired, "app/code/Acme.php": entry(), "generated/a.php": entry(content="b with Acme")}
    aside = arranged_paths(first, arranged)
    assert aside == {"app/code/Acme.php", "generated/a.php"}
    assert unlike_repaired(repaired, after, aside) == []
    assert unlike_repaired(repaired, {**after, "code.php": entry()}, aside) != []
    assert unlike_repaired(repaired, {**after, ".storefleet/stage": entry()}, aside) != []
    assert unlike_repaired(repaired, {**repaired, "generated/b.php": entry()}, set()) != []


class FakeRun:
    """A run that has ended before it began."""

    pid = 4711

    def __init__(self, status, words):
        self._status = status
        self._words = words

    def end(self):
        return self._status

    def kill(self):
        self._status = -9

    def printed(self):
        return self._words


class FakeStrike:
    def __init__(self, reached):
        self._reached = reached

    def wait_until_now(self):
        return self._reached

    def go_on(self):
        pass

    def end(self):
        return {"reached": self._reached, "seen": {}}


class FakeHost:
    """A host on which everything is as wished, but for what a test says."""

    def __init__(self, after, logins, reached=True, logs_in=True, quiet=True):
        self._looks = [Left(BEFORE, ["row"], ["file"], [], ["cart"], 0), after]
        self._logins = logins
        self._reached = reached
        self._logs_in = logs_in
        self._quiet = quiet
        self.by_hand = []
        self.stale = []

    def arrange(self, fault):
        pass

    mend = arrange

    def left(self):
        return self._looks.pop(0)

    def strike(self, moment, deed, script=""):
        return FakeStrike(self._reached)

    def is_quiet(self, seconds):
        return self._quiet

    def logs_in(self):
        return self._logs_in

    def steps(self):
        return self._logins

    def stale_wiring(self):
        return self.stale

    def run_by_hand(self, printed):
        self.by_hand.append(printed)

    def secrets(self):
        return ["hunter2"]


def go_through(fault, host, runs):
    runs = iter(runs)
    trial = Trial(fault, host, lambda **variables: next(runs), Known(BEFORE, REPAIRED))
    trial.go_through()
    return trial.problems


AS_BEFORE = Left(BEFORE, ["row"], ["file"], [], ["cart"], 0)
ALL_WELL = Left(REPAIRED, ["row"], ["file"], [], ["cart"], 0)
MOMENT = Moment((("there", ROOT),))


@pytest.mark.parametrize(
    ("expected", "after", "logins", "statuses"),
    [
        (Expected.AS_BEFORE, AS_BEFORE, DEFECTIVE, [2]),
        (Expected.SURVIVED, ALL_WELL, FIXED, [0]),
        (Expected.NEXT_RUN, ALL_WELL, FIXED, [4, 0]),
        (Expected.BEFORE_BY_NEXT_RUN, AS_BEFORE, DEFECTIVE, [4, 2]),
        (Expected.BY_HAND, AS_BEFORE, DEFECTIVE, [2]),
    ],
)
def test_what_is_expected_is_no_problem_and_everything_else_is(expected, after, logins, statuses):
    fault = Fault("step", "name", expected, MOMENT, says="why")

    def found(host=None, words="why", codes=statuses):
        return go_through(fault, host or FakeHost(after, logins), [FakeRun(status, words) for status in codes])

    assert found() == []
    assert found(words="nothing said") == ["the run does not say 'why'"]
    assert found(words="why hunter2") == ["a secret was printed"]
    assert found(codes=[2 if statuses[0] == 0 else 0, *statuses[1:]]) != []
    if len(statuses) > 1:
        assert found(codes=[statuses[0], 2 if statuses[1] == 0 else 0]) != []
    assert found(FakeHost(AS_BEFORE if after is ALL_WELL else ALL_WELL, logins)) != []
    assert found(FakeHost(after, FIXED if logins is DEFECTIVE else DEFECTIVE)) != []
    assert found(FakeHost(after, logins, reached=False)) == ["no run came to the moment of the fault"]
    assert found(FakeHost(after, logins, quiet=False)) == ["a process of the run does not end"]
    for left in (
        after._replace(rows=["row", "canary"]),
        after._replace(elsewhere=[]),
        after._replace(processes=["php"]),
        after._replace(foreign=[]),
        after._replace(connections=1),
    ):
        assert found(FakeHost(left, logins)) != []
    stale = FakeHost(after, logins)
    stale.stale = ["global.php"]
    assert found(stale) == ["php-fpm still has the wiring of before: global.php"]


@pytest.mark.parametrize("expected", [Expected.NEXT_RUN, Expected.BEFORE_BY_NEXT_RUN])
def test_customers_log_in_before_the_next_run_unless_that_cannot_be(expected):
    after, logins, last = (ALL_WELL, FIXED, 0) if expected is Expected.NEXT_RUN else (AS_BEFORE, DEFECTIVE, 2)
    fault = Fault("step", "name", expected, MOMENT)
    host = FakeHost(after, logins, logs_in=False)
    assert go_through(fault, host, [FakeRun(4, ""), FakeRun(last, "")]) == [
        "customers cannot log in before the next run"
    ]
    host = FakeHost(after, logins, logs_in=False)
    assert go_through(fault._replace(serves=False), host, [FakeRun(4, ""), FakeRun(last, "")]) == []


@pytest.mark.parametrize(
    ("second", "problems"),
    [
        (FakeRun(2, "held by process 4711"), []),
        (FakeRun(2, "held by somebody"), ["the second run does not name the process of the first"]),
        (FakeRun(0, "4711"), ["a second run was let in while the first one's call was under way"]),
    ],
)
def test_a_second_controller_is_refused_by_name(second, problems):
    fault = Fault("step", "name", Expected.NEXT_RUN, MOMENT, "second_controller")
    assert go_through(fault, FakeHost(ALL_WELL, FIXED), [FakeRun(0, ""), second, FakeRun(0, "")]) == problems


def test_a_next_run_that_is_killed_too_is_followed_by_another():
    fault = Fault("step", "name", Expected.NEXT_RUN, MOMENT, "kill", again=(MOMENT,))
    assert go_through(fault, FakeHost(ALL_WELL, FIXED), [FakeRun(4, ""), FakeRun(4, ""), FakeRun(0, "")]) == []
    assert go_through(fault, FakeHost(ALL_WELL, FIXED), [FakeRun(4, ""), FakeRun(0, ""), FakeRun(0, "")]) == [
        "a run that was killed says that all is well"
    ]


def test_commands_are_read_from_what_was_printed():
    sentences = (
        "As the store''s owner: cd /var/www/store && cp -a .storefleet/x etc/events.xml && rm -r .storefleet. "
        "As root: service php8.2-fpm reload."
    )
    printed = f"next_step: '{sentences}' msg: 'Could not. {sentences}' code: rollback_failed"
    assert commands_of(printed) == [
        ("deploy", "cd /var/www/store && cp -a .storefleet/x etc/events.xml && rm -r .storefleet"),
        ("root", "service php8.2-fpm reload"),
    ]


def test_php_fpm_is_reloaded_as_the_host_does_it():
    printed = "next_step: 'As the store''s owner: rm -rf .storefleet. Then reload php-fpm.'"
    assert commands_of(printed) == [("deploy", "rm -rf .storefleet"), ("root", "arrange reload_php_fpm")]


def test_a_run_that_leaves_its_operator_alone_is_a_problem():
    with pytest.raises(AssertionError, match="what to do by hand"):
        commands_of("needs_hands")
