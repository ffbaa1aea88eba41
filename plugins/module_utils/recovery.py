# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run that was killed has left in a store, put right before anything else is done there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from typing import Iterator, List, Optional, Sequence

from . import kept_files, taken_back
from .arguments import Workplace
from .caches import clean_configuration
from .errors import CommerceError
from .identity import RootService
from .lease import Holder, Lease
from .live import undo
from .patch_needs import needs_of
from .reloading import Reloading
from .settings import read_settings
from .stage_place import remove_stage
from .stage_record import RECORD
from .stale_caches import caches_of, caches_of_code
from .stopwatch import Stopwatch
from .switch import Follow, Switch
from .switch_files import SwitchFiles
from .switch_journal import PROVEN
from .switch_lock import switch_lock
from .uninterrupted import uninterrupted
from .way_back import WayBack

PUT_RIGHT = "put right what an interrupted run had left"
TRIED = "put right what an interrupted run left"


def put_right(
    place: Workplace,
    ask: RootService,
    reload: str,
    reload_command: Sequence[str] = (),
    holder: Optional[Holder] = None,
) -> List[str]:
    """Undo the change that an interrupted run left under way, in place or staged; what was done, in words, if anything.

    A switch that had been proven is not undone, and files whose time is over are removed. reload, reload_command: how
    php-fpm is made to see the files of before, see reloading.Reloading. Takes the lease. Raises CommerceError, among
    them rollback_failed with the commands to go on by hand.
    """
    root = os.path.realpath(place.root)
    with Lease(root, holder), uninterrupted(TRIED, root):
        kept_files.expire(root)
        if not os.path.exists(os.path.join(root, RECORD)):
            # Half a copy: whoever made it is gone, or the lease would have been refused.
            remove_stage(root)
        files = SwitchFiles.left_over(root)
        if files is not None and files.journal["phase"] == PROVEN:
            remove_stage(root)
            kept_files.settle(root, files)
            return [PUT_RIGHT]
        if files is not None and not files.journal.begun:
            files.drop()
            return [PUT_RIGHT]
        way_back = None if files else WayBack.left_over(root)
        change = files or way_back
        if change is None:
            return []
        units: Sequence[str] = ()
        try:
            with _reloading(place, ask, reload, reload_command) as reloading:
                units = reloading.units
                clean = partial(clean_configuration, root, place.php, place.runner)
                of_code = caches_of_code(files.files) if files else ()
                follow = Follow(
                    reloading.hold,
                    reloading.reload,
                    partial(clean, caches_of(files.files) if files else needs_of(way_back.paths).caches),
                    reloading.wait_for_requests_of_before,
                    partial(clean, of_code) if of_code else None,
                )
                actions = _undone(files, follow) if files else _undone_in_place(way_back, follow)
        except (CommerceError, OSError) as error:
            cause = "An interrupted run had left a change under way."
            raise taken_back.rollback_failed(TRIED, root, cause, error, change.by_hand(units)) from error
        return [PUT_RIGHT, *actions]


@contextmanager
def _reloading(place, ask, reload, reload_command) -> Iterator[Reloading]:
    """How php-fpm is made to see files, while nobody else switches the store."""
    settings = read_settings(os.path.realpath(place.root), place.php, place.runner)
    with switch_lock(settings.database, required=False), Reloading(place, ask, reload, reload_command) as reloading:
        yield reloading


def _undone(files: SwitchFiles, follow: Follow) -> List[str]:
    switch = Switch(files, follow, Stopwatch())
    switch.undo()
    files.drop()
    return switch.actions


def _undone_in_place(way_back: WayBack, follow: Follow) -> List[str]:
    actions = undo(way_back.under_maintenance, way_back, follow.reload, follow.clean)
    way_back.drop()
    way_back.restore_folders()
    return actions
