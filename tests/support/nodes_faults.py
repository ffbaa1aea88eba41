# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of single nodes. Those of one round hit different stores, in one run of the playbook."""

from __future__ import annotations

from typing import NamedTuple

from support.faults import (
    CONFIGURATION,
    FOLDER,
    GENERATED,
    NEW_CODE,
    OWN_FOLDER,
    RECORD,
    ROOT,
    STAGE,
    WAY_BACK,
    Moment,
    at_php,
    php_command,
)

STORES = {
    "files": ("files-1", "files-2"),
    "redis": ("redis-1", "redis-2", "redis-3"),
    "shared": ("shared-1", "shared-2"),
}

SETTINGS = "app/etc/config.php"

LEASE = Moment((("there", f"{OWN_FOLDER}/lease.json"),))
BUILD = Moment((("there", f"{STAGE}/vendor"),))
BUILT = Moment((("there", RECORD),))
IN_THE_CODE = Moment((("there", WAY_BACK), ("there", NEW_CODE)))
CODE_DONE = Moment((("there", WAY_BACK), ("changed", GENERATED)))
IN_THE_CONFIGURATION = Moment((("there", WAY_BACK), ("changed", CONFIGURATION[0])))
CONFIGURATION_DONE = Moment((("there", WAY_BACK), ("changed", CONFIGURATION[-1])))
CLEAN = at_php("compiled_config", "before")
KEEPING = Moment((("there", WAY_BACK), ("gone", WAY_BACK)))

COMPILE_IS_KILLED = php_command(" setup:di:compile ", "killed", middle="generated/code")
# The next PHP command of the store fails, and none after it.
NEXT_PHP_FAILS = f"printf 'rm -f {FOLDER}/php; pattern=. stand=instead' >{FOLDER}/php"
ANOTHER_RUN = f"""
install -d -m 0700 -o deploy -g www-data {OWN_FOLDER}
cat >{OWN_FOLDER}/lease.json <<END
{{"version": 1, "run": "elsewhere:1", "controller": "elsewhere", "process": [1, 1, "elsewhere"], "host": "w1",
  "node": "w1", "call": [1, 1, "elsewhere"], "taken": $(date +%s), "expires": $(($(date +%s) + 3600)), "seconds": 3600}}
END
chown deploy: {OWN_FOLDER}/lease.json
"""


class Fault(NamedTuple):
    """What happens to one node, and when.

    moment, deed, script: as faults_striker.py has them; node_lost is a deed from outside. arrange, clear: Bash, run as
    root before the run, and after all was looked at. php: what becomes of a PHP command from the beginning, see
    molecule/faults/files/php-in-the-way. says: what the run has to print. changes: a path, relative to the root, that
    the fault itself changes. by_next_run: only the next run puts it right.
    """

    node: str
    moment: Moment | None = None
    deed: str = "nothing"
    script: str = ""
    arrange: str = ""
    clear: str = ""
    php: str = ""
    says: str = ""
    changes: str = ""
    by_next_run: bool = False

    @property
    def store(self) -> str:
        return self.node.partition("-")[0]


CORE = {
    "a node fails at the code, the proof, and as a follower of a shared tree": (
        Fault("redis-2", IN_THE_CODE, "kill"),
        Fault("files-2", arrange="arrange third_party KeepsCount", says="soap defective"),
        Fault("shared-2", CODE_DONE, script=NEXT_PHP_FAILS),
    ),
}
LONG = {
    "lease": (
        Fault("redis-2", arrange=ANOTHER_RUN, clear=f"rm -r {OWN_FOLDER}", says="elsewhere:1 of elsewhere"),
        Fault("files-2", LEASE, "hang_up"),
    ),
    "build": (
        Fault("redis-3", BUILD, "kill"),
        Fault("files-2", php=COMPILE_IS_KILLED, says="setup:di:compile"),
        Fault("shared-1", BUILD, "hang_up"),
    ),
    "built": (
        Fault("redis-2", BUILT, script=f"echo >>{ROOT}/{SETTINGS}", says="config.php", changes=SETTINGS),
        Fault("files-1", BUILT, "kill"),
        Fault("shared-1", BUILT, "kill"),
    ),
    "code": (
        Fault("redis-1", IN_THE_CODE, "kill"),
        Fault("files-2", CODE_DONE, "hang_up"),
        Fault("shared-1", CODE_DONE, "kill"),
    ),
    "configuration": (
        Fault("redis-3", IN_THE_CONFIGURATION, "kill"),
        Fault("files-1", CONFIGURATION_DONE, "kill"),
        Fault("shared-1", IN_THE_CONFIGURATION, "hang_up"),
    ),
    "caches": (
        Fault("redis-1", CLEAN, "kill"),
        Fault("files-2", CLEAN, "hang_up"),
        Fault("shared-2", CLEAN, "kill"),
    ),
    "node lost": (
        # In the order of their moments: the run waits in each of them.
        Fault("redis-3", CODE_DONE, "node_lost"),
        Fault("shared-2", CODE_DONE, "node_lost"),
        Fault("files-2", CONFIGURATION_DONE, "node_lost"),
    ),
    "keep": (Fault("redis-2", KEEPING, "kill", by_next_run=True),),
}
