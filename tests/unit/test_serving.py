# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pools serve a store, asked over FastCGI; the pool is a thread of the test that speaks the protocol."""

from __future__ import annotations

import json
import os

import pytest
from support.fastcgi_pool import Pool, page

from ansible_collections.storefleet.commerce.plugins.module_utils import serving
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

STATE = {"enabled": True, "readable": True, "held": 3, "file_cache": "", "reset": False}


@pytest.fixture
def pool(tmp_path):
    made = []

    def make(name="www", **state):
        def body(params):
            reset = params["STOREFLEET_ACT"] == "reset" and state.get("reset", True)
            return page(json.dumps({**STATE, **state, "reset": reset}))

        made.append(Pool(tmp_path / f"{name}.sock", body))
        return made[-1], serving.Pool(name, str(tmp_path / f"{name}.sock"), "www-data", "pool.conf")

    yield make
    for each in made:
        each.close()


def test_only_pools_that_hold_files_of_the_store_serve_it(pool):
    (dummy, mine), (dummy, other) = pool("mine"), pool("other", held=0)
    found = serving.look("/var/www/store", "/x.php", [mine, other])
    assert found.holding == (mine,)
    assert found.unasked == ()


def test_a_pool_that_keeps_its_state_to_itself_is_not_taken_for_clean(pool, tmp_path):
    dummy, shy = pool("shy", readable=False, held=0)
    away = serving.Pool("away", str(tmp_path / "away.sock"), "", "")
    assert [each.name for each, dummy in serving.look("/s", "/x.php", [shy, away]).unasked] == ["shy", "away"]


def test_a_file_cache_is_refused(pool):
    dummy, stubborn = pool(file_cache="/var/cache/opcache")
    with pytest.raises(CommerceError) as raised:
        serving.look("/s", "/x.php", [stubborn])
    assert raised.value.code == "file_cache"


@pytest.fixture
def host(monkeypatch):
    """A host whose pools are those that the test makes; serve_request's answer to a request on it."""

    def answer(act, method, *described, euid=1000, masters=()):
        monkeypatch.setattr(serving, "pools", lambda: list(described))
        monkeypatch.setattr(serving, "masters", lambda: list(masters))
        monkeypatch.setattr(serving.os, "geteuid", lambda: euid)
        return serving.serve_request({"act": act, "root": "/s", "script": "/x.php", "method": method})

    return answer


def test_looking_resets_nothing(pool, host):
    server, mine = pool()
    assert host("look", "auto", mine) == {"method": "opcache_reset", "pools": ["www"], "unasked": {}, "possible": True}
    assert [request["STOREFLEET_ACT"] for request in server.requests] == ["status"]


def test_a_reload_empties_each_opcache_that_holds_the_store(pool, host):
    (server, mine), (other_server, other) = pool("mine"), pool("other", held=0)
    host("reload", "auto", mine, other)
    assert [request["STOREFLEET_ACT"] for request in server.requests] == ["status", "reset"]
    assert [request["STOREFLEET_ACT"] for request in other_server.requests] == ["status"]


def test_a_reset_that_is_refused_is_an_error(pool, host):
    dummy, mine = pool(reset=False)
    with pytest.raises(CommerceError, match="opcache_reset\\(\\) said no"):
        host("reload", "opcache_reset", mine)


@pytest.mark.parametrize(
    ("euid", "masters", "method", "possible"),
    [(0, [7], "fpm", True), (0, [], "opcache_reset", False), (1000, [7], "opcache_reset", False)],
)
def test_where_a_pool_cannot_be_asked_only_root_can_reload(pool, host, euid, masters, method, possible):
    dummy, shy = pool(readable=False)
    answer = host("look", "auto", shy, euid=euid, masters=masters)
    assert (answer["method"], answer["possible"]) == (method, possible)


def test_pools_are_read_from_the_configuration(tmp_path):
    (tmp_path / "www.conf").write_text(
        "; a comment\n[global]\nlisten = ignored\n"
        "[www]\nuser = www-data\nlisten = /run/php/$pool.sock\nphp_admin_value[memory_limit] = 1G\n"
    )
    (tmp_path / "tcp.conf").write_text('[shop]\nlisten = "127.0.0.1:9001"\n')
    (tmp_path / "broken.conf").write_text("no section\n")
    found = serving.pools((str(tmp_path / "*.conf"),))
    assert [(each.name, each.listen, each.user) for each in found] == [
        ("shop", "127.0.0.1:9001", ""),
        ("www", "/run/php/www.sock", "www-data"),
    ]


def test_the_script_is_readable_for_the_pool_and_gone_afterwards(tmp_path):
    (tmp_path / "var").mkdir()
    os.utime(tmp_path / "var", (1, 1))
    with serving.StatusScript(str(tmp_path)) as path:
        assert (tmp_path / "var").joinpath(path).stat().st_mode & 0o777 == 0o644
    assert list((tmp_path / "var").iterdir()) == []
    assert (tmp_path / "var").stat().st_mtime == 1
