# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a reload that takes root: what a request of the store's owner can bring about, and what it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import serving
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.opcache import Opcache
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_config import Master, Pool
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_survey import Seen
from ansible_collections.storefleet.commerce.plugins.module_utils.reload_plan import PoolFacts
from ansible_collections.storefleet.commerce.plugins.module_utils.worker_processes import MasterProcess

STATE = Opcache(True, True, 3, False, "", True, False, False, ())
WWW, ADMIN, OTHER = (Pool(name, f"/run/{name}.sock", "", "") for name in ("www", "admin", "other"))
MASTER = Master("/etc/fpm.conf", (WWW, ADMIN), 10, ("", ""), "8.2")
FACTS = PoolFacts("www", 3, control_timeout=10, master=7, may_signal=True, unit="php-fpm")
ABSENT = CommerceError("ask", "pool", "gone", "", code="pool_absent")
LOOK = {"act": "look", "root": "/s", "script": None, "named": ["/run/www.sock"], "apache": False, "sudo": None}


class Pools:
    """The pools of a host that say what a test wants, and what was asked of them."""

    def __init__(self):
        self.says: dict[str, Callable[[str], Opcache]] = {}
        self.asked: list[tuple[str, str]] = []
        self.paths: list[list[str]] = []
        self.facts_of = [FACTS]
        self.cached = ""

    def __call__(self, root, script):
        assert (root, script) == ("/s", None)
        return self

    def at(self, listens):
        return [pool for pool in (WWW, ADMIN, OTHER) if pool.listen in listens]

    def ask(self, pool, act, paths=(), timeout=None):
        assert (timeout is not None) == (act == "reset_held")
        self.asked.append((pool.name, act))
        self.paths.append(list(paths))
        answer = self.says.get(pool.name, lambda act: STATE._replace(reset=act == "reset"))(act)
        if isinstance(answer, CommerceError):
            raise answer
        return answer

    def serving(self, named):
        state = STATE._replace(file_cache=self.cached)
        return [Seen(MASTER, WWW, state, None, True)], [Seen(MASTER, OTHER, state)]

    def by_files(self, named):
        return [Seen(MASTER, WWW, named=True)]

    def facts(self, seen):
        return self.facts_of


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> Pools:
    found = Pools()
    monkeypatch.setattr(serving, "HostPools", found)
    monkeypatch.setattr(serving.os, "geteuid", lambda: 0)
    monkeypatch.setattr(serving, "would_not_start", lambda pid: None)
    return found


def serve(act: str, operators=(), **more) -> dict:
    request = {"act": act, "root": "/s", "script": None, "targets": [], "others": [], "file_caches": [], "masters": []}
    return serving.serve_request({**request, "apache": False, "seconds": 9, **more}, operators)


def test_looking_tells_the_plan_and_what_it_takes_and_changes_nothing(pools: Pools) -> None:
    pools.cached = "/c"
    answer = serving.serve_request({**LOOK, "method": "auto", "check": False})
    assert answer.pop("plan")["method"] == "opcache_reset"
    assert answer == {
        "as_root": True,
        "pools": ["www"],
        "targets": ["/run/www.sock"],
        "others": ["/run/other.sock"],
        "file_caches": ["/run/www.sock"],
        "masters": [os.path.realpath("/etc/fpm.conf")],
        "units": ["php-fpm"],
        "seconds": 70,
    }
    assert pools.asked == []


def test_a_php_fpm_that_would_not_start_again_is_not_reloaded(pools: Pools, monkeypatch) -> None:
    tried = []
    monkeypatch.setattr(serving, "would_not_start", lambda pid: tried.append(pid) or f"no ({pid})")
    for method, possible in (("fpm", False), ("service", False), ("opcache_reset", True), ("command", True)):
        plan = serving.serve_request({**LOOK, "method": method, "check": False}, ["true"])["plan"]
        assert plan["possible"] == possible, method
        assert ("no (7)" in plan["why_not"]) != possible
    assert tried == [7, 7]


def test_in_check_mode_no_pool_is_asked_and_nothing_is_started(pools: Pools, monkeypatch) -> None:
    monkeypatch.setattr(serving, "would_not_start", lambda pid: pytest.fail("started"))
    monkeypatch.setattr(pools, "serving", lambda named: pytest.fail("asked"))
    answer = serving.serve_request({**LOOK, "method": "fpm", "check": True})
    assert (answer["plan"]["possible"], answer["targets"], answer["others"]) == (True, ["/run/www.sock"], [])


def test_a_pool_without_a_file_cache_has_nothing_to_remove(pools: Pools) -> None:
    assert serving.serve_request({**LOOK, "method": "auto", "check": False})["file_caches"] == []


def test_apache_is_reloaded_by_its_service(pools: Pools, monkeypatch) -> None:
    pools.facts_of = []
    monkeypatch.setattr(pools, "serving", lambda named: ([], []))
    monkeypatch.setattr(serving, "apache_master", lambda: MasterProcess(5, ""))
    monkeypatch.setattr(serving.Services, "unit_of", lambda self, pid: f"apache{pid}")
    answer = serving.serve_request({**LOOK, "method": "auto", "check": False, "apache": True})
    assert (answer["plan"]["method"], answer["masters"], answer["units"]) == ("service", [], ["apache5"])


