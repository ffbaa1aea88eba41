# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The opcache of a php-fpm pool, asked of the pool itself: only a process of the pool sees it."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
from contextlib import contextmanager, suppress
from typing import Iterator, Mapping, NamedTuple, Optional, Sequence, Tuple

from . import fastcgi
from .errors import CommerceError
from .pool_config import Pool

STATUS, RESET, RESET_HELD, ASIDE, SWEEP, STALE = "status", "reset", "reset_held", "aside", "sweep", "stale"
EMPTYING, HOLD = "emptying", "hold"

# FastCGI variables together have to stay below 64 KiB.
PATHS_AT_ONCE = 100

# STOREFLEET_ROOT, STOREFLEET_ACT and STOREFLEET_PATHS are FastCGI variables of the request. For any PHP from 7.0 on,
# since the host's other pools are asked too. Listing what an opcache holds takes time that a reset cannot spare, so it
# does without. A reset while the one before it is still awaited answers false, yet from that one on nothing old is
# served. opcache.file_cache outlives every reset and reload: the store's part of it is renamed away in one step, and
# removed when there is time for it. A script is old if its file has changed since the opcache was last emptied: of its
# own time PHP knows nothing where opcache.validate_timestamps is off, and a switch leaves it as it was at first.
# A script is held as it is if it is there, and under the time of its file: else a request will read that file anew.
OPCACHE_SCRIPT = r"""<?php
$root = $_SERVER['STOREFLEET_ROOT'];
$act = $_SERVER['STOREFLEET_ACT'];
$enabled = function_exists('opcache_get_status') && ini_get('opcache.enable');
$state = $enabled ? @opcache_get_status(!in_array($act, ['reset', 'aside', 'sweep', 'emptying'], true)) : false;
$below = static function (array $paths) use ($root) {
    return count(array_filter($paths, static function ($path) use ($root) {
        return strncmp($path, "$root/", strlen($root) + 1) === 0 && $path !== __FILE__;
    }));
};
$mtime = static function ($path) {
    return @stat($path)['mtime'] ?? 0;
};
$held = $below(array_keys($state['scripts'] ?? []));

$folder = $enabled ? (string) ini_get('opcache.file_cache') : '';
$listed = $folder === '' ? [] : @scandir($folder);
$systems = array_map(static function ($name) use ($folder) {
    return "$folder/$name";
}, preg_grep('/^\./', $listed ?: [], PREG_GREP_INVERT));
$cached = array_filter($systems, static function ($system) use ($root) {
    return is_dir($system . $root);
});
$clearable = $listed !== false;
foreach ($cached as $system) {
    $clearable = $clearable && is_writable($system) && is_writable(dirname($system . $root));
}

$reset = false;
if (in_array($act, ['reset', 'aside'], true) || ($act === 'reset_held' && ($held || $cached))) {
    foreach ($cached as $system) {
        $clearable = @rename($system . $root, "$system/.storefleet-" . uniqid('', true)) && $clearable;
    }
    $reset = $act !== 'aside' && $state !== false && (@opcache_reset() || !empty($state['restart_pending']));
}
if ($act === 'sweep') {
    $remove = static function ($path) use (&$remove) {
        if (is_link($path) || !is_dir($path)) {
            return @unlink($path);
        }
        array_map($remove, array_map(static function ($name) use ($path) {
            return "$path/$name";
        }, array_diff(@scandir($path) ?: [], ['.', '..'])));
        return @rmdir($path);
    };
    foreach ($systems as $system) {
        foreach (preg_grep('/^\.storefleet-/', @scandir($system) ?: []) as $name) {
            $remove("$system/$name");
        }
    }
}
$stale = [];
if ($act === 'stale' && empty($state['restart_pending'])) {
    $statistics = $state['opcache_statistics'] ?? ['start_time' => 0, 'last_restart_time' => 0];
    $empty_since = max($statistics['start_time'], $statistics['last_restart_time']);
    foreach (json_decode($_SERVER['STOREFLEET_PATHS'], true) as $path) {
        $script = $state['scripts'][$path] ?? null;
        if ($script === null) {
            continue;
        }
        $times = @stat($path);
        if (!$times || $times['ctime'] > $empty_since) {
            $stale[] = $path;
        }
    }
}
if ($act === 'hold' && $state !== false) {
    foreach (json_decode($_SERVER['STOREFLEET_PATHS'], true) as $path) {
        $script = $state['scripts'][$path] ?? null;
        if (!is_file($path) || ($script && ($script['timestamp'] ?? $mtime($path)) === $mtime($path))) {
            continue;
        }
        @opcache_invalidate($path, true);
        @opcache_compile_file($path);
    }
}
header('Content-Type: application/json');
echo json_encode([
    'enabled' => (bool) $enabled,
    'readable' => $state !== false,
    'held' => $held + count($cached),
    'preloaded' => $below($state['preload_statistics']['scripts'] ?? []) > 0,
    'file_cache' => $folder,
    'clearable' => $clearable,
    'reset' => $reset,
    'emptying' => !empty($state['restart_pending']) || !empty($state['restart_in_progress']),
    'stale' => $stale,
]);
"""


