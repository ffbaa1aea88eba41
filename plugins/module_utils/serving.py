# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves the store: the php-fpm pools of the host, their opcaches, and how to make them see new code."""

from __future__ import annotations

import json
import os
import secrets
import signal
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from . import fastcgi
from .errors import CommerceError
from .pool_config import Pool, pools

METHODS = ("auto", "opcache_reset", "fpm", "none")

# Run by the pool itself: only a process of the pool sees the pool's opcache. STOREFLEET_ROOT and STOREFLEET_ACT are
# FastCGI variables of the request.
OPCACHE_SCRIPT = """<?php
$below = $_SERVER['STOREFLEET_ROOT'] . '/';
$status = function_exists('opcache_get_status') ? @opcache_get_status(true) : false;
$held = 0;
foreach ($status['scripts'] ?? [] as $path => $script) {
    $held += (int) str_starts_with($path, $below) && $path !== __FILE__;
}
header('Content-Type: application/json');
echo json_encode([
    'enabled' => function_exists('opcache_get_status') && (bool) ini_get('opcache.enable'),
    'readable' => $status !== false,
    'held' => $held,
    'file_cache' => (string) ini_get('opcache.file_cache'),
    'reset' => $_SERVER['STOREFLEET_ACT'] === 'reset' && $status !== false && opcache_reset(),
]);
"""


@dataclass(frozen=True)
class Opcache:
    """What a pool says of its opcache.

    enabled: the extension is on for the pool. readable: its status may be asked (opcache.restrict_api).
    held: how many of the store's files it holds. file_cache: its folder on disk, if any. reset: it has just been
    emptied.
    """

    enabled: bool
    readable: bool
    held: int
    file_cache: str
    reset: bool


class StatusScript:
    """The PHP file that a pool runs for us, below the store's var/: the pool may read it, no docroot holds it.

    It leaves no trace: var/ has the times of before afterwards, where they are ours to set.
    """

    def __init__(self, root: str):
        self._folder = os.path.join(root, "var")
        self.path = os.path.join(self._folder, ".storefleet-{0}.php".format(secrets.token_hex(8)))

    def __enter__(self):
        self._before = os.stat(self._folder)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "w") as file:
            # The mode has to hold whatever the umask: the pool is another user.
            os.fchmod(file.fileno(), 0o644)
            file.write(OPCACHE_SCRIPT)
        return self.path

    def __exit__(self, *dummy):
        os.unlink(self.path)
        if self._before.st_uid == os.geteuid():
            os.utime(self._folder, ns=(self._before.st_atime_ns, self._before.st_mtime_ns))


def _opcache(pool: Pool, root: str, script: str, act: str) -> Opcache:
    body = fastcgi.ask(pool.listen, script, {"STOREFLEET_ROOT": root, "STOREFLEET_ACT": act})
    try:
        return Opcache(**json.loads(body))
    except (ValueError, TypeError) as error:
        raise CommerceError(
            "read the opcache of pool {0}".format(pool.name),
            pool.listen,
            "it did not answer in JSON: {0!r}".format(body[:80]),
            "Check that the pool may run PHP files below {0}/var (open_basedir, security.limit_extensions).".format(
                root
            ),
            code="pool_unreadable",
        ) from error


@dataclass(frozen=True)
class Serving:
    """The pools that hold files of the store, and those that could not be asked, each with the reason."""

    holding: Tuple[Pool, ...]
    unasked: Tuple[Tuple[Pool, str], ...]


def look(root: str, script: str, candidates: Optional[List[Pool]] = None) -> Serving:
    """Ask every pool of the host whether its opcache holds files of the store at root. Changes nothing."""
    holding, unasked = [], []
    for pool in pools() if candidates is None else candidates:
        try:
            state = _opcache(pool, root, script, "status")
        except CommerceError as error:
            unasked.append((pool, str(error)))
            continue
        if state.enabled and not state.readable:
            unasked.append((pool, "opcache.restrict_api keeps its state from us"))
            continue
        if state.held and state.file_cache:
            raise CommerceError(
                "make pool {0} see new code".format(pool.name),
                pool.source,
                "opcache.file_cache is {0}: it outlives every reload".format(state.file_cache),
                "Turn opcache.file_cache off for this pool, reload php-fpm, then run again.",
                code="file_cache",
            )
        if state.held:
            holding.append(pool)
    return Serving(tuple(holding), tuple(unasked))


def masters() -> List[int]:
    """Process ids of the php-fpm masters of the host."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/{0}/cmdline".format(name), "rb") as file:
                    title = file.read()
            except OSError:
                continue
            if title.startswith(b"php-fpm: master process"):
                found.append(int(name))
    return sorted(found)


def children(master: int) -> List[int]:
    """Process ids of the workers that this master has now."""
    path = "/proc/{0}/task/{0}/children".format(master)
    with open(path) as file:
        return [int(pid) for pid in file.read().split()]


def reload_masters(timeout: float = 60) -> List[int]:
    """Reload every php-fpm master by USR2 and wait until none of the old workers is left. Needs root."""
    signalled = masters()
    old = [worker for master in signalled for worker in children(master)]
    for master in signalled:
        os.kill(master, signal.SIGUSR2)
    deadline = time.monotonic() + timeout
    while any(os.path.exists("/proc/{0}".format(worker)) for worker in old):
        if time.monotonic() > deadline:
            raise CommerceError(
                "reload php-fpm",
                "this host",
                "old workers still ran after {0:g} s".format(timeout),
                "Look for requests that do not end, or set process_control_timeout of php-fpm.",
                code="reload_timeout",
            )
        time.sleep(0.05)
    return signalled


def serve_request(request: Dict[str, Any]) -> Dict[str, Any]:
    """Answer what a store's work asks of root (identity.run_as): look at the pools, or make them see new code.

    request: act ("look" or "reload"), root, script (a StatusScript), method ("auto", "opcache_reset", "fpm").
    Answers method, pools (names), unasked (pool: reason), possible (whether the method can do its work).
    """
    found = look(request["root"], request["script"])
    unasked = {pool.name: reason for pool, reason in found.unasked}
    method = request["method"]
    if method == "auto":
        method = "fpm" if found.unasked and os.geteuid() == 0 and masters() else "opcache_reset"
    possible = os.geteuid() == 0 and bool(masters()) if method == "fpm" else not found.unasked
    answer = {
        "method": method,
        "pools": [pool.name for pool in found.holding],
        "unasked": unasked,
        "possible": possible,
    }
    if request["act"] == "look":
        return answer
    if method == "fpm":
        reload_masters()
        return answer
    for pool in found.holding:
        if not _opcache(pool, request["root"], request["script"], "reset").reset:
            raise CommerceError(
                "empty the opcache of pool {0}".format(pool.name),
                pool.listen,
                "opcache_reset() said no",
                "Set commerce_reload to fpm, or reload php-fpm by hand.",
                code="reload_failed",
            )
    return answer
