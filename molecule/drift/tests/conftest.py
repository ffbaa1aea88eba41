# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nights of a fleet, one after the other: what was done to its stores, what a run said, what they were then.

A night begins where the one before it has ended, so that each test may be run alone, with the nights that it needs.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest
from support.nights import Fleet, Told
from support.patched_stores import PatchedStore, Seen

HOSTS = ("accepted", "compiled", "developer-mode", "fixed-upstream")
COMPOSER_TOOK_FROM = ("compiled", "developer-mode")
ALL_AT_ONCE = {"commerce_batches": ["100%"]}


class Night(NamedTuple):
    """told: what the run said. seen: what each store of the fleet was, by name, when the run had ended."""

    told: Told
    seen: dict[str, Seen]


@pytest.fixture(scope="session")
def stores():
    """All stores, by name."""
    prefix = f"storefleet-{os.environ['COMMERCE_CHECKOUT_ID']}-drift-"
    found = {name: PatchedStore.of_container(f"{prefix}{name}") for name in (*HOSTS, "opened")}
    yield found
    for store in found.values():
        store.session.close()


@pytest.fixture(scope="session")
def fleet(tmp_path_factory):
    return Fleet(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="session")
def seen(stores):
    """Looks at stores, by name."""
    return lambda *names: {name: stores[name].seen() for name in names}


@pytest.fixture(scope="session")
def repaired(fleet, seen):
    """The fleet's first run. The store accepted has a waiver in force."""
    told = fleet.run("remediate", HOSTS, waived={"accepted": +1}, **ALL_AT_ONCE)
    return Night(told, seen(*HOSTS))


@pytest.fixture(scope="session")
def taken_away(repaired, stores):
    """What the stores are when Composer has put the vendor's files back, and customers have logged in."""
    stores["compiled"].composer("reinstall", "magento/*")
    stores["fixed-upstream"].composer("reinstall", "magento/*")
    # As a deployment does it that begins with nothing. With an old vendor folder Composer finds nothing to install.
    stores["developer-mode"].run("rm", "-r", f"{stores['developer-mode'].root}/vendor")
    stores["developer-mode"].composer("install")
    return {name: stores[name].seen() for name in (*COMPOSER_TOOK_FROM, "fixed-upstream")}


@pytest.fixture(scope="session")
def narrowed(taken_away, fleet):
    """What runs said that were about less than the fleet, or looked at less of it."""
    return {
        "limit": fleet.run("audit", HOSTS, "--limit", "compiled"),
        "check": fleet.run("audit", HOSTS, "--check"),
        "slice": fleet.run("audit", HOSTS, commerce_slice="1/2"),
    }


@pytest.fixture(scope="session")
def first_night(narrowed, fleet, seen):
    """The first audit of the fleet since Composer. A store has been opened, one is away, and the waiver has ended."""
    hosts = (*HOSTS, "opened")
    told = fleet.run("audit", hosts, away=("fixed-upstream",), waived={"accepted": -1})
    return Night(told, seen(*hosts))


@pytest.fixture(scope="session")
def second_night(first_night, fleet, seen, stores):
    """The audit after the deployment of the compiled store has come to its end. One store is closed for good."""
    stores["compiled"].finish_deployment()
    hosts = ("compiled", "developer-mode", "fixed-upstream", "opened")
    return Night(fleet.run("audit", hosts), seen(*hosts))


@pytest.fixture(scope="session")
def third_night(second_night, fleet, seen):
    """The fleet is repaired again."""
    hosts = ("compiled", "developer-mode", "fixed-upstream", "opened")
    return Night(fleet.run("remediate", hosts, **ALL_AT_ONCE), seen(*hosts))


@pytest.fixture(scope="session")
def fourth_night(third_night, fleet, seen, stores):
    """Composer takes the patch from one store once more, and the next run is a repair."""
    stores["developer-mode"].composer("reinstall", "magento/*")
    hosts = ("compiled", "developer-mode", "fixed-upstream", "opened")
    return Night(fleet.run("remediate", hosts, **ALL_AT_ONCE), seen(*hosts))
