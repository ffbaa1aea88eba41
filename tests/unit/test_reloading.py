# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The owner's part of a reload: looked up once, done in a moment, and nothing left afterwards."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import reloading
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import Workplace
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import identity_of
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_config import Pool
from ansible_collections.storefleet.commerce.plugins.module_utils.reloading import Reloading
from ansible_collections.storefleet.commerce.plugins.module_utils.served import Served

SERVED = Served("fpm-fcgi", "nginx", "/run/www.sock", Pool("www", "/run/www.sock", "", ""), also=("admin",))
FOUND = {
    "as_root": False,
    "pools": ["www"],
    "targets": ["/run/www.sock"],
    "others": ["/run/other.sock"],
    "file_caches": [],
    "masters": [],
    "units": ["php8.2-fpm.service"],
    "seconds": 70,
}


class Service:
    """Answers as root's part does, and writes down what it was asked."""

    def __init__(self, root: Path):
        self._root = root
        self.plan = {"method": "opcache_reset", "possible": True, "why_not": "", "words": "", "loses_requests": False}
        self.found = dict(FOUND)
        self.untidy = False
        self.in_flight: list[bool] = []
        self.requests: list[dict] = []
        self.scripts: list[bool] = []

    def __call__(self, request: dict) -> dict:
        self.requests.append(request)
        if request["act"] == "tidy" and self.untidy:
            raise CommerceError("ask", "pool", "timed out", "", code="pool_unreachable")
        self.scripts.append(bool(request["script"]) and os.path.exists(request["script"]))
        if request["act"] == "look":
            return {**self.found, "plan": self.planned(request)}
        return {"pools": ["www"], "stale": ["a.php"], "in_flight": self.in_flight.pop(0) if self.in_flight else False}

    def planned(self, request):
        return self.plan

    @property
    def acts(self) -> list[str]:
        return [request["act"] for request in self.requests]


class Runner:
    def __init__(self, listing: str = "", rc: int = 0):
        self._listing, self._rc = listing, rc
        self.argv: list[list[str]] = []

    def run(self, argv, **dummy):
        self.argv.append(list(argv))
        return Result(self._rc if "-l" not in argv else 0, self._listing, "words")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "store/var").mkdir(parents=True)
    (tmp_path / "current").symlink_to("store")
    monkeypatch.setattr(reloading, "serving_of", lambda root: SERVED)
    service = Service(tmp_path / "store")

    def make(method="auto", runner=None, check=False, command=()):
        me = identity_of(pwd.getpwuid(os.geteuid()).pw_name)
        place = Workplace(str(tmp_path / "current"), ("php",), me, runner or Runner(), check)
        return Reloading(place, service, method, command)

    make.service, make.var = service, tmp_path / "store/var"
    return make


def test_everything_is_looked_up_before_and_the_moment_is_one_request(store) -> None:
    with store() as found:
        assert store.service.acts == ["look"]
        assert (found.plan.method, found.pools) == ("opcache_reset", ("www",))
        assert found.reload() == "emptied the opcache of the php-fpm pool www"
        assert len(list(store.var.iterdir())) == 1
    assert store.service.acts == ["look", "reload"]
    assert store.service.scripts == [True, True]
    assert list(store.var.iterdir()) == []
    look, reload = store.service.requests
    assert look["root"] == os.path.realpath(store.var.parent)
    assert (look["named"], look["apache"]) == (["/run/www.sock", "admin"], False)
    assert {name: reload[name] for name in ("method", "targets", "others", "masters", "seconds")} == {
        "method": "opcache_reset",
        **{name: FOUND[name] for name in ("targets", "others", "masters", "seconds")},
    }


@pytest.mark.parametrize(
    ("in_flight", "seconds", "ended", "asked"),
    [([], 9, True, 1), ([True, True], 9, True, 3), ([True, True], 0, False, 1)],
)
def test_requests_of_before_are_waited_for(store, in_flight, seconds, ended, asked) -> None:
    store.service.in_flight = in_flight
    with store() as found:
        assert found.wait_for_requests_of_before(seconds) is ended
    assert store.service.acts == ["look"] + ["in_flight"] * asked


def test_a_pool_that_does_not_answer_is_not_waited_for(store) -> None:
    def away(request):
        if request["act"] == "in_flight":
            raise CommerceError("ask", "pool", "no", "", code="pool_absent")
        return answer(request)

    with store() as found:
        answer, found._ask = found._ask, away
        assert not found.wait_for_requests_of_before()


def test_without_a_pool_there_is_no_request_to_wait_for(store) -> None:
    store.service.found["targets"] = []
    with store() as found:
        assert found.wait_for_requests_of_before()
        found.hold(["a.php"])
    assert store.service.acts == ["look"]


def test_files_are_held_when_no_request_does_without_the_opcache(store) -> None:
    store.service.plan["method"] = "fpm"
    store.service.in_flight = [True]
    with store() as found:
        found.hold(["a.php", "etc/events.xml", "b.php"])
    assert store.service.acts == ["look", "in_flight", "in_flight", "hold_files"]
    assert store.service.requests[-1]["paths"] == ["a.php", "b.php"]


