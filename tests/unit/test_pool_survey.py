# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pools of a host may serve a store; the pools are threads of the test that speak the protocol."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from support.fastcgi_pool import Pool as Server
from support.fastcgi_pool import page

from ansible_collections.storefleet.commerce.plugins.module_utils import pool_survey
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_config import Master, Pool
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_survey import HostPools, would_not_start
from ansible_collections.storefleet.commerce.plugins.module_utils.worker_processes import MasterProcess

STATE = {
    "enabled": True,
    "readable": True,
    "held": 3,
    "preloaded": False,
    "file_cache": "",
    "clearable": True,
    "reset": False,
    "emptying": False,
    "stale": [],
}


class Fleet:
    """Php-fpms of a host, each with pools that say what a test wants."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.masters: list[Master] = []
        self.servers: dict[str, Server] = {}

    def add(self, source: str, control_timeout: int = 0, settings=None, **pools) -> None:
        """pools: by name, what differs from STATE; None: does not run; a text: what it answers."""
        found = []
        for name, said in pools.items():
            listen = str(self.folder / name)
            if said is not None:
                body = said if isinstance(said, str) else json.dumps({**STATE, **said})
                self.servers[name] = Server(self.folder / name, lambda params, body=body: page(body))
            found.append(Pool(name, listen, "www-data", source, settings or {}))
        self.masters.append(Master(source, tuple(found), control_timeout, ("/php.ini", "/conf.d/*.ini"), "8.2"))

    def asked(self, name: str) -> list[str]:
        return [request["STOREFLEET_ACT"] for request in self.servers[name].requests]

    def listen(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = Fleet(tmp_path)
    monkeypatch.setattr(pool_survey, "masters", lambda files: found.masters)
    monkeypatch.setattr(pool_survey.os, "geteuid", lambda: 1000)
    yield found
    for server in found.servers.values():
        server.close()


def survey(named=()) -> tuple[dict[str, str | None], list[str]]:
    serving, others = HostPools("/s", "/s/var/x.php").serving(named)
    return {seen.pool.name: seen.why_unasked for seen in serving}, [seen.pool.name for seen in others]


def test_only_pools_that_hold_files_of_the_store_serve_it(fleet: Fleet) -> None:
    fleet.add("/a", mine={}, other={"held": 0})
    assert survey() == ({"mine": None}, ["other"])


def test_the_pool_that_the_web_server_names_serves_it_whatever_it_holds(fleet: Fleet) -> None:
    fleet.add("/a", mine={"held": 0})
    assert survey([fleet.listen("mine")]) == ({"mine": None}, [])
    assert survey(["mine"]) == ({"mine": None}, [])


def test_pools_that_share_an_opcache_with_a_named_one_are_not_asked(fleet: Fleet) -> None:
    fleet.add("/a", mine={}, sister={})
    fleet.add("/b", elsewhere={})
    assert survey(["mine"]) == ({"mine": None, "elsewhere": None}, [])
    assert fleet.asked("sister") == []


def test_a_pool_that_does_not_run_serves_nothing(fleet: Fleet) -> None:
    fleet.add("/a", replaced=None)
    assert survey() == survey(["replaced"]) == ({}, [])


def test_a_pool_without_opcache_has_nothing_to_forget(fleet: Fleet) -> None:
    fleet.add("/a", plain={"enabled": False, "readable": False})
    assert survey(["plain"]) == ({}, [])


def test_a_pool_that_cannot_be_asked_may_serve_the_store_unless_others_are_named(fleet: Fleet) -> None:
    fleet.add("/a", shy={"readable": False})
    fleet.add("/b", closed="File not found.")
    fleet.add("/c", mine={})
    found, others = survey()
    assert (list(found), others) == (["shy", "closed", "mine"], [])
    assert "opcache.restrict_api" in found["shy"]
    assert "open_basedir" in found["closed"]
    assert survey(["mine"]) == ({"mine": None}, [])
    assert list(survey(["shy"])[0]) == ["shy", "mine"]


def test_by_files_nothing_is_asked(fleet: Fleet) -> None:
    fleet.add("/a", mine={}, other={})
    seen = HostPools("/s", None).by_files(["mine"])
    assert [(each.pool.name, each.why_unasked, each.state) for each in seen] == [("mine", None, None)]
    fleet.masters = []
    fleet.add("/b", away=None)
    assert HostPools("/s", None).by_files(["away"])[0].why_unasked == "its socket may not be opened by this user"
    assert fleet.asked("mine") == []


def test_root_asks_with_a_script_of_its_own(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What lies below the store's root could be changed by its owner, and would run as another site's user."""
    monkeypatch.setattr(pool_survey.os, "geteuid", lambda: 0)
    folders = [tmp_path / "run", tmp_path / "tmp"]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(pool_survey, "ROOTS_FOLDERS", tuple(map(str, folders)))
    fleet.add("/a", mine={}, closed="Access denied.")
    survey()
    scripts = {name: [each["SCRIPT_FILENAME"] for each in fleet.servers[name].requests] for name in fleet.servers}
    assert [Path(path).parts[-3] for path in scripts["mine"]] == ["run"]
    # open_basedir nearly always has /tmp in it.
    assert [Path(path).parts[-3] for path in scripts["closed"]] == ["run", "tmp"]
    assert [list(folder.iterdir()) for folder in folders] == [[], []]


