# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store's configuration caches lie: nodes that share one clean it once, and each cleans what is its own."""

from __future__ import annotations

import os
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from .caches import TYPES
from .logins import without_login
from .patch_needs import FULL_PAGE
from .settings import Settings

FILES, REDIS, DATABASE = "files", "redis", "database"
DEFAULT_FRONTEND, PAGE_CACHE = "default", "page_cache"
REDIS_PORT = "6379"
_HERE = ("", "localhost", "127.0.0.1", "::1")


class CachePlace(NamedTuple):
    """One place that holds configuration.

    backend: files, redis, database, or the backend's own name. address: a folder, or host:port/database.
    prefix: of the keys there; where the settings have none, what Commerce makes it of. local: every node has its own,
    so that each has to clean it.
    """

    backend: str
    address: str
    prefix: str
    local: bool

    @property
    def key(self) -> str:
        """The same on every node that shares the place. Holds no secret."""
        return "{0}:{1}:{2}".format(self.backend, self.address, self.prefix)

    def as_dict(self) -> Dict[str, Any]:
        """As modules return it."""
        return dict(self._asdict(), key=self.key)


def cache_places(settings: Settings, root: str, more: Sequence[str] = ()) -> List[CachePlace]:
    """Where the caches config, compiled_config and more of the store at root, a real path, lie; each place once."""
    places: List[CachePlace] = []
    for cache_type in (*TYPES, *more):
        usual = PAGE_CACHE if cache_type == FULL_PAGE else DEFAULT_FRONTEND
        frontend = settings.cache_frontends.get(settings.frontend_of.get(cache_type, usual), {})
        places += [place for place in _places(frontend, root) if place not in places]
    return places


def _places(frontend: Mapping[str, Any], root: str) -> List[CachePlace]:
    prefix = frontend.get("id_prefix") or _prefix_of(root)
    options = frontend.get("options", {})
    backend = frontend.get("backend") or FILES
    if not _is(backend, "RemoteSynchronizedCache"):
        return [_place(backend, options, prefix, root)]
    # Two levels: cleaning the shared one leaves what each node holds of it.
    remote = _place(options.get("remote_backend") or FILES, frontend.get("remote_options", {}), prefix, root)
    local = _place(options.get("local_backend") or FILES, frontend.get("local_options", {}), prefix, root)
    return [remote, local._replace(local=True)]


def _place(backend: str, options: Mapping[str, str], prefix: str, root: str) -> CachePlace:
    if _is(backend, "Redis", "Valkey"):
        host = without_login(options.get("server") or "127.0.0.1")
        socket = re.sub(r"^unix://", "", host)
        if socket.startswith("/"):
            return CachePlace(REDIS, "{0}/{1}".format(socket, options.get("database") or "0"), prefix, True)
        name, port = _host_and_port(host, options.get("port") or REDIS_PORT)
        address = "{0}:{1}/{2}".format(name, port, options.get("database") or "0")
        return CachePlace(REDIS, address, prefix, name.lower() in _HERE)
    if _is(backend, FILES, "File", "Files"):
        folder = os.path.join(root, options.get("cache_dir") or "var/cache")
        return CachePlace(FILES, os.path.normpath(folder), prefix, True)
    if _is(backend, "Database"):
        return CachePlace(DATABASE, "", prefix, False)
    # Nobody knows whether nodes share it: each cleans it.
    return CachePlace(backend, without_login(options.get("servers") or options.get("server") or ""), prefix, True)


def _is(backend: str, *names: str) -> bool:
    """Whether a backend, a class or the short form of one (Cm_Cache_Backend_File), is one of these."""
    last = re.split(r"[\\_]", backend)[-1].lower()
    return last in [name.lower() for name in names]


def _prefix_of(root: str) -> str:
    # Commerce makes one of the path of app/etc, so that two releases have different ones.
    return "of {0}/app/etc".format(root.rstrip("/"))


def _host_and_port(server: str, port: Optional[str]):
    name = re.sub(r"^\w+://", "", server)
    found = re.fullmatch(r"(.*):(\d+)", name)
    return (found.group(1), found.group(2)) if found and name.count(":") == 1 else (name, port)
