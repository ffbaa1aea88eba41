# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store's host that faults come to: put back between them, looked over after each."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from support import faults_striker
from support.faults import FOLDER, FROM_HERE, GO, LOOK_AT, ROOT, Fault, Moment
from support.stores import APIS, ENGINE, Steps, StoreContainer
from support.trees import snapshot

STRIKER = Path(faults_striker.__file__).read_text()
STRIKERS_PARTS = STRIKER.partition("\nif __name__")[0]
# Seconds from the start of a run to the moment of its fault, on a machine with other work, too.
PATIENCE = 180
OWNER = "deploy"

# A verification that is repeated finds what the first one remembered.
REMEMBER = """
[[ ! -e /root/before ]] || exit 0
install -d -m 0700 /root/before
cp -a "$1" /root/before/store
mariadb-dump --skip-comments commerce >/root/before/commerce.sql
mkdir -m 0777 -p "$2"
"""

# Somebody else's key beside the store's caches: a FLUSHDB takes it away.
FOREIGN_KEY = "session_of_a_customer"
REMEMBER_KEY = 'redis-cli SET "$1" cart >/dev/null'

# Old workers are gone when this ends, as in the contract tests; opcache does not look at files here.
RESET = """
rm -f "$2"/*
rm -rf /root/.ansible_async /home/deploy/.ansible_async
rsync -aHX --checksum --delete /root/before/store/ "$1/"
mariadb commerce </root/before/commerce.sql
redis-cli FLUSHALL >/dev/null
old=$(pgrep -P "$(cat /run/php/php8.2-fpm.pid)") && service php8.2-fpm reload >/dev/null
for _ in $(seq 500); do
    kill -0 $old 2>/dev/null || { pgrep -P "$(cat /run/php/php8.2-fpm.pid)" >/dev/null && exit 0; }
    sleep 0.02
done
exit 1
"""

# Rows, not what counts them: a canary that came and went has used up a number. Restarted consumers are a row of theirs.
ROWS = """
mariadb-dump --skip-comments --order-by-primary --skip-extended-insert \
    --ignore-table=commerce.queue_poison_pill commerce | sed 's/ AUTO_INCREMENT=[0-9]*//'
"""

# Ansible's own come and go: what is below ~/.ansible, and a module's code, which stays in /tmp where that is killed.
ELSEWHERE = """
find /tmp /var/tmp /home /root /dev/shm /etc /var/www /run/lock -path "$1" -prune -o -path /root/before -prune \
    -o -path '*/.ansible/*' -prune -o -path '/tmp/ansible_*_payload_*' -prune -o -type f -print | sort
"""

# In the pool: what its opcache holds of the wiring, and what the file says.
STALE = f"""<?php
$stale = [];
foreach (glob('{ROOT}/generated/metadata/*.php') as $file) {{
    if ((require $file) != eval('?>' . file_get_contents($file))) {{
        $stale[] = basename($file);
    }}
}}
echo json_encode($stale);
"""

SECRETS = "$e = require $argv[1]; echo $e['crypt']['key'], ' ', $e['db']['connection']['default']['password'];"

CONNECTIONS = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'commerce'"
PROCESSES = """
running = processes()
print(json.dumps([running[pid].arguments for pid in of_the_run(running, MODULE + CHILDREN)]))
"""
END_PROCESSES = """
send(of_the_run(processes(), MODULE + CHILDREN), signal.SIGKILL)
"""


def commands_of(printed: str) -> list[tuple[str, str]]:
    """The commands that a run has told its operator to run: (user, shell command) in order; there have to be some.

    A sentence each: "As the store's owner: … && …." and "As root: ….", and what every host does in a way of its own,
    "Then reload php-fpm.". YAML doubles quotes.
    """
    sentences = re.findall(r"As (the store's owner|root): (.+?)\.(?=['\"\s]|$)", printed.replace("''", "'"))
    found = [("root" if who == "root" else OWNER, command) for who, command in dict.fromkeys(sentences)]
    if not found:
        raise AssertionError("the run does not say what to do by hand")
    if "Then reload php-fpm" in printed:
        found.append(("root", "arrange reload_php_fpm"))
    return found


class Left(NamedTuple):
    """What is on a host.

    The store's tree and rows, files elsewhere, processes of runs, what is in Redis beside caches,
    and how many connections to the database are open.
    """

    tree: dict[str, dict]
    rows: list[str]
    elsewhere: list[str]
    processes: list[str]
    foreign: list[str]
    connections: int

    def unlike(self, after: Left) -> list[str]:
        """What is there afterwards and was not, and the other way round, a line each; but for the tree."""
        found = []
        for name in ("rows", "elsewhere", "processes", "foreign"):
            old, new = set(getattr(self, name)), set(getattr(after, name))
            found += [f"{name}: {line[:160]} is new" for line in sorted(new - old)]
            found += [f"{name}: {line[:160]} is gone" for line in sorted(old - new)]
        if after.connections != self.connections:
            found.append(f"connections to the database: {after.connections}")
        return found


