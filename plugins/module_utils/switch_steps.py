# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a switch one by one, for the nodes of one store: each node waits for the others between two of them.

Each step may be asked for again, and by a second node of the same file system, which then only follows what it sees.
"""

from __future__ import annotations

import time
from typing import Any, Dict, Optional

from . import switch_source, taken_back, trail
from .behaviour import in_words
from .errors import CommerceError
from .stage_place import remove_stage
from .switch import Switch, as_commerce_error
from .switch_files import SwitchFiles
from .switch_order import CODE, CONFIGURATION, STEPS
from .switch_site import Site

# How long a node may take to see what another one has changed on shared storage.
SEEN_SECONDS = 120.0


def step(site: Site, name: str) -> Dict[str, Any]:
    """Do a step (switch_order.CODE or CONFIGURATION) where it is not done. A step that fails is undone.

    CommerceError: rolled_back where nothing of the switch is left by that; step_failed where an earlier step is still
    done, which the way back has to undo; out_of_order.
    """
    files = SwitchFiles.left_over(site.root)
    if files is None:
        return _first_step(site, name)
    switch = site.switch(files)
    if name in files.journal["done"]:
        return _follow_again(site, files, name)
    missing = [other for other in switch.order[: switch.order.index(name)] if other not in files.journal["done"]]
    if missing:
        raise _out_of_order(site, name, missing[0])
    site.reloading.require()
    return _done(site, switch, name)


def _first_step(site, name):
    source = switch_source.staged(site.root)
    if source is None:
        # The files of this node are right already; a cache that it shares may not be.
        if name == CONFIGURATION and site.wish.clean:
            site.actions.append(site.clean())
        return site.result(False)
    if STEPS[source.direction][0] != name:
        raise _out_of_order(site, name, STEPS[source.direction][0])
    switch, dummy = site.begin(source)
    return _done(site, switch, name)


def _done(site, switch: Switch, name):
    journal = switch.files.journal
    try:
        with site.signals.let_through():
            switch.enter(name)
        _note_host(site, journal, name)
    except BaseException as error:
        raise _undone(site, switch, name, error) from error
    site.actions += switch.actions
    return site.result(True, switch.files, journal["behaviour"])


def _undone(site, switch: Switch, name, error) -> CommerceError:
    if switch.files.journal.begun in ([], [name]):
        return site.taken_back(switch, error)
    cause = taken_back.cause_of(error)
    try:
        switch.leave(name)
    except (CommerceError, OSError) as second:
        site.note(trail.NEEDS_HANDS, switch.files)
        return taken_back.rollback_failed(
            site.name, site.root, cause, second, switch.files.by_hand(site.reloading.units)
        )
    return CommerceError(
        site.name,
        site.root,
        "{0} This step was undone; what was done before it is still there".format(cause),
        "Take it back on all nodes of the store: step back_configuration, then back_code.",
        code="step_failed",
    )


def _follow_again(site, files: SwitchFiles, name):
    """The step is done: by an earlier call, or by another node of the same file system, which this one follows."""
    if name == CONFIGURATION and site.wish.clean:
        site.actions.append(site.clean(files))
    if name == CODE and site.host not in files.journal["hosts"].get(name, []):
        _wait_until_seen(site, files, name)
        with site.stopwatch.of("reload"):
            site.actions.append(site.reload_for(files.files)())
        _note_host(site, files.journal, name)
    return site.result(False, files, files.journal["behaviour"])


def _note_host(site, journal, name):
    hosts = dict(journal["hosts"])
    hosts[name] = [*hosts.get(name, []), site.host]
    journal.write(hosts=hosts)


def _wait_until_seen(site, files: SwitchFiles, name):
    deadline = time.monotonic() + SEEN_SECONDS
    while not files.in_place(name):
        if time.monotonic() > deadline:
            raise CommerceError(
                "see the files that another node has switched",
                site.root,
                "they were not there within {0:g} s".format(SEEN_SECONDS),
                "Look at the mount of the shared storage on this node.",
                code="not_seen",
            )
        time.sleep(0.5)


def prove(site: Site) -> Dict[str, Any]:
    """Prove the switch on this node, where all its steps are done; without one prove the behaviour all the same.

    CommerceError not_effective: nothing is undone by that.
    """
    files = SwitchFiles.left_over(site.root)
    if files is None:
        after = site.behaviour()
        if not site.is_wanted(site.wish.state, after):
            words = "the store behaves so: {0}".format(in_words(after))
            raise taken_back.not_effective(site.name, site.root, words)
        return site.result(False, None, after, after)
    _require_done(site, files)
    with site.signals.let_through():
        after = site.proven(files.journal)
    return site.result(False, files, files.journal["behaviour"], after)


def keep(site: Site) -> Dict[str, Any]:
    """End a switch that is proven on all nodes: from here on it is not undone any more."""
    files = SwitchFiles.left_over(site.root)
    if files is None:
        # Another node may have kept them, in the same file system; what runs on this one begins anew all the same.
        site.restart()
        return site.result(False)
    _require_done(site, files)
    site.restart()
    try:
        until = site.note_proven(files, site.wish.keep_way_back)
    except OSError as error:
        raise as_commerce_error(error, site.root) from error
    site.settle(files)
    return site.result(True, files, files.journal["behaviour"], None, until)


def back(site: Site, name: Optional[str] = None) -> Dict[str, Any]:
    """Undo a step, or all of them; when nothing is left to undo, prove that the store serves as before.

    CommerceError: out_of_order where a later step has to be undone first; rollback_failed with the commands.
    """
    files = SwitchFiles.left_over(site.root)
    if files is None:
        return _nothing_to_undo(site, name)
    switch = site.switch(files)
    names = [name] if name else list(reversed(switch.order))
    later = [other for other in switch.order if name and switch.order.index(other) > switch.order.index(name)]
    if set(later) & set(files.journal.begun):
        raise _out_of_order(site, "back_" + names[0], "back_" + later[0])
    after = None
    try:
        undone = [each for each in names if switch.leave(each)]
        if not undone and name == CONFIGURATION and site.wish.clean:
            site.actions.append(site.clean(files))
        if not files.journal.begun and names[-1] == switch.order[0]:
            files.restore_folders(whole=True)
            after = site.forget(files)
    except (CommerceError, OSError) as error:
        cause = "The switch was to be taken back."
        raise taken_back.rollback_failed(
            site.name, site.root, cause, error, files.by_hand(site.reloading.units)
        ) from error
    site.actions += switch.actions
    return site.result(bool(undone), files, files.journal["behaviour"], after)


def _nothing_to_undo(site, name):
    """Another node may have undone it in the same file system, whose files this one follows; or nothing was begun."""
    if name == CONFIGURATION and site.wish.clean:
        site.actions.append(site.clean())
    if name != CONFIGURATION:
        remove_stage(site.root)
    if name == CODE:
        with site.stopwatch.of("reload"):
            site.actions.append(site.reload_for()())
    return site.result(False)


def _require_done(site, files):
    missing = [name for name in STEPS[files.journal["direction"]] if name not in files.journal["done"]]
    if missing:
        raise _out_of_order(site, site.wish.step, missing[0])


def _out_of_order(site, name, first) -> CommerceError:
    return CommerceError(
        "do the step {0}".format(name),
        site.root,
        "the step {0} comes before it".format(first),
        "Do the steps in their order on each node.",
        code="out_of_order",
    )
