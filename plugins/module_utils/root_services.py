# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module's work may ask of root: one function that answers every kind of request."""

from __future__ import annotations

from typing import Any, Dict, Sequence

from . import serving
from .command import LocalRunner
from .identity import RootService
from .services import Services

# Whether the units could be restarted; their restart.
REQUIRE_UNITS, RESTART_UNITS = "require_units", "restart_units"


def service(command: Sequence[str] = (), restart_units: Sequence[str] = ()) -> RootService:
    """The function that answers requests by their act: serving.ACTS, REQUIRE_UNITS, RESTART_UNITS.

    command: the operator's reload, as an argv. restart_units: the services to restart after a change. Both stay in the
    process that is root: what asks works as the store's owner, and names no command and no service to root.
    """

    def answer(request: Dict[str, Any]) -> Dict[str, Any]:
        if request["act"] in serving.ACTS:
            return serving.serve_request(request, command)
        services, runner = Services(), LocalRunner()
        if request["act"] == REQUIRE_UNITS:
            services.require(restart_units, runner)
            return {}
        return {"actions": services.restart(restart_units, runner)}

    return answer


def require_restart(ask: RootService) -> None:
    """Raise CommerceError no_service where the units to restart are not there, or it takes root that we are not."""
    ask({"act": REQUIRE_UNITS})


def restart(ask: RootService) -> Sequence[str]:
    """Restart the units; returns what was done, in words. One that fails raises CommerceError service_failed."""
    return tuple(ask({"act": RESTART_UNITS})["actions"])