class Strike:
    """A fault that waits in the container for its moment."""

    def __init__(self, container: str, request: dict):
        self._process = subprocess.Popen(
            [ENGINE, "exec", "--interactive", container, "python3", "-c", STRIKER, json.dumps(request)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def wait_until_now(self) -> bool:
        """Waits for the moment of a fault whose deed is to tell; False if it never comes."""
        return self._process.stdout.readline() == "now\n"

    def go_on(self) -> None:
        """Ends the moment."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> dict:
        """What was seen in the moment; {"reached": False} if it never came."""
        output, dummy = self._process.communicate(timeout=PATIENCE + 30)
        lines = output.splitlines()
        return json.loads(lines[-1]) if lines else {"reached": False}


class FaultyHost:
    """The store's container: its state of before, its faults, and what a run has left."""

    def __init__(self, store: StoreContainer):
        self.store = store

    def shell(self, script: str, *arguments: str) -> str:
        return self.store.run("bash", "-euc", script, "bash", *arguments)

    def remember(self) -> None:
        """From now on reset goes back to what the host is."""
        self.shell(REMEMBER, ROOT, FOLDER)

    def reset(self) -> None:
        # What a verification that was broken off has left.
        self.store.run("python3", "-c", STRIKERS_PARTS + END_PROCESSES)
        self.shell(RESET, ROOT, FOLDER)
        self.shell(REMEMBER_KEY, FOREIGN_KEY)

    def arrange(self, fault: Fault) -> None:
        """What is there from the beginning of a fault's run."""
        if fault.arrange:
            self.shell(fault.arrange)
            self.shell(REMEMBER_KEY, FOREIGN_KEY)
        php = fault.php or (fault.moment.php if fault.moment else "")
        if php:
            self.shell('printf %s "$2" >"$1/php"', FOLDER, php)

    def strike(self, moment: Moment, deed: str, script: str = "") -> Strike:
        """A fault waits for its moment from now on."""
        return Strike(
            self.store.name,
            {
                "conditions": moment.conditions,
                "delay": moment.delay,
                "deed": "tell_and_kill" if deed == "all_lost" else "tell" if deed in FROM_HERE else deed,
                # Once: what runs afterwards is not to be held up.
                "script": f"rm -f {FOLDER}/php; {script}",
                "look_at": LOOK_AT,
                "go": GO,
                "patience": PATIENCE,
            },
        )

    def lose_power(self) -> None:
        """Everything on the host ends at once, and it is started again."""
        self.shell("rm /run/commerce-ready")
        self.store.session.close()
        subprocess.run([ENGINE, "kill", self.store.name], check=True, capture_output=True)
        subprocess.run([ENGINE, "start", self.store.name], check=True, capture_output=True)
        self.shell("for _ in $(seq 300); do [ ! -e /run/commerce-ready ] || exit 0; sleep 0.1; done; exit 1")

    def mend(self, fault: Fault) -> None:
        """Takes the fault away, and nothing that a run has left."""
        self.shell(f"rm -f {FOLDER}/php; {fault.mend}")

    def clear(self, fault: Fault) -> None:
        """Takes away what was arranged for a fault and had to stay until all was looked at."""
        if fault.clear:
            self.shell(fault.clear)

    def secrets(self) -> list[str]:
        """What must never be printed."""
        return self.store.run("php", "-r", SECRETS, f"{ROOT}/app/etc/env.php").split()

    def tree(self) -> dict[str, dict]:
        return snapshot(self.store, ROOT)

    def left(self) -> Left:
        """Everything that a run could have left, as it is now."""
        return Left(
            tree=self.tree(),
            rows=self.shell(ROWS).splitlines(),
            elsewhere=self.shell(ELSEWHERE, ROOT).splitlines(),
            processes=self.processes(),
            foreign=self.store.run("redis-cli", "GET", FOREIGN_KEY).split(),
            connections=int(self.store.sql(CONNECTIONS)[0][0]),
        )

    def processes(self) -> list[str]:
        """Command lines of what a run has started and that still runs."""
        return json.loads(self.store.run("python3", "-c", STRIKERS_PARTS + PROCESSES))

    def is_quiet(self, seconds: float) -> bool:
        """Whether everything that a run has started ends in time, by itself."""
        until = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        return True

    def run_by_hand(self, printed: str) -> None:
        """What an operator does who was told so by what a run has printed."""
        for user, command in commands_of(printed):
            self.store.run("su", "--shell=/bin/bash", f"--command={command}", user)

    def stale_wiring(self) -> list[str]:
        """Compiled files of which php-fpm still has another content in its opcache."""
        return json.loads(self.store.run_in_pool(STALE))

    def steps(self) -> dict[str, Steps]:
        """The article's steps on each API."""
        return {api: self.store.article_steps(api) for api in APIS}

    def logs_in(self) -> bool:
        """Whether a customer gets a token on each API."""
        customer = self.store.insert_customer()
        try:
            return all(self.store.login(api, customer) for api in APIS)
        finally:
            self.store.remove_customer(customer)
