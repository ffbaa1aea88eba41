# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of store roots on this machine: files only, each store with a version, an edition and a state of its own."""

from __future__ import annotations

import json
import os
import pwd
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from support.store_files import files_of
from support.store_states import EDITIONS, GONE, STATES, State

# Nothing listens there: the connection is refused at once.
CLOSED_PORT = 1


class StoreRoot(NamedTuple):
    """One store of the fleet, as it was made. root: its folder, absolute."""

    name: str
    root: str
    state: State
    version: str
    edition: str
    compiled: bool

    def expected(self) -> dict[str, Any]:
        """What the report has to say of it, in the words of differences()."""
        is_seen = not self.state.away
        is_there = is_seen and self.state.files != GONE
        return {
            "status": self.state.status,
            "reason": self.state.reason,
            "version": self.version if is_there else None,
            "edition": self.edition if is_there else None,
            "compiled": self.compiled if is_there else None,
            "patch": self.state.patch if is_seen else None,
            "apis": list(self.state.apis) if is_seen else None,
            "waived until": self.state.waiver,
        }


def make_fleet(folder: Path, size: int, seed: int, states: Sequence[State] = STATES) -> list[StoreRoot]:
    """Write the roots of so many stores in these states into folder. The same seed makes the same stores.

    Their states come in blocks of the same mix each, so that fleets of any size can be compared.
    """
    dice = random.Random(seed)
    stores: list[StoreRoot] = []
    while len(stores) < size:
        block = [state for state in states for dummy in range(state.share)]
        dice.shuffle(block)
        for state in block[: size - len(stores)]:
            name = f"store-{len(stores) + 1:04}"
            store = StoreRoot(
                name=name,
                root=str(folder / name / "root"),
                state=state,
                version=dice.choice(state.versions),
                edition=dice.choice(EDITIONS),
                compiled=dice.random() < 0.7,
            )
            _write(store)
            stores.append(store)
    return stores


def write_inventory(path: Path, stores: Sequence[StoreRoot]) -> None:
    """An inventory of these stores, for the collection's playbooks."""
    hosts: dict[str, dict[str, Any]] = {}
    for store in stores:
        hosts[store.name] = {"commerce_root": store.root}
        if store.state.away:
            hosts[store.name].update(
                ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=CLOSED_PORT, ansible_ssh_retries=0
            )
    waivers = [
        {"host": store.name, "reason": "It is closed for good soon.", "expires": store.state.waiver}
        for store in stores
        if store.state.waiver
    ]
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "commerce_probe": "skip",
        # The owner, whom the collection asks to be named where that is root.
        "commerce_user": pwd.getpwuid(os.getuid()).pw_name,
        "commerce_waivers": waivers,
    }
    path.write_text(json.dumps({"commerce": {"hosts": hosts, "vars": common}}))


def differences(stores: Sequence[StoreRoot], report: Mapping[str, Any]) -> list[str]:
    """What a report says of these stores other than it should, a line each."""
    entries = {entry["name"]: entry for entry in report["stores"]}
    found = [f"{name}: no such store" for name in sorted(entries.keys() - {store.name for store in stores})]
    for store in stores:
        entry = entries.get(store.name)
        if entry is None:
            found.append(f"{store.name}: not in the report")
            continue
        told = _told(entry)
        found.extend(
            f"{store.name} ({store.state.name}): {key} is {told[key]}, not {wanted}"
            for key, wanted in store.expected().items()
            if told[key] != wanted
        )
    return found


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    evidence, facts = entry["evidence"], entry["facts"] or {}
    return {
        "status": entry["status"],
        "reason": entry["reason"],
        "version": entry["version"],
        "edition": entry["edition"],
        "compiled": facts.get("compiled"),
        "patch": evidence and evidence["patch"]["files"],
        "apis": evidence and [evidence["apis"][name]["files"] for name in ("rest", "graphql", "soap")],
        "waived until": (entry["waiver"] or {}).get("expires"),
    }


def _write(store: StoreRoot) -> None:
    if store.state.files == GONE:
        return
    files = files_of(store.state.files, store.version, store.edition, store.state.tool, store.compiled)
    for path, text in files.items():
        full = Path(store.root, path)
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