def test_a_reset_goes_to_the_stores_pools_first_and_to_others_only_if_they_hold_it(pools: Pools) -> None:
    pools.says["other"] = lambda act: STATE._replace(reset=True)
    more = {"targets": [WWW.listen, ADMIN.listen], "others": [OTHER.listen]}
    assert serve("reload", method="opcache_reset", **more) == {"pools": ["www", "admin", "other"]}
    assert pools.asked == [("www", "reset"), ("admin", "reset"), ("other", "reset_held")]


def test_others_that_fail_do_not_take_a_change_back(pools: Pools) -> None:
    pools.says["other"] = lambda act: ABSENT
    more = {"targets": [WWW.listen], "others": [OTHER.listen]}
    assert serve("reload", method="opcache_reset", **more) == {"pools": ["www"]}


def test_a_pool_that_has_ended_meanwhile_holds_nothing(pools: Pools) -> None:
    pools.says["www"] = lambda act: ABSENT
    assert serve("reload", method="opcache_reset", targets=[WWW.listen]) == {"pools": []}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (STATE, "reload_failed"),
        (STATE._replace(reset=True, clearable=False, file_cache="/c"), "file_cache"),
        (CommerceError("ask", "pool", "silent", "", code="pool_unreachable"), "pool_unreachable"),
    ],
)
def test_a_reset_that_is_refused_is_an_error(pools: Pools, said, code: str) -> None:
    pools.says["www"] = lambda act: said
    with pytest.raises(CommerceError) as raised:
        serve("reload", method="opcache_reset", targets=[WWW.listen])
    assert raised.value.code == code


def test_files_on_disk_go_before_php_fpm_is_reloaded(pools: Pools, monkeypatch) -> None:
    done = []
    monkeypatch.setattr(serving, "masters_of", lambda configs: [MasterProcess(7, config) for config in configs])
    monkeypatch.setattr(
        serving, "reload_masters", lambda found, seconds: done.append((found, seconds, list(pools.asked)))
    )
    serve("reload", method="fpm", masters=["/a"], file_caches=[WWW.listen])
    assert done == [([MasterProcess(7, "/a")], 9, [("www", "aside")])]
    pools.says["www"] = lambda act: STATE._replace(clearable=False)
    with pytest.raises(CommerceError, match=r"remove the store's part of opcache\.file_cache"):
        serve("reload", method="fpm", masters=["/a"], file_caches=[WWW.listen])
    assert len(done) == 1


def test_a_service_is_that_of_the_processes_not_one_that_the_request_names(pools: Pools, monkeypatch) -> None:
    ran, waited = [], []

    class Old:
        def __init__(self, masters):
            self.masters = masters

        def wait(self, seconds):
            waited.append((len(ran), self.masters, seconds))

    monkeypatch.setattr(serving, "OldWorkers", Old)
    monkeypatch.setattr(serving, "masters_of", lambda configs: [MasterProcess(7, config) for config in configs])
    monkeypatch.setattr(serving.Services, "unit_of", lambda self, pid: "php-fpm")
    monkeypatch.setattr(serving.Services, "argv", lambda self, verb, unit: [verb, unit])
    monkeypatch.setattr(serving, "run_service", lambda argv, runner: ran.append(argv))
    serve("reload", method="service", masters=["/a", "/b"], units=["sshd"])
    assert ran == [["reload", "php-fpm"]]
    assert waited == [(1, [MasterProcess(7, "/a"), MasterProcess(7, "/b")], 9)]


def test_the_operators_command_is_no_part_of_a_request(pools: Pools, monkeypatch) -> None:
    ran = []
    monkeypatch.setattr(serving, "run_service", lambda argv, runner, seconds: ran.append(argv))
    serve("reload", ["/opt/reload", "x"], method="command", command=["rm", "-rf", "/"])
    assert ran == [["/opt/reload", "x"]]


def test_files_on_disk_are_removed_in_the_end(pools: Pools) -> None:
    assert serve("forget_files", file_caches=[WWW.listen]) == {}
    assert serve("tidy", file_caches=[WWW.listen]) == {}
    assert pools.asked == [("www", "aside"), ("www", "sweep")]


def test_each_pool_holds_the_files(pools: Pools) -> None:
    paths = [f"a{number}.php" for number in range(150)]
    assert serve("hold_files", targets=[WWW.listen, ADMIN.listen], paths=paths) == {}
    assert pools.asked == [("www", "hold")] * 2 + [("admin", "hold")] * 2
    assert [len(each) for each in pools.paths] == [100, 50, 100, 50]
    assert pools.paths[1][0] == "/s/a100.php"


def test_old_code_in_any_pool_counts(pools: Pools) -> None:
    paths = [f"a{number}.php" for number in range(150)]
    pools.says["www"] = lambda act: STATE._replace(stale=("/s/a7.php",))
    pools.says["admin"] = lambda act: STATE._replace(stale=("/s/a3.php", "/other.php"))
    answer = serve("held_old", targets=[WWW.listen, ADMIN.listen], paths=paths)
    assert answer == {"stale": ["a3.php", "a7.php"]}
    assert [len(each) for each in pools.paths] == [100, 50, 100, 50]
    assert pools.paths[1][0] == "/s/a100.php"
