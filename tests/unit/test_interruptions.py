# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals that ask this process to end, while it may not: held back, let through, and handled as before in the end."""

from __future__ import annotations

import os
import signal

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.interruptions import SIGNALS, Interrupted, held


@pytest.fixture
def noticed():
    """Signals that came where the handlers of before were in force; as they have to be in the end."""
    numbers = []

    def notice(number, dummy):
        numbers.append(number)

    before = {number: signal.signal(number, notice) for number in SIGNALS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    yield numbers
    after = {number: signal.getsignal(number) for number in SIGNALS}
    left = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    # First that no test runs with what another one left.
    for number, handler in before.items():
        signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    assert after == dict.fromkeys(SIGNALS, notice)
    assert left == mask


def send(number: int) -> None:
    os.kill(os.getpid(), number)


def interruption_of(work) -> Interrupted | None:
    """What interrupted the work, if anything."""
    try:
        work()
    except Interrupted as interrupted:
        return interrupted
    return None


def test_what_asks_a_process_to_end() -> None:
    # The end of a connection is one of them: the process on the host would die of it.
    assert set(SIGNALS) == {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def test_nothing_that_catches_errors_catches_it() -> None:
    assert not issubclass(Interrupted, Exception)
    assert not issubclass(Interrupted, KeyboardInterrupt)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_waits_for_the_end_of_the_block(noticed, number: int) -> None:
    done = []

    def work() -> None:
        with held():
            send(number)
            done.append("all of it")

    assert interruption_of(work).number == number
    assert (done, noticed) == (["all of it"], [])


@pytest.mark.parametrize("number", SIGNALS)
def test_let_through_it_interrupts_at_once(noticed, number: int) -> None:
    done = []

    def work(signals) -> None:
        with signals.let_through():
            send(number)
            done.append("too much")

    with held() as signals:
        assert interruption_of(lambda: work(signals)).number == number
        done.append("the rest")
    assert (done, noticed) == (["the rest"], [])


def test_one_that_came_before_interrupts_where_it_is_let_through(noticed) -> None:
    done = []
    with held() as signals:
        send(signal.SIGTERM)
        with pytest.raises(Interrupted), signals.let_through():
            done.append("too much")
    assert (done, noticed) == ([], [])


@pytest.mark.parametrize("first", [None, signal.SIGHUP])
def test_after_the_block_that_lets_through_they_are_held_again(noticed, first: int | None) -> None:
    done = []

    def let_through(signals) -> None:
        with signals.let_through():
            if first:
                send(first)

    def work() -> None:
        with held() as signals:
            interrupted = interruption_of(lambda: let_through(signals))
            assert (interrupted.number if interrupted else None) == first
            send(signal.SIGTERM)
            done.append("the way back")

    interruption_of(work)
    assert (done, noticed) == (["the way back"], [])


def test_after_one_that_came_before_they_are_held_again_too(noticed) -> None:
    done = []

    def let_through(signals) -> None:
        with signals.let_through():
            done.append("too much")

    def work() -> None:
        with held() as signals:
            send(signal.SIGHUP)
            assert interruption_of(lambda: let_through(signals)).number == signal.SIGHUP
            send(signal.SIGTERM)
            done.append("the way back")

    work()
    assert (done, noticed) == (["the way back"], [])


def test_signals_that_come_together_interrupt_once(noticed) -> None:
    def work() -> None:
        with held():
            for number in SIGNALS:
                send(number)

    assert interruption_of(work) is not None
    assert noticed == []


def test_without_a_signal_nothing_is_raised(noticed) -> None:
    with held() as signals, signals.let_through():
        pass
    assert noticed == []


def test_an_error_goes_on_and_a_signal_that_came_names_it(noticed) -> None:
    def work(number: int | None) -> None:
        with held():
            if number:
                send(number)
            raise ValueError("of the store")

    with pytest.raises(ValueError, match="of the store"):
        work(None)
    assert isinstance(interruption_of(lambda: work(signal.SIGTERM)).__context__, ValueError)


def test_a_block_within_a_block_leaves_it_to_the_outer_one(noticed) -> None:
    done = []

    def work() -> None:
        with held():
            with held():
                send(signal.SIGTERM)
            done.append("the rest of the outer block")

    assert interruption_of(work).number == signal.SIGTERM
    assert (done, noticed) == (["the rest of the outer block"], [])


def test_before_and_after_the_block_the_handlers_of_before_are_in_force(noticed) -> None:
    send(signal.SIGTERM)
    with held():
        pass
    send(signal.SIGHUP)
    assert noticed == [signal.SIGTERM, signal.SIGHUP]


def test_a_signal_that_was_blocked_before_stays_so(noticed) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        with held() as signals, signals.let_through():
            send(signal.SIGHUP)
        assert signal.sigpending() == {signal.SIGHUP}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert noticed == [signal.SIGHUP]


def test_other_signals_come_as_ever(noticed) -> None:
    came = []
    before = signal.signal(signal.SIGUSR1, lambda *dummy: came.append("USR1"))
    try:
        with held():
            send(signal.SIGUSR1)
            came.append("end of the block")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert came == ["USR1", "end of the block"]
