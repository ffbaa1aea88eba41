# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which unit a process is of, and the restart of units, with systemd and without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import services
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.services import Services, run_service


class Recorder:
    def __init__(self, *statuses: int):
        self._statuses = list(statuses)
        self.argv: list[list[str]] = []

    def run(self, argv, **dummy):
        self.argv.append(list(argv))
        return Result(self._statuses.pop(0) if self._statuses else 0, "", "Job failed.\nSee the journal.")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def systemd(tmp_path: Path) -> Services:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return Services(str(tmp_path))


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.os, "geteuid", lambda: 0)


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [
        ("0::/system.slice/php8.2-fpm.service\n", "php8.2-fpm.service"),
        ("1:name=systemd:/system.slice/php-fpm.service\n0::/x\n", "php-fpm.service"),
        ("0::/system.slice/system-php.slice/php-fpm@a.service/workers\n", "php-fpm@a.service"),
        ("0::/user.slice/user-0.slice/session-1.scope\n", None),
    ],
)
def test_the_unit_of_a_process_is_its_cgroup(systemd: Services, tmp_path: Path, cgroup: str, unit: str | None) -> None:
    write(tmp_path / "proc/7/cgroup", cgroup)
    assert systemd.unit_of(7) == unit
    assert systemd.unit_of(8) is None


def test_without_systemd_the_pid_file_names_the_script(tmp_path: Path) -> None:
    write(tmp_path / "run/php/php8.1-fpm.pid", "6")
    write(tmp_path / "run/php/php8.2-fpm.pid", "7\n")
    write(tmp_path / "run/php/own.pid", "9")
    write(tmp_path / "etc/init.d/php8.2-fpm", "#!/bin/sh")
    write(tmp_path / "etc/init.d/php8.1-fpm", "#!/bin/sh")
    found = Services(str(tmp_path))
    assert [found.unit_of(pid) for pid in (6, 7, 8, 9)] == ["php8.1-fpm", "php8.2-fpm", None, None]


def test_the_command_is_that_of_the_host(systemd: Services, tmp_path: Path) -> None:
    assert systemd.argv("reload", "a.service") == ["systemctl", "reload", "a.service"]
    assert Services(str(tmp_path / "other")).argv("reload", "a") == ["service", "a", "reload"]


def test_units_are_restarted_in_turn(systemd: Services, root: None) -> None:
    runner = Recorder()
    assert systemd.restart(["a", "b"], runner) == ["restarted a", "restarted b"]
    assert runner.argv == [["systemctl", verb, unit] for verb, unit in (("cat", "a"), ("cat", "b"))] + [
        ["systemctl", "restart", "a"],
        ["systemctl", "restart", "b"],
    ]


@pytest.mark.parametrize("unit", ["gone", "--now", "a b", "../x"])
def test_a_unit_that_is_not_there_is_refused_before_any_is_restarted(tmp_path: Path, root: None, unit: str) -> None:
    write(tmp_path / "etc/init.d/there", "#!/bin/sh")
    write(tmp_path / "etc/x", "#!/bin/sh")
    runner = Recorder()
    with pytest.raises(CommerceError, match="there is no such service") as raised:
        Services(str(tmp_path)).restart(["there", unit], runner)
    assert (raised.value.code, runner.argv) == ("no_service", [])


def test_systemd_knows_its_units_itself(systemd: Services, root: None) -> None:
    with pytest.raises(CommerceError, match="restart b"):
        systemd.require(["a", "b"], Recorder(0, 1))


def test_systemd_is_asked_for_nothing_that_is_no_units_name(systemd: Services, root: None) -> None:
    for name in ("--now", "a b", "", "../x"):
        runner = Recorder()
        with pytest.raises(CommerceError, match="there is no such service"):
            systemd.require([name], runner)
        assert runner.argv == []


def test_a_restart_takes_root(systemd: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.os, "geteuid", lambda: 1000)
    with pytest.raises(CommerceError, match="it takes root"):
        systemd.require(["a"], Recorder())
    systemd.require([], Recorder())


def test_a_command_that_fails_is_told_in_its_own_words() -> None:
    with pytest.raises(CommerceError, match=r"ended with status 3: Job failed\. See the journal\.") as raised:
        run_service(["systemctl", "restart", "a"], Recorder(3))
    assert raised.value.code == "service_failed"