def test_a_full_disk_is_told_as_what_it_hinders(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_survey.os, "geteuid", lambda: 0)
    monkeypatch.setattr(pool_survey, "ROOTS_FOLDERS", ("/nonexistent", "/nonexistent"))
    fleet.add("/a", mine={})
    with pytest.raises(CommerceError) as raised:
        HostPools("/s", None).ask(fleet.masters[0].pools[0], "status")
    assert raised.value.code == "no_reload"


def test_what_a_reload_takes_is_told_of_the_masters_process(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_survey, "fpm_masters", lambda: [MasterProcess(7, "/a"), MasterProcess(9, "/b")])
    monkeypatch.setattr(pool_survey, "may_signal", lambda pid: pid == 7)
    monkeypatch.setattr(pool_survey.Services, "unit_of", lambda self, pid: f"unit{pid}")
    on_disk = {"opcache.file_cache": "/c", "opcache.preload": "/p.php"}
    fleet.add("/a", 10, mine={"held": 5, "preloaded": True, "file_cache": "/d", "clearable": False})
    fleet.add("/b", 0, on_disk, shy="no")
    fleet.add("/gone", 0, lost={})
    pools = HostPools("/s", "/x.php")
    mine, shy, lost = pools.facts(pools.serving(())[0])
    assert (mine.held, mine.preloaded, mine.file_cache, mine.clearable) == (5, True, "/d", False)
    assert (mine.control_timeout, mine.master, mine.may_signal, mine.unit) == (10, 7, True, "unit7")
    # What a pool does not say stands in its configuration; only itself can remove what it has on disk.
    assert (shy.preloaded, shy.file_cache, shy.clearable) == (True, "/c", False)
    assert (shy.control_timeout, shy.master, shy.may_signal) == (0, 9, False)
    assert (lost.master, lost.may_signal, lost.unit) == (None, False, None)


def test_pools_are_found_again_by_where_they_listen(fleet: Fleet) -> None:
    fleet.add("/a", mine={}, other={})
    assert [pool.name for pool in HostPools("/s", None).at([fleet.listen("other"), "/etc/passwd"])] == ["other"]


@pytest.mark.parametrize(("status", "told"), [(0, None), (78, "its configuration is not valid ({0} -t -y /a)")])
def test_the_configuration_is_tried_before_a_reload(monkeypatch, status: int, told: str | None) -> None:
    ran = []

    class Runner:
        def run(self, argv, **dummy):
            ran.append(argv)
            return Result(status, "secret", "secret")

    monkeypatch.setattr(pool_survey, "LocalRunner", Runner)
    monkeypatch.setattr(pool_survey, "fpm_masters", lambda: [MasterProcess(os.getpid(), "/a")])
    program = os.path.realpath("/proc/self/exe")
    assert stat.S_ISREG(os.stat(program).st_mode)
    assert would_not_start(os.getpid()) == (told and told.format(program))
    assert ran == [[program, "-t", "-y", "/a"]]
    assert would_not_start(None) is None
