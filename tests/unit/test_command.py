# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs as they are started for a store: their environment, their input and output, and their end in time."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from support.ended import ended

from ansible_collections.storefleet.commerce.plugins.module_utils.command import PATH, LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

NOTHING = {"PATH": PATH, "HOME": "/nonexistent", "LC_ALL": "C", "LANG": "C"}


def environment_of(runner: LocalRunner, **given: str) -> dict[str, str]:
    lines = runner.run(["env"], environment=given or None).out.splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(
    ("runner", "given", "more"),
    [
        (LocalRunner(), {}, {}),
        (LocalRunner({"DB_HOST": "db"}, home="/home/shop"), {}, {"DB_HOST": "db", "HOME": "/home/shop"}),
        (LocalRunner({"PATH": "/bin:/usr/bin", "ONE": "1"}), {"ONE": "2"}, {"PATH": "/bin:/usr/bin", "ONE": "2"}),
    ],
)
def test_an_environment_is_made_from_nothing(monkeypatch, runner: LocalRunner, given: dict, more: dict) -> None:
    monkeypatch.setenv("STOREFLEET_OF_THIS_PROCESS", "secret")
    assert environment_of(runner, **given) == {**NOTHING, **more}


def test_what_one_program_is_given_the_next_has_not() -> None:
    runner = LocalRunner()
    environment_of(runner, ONE="1")
    assert environment_of(runner) == NOTHING


def test_status_and_both_outputs_are_told_apart(tmp_path: Path) -> None:
    result = LocalRunner().run(["sh", "-c", "pwd; echo wrong >&2; exit 3"], cwd=str(tmp_path))
    assert result == (3, f"{tmp_path}\n", "wrong\n")


def test_a_program_that_a_signal_ended_has_its_number() -> None:
    assert LocalRunner().run(["sh", "-c", "kill -9 $$"]).rc == -signal.SIGKILL


def test_no_shell_reads_the_arguments() -> None:
    words = ["$HOME", "a b", "*", ";", "'"]
    assert LocalRunner().run(["printf", "%s|", *words]).out == "".join(f"{word}|" for word in words)


def test_more_than_a_pipe_holds_comes_whole_from_both() -> None:
    program = "import sys; sys.stderr.write('e' * 300000); sys.stdout.write('o' * 300000)"
    result = LocalRunner().run([sys.executable, "-c", program])
    assert (result.rc, result.out, result.err) == (0, "o" * 300000, "e" * 300000)


@pytest.mark.parametrize(
    ("stdin", "arrived"),
    [(None, ""), ("", ""), ("one\ntwo", "6f6e650a74776f"), ("ü", "c3bc"), (os.fsdecode(b"a\xff"), "61ff")],
)
def test_what_is_given_arrives_byte_for_byte(stdin: str | None, arrived: str) -> None:
    assert LocalRunner().run(["od", "-An", "-v", "-tx1"], stdin=stdin).out.replace(" ", "").strip() == arrived


def test_nobody_is_asked_at_a_terminal() -> None:
    # This process' own input would keep cat waiting.
    reading, writing = os.pipe()
    before = os.dup(0)
    os.dup2(reading, 0)
    try:
        assert LocalRunner().run(["cat"], timeout=5).out == ""
    finally:
        os.dup2(before, 0)
        for descriptor in (reading, writing, before):
            os.close(descriptor)


def test_a_program_need_not_read_what_it_is_given() -> None:
    assert LocalRunner().run(["true"], stdin="x" * 300000).rc == 0


def test_names_of_files_in_no_encoding_go_to_the_program_as_they_are() -> None:
    name = os.fsdecode(b"/srv/caf\xe9")
    found = LocalRunner().run(["sh", "-c", 'printf %s "$1" | od -An -tx1', "sh", name]).out
    assert bytes.fromhex(found.replace(" ", "").strip()) == b"/srv/caf\xe9"


def test_output_in_no_encoding_is_still_text() -> None:
    result = LocalRunner().run(["printf", r"caf\351"])
    assert result.out == "caf\ufffd"


@pytest.mark.parametrize(
    ("name", "told"), [("gone", "No such file or directory"), ("plain", "Permission denied"), ("no/cwd", "No such")]
)
def test_a_program_that_cannot_be_started(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "plain").write_text("#!/bin/sh\n")
    cwd = str(tmp_path / "no" if name == "no/cwd" else tmp_path)
    with pytest.raises(CommerceError) as raised:
        LocalRunner({"DB_PASSWORD": "geheim"}).run([str(tmp_path / name)], cwd=cwd)
    assert raised.value.code == "not_started"
    assert (raised.value.tried, raised.value.on) == (f"start {tmp_path / name}", cwd)
    assert told in raised.value.came_back
    assert "geheim" not in str(raised.value)


def test_at_a_timeout_the_children_end_too(tmp_path: Path) -> None:
    begun = time.monotonic()
    program = 'trap "" TERM; sleep 60 & echo $! >child; wait'
    with pytest.raises(CommerceError) as raised:
        LocalRunner().run(["sh", "-c", program, "geheim"], cwd=str(tmp_path), timeout=1.5)
    assert raised.value.code == "timeout"
    assert "no end within 1.5 s" in raised.value.came_back
    assert raised.value.on == str(tmp_path)
    # What comes after a command's first words may be a secret.
    assert "geheim" not in str(raised.value)
    assert ended(int((tmp_path / "child").read_text()))
    assert time.monotonic() - begun < 30


def test_a_child_that_holds_the_outputs_open_is_not_waited_for_either() -> None:
    begun = time.monotonic()
    with pytest.raises(CommerceError) as raised:
        LocalRunner().run(["sh", "-c", "sleep 60 & exit 0"], timeout=0.3)
    assert raised.value.code == "timeout"
    assert time.monotonic() - begun < 20


def test_a_signal_for_this_process_is_not_one_for_the_program() -> None:
    program = "import os; print(os.getsid(0) == os.getpid())"
    assert LocalRunner().run([sys.executable, "-c", program]).out == "True\n"


@pytest.mark.parametrize("program", ["setsid sleep 30 & sleep 30", "setsid sleep 30 & exit 0"])
def test_a_child_that_left_the_session_is_not_waited_for(program: str) -> None:
    begun = time.monotonic()
    with pytest.raises(CommerceError) as raised:
        LocalRunner().run(["sh", "-c", program], timeout=0.3)
    assert raised.value.code == "timeout"
    assert time.monotonic() - begun < 20


def test_a_wait_that_is_interrupted_ends_the_program(tmp_path: Path) -> None:
    class Interrupted(BaseException):
        pass

    def interrupt(*dummy) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 1)
        with pytest.raises(Interrupted):
            LocalRunner().run(["sh", "-c", "echo $$ >parent; sleep 60"], cwd=str(tmp_path))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert ended(int((tmp_path / "parent").read_text()))
