# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a repair has to bear: when each comes, what it is, and what has to become of the store."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

ROOT = "/var/www/store"
OWN_FOLDER = f"{ROOT}/.storefleet"
# Where the host's php looks for what is to become of it: molecule/faults/files/php-in-the-way.
FOLDER = "/run/fault"
REACHED, GO = f"{FOLDER}/reached", f"{FOLDER}/go"

STAGE = f"{OWN_FOLDER}/stage"
RECORD = f"{OWN_FOLDER}/stage.json"
WAY_BACK = f"{OWN_FOLDER}/way_back"
KEPT = f"{OWN_FOLDER}/kept"
# In the order in which the switch changes them: a new file, one that was there, what is compiled, the configuration.
NEW_CODE = f"{ROOT}/vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"
CODE = f"{ROOT}/vendor/magento/module-customer/Model/CustomerAuthUpdate.php"
GENERATED = f"{ROOT}/generated/metadata/global.php"
CONFIGURATION = (
    f"{ROOT}/vendor/magento/module-customer-graph-ql/etc/graphql/events.xml",
    f"{ROOT}/vendor/magento/module-integration/etc/webapi_rest/events.xml",
    f"{ROOT}/vendor/magento/module-integration/etc/webapi_soap/events.xml",
)
LOOK_AT = (STAGE, RECORD, WAY_BACK, KEPT, NEW_CODE, CODE, GENERATED, *CONFIGURATION)

# What no program on the host can do alone: second_controller kills ansible-playbook and starts it again at once,
# controller_lost only kills it, all_lost kills it and the module, node_lost is as when the host's power fails.
FROM_HERE = ("second_controller", "controller_lost", "all_lost", "node_lost")


class Expected(Enum):
    """What has to have become of the store."""

    AS_BEFORE = "not repaired, and as before"
    SURVIVED = "repaired all the same"
    NEXT_RUN = "repaired by the next run"
    BEFORE_BY_NEXT_RUN = "as before by the next run, which cannot repair it either"
    BY_HAND = "as before by the commands that the run printed"


class Moment(NamedTuple):
    """When a fault comes.

    conditions: [is, path] in turn, as faults_striker.py has them. delay: seconds from the last of them. php: what the
    host's php reads, so that the moment is one of a PHP command; empty where it does not matter.
    """

    conditions: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    php: str = ""


class Fault(NamedTuple):
    """One fault in one run of the repair.

    step: which step of the repair it hits. name: what it is; with step unique. expected: what has to follow.
    moment, deed, script: when it comes, and what is done then, by faults_striker.py or from here (FROM_HERE); without
    a moment it is there from the beginning. says: a regular expression of what the run has to print.
    arrange, mend, clear: Bash, run as root: before the store is looked at and the repair starts; after the repair;
    when all is done. php: what becomes of a PHP command, see php_command. options: variables of the run. user: as whom
    it connects. again: a moment of each next run in which that one is killed, too. serves: whether customers can log
    in as soon as the fault is over. core: it is part of the short form.
    """

    step: str
    name: str
    expected: Expected
    moment: Moment | None = None
    deed: str = "nothing"
    script: str = ""
    says: str = ""
    arrange: str = ""
    mend: str = ""
    clear: str = ""
    php: str = ""
    options: Mapping[str, object] = {}
    user: str = "root"
    again: tuple[Moment, ...] = ()
    serves: bool = True
    core: bool = False

    @property
    def title(self) -> str:
        return f"{self.step}: {self.name}"


class Result(NamedTuple):
    """What became of a fault.

    status: of the run that it hit. hit: the step in which the run was found, where it was stopped. outcome: in words.
    seconds: all of it took.
    """

    step: str
    name: str
    status: int
    hit: str
    outcome: str
    seconds: float


def php_command(pattern: str, stand: str, **more: object) -> str:
    """What becomes of the store's PHP commands whose arguments match; see molecule/faults/files/php-in-the-way."""
    settings = {"pattern": pattern, "stand": stand, **more}
    return "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in settings.items())


def at_php(pattern: str, stand: str, **more: object) -> Moment:
    """The moment before, in the middle of, or after a PHP command of the store."""
    return Moment((("there", REACHED),), php=php_command(pattern, stand, **more))


def hit_step(seen: Mapping[str, str]) -> str:
    """Which step a run was in, by what it had changed: path -> same, absent, changed, new or gone."""
    touched = {path for path in LOOK_AT if seen.get(path) in ("changed", "new", "gone")}
    if WAY_BACK not in touched:
        if KEPT in touched:
            return "kept"
        return "built" if RECORD in touched else "build" if STAGE in touched else "before"
    code = {NEW_CODE, CODE, GENERATED}
    if not touched & (code | set(CONFIGURATION)):
        return "journal"
    if not code <= touched:
        return "code" if not touched & set(CONFIGURATION) else "way back"
    configured = touched & set(CONFIGURATION)
    if not configured:
        return "reload"
    return "configuration" if len(configured) < len(CONFIGURATION) else "clean or proof"


def table(results: Iterable[Result]) -> str:
    """The results as lines of equal columns."""
    rows = [("step", "fault", "status", "found in", "outcome", "seconds")]
    rows += [
        (each.step, each.name, str(each.status), each.hit, each.outcome, f"{each.seconds:.0f}") for each in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"


def as_json(results: Iterable[Result]) -> str:
    return json.dumps([each._asdict() for each in results], indent=2) + "\n"
