# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is about: which hosts its plays are for, which of them it may touch, and how it was called.

Reads Ansible's own objects, after a play has started. All hosts of the pattern count, whatever --limit and serial say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.playbook.play import Play
from ansible.template import Templar

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_day import day_of_run
from ansible_collections.storefleet.commerce.plugins.plugin_utils.waivers import waiver_for, waivers_of_nobody

from .slices import UNNUMBERED, is_slice_of_platform, slice_of

COLLECTION = "storefleet.commerce"
PLAYBOOKS = Path(__file__).resolve().parents[3] / "playbooks"
# The play at the end of our playbooks that fails for each store that is not well: what is known already.
VERDICT = PLAYBOOKS / "verdict.yml"
# The roles whose plays are about stores.
ROLES = ("audit", "remediate")

WAIVERS = "commerce_waivers"
_DEFAULT_ROOT = "/var/www/html"


class Scope(NamedTuple):
    """said: playbook, scope, change_id and hosts, as the event run has them. notes: sentences for the operator."""

    said: dict[str, Any]
    notes: list[str]


def file_of(play: Play) -> Path | None:
    """The file that a play stands in; None for one that stands in none."""
    path = play.get_path().rpartition(":")[0]
    return Path(path).resolve() if path else None


def is_ours(play: Play) -> bool:
    """Whether a play is one of this collection's playbooks, or has one of its roles."""
    file = file_of(play)
    return has_our_roles(play) or (file is not None and file.parent == PLAYBOOKS)


def has_our_roles(play: Play) -> bool:
    """Whether a play is about stores by the roles that it lists."""
    return any(role._role_collection == COLLECTION and role._role_name in ROLES for role in play.roles)


def is_verdict(play: Play) -> bool:
    """Whether a play is the one that only says how the stores are."""
    return file_of(play) == VERDICT


def batch_of(play: Play) -> list[str]:
    """The hosts of the batch that has begun, in its order."""
    inventory = play.get_variable_manager()._inventory
    return [host.name for host in inventory.get_hosts(play.hosts, order=play.order)]


def scope_of(play: Play, plays: Iterable[Play], called: Mapping[str, Any]) -> Scope:
    """What the run is about that begins with a play.

    plays: all of the playbook: those that are about stores may have patterns of their own. called: the command line as
    Ansible has read it.
    """
    variables = play.get_variable_manager().get_vars(play=play)
    templar = Templar(loader=play.get_loader(), variables=variables)
    patterns = list(dict.fromkeys([_joined(play.hosts), *_further(play, plays)]))
    hosts, waivers = _hosts(play, patterns)
    said = {
        "playbook": _playbook(play, plays),
        "scope": {
            "pattern": ":".join(patterns),
            "limit": called.get("subset") or None,
            "check": bool(called.get("check")),
            "slice": _slice(templar, variables),
            "tags": tags_of(called),
        },
        "change_id": _text(_templated(templar, variables.get("commerce_change_id"))),
        "hosts": hosts,
    }
    names = {name for host in hosts for name in (host["name"], host["store"])}
    strangers = waivers_of_nobody(waivers, names.union(play.get_variable_manager()._inventory.hosts))
    note = f"{WAIVERS} names no host or store of the inventory: {', '.join(strangers)}."
    return Scope(said, [note] if strangers else [])


def tags_of(called: Mapping[str, Any]) -> list[str] | None:
    """The tags that the run is limited to, and with "not " those that it leaves out; None for a whole run."""
    wanted = [tag for tag in called.get("tags") or () if tag != "all"]
    return [*wanted, *(f"not {tag}" for tag in called.get("skip_tags") or ())] or None


def _slice(templar, variables):
    """What the operator says, before what can be told otherwise."""
    named = slice_of(_templated(templar, variables.get("commerce_slice")))
    return named or (UNNUMBERED if is_slice_of_platform(variables) else None)


def _playbook(play, plays):
    """The name of ours that changes most, as a playbook may import several; else of the one that the play stands in."""
    names = [file.stem for file in map(file_of, [play, *plays]) if file is not None and file.parent == PLAYBOOKS]
    for name in ("rollback", "remediate", "plan", "audit"):
        if name in names:
            return name
    file = file_of(play)
    return file.stem if file else play.get_name()


def _further(play, plays):
    """The patterns of the other plays about stores that can be told now. That of a rollout comes from its plan."""
    for other in plays:
        if not has_our_roles(other):
            continue
        templar = Templar(loader=play.get_loader(), variables=play.get_variable_manager().get_vars(play=other))
        pattern = _templated(templar, other.hosts)
        if pattern:
            yield _joined(pattern)


def _joined(pattern):
    return pattern if isinstance(pattern, str) else ":".join(pattern)


def _hosts(play, patterns):
    inventory = play.get_variable_manager()._inventory
    selected = {host.name for host in inventory.get_hosts(patterns, ignore_restrictions=True)}
    hosts = inventory.get_hosts(patterns, ignore_limits=True, ignore_restrictions=True)
    names = [host.name for host in hosts]
    described, waivers = [], []
    for host in hosts:
        # Without the names, the hosts of the play would be looked up anew for each of them.
        variables = play.get_variable_manager().get_vars(
            play=play, host=host, include_hostvars=False, _hosts=names, _hosts_all=names
        )
        templar = Templar(loader=play.get_loader(), variables=variables)
        given = _waivers(templar, variables)
        described.append({**_described(host, templar, variables, given), "selected": host.name in selected})
        waivers += [waiver for waiver in given if waiver not in waivers]
    return described, waivers


def _described(host, templar, variables, waivers):
    store = _text(_templated(templar, variables.get("commerce_store"))) or host.name
    return {
        "name": host.name,
        "store": store,
        "address": _text(_templated(templar, variables.get("ansible_host", host.address))),
        "root": _text(_templated(templar, variables.get("commerce_root", _DEFAULT_ROOT))),
        "waiver": _waiver(waivers, host.name, store),
    }


def _waivers(templar, variables):
    waivers = _templated(templar, variables.get(WAIVERS))
    return [waiver for waiver in waivers if isinstance(waiver, Mapping)] if isinstance(waivers, list) else []


def _waiver(waivers, name, store):
    try:
        waiver = waiver_for(waivers, name, store, day_of_run())
    except CommerceError:
        # The host's own audit says what is wrong with it.
        return None
    return waiver._asdict() if waiver else None


def _templated(templar, value):
    """The value with its templates filled in; None where they cannot be: the run goes on, and will say so itself."""
    if not isinstance(value, (str, list)):
        return value
    try:
        return templar.template(value)
    except AnsibleError:
        return None


def _text(value):
    return None if value is None or value == "" else str(value)
