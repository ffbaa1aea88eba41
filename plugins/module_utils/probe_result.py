# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe found out, as data."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple

from .verdict import APIS, BROKEN, DEFECTIVE, NOT_RUN


class ApiResult(NamedTuple):
    """What one API did.

    behaviour: fixed, defective, broken, closed, not_testable or not_run; reason: why, snake_case; detail: in words.
    statuses: the HTTP statuses of the answers, in order; counter: failures_num after the right login.
    """

    behaviour: str
    reason: Optional[str] = None
    detail: Optional[str] = None
    statuses: Tuple[int, ...] = ()
    counter: Optional[int] = None

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name."""
        return {
            "behaviour": self.behaviour,
            "reason": self.reason,
            "detail": self.detail,
            "statuses": list(self.statuses),
            "counter": self.counter,
        }


class ProbeResult(NamedTuple):
    """What the store did.

    apis: a result for each of rest, graphql and soap. passive: see counters.passive, None when it was not read.
    base_url, node: what was asked, and where. route: how the node was found, see http_address.Address. swept:
    throw-away customers of dead runs that were deleted. notes: what else is worth knowing, sentences.
    """

    form: str
    apis: Mapping[str, ApiResult]
    passive: Optional[Mapping[str, Any]] = None
    base_url: Optional[str] = None
    store_code: Optional[str] = None
    node: Optional[str] = None
    route: Optional[str] = None
    swept: int = 0
    notes: Tuple[str, ...] = ()

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name, as modules return them."""
        return {
            "form": self.form,
            "apis": {name: self.apis[name].as_dict() for name in APIS},
            "passive": dict(self.passive) if self.passive is not None else None,
            "base_url": self.base_url,
            "store_code": self.store_code,
            "node": self.node,
            "route": self.route,
            "swept": self.swept,
            "notes": list(self.notes),
        }

    @property
    def bad(self) -> bool:
        """Whether an API misbehaves."""
        return any(api.behaviour in (DEFECTIVE, BROKEN) for api in self.apis.values())


def not_run(form: str, reason: str) -> ProbeResult:
    """The result where nothing was asked of the store."""
    return ProbeResult(form, {name: ApiResult(NOT_RUN, reason) for name in APIS})
