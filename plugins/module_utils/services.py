# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of a host: which unit a process belongs to, and how a unit is reloaded or restarted."""

from __future__ import annotations

import glob
import os
import re
from typing import List, Optional, Sequence

from .command import Runner
from .errors import CommerceError

_UNIT = re.compile(r"/([^/\n]+\.service)(?:/[^\n]*)?$", re.MULTILINE)
_PID_FILES = ("/run/*.pid", "/run/php/*.pid", "/run/php-fpm/*.pid", "/run/apache2/*.pid", "/run/httpd/*.pid")
_NAME = re.compile(r"[A-Za-z0-9@_.:\\-]+")
SERVICE_SECONDS = 120


class Services:
    """The units of the host whose files are below prefix: those of systemd where it runs, else /etc/init.d."""

    def __init__(self, prefix: str = "/"):
        self._prefix = prefix.rstrip("/")
        self.systemd = os.path.isdir(self._prefix + "/run/systemd/system")

    def unit_of(self, pid: int) -> Optional[str]:
        """The unit that a process belongs to, None if that cannot be told."""
        if self.systemd:
            found = _UNIT.search(_text("{0}/proc/{1}/cgroup".format(self._prefix, pid)))
            return found.group(1) if found else None
        for pattern in _PID_FILES:
            for path in sorted(glob.glob(self._prefix + pattern)):
                name = os.path.basename(path)[: -len(".pid")]
                if _text(path).strip() == str(pid) and self._script(name):
                    return name
        return None

    def argv(self, verb: str, unit: str) -> List[str]:
        """The command that reloads or restarts (verb) a unit."""
        return ["systemctl", verb, unit] if self.systemd else ["service", unit, verb]

    def require(self, units: Sequence[str], runner: Runner) -> None:
        """Raise CommerceError no_service where a unit is not there, or only root could restart it and we are not."""
        if units and os.geteuid() != 0:
            raise _cannot(units, "it takes root", "Connect as root, or leave commerce_restart_services empty.")
        missing = [unit for unit in units if not self._exists(unit, runner)]
        if missing:
            raise _cannot(missing, "there is no such service", "Correct commerce_restart_services.")

    def restart(self, units: Sequence[str], runner: Runner) -> List[str]:
        """Restart them in turn; returns what was done, in words. One that fails raises CommerceError service_failed."""
        self.require(units, runner)
        for unit in units:
            run_service(self.argv("restart", unit), runner)
        return ["restarted {0}".format(unit) for unit in units]

    def _exists(self, unit: str, runner: Runner) -> bool:
        if not _NAME.fullmatch(unit) or unit.startswith("-"):
            return False
        if not self.systemd:
            return self._script(unit)
        return runner.run(["systemctl", "cat", unit], timeout=SERVICE_SECONDS).rc == 0

    def _script(self, name: str) -> bool:
        return os.path.isfile("{0}/etc/init.d/{1}".format(self._prefix, name))


def run_service(argv: Sequence[str], runner: Runner, seconds: float = SERVICE_SECONDS) -> None:
    """Run a command that reloads or restarts something; a status other than 0 raises CommerceError service_failed."""
    result = runner.run(argv, timeout=seconds)
    if result.rc != 0:
        words = " ".join((result.err or result.out).split())
        raise CommerceError(
            "run {0}".format(" ".join(argv)),
            "this host",
            "it ended with status {0}: {1}".format(result.rc, words[-300:] or "no output"),
            "Run it by hand and mend what it says.",
            code="service_failed",
        )


def _cannot(units, why, next_step):
    return CommerceError("restart {0}".format(", ".join(units)), "this host", why, next_step, code="no_service")


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