def test_a_pool_that_does_not_answer_holds_what_it_has(store) -> None:
    def away(request):
        if request["act"] == "hold_files":
            raise CommerceError("ask", "pool", "no", "", code="pool_absent")
        return answer(request)

    with store() as found:
        answer, found._ask = found._ask, away
        found.hold(["a.php"])
    assert store.service.acts == ["look", "in_flight"]


def test_the_script_goes_when_looking_fails(store) -> None:
    def fail(request):
        raise CommerceError("look", "host", "no", "")

    store.service.planned = fail
    with pytest.raises(CommerceError), store():
        pass
    assert list(store.var.iterdir()) == []


def test_where_root_asks_no_script_lies_in_the_store(store) -> None:
    store.service.found["as_root"] = True
    with store() as found:
        assert list(store.var.iterdir()) == []
        found.reload()


def test_in_check_mode_nothing_is_written(store) -> None:
    with store(check=True) as found:
        assert list(store.var.iterdir()) == []
        assert found.plan.possible
    assert [(each["script"], each["check"]) for each in store.service.requests] == [(None, True)]


def test_apache_is_named(store, monkeypatch) -> None:
    monkeypatch.setattr(reloading, "serving_of", lambda root: Served("apache2handler", "apache"))
    with store():
        assert (store.service.requests[0]["named"], store.service.requests[0]["apache"]) == ([], True)


def test_what_cannot_be_done_is_refused_before_anything_is_changed(store) -> None:
    store.service.plan.update(possible=False, why_not="pool www: its socket is closed")
    with store("opcache_reset") as found, pytest.raises(CommerceError, match="its socket is closed") as raised:
        found.require()
    assert raised.value.code == "no_reload"
    assert "Nothing has been changed" in raised.value.next_step


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("fpm", "reloaded php-fpm"),
        ("service", "reloaded php8.2-fpm.service"),
        ("command", "ran the given reload command"),
        ("none", "left php-fpm alone"),
    ],
)
def test_what_was_done_is_told_in_words(store, method: str, words: str) -> None:
    store.service.plan["method"] = method
    with store(method) as found:
        assert found.reload() == words
    assert store.service.acts == (["look"] if method == "none" else ["look", "reload"])


def test_files_on_disk_are_removed_after_the_moment(store) -> None:
    store.service.found["file_caches"] = ["/run/www.sock"]
    with store() as found:
        found.reload()
    assert store.service.acts == ["look", "reload", "tidy"]
    assert store.service.requests[2]["file_caches"] == ["/run/www.sock"]


def test_old_files_that_cannot_be_removed_do_not_take_a_change_back(store) -> None:
    store.service.found["file_caches"] = ["/run/www.sock"]
    store.service.untidy = True
    with store() as found:
        assert found.reload().endswith("pool www, but old files of opcache.file_cache may be left: timed out")


RULE = "    (root) NOPASSWD: /usr/sbin/service php8.2-fpm reload\n"


def with_sudo(request):
    """As the plan is: nothing else can be done."""
    base = {"words": "", "loses_requests": False, "why_not": ""}
    if request["sudo"]:
        return {**base, "method": "sudo", "possible": True}
    return {**base, "method": "opcache_reset", "possible": False}


@pytest.mark.parametrize("method", ["auto", "sudo"])
def test_sudo_is_asked_when_nothing_else_can_be_done(store, monkeypatch, method: str) -> None:
    waited = []
    monkeypatch.setattr(reloading.OldWorkers, "wait", lambda self, seconds: waited.append((seconds, list(runner.argv))))
    store.service.planned = with_sudo
    runner = Runner(RULE)
    with store(method, runner) as found:
        assert found.reload() == "ran sudo /usr/sbin/service php8.2-fpm reload"
    done = ["sudo", "-n", "/usr/sbin/service", "php8.2-fpm", "reload"]
    assert runner.argv == [["sudo", "-n", "-l"], done]
    assert waited == [(70, runner.argv)]
    assert store.service.acts == ["look", "look", "forget_files"]


def test_sudo_is_not_asked_where_it_is_not_needed(store) -> None:
    runner = Runner(RULE)
    for method in ("auto", "fpm", "none"):
        with store(method, runner):
            pass
    assert runner.argv == []


def test_a_reload_by_sudo_that_fails_is_a_failure(store) -> None:
    store.service.planned = with_sudo
    with store("sudo", Runner(RULE, rc=1)) as found, pytest.raises(CommerceError) as raised:
        found.reload()
    assert raised.value.code == "service_failed"


def test_php_files_only_are_asked_for_old_code(store) -> None:
    with store() as found:
        assert found.stale(["a.php", "etc/events.xml", "b.php"]) == ("a.php",)
        assert found.stale(["etc/events.xml"]) == ()
    assert [each.get("paths") for each in store.service.requests] == [None, ["a.php", "b.php"]]
    store.service.found["targets"] = []
    with store() as found:
        assert found.stale(["a.php"]) == ()
