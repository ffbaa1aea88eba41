# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A switch as a whole, on the only node of a store: both steps, the proof, or the way back; and its later revert."""

from __future__ import annotations

from typing import Any, Dict, Optional

from . import kept_files, switch_source, taken_back, trail
from .behaviour import in_words
from .errors import CommerceError
from .patch_needs import CHOICES
from .quality_patches import ensure
from .store import read_store
from .switch_files import SwitchFiles
from .switch_site import Site
from .switch_source import Source
from .verdict import NOT_TESTABLE


def whole(site: Site) -> Dict[str, Any]:
    """Switch to the finished build; without one see that the store follows its files. See switch_release."""
    source = switch_source.staged(site.root)
    return _switched(site, source) if source else _into_effect(site)


def revert(site: Site) -> Dict[str, Any]:
    """Switch back to the files of before that are kept. CommerceError way_back_stale, patch_required."""
    source = switch_source.kept(site.root, site.wish.patches)
    switch_source.require_unchanged(source, site.root, site.given_root)
    # Refused where a patch that needs these is applied. What is due then was known when they were applied.
    out = ensure(
        read_store(site.root), source.patches, source.state, site.place.runner, True, site.place.php, (), CHOICES
    )
    switch_source.require_all_out(source, site.root, out.files, out.after)
    return _switched(site, source, kept_files.find(site.root))


def _switched(site: Site, source: Source, earlier: Optional[SwitchFiles] = None) -> Dict[str, Any]:
    """earlier: the kept switch that this one takes back."""
    switch, before = site.begin(source)
    try:
        with site.signals.let_through():
            for step in switch.order:
                switch.enter(step)
            after = site.proven(switch.files.journal)
            site.actions += switch.actions
            site.restart()
        if earlier:
            earlier.restore_folders(whole=True)
        until = site.note_proven(switch.files, 0 if earlier else site.wish.keep_way_back)
    except BaseException as error:
        raise site.taken_back(switch, error) from error
    site.settle(switch.files)
    return site.result(True, switch.files, before, after, until)


def _into_effect(site: Site) -> Dict[str, Any]:
    """The files are right already: where the behaviour is not, the store does not follow them yet."""
    before, done = site.behaviour(), bool(site.actions)
    if site.is_wanted(site.wish.state, before):
        return site.result(done, None, before, before)
    if NOT_TESTABLE in before.values():
        raise taken_back.not_testable(site.name, site.root, before)
    site.reloading.require()
    with site.signals.let_through():
        with site.stopwatch.of("reload"):
            site.actions.append(site.reload_for()())
        with site.stopwatch.of("clean"):
            site.actions.append(site.clean())
        after = site.behaviour()
    if not site.is_wanted(site.wish.state, after):
        raise CommerceError(
            site.name,
            site.root,
            "nothing is staged, and when it follows its files the store behaves so: {0}".format(in_words(after)),
            "Audit the store: its files do not bring what they should.",
            code="not_effective",
        )
    site.note(trail.CHANGED)
    return site.result(True, None, before, after)
