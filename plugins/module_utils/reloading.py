# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves a store made to see new code: everything is looked up beforehand, so that the moment itself is short."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, suppress
from typing import Any, Dict, List, Sequence, Tuple

from . import serving
from .arguments import Workplace
from .errors import CommerceError
from .identity import RootService
from .opcache import StatusScript
from .reload_plan import AUTO, FPM, NONE, OPCACHE_RESET, SERVICE, SUDO, Plan
from .served import APACHE_MODULE, serving_of
from .services import run_service
from .sudo_rules import SUDO_ARGV, reload_by_sudo
from .worker_processes import MasterProcess, OldWorkers, apache_master, masters_of

# How long a request may take before it is not waited for any more.
REQUEST_SECONDS = 60.0


class Reloading:
    """The way in which what serves the store at place.root sees new code, for the length of a with block.

    For the owner of the store to use. On enter everything is looked up, and a script lies ready that the pools can run;
    in check mode nothing is written, and only the plan counts. ask: root_services.service's answers. method: one of
    reload_plan.METHODS. command: the operator's, as an argv; it is part of the service too.

    plan: a reload_plan.Plan. pools: names of the pools that serve the store.
    """

    def __init__(self, place: Workplace, ask: RootService, method: str = AUTO, command: Sequence[str] = ()):
        self._place = place
        self._ask = ask
        self._method = method
        self._command = tuple(command)
        self._root = os.path.realpath(place.root)
        self._open = ExitStack()
        self._found: Dict[str, Any] = {}
        self._sudo: Tuple[str, ...] = ()
        self.plan = Plan(NONE, "")
        self.pools: Tuple[str, ...] = ()

    def __enter__(self) -> Reloading:
        with self._open:
            self._script = None if self._place.check else self._open.enter_context(StatusScript(self._root))
            self._look()
            # Root asks with a script of its own.
            if not self._found["as_root"]:
                self._open = self._open.pop_all()
        return self

    def __exit__(self, *dummy):
        self._open.close()

    @property
    def units(self) -> Tuple[str, ...]:
        """The services that what serves the store belongs to."""
        return tuple(self._found.get("units", ()))

    def require(self) -> None:
        """Raise CommerceError no_reload if the plan is not possible. For before anything is changed."""
        if not self.plan.possible:
            raise CommerceError(
                "find a way to make php-fpm see new code ({0})".format(self.plan.method),
                self._root,
                self.plan.why_not,
                "Connect as root, let {0} connect to the pool's socket, or set commerce_reload. "
                "Nothing has been changed.".format(self._place.identity.name),
                code="no_reload",
            )

    def reload(self) -> str:
        """Do what the plan says, and return it in words.

        opcache_reset is one short request to each pool. After fpm, service and sudo no worker of before is left. Raises
        CommerceError: no_reload, reload_failed, reload_timeout, service_failed, file_cache, or a pool's.
        """
        self.require()
        method = self.plan.method
        if method == NONE:
            return "left php-fpm alone"
        if method == SUDO:
            self._request(serving.FORGET_FILES)
            old = OldWorkers(self._masters())
            run_service(self._sudo, self._place.runner)
            old.wait(self._found["seconds"])
            emptied: List[str] = []
        else:
            emptied = self._request(serving.RELOAD, method=method)["pools"]
        return self._done(emptied) + self._tidy()

    def wait_for_requests_of_before(self, seconds: float = REQUEST_SECONDS) -> bool:
        """Wait until no request goes on with the code of before an opcache_reset; False if one may still do so.

        The opcache is emptied only then. Until then such a request may load any file that the old code refers to, and
        new ones do without the opcache: they read each file as it is at that moment. A pool that does not answer is not
        waited for: a way back goes on without it.
        """
        deadline = time.monotonic() + seconds
        try:
            while self._found["targets"] and self._request(serving.IN_FLIGHT)["in_flight"]:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.2)
        except CommerceError:
            return False
        return True

    def hold(self, paths: Sequence[str]) -> None:
        """Make every request go by the PHP files at paths, relative to the root, as they are now, until a reload.

        For just before they change, each keeping its time: an opcache that holds a file under that time does not look
        into it again. Without this a request that is in flight could load the old code of one and the new of another.
        A pool that does not answer is left as it is.
        """
        self.wait_for_requests_of_before()
        wanted = [path for path in paths if path.endswith(".php")]
        if wanted and self._found["targets"]:
            with suppress(CommerceError):
                self._request(serving.HOLD_FILES, paths=wanted)

    def stale(self, paths: Sequence[str]) -> Tuple[str, ...]:
        """Those of the PHP files at paths, relative to the root, of which a pool would serve old code."""
        wanted = [path for path in paths if path.endswith(".php")]
        if not wanted or not self._found["targets"]:
            return ()
        return tuple(self._request(serving.HELD_OLD, paths=wanted)["stale"])

    def _look(self):
        served = serving_of(self._root)
        self._named = ([served.pool.listen] if served.pool else []) + list(served.also)
        self._apache = served.sapi == APACHE_MODULE
        self._ask_for_plan(self._method)
        if self._method == SUDO or (self._method == AUTO and not self.plan.possible):
            # Not before it is needed: sudo writes down who asked, and may tell the administrator.
            self._sudo = reload_by_sudo(self._place.runner, self._found["units"], self._command)
            self._ask_for_plan(self._method)

    def _ask_for_plan(self, method):
        self._found = self._ask(
            {
                "act": serving.LOOK,
                "root": self._root,
                "script": self._script,
                "method": method,
                "named": self._named,
                "apache": self._apache,
                "sudo": self._by_sudo() or None,
                "check": self._place.check,
            }
        )
        self.plan = Plan(**self._found["plan"])
        self.pools = tuple(self._found["pools"])

    def _request(self, act, **more):
        request = dict(self._found, act=act, root=self._root, script=self._script, apache=self._apache, **more)
        return self._ask(request)

    def _by_sudo(self) -> str:
        return " ".join(self._sudo[len(SUDO_ARGV) :])

    def _masters(self) -> List[MasterProcess]:
        apache = apache_master() if self._apache else None
        return masters_of(self._found["masters"]) + ([apache] if apache else [])

    def _tidy(self) -> str:
        """Remove what is out of use already; what hinders that is no reason to take a change back."""
        if not self._found["file_caches"]:
            return ""
        try:
            self._request(serving.TIDY)
        except CommerceError as error:
            return ", but old files of opcache.file_cache may be left: {0}".format(error.came_back)
        return ""

    def _done(self, emptied) -> str:
        if self.plan.method == OPCACHE_RESET:
            names = ", ".join(emptied)
            return "emptied the opcache of the php-fpm pool " + names if names else "found no opcache to empty"
        if self.plan.method in (FPM, SERVICE):
            return "reloaded {0}".format("php-fpm" if self.plan.method == FPM else ", ".join(self._found["units"]))
        return "ran sudo " + self._by_sudo() if self.plan.method == SUDO else "ran the given reload command"
