# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves a store, told by the host's configuration files alone: nothing is asked, nothing is started."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import Callable, List, Optional, Sequence, Tuple

from .config_files import ConfigFiles
from .pool_config import Master, OpcacheSettings, Pool, masters, opcache_settings, php_settings, version_in
from .web_config import Site, apache_sites, nginx_sites

FPM, APACHE_MODULE = "fpm-fcgi", "apache2handler"
NGINX, APACHE, ONLY_POOL = "nginx", "apache", "only_pool"


@dataclass(frozen=True)
class Served:
    """What serves a store. None is: it could not be told, and notes (sentences) say why.

    sapi: fpm-fcgi or apache2handler. found_by: nginx, apache, or only_pool where the host has no other.
    address: what the web server passes PHP to. pool: the php-fpm pool there; also: names of others that it uses.
    php_version: "8.2". process_control_timeout: seconds. sharing: other pools of the same php-fpm.
    """

    sapi: Optional[str] = None
    found_by: Optional[str] = None
    address: Optional[str] = None
    pool: Optional[Pool] = None
    also: Tuple[str, ...] = ()
    php_version: Optional[str] = None
    opcache: Optional[OpcacheSettings] = None
    process_control_timeout: Optional[int] = None
    sharing: Tuple[str, ...] = ()
    notes: Tuple[str, ...] = ()

    def is_php(self, version: Optional[str]) -> Optional[bool]:
        """Whether it is served by the PHP of that version, "8.2.29"; None if either is not known."""
        return version.split(".")[:2] == self.php_version.split(".") if version and self.php_version else None


def serving_of(root: str, prefix: str = "/") -> Served:
    """What serves the store at root (a real path), by the configuration files below prefix.

    For the store's owner to call: files that it may not read are named in a note, and what they say is left out.
    """
    files = ConfigFiles(prefix)
    found = masters(files)
    served = _by_site(NGINX, nginx_sites(files), root, files, found)
    served = served or _by_site(APACHE, apache_sites(files), root, files, found)
    served = served or _by_count(files, found)
    if not files.unreadable:
        return served
    names = ", ".join(files.unreadable[:3]) + (", …" if len(files.unreadable) > 3 else "")
    note = "What serves the store is told without {0}, which may not be read.".format(names)
    return replace(served, notes=served.notes + (note,))


def _by_site(kind: str, sites: Sequence[Site], root: str, files: ConfigFiles, found: List[Master]) -> Optional[Served]:
    serving = _of_store(sites, root, files)
    addresses = list(dict.fromkeys(address for site in serving for address in site.addresses))
    if not addresses:
        module = next((site.module for site in serving if site.module), None)
        return _in_apache(files, module) if module else None
    pairs = [(master, pool) for master in found for pool in master.pools]
    matching = [pair for address in addresses for pair in pairs if _same(address, pair[1].listen, files.real)]
    if not matching:
        why = "{0} passes the store's PHP to {1}, where no php-fpm pool of this host listens."
        return Served(FPM, kind, addresses[0], notes=(why.format(kind, addresses[0]),))
    others = tuple(dict.fromkeys(pool.name for dummy, pool in matching if pool != matching[0][1]))
    notes = ("{0} serves the store with pool {1} too.".format(kind, " and ".join(others)),) if others else ()
    return _in_pool(files, kind, addresses[0], *matching[0], also=others, notes=notes)


def _by_count(files: ConfigFiles, found: List[Master]) -> Served:
    pairs = [(master, pool) for master in found for pool in master.pools]
    if len(pairs) > 1:
        # Configuration of a PHP that was replaced by another stays behind, without a socket.
        pairs = [pair for pair in pairs if _may_run(pair[1], files)] or pairs
    if len(pairs) == 1:
        note = "No site of nginx or Apache is at this root: taken to be served by {0}, the host's only pool."
        return _in_pool(files, ONLY_POOL, None, *pairs[0], notes=(note.format(pairs[0][1].name),))
    if pairs:
        note = (
            "What serves the store is not known: no site of nginx or Apache is at this root, and there are {0} pools."
        )
        return Served(notes=(note.format(len(pairs)),))
    return Served(notes=("What serves the store is not known: no php-fpm pool and no Apache with PHP was found.",))


def _in_pool(files, found_by, address, master: Master, pool: Pool, also=(), notes=()) -> Served:
    return Served(
        sapi=FPM,
        found_by=found_by,
        address=address or pool.listen,
        pool=pool,
        also=also,
        php_version=master.php_version,
        opcache=opcache_settings(php_settings(files, *master.ini), pool.settings, master.php_version),
        process_control_timeout=master.process_control_timeout,
        sharing=tuple(other.name for other in master.pools if other != pool),
        notes=notes,
    )


def _in_apache(files: ConfigFiles, module: str) -> Served:
    version = version_in(module)
    folder = "/etc/php/{0}/apache2".format(version)
    if files.glob(folder):
        ini = php_settings(files, folder + "/php.ini", folder + "/conf.d/*.ini")
    else:
        ini = php_settings(files, "/etc/php.ini", "/etc/php.d/*.ini")
    return Served(APACHE_MODULE, APACHE, php_version=version, opcache=opcache_settings(ini, {}, version))


def _of_store(sites: Sequence[Site], root: str, files: ConfigFiles) -> List[Site]:
    """The sites at the store's root or its pub; where there are none, those further below. Links are resolved."""
    folders = [(site, [files.real(folder) for folder in site.roots]) for site in sites]
    at_root = [site for site, its in folders if {root, root + "/pub"}.intersection(its)]
    # Something else, a blog perhaps, may lie inside a store and have a pool of its own.
    return at_root or [site for site, its in folders if any(folder.startswith(root + "/") for folder in its)]


def _same(address: str, listen: str, real: Callable[[str], str]) -> bool:
    """Whether an address of a web server is where a pool listens."""
    if address.startswith("/") or listen.startswith("/"):
        return address.startswith("/") and listen.startswith("/") and real(address) == real(listen)
    (host, port), (listen_host, listen_port) = _host_and_port(address), _host_and_port(listen)
    if port != listen_port:
        return False
    return host == listen_host or (_is_local(host) and _is_local(listen_host)) or (not listen_host and host == "*")


def _may_run(pool: Pool, files: ConfigFiles) -> bool:
    return not pool.listen.startswith("/") or os.path.exists(files.real(pool.listen))


def _host_and_port(address: str) -> Tuple[str, str]:
    found = re.fullmatch(r"(?:\[?([^\]]*?)\]?:)?(\d+)", address)
    return (found.group(1) or "", found.group(2)) if found else (address, "")


def _is_local(host: str) -> bool:
    return host in ("", "*", "localhost", "0.0.0.0", "::", "::1") or host.startswith("127.")