class Opcache(NamedTuple):
    """What a pool says of its opcache.

    enabled: the extension is on for the pool. readable: its status may be asked (opcache.restrict_api).
    held: how many of the store's files it holds, in memory or on disk. preloaded: some of them by opcache.preload.
    file_cache: its folder on disk, empty without one; clearable: the store's part of that can be removed, or has been.
    reset: it has just been emptied. emptying: that is still to come, as a request that began before is in flight.
    stale: those of the paths asked for of which it would serve old code.
    """

    enabled: bool
    readable: bool
    held: int
    preloaded: bool
    file_cache: str
    clearable: bool
    reset: bool
    emptying: bool
    stale: Tuple[str, ...]


class StatusScript:
    """The PHP file that a pool runs for the store's owner, below the store's var/: the pool may read it, no docroot
    holds it.

    It leaves no trace: var/ has the times of before afterwards, where they are ours to set; one that a killed process
    has left is removed by the next. A folder that cannot be written to raises CommerceError no_reload.
    """

    _NAME = re.compile(r"\.storefleet-(\d+)-[0-9a-f]+\.php")

    def __init__(self, root: str):
        self._folder = os.path.join(root, "var")
        self.path = os.path.join(self._folder, ".storefleet-{0}-{1}.php".format(os.getpid(), secrets.token_hex(8)))

    def __enter__(self) -> str:
        try:
            self._before = os.stat(self._folder)
            self._remove_left()
            _write(self.path)
        except OSError as error:
            raise CommerceError(
                "lay a script ready for the php-fpm pool",
                self._folder,
                error.strerror or str(error),
                "Make room, and let the store's owner write there. Nothing has been changed.",
                code="no_reload",
            ) from error
        return self.path

    def __exit__(self, *dummy):
        with suppress(FileNotFoundError):
            os.unlink(self.path)
        if self._before.st_uid == os.geteuid():
            os.utime(self._folder, ns=(self._before.st_atime_ns, self._before.st_mtime_ns))

    def _remove_left(self):
        for name in os.listdir(self._folder):
            found = self._NAME.fullmatch(name)
            if found and not os.path.exists("/proc/{0}".format(found.group(1))):
                with suppress(OSError):
                    os.unlink(os.path.join(self._folder, name))


@contextmanager
def roots_script(folder: str) -> Iterator[str]:
    """The same file for root, in a folder of its own below folder (/run or /tmp).

    Root can ask every pool of the host. What it lets them run must not lie where the owner of one store could put
    something else in its place: it would run as the user of another.
    """
    own = tempfile.mkdtemp(prefix="storefleet-", dir=folder)
    try:
        os.chmod(own, 0o755)
        path = os.path.join(own, "status.php")
        _write(path)
        yield path
    finally:
        shutil.rmtree(own)


def _write(path: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "w") as file:
        # The mode has to hold whatever the umask: the pool is another user.
        os.fchmod(file.fileno(), 0o644)
        file.write(OPCACHE_SCRIPT)


def ask_opcache(
    pool: Pool, root: str, script: str, act: str, paths: Sequence[str] = (), timeout: float = 20
) -> Opcache:
    """Let the pool do an act with the store at root, a real path.

    act: STATUS, RESET, RESET_HELD, ASIDE, SWEEP, STALE, EMPTYING or HOLD. paths: absolute ones, for STALE and HOLD. A
    pool that does not answer raises CommerceError: see fastcgi.ask; one that answers something else, pool_unreadable.
    """
    variables = {"STOREFLEET_ROOT": root, "STOREFLEET_ACT": act, "STOREFLEET_PATHS": json.dumps(list(paths))}
    body = fastcgi.ask(pool.listen, script, variables, timeout)
    state = _state(body)
    if state is None:
        raise CommerceError(
            "read the opcache of pool {0}".format(pool.name),
            pool.listen,
            "it did not answer in JSON: {0!r}".format(body[:80]),
            "Check that the pool may run PHP files below {0} (open_basedir, security.limit_extensions).".format(
                os.path.dirname(script)
            ),
            code="pool_unreadable",
        )
    return state


def _state(body: str) -> Optional[Opcache]:
    try:
        values: Mapping = json.loads(body)
        return Opcache(**dict(values, stale=tuple(values["stale"])))
    except (ValueError, TypeError, KeyError):
        return None
