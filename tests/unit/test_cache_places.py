# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where configuration caches lie: the same key on nodes that share one, and never a password."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.cache_places import CachePlace, cache_places
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import Settings

OURS = "of /s/app/etc"
TWO = "Magento\\Framework\\Cache\\Backend\\RemoteSynchronizedCache"


def settings(frontends, frontend_of=None) -> Settings:
    return Settings("production", True, "8.2.1", None, (), {}, {}, frontends, "cli", frontend_of or {})


def frontend(backend=None, id_prefix=None, remote=None, local=None, **options) -> dict:
    return {
        "backend": backend,
        "id_prefix": id_prefix,
        "options": options,
        "remote_options": remote or {},
        "local_options": local or {},
    }


@pytest.mark.parametrize(
    ("found", "places"),
    [
        (frontend(), [("files", "/s/var/cache", OURS, True)]),
        (frontend("Cm_Cache_Backend_File", cache_dir="/mnt/c/"), [("files", "/mnt/c", OURS, True)]),
        (frontend("Cm_Cache_Backend_Redis", "a_"), [("redis", "127.0.0.1:6379/0", "a_", True)]),
        (
            frontend("Magento\\Framework\\Cache\\Backend\\Redis", "a_", server="cache", port="6380", database="2"),
            [("redis", "cache:6380/2", "a_", False)],
        ),
        (
            frontend("Cm_Cache_Backend_Redis", server="tls://:secret@cache:7000"),
            [("redis", "cache:7000/0", OURS, False)],
        ),
        (frontend("Cm_Cache_Backend_Redis", server="fe80::1"), [("redis", "fe80::1:6379/0", OURS, False)]),
        (frontend("Cm_Cache_Backend_Redis", server="unix:///run/r.sock"), [("redis", "/run/r.sock/0", OURS, True)]),
        (frontend("Cm_Cache_Backend_Redis", server="LOCALHOST"), [("redis", "LOCALHOST:6379/0", OURS, True)]),
        (frontend("Magento\\Framework\\Cache\\Backend\\Valkey", server="v"), [("redis", "v:6379/0", OURS, False)]),
        (frontend("Magento\\Framework\\Cache\\Backend\\Database"), [("database", "", OURS, False)]),
        (frontend("Cm_Cache_Backend_Mongo", server="//u:secret@m"), [("Cm_Cache_Backend_Mongo", "//m", OURS, True)]),
        (
            frontend(
                TWO,
                "a_",
                remote={"server": "cache", "database": "1"},
                local={"cache_dir": "/dev/shm"},
                remote_backend="Magento\\Framework\\Cache\\Backend\\Redis",
                local_backend="Cm_Cache_Backend_File",
            ),
            [("redis", "cache:6379/1", "a_", False), ("files", "/dev/shm", "a_", True)],
        ),
        # The second level is each node's own, whatever it is made of.
        (
            frontend(
                TWO, "a_", remote={"server": "c"}, local={"server": "d"}, remote_backend="Redis", local_backend="Redis"
            ),
            [("redis", "c:6379/0", "a_", False), ("redis", "d:6379/0", "a_", True)],
        ),
    ],
)
def test_a_place_is_told_by_its_backend(found: dict, places: list[tuple]) -> None:
    assert cache_places(settings({"default": found}), "/s") == [CachePlace(*place) for place in places]


def test_without_a_frontend_the_cache_is_in_files() -> None:
    assert cache_places(settings({}), "/s") == [CachePlace("files", "/s/var/cache", OURS, True)]


def test_a_type_may_have_a_frontend_of_its_own() -> None:
    frontends = {"default": frontend(), "own": frontend("Cm_Cache_Backend_Redis", "a_", server="c")}
    places = cache_places(settings(frontends, {"compiled_config": "own", "full_page": "none"}), "/s")
    assert [place.backend for place in places] == ["files", "redis"]
    places = cache_places(settings(frontends, {"compiled_config": "own", "config": "own"}), "/s")
    assert [place.backend for place in places] == ["redis"]


def test_nodes_that_share_a_cache_have_one_key_for_it_and_releases_have_their_own() -> None:
    shared = frontend("Cm_Cache_Backend_Redis", server="c")
    keys = {cache_places(settings({"default": shared}), root)[0].key for root in ("/s", "/s/", "/r/2")}
    assert keys == {"redis:c:6379/0:of /s/app/etc", "redis:c:6379/0:of /r/2/app/etc"}
    shared["id_prefix"] = "a_"
    assert {cache_places(settings({"default": shared}), root)[0].key for root in ("/s", "/r/2")} == {
        "redis:c:6379/0:a_"
    }


def test_a_place_as_modules_return_it() -> None:
    assert CachePlace("redis", "c:6379/0", "a_", False).as_dict() == {
        "backend": "redis",
        "address": "c:6379/0",
        "prefix": "a_",
        "local": False,
        "key": "redis:c:6379/0:a_",
    }


def test_pages_have_a_place_of_their_own() -> None:
    frontends = {
        "default": frontend("Cm_Cache_Backend_Redis", server="cache"),
        "page_cache": frontend("Cm_Cache_Backend_Redis", server="cache", database="1"),
    }
    found = cache_places(settings(frontends), "/s", ("layout", "full_page"))
    assert [place.address for place in found] == ["cache:6379/0", "cache:6379/1"]
    assert [place.address for place in cache_places(settings(frontends), "/s")] == ["cache:6379/0"]
