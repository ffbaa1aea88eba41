# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the store will be made to follow its files, known before anything is built."""

from __future__ import annotations

import os
from typing import Any, Dict, Sequence

from .arguments import Workplace
from .caches import clean_plan
from .identity import RootService
from .reloading import Reloading


def plan_switch(
    place: Workplace, ask: RootService, reload: str, reload_command: Sequence[str], caches: Sequence[str] = ()
) -> Dict[str, Any]:
    """What a switch will do besides renaming files, as the module returns it. caches: types to clean, see patch_needs.

    reload: in words; loses_requests: those in flight are killed by it. clean: in words, None in check mode, where the
    store's bootstrap is not tried. CommerceError no_reload where php-fpm cannot be made to see new code.
    """
    with Reloading(place, ask, reload, reload_command) as reloading:
        reloading.require()
        plan = reloading.plan
    root = os.path.realpath(place.root)
    clean = None if place.check else clean_plan(root, place.php, place.runner, caches).words
    return {"reload": plan.words, "loses_requests": plan.loses_requests, "clean": clean}
