# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof that a change did what it is for: the behaviour per API, and whether the store is as well as it was."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Sequence

from . import probe
from .errors import CommerceError
from .health import health_from, take_health, worse
from .probe_options import ProbeOptions
from .probe_result import ProbeResult
from .settings import Settings
from .store import Store, read_store
from .verdict import NOT_TESTABLE

Run = Callable[[Store, Settings, ProbeOptions], ProbeResult]


class Proof:
    """Asks one store, as its owner. run: the probe of its advisory, that of ACSD-61103 where none is given."""

    def __init__(self, root: str, settings: Settings, options: ProbeOptions, run: Optional[Run] = None):
        self._root = root
        self._settings = settings
        self._options = options
        self._run = run or probe.run
        self._result: Optional[ProbeResult] = None

    def behaviour(self) -> Dict[str, str]:
        """What each API does now."""
        # Read again: the flag of a maintenance that has begun or ended since is among what counts.
        self._result = self._run(read_store(self._root), self._settings, self._options)
        return {api: self._result.apis[api].behaviour for api in self._options.apis}

    def health(self) -> Any:
        """How the store is besides, as JSON has it; to be taken after the behaviour, which it may write down."""
        return take_health(read_store(self._root), self._settings, self._options).as_dict()

    def worse(self, before: Any) -> Sequence[str]:
        """In what the store is worse than health told before, sentences."""
        now = take_health(read_store(self._root), self._settings, self._options)
        return worse(health_from(before), now)

    def with_reason(self, error: CommerceError) -> CommerceError:
        """The error; where nothing could be proven, with why."""
        apis = self._result.apis.values() if self._result else ()
        reasons = [api.detail or api.reason for api in apis if api.behaviour == NOT_TESTABLE and api.reason]
        if error.code != NOT_TESTABLE or not reasons:
            return error
        return CommerceError(error.tried, error.on, error.came_back + ": " + reasons[0], error.next_step, error.code)
