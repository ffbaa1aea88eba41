# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The php-fpm pools of this host, surveyed: which may serve a store, and what a reload of them would take."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

from .command import LocalRunner
from .config_files import ConfigFiles
from .errors import CommerceError
from .opcache import STATUS, Opcache, ask_opcache, roots_script
from .pool_config import Master, Pool, masters, opcache_settings, php_settings
from .reload_plan import PoolFacts
from .services import Services
from .worker_processes import MasterProcess, fpm_masters, may_signal

# Where root's own script may lie; a pool with open_basedir can nearly always read below /tmp.
ROOTS_FOLDERS = ("/run", "/tmp")
# A pool that is not the store's may be busy with requests of its own.
OTHERS_SECONDS = 5
POOL_SECONDS = 20
TEST_SECONDS = 20


class Seen(NamedTuple):
    """A pool of the host that runs, and its php-fpm's configuration.

    state: what its opcache says; why_unasked: why that is not known, in words. named: the web server's configuration
    passes the store's requests to it.
    """

    master: Master
    pool: Pool
    state: Optional[Opcache] = None
    why_unasked: Optional[str] = None
    named: bool = False


class HostPools:
    """The pools of the host by their configuration, asked about the store at root, a real path.

    script: that of the store's owner, opcache.StatusScript. Root asks with one of its own; see opcache.roots_script.
    """

    def __init__(self, root: str, script: Optional[str]):
        self._root = root
        self._script = None if os.geteuid() == 0 else script
        self._files = ConfigFiles()
        self._pools = [(master, pool) for master in masters(self._files) for pool in master.pools]

    def at(self, listens: Sequence[str]) -> List[Pool]:
        """Those of the pools that listen there."""
        return [pool for dummy, pool in self._pools if pool.listen in listens]

    def ask(self, pool: Pool, act: str, paths: Sequence[str] = (), timeout: float = POOL_SECONDS) -> Opcache:
        """See opcache.ask_opcache."""
        if self._script:
            return ask_opcache(pool, self._root, self._script, act, paths, timeout)
        first, second = ROOTS_FOLDERS
        try:
            with _laid(first) as script:
                return ask_opcache(pool, self._root, script, act, paths, timeout)
        except CommerceError as error:
            if error.code != "pool_unreadable":
                raise
        with _laid(second) as script:
            return ask_opcache(pool, self._root, script, act, paths, timeout)

    def serving(self, named: Sequence[str]) -> Tuple[List[Seen], List[Seen]]:
        """The pools that serve the store or may do so, and the others that run and can be asked.

        named: listen addresses and names of those that the web server's configuration names. A pool serves the store
        if it is named or holds files of it. One that cannot be asked may do so, unless others are named. All pools of
        one php-fpm share one opcache: where some of them are named, the rest are left out.
        """
        serving, others = [], []
        known = self.named(named)
        sources = {seen.master.source for seen in known}
        unknown = [Seen(master, pool) for master, pool in self._pools if master.source not in sources]
        for seen in [self._see(each) for each in known + unknown]:
            if seen is None:
                continue
            if seen.why_unasked:
                serving += [seen] if seen.named or not named else []
            elif seen.state.held or seen.named:
                # Without an opcache a pool reads every file anew.
                serving += [seen] if seen.state.enabled else []
            else:
                others.append(seen)
        return serving, others

    def named(self, named: Sequence[str]) -> List[Seen]:
        """The named pools, not asked."""
        found = [Seen(master, pool, named=True) for master, pool in self._pools]
        return [seen for seen in found if seen.pool.listen in named or seen.pool.name in named]

    def by_files(self, named: Sequence[str]) -> List[Seen]:
        """The named pools, judged by the host's files alone: nothing is asked, and nothing written."""
        found = self.named(named)
        return [seen if _may_open(seen.pool.listen) else seen._replace(why_unasked=_CLOSED) for seen in found]

    def facts(self, seen: Sequence[Seen]) -> List[PoolFacts]:
        """What a reload of these pools would take."""
        processes = {process.config: process for process in fpm_masters()} if seen else {}
        services = Services()
        return [
            self._facts(each, processes.get(os.path.realpath(each.master.source)), services, self._settings(each))
            for each in seen
        ]

    def _see(self, seen: Seen) -> Optional[Seen]:
        """The pool with what it says; None for one that does not run, as left behind by a PHP that was replaced."""
        try:
            state = self.ask(seen.pool, STATUS, timeout=POOL_SECONDS if seen.named else OTHERS_SECONDS)
        except CommerceError as error:
            return None if error.code == "pool_absent" else seen._replace(why_unasked=str(error))
        if state.enabled and not state.readable:
            return seen._replace(state=state, why_unasked="opcache.restrict_api keeps its state from us")
        return seen._replace(state=state)

    def _settings(self, seen: Seen):
        ini = php_settings(self._files, *seen.master.ini)
        return opcache_settings(ini, seen.pool.settings, seen.master.php_version)

    def _facts(self, seen: Seen, process: Optional[MasterProcess], services: Services, settings) -> PoolFacts:
        state = seen.state
        return PoolFacts(
            name=seen.pool.name,
            held=state.held if state else 0,
            why_unasked=seen.why_unasked,
            preloaded=state.preloaded if state else bool(settings.preload),
            file_cache=state.file_cache if state else settings.file_cache or "",
            # Only the pool itself, which wrote it, can be trusted to remove it.
            clearable=state.clearable if state else not seen.why_unasked,
            control_timeout=seen.master.process_control_timeout,
            master=process.pid if process else None,
            may_signal=bool(process) and may_signal(process.pid),
            unit=services.unit_of(process.pid) if process else None,
        )


def would_not_start(pid: Optional[int]) -> Optional[str]:
    """What keeps a php-fpm from starting with the configuration that it has now, in words: a reload would end it."""
    process = next((process for process in fpm_masters() if process.pid == pid), None)
    if process is None:
        return None
    try:
        # The package may have been replaced since it was started.
        program = os.readlink("/proc/{0}/exe".format(process.pid)).replace(" (deleted)", "")
    except OSError:
        return None
    if not os.access(program, os.X_OK):
        return None
    if LocalRunner().run([program, "-t", "-y", process.config], timeout=TEST_SECONDS).rc == 0:
        return None
    return "its configuration is not valid ({0} -t -y {1})".format(program, process.config)


_CLOSED = "its socket may not be opened by this user"


def _may_open(listen: str) -> bool:
    return not listen.startswith("/") or os.access(listen, os.R_OK | os.W_OK)


@contextmanager
def _laid(folder: str) -> Iterator[str]:
    try:
        with roots_script(folder) as path:
            yield path
    except OSError as error:
        raise CommerceError(
            "lay a script ready for the php-fpm pool",
            folder,
            error.strerror or str(error),
            "Make room there.",
            code="no_reload",
        ) from error
