# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shops of the rollout, the lines to them, and the playbooks that the tests run on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.faults_run import PLAYBOOK, Run
from support.session import ENGINE, Session
from support.stores import StoreContainer
from support.trees import snapshot

SHOPS = {
    "shop-1": "web-1",
    "shop-2": "web-2",
    "shop-3": "web-1",
    "shop-4": "web-2",
    "pair-1": "web-2",
}
REPORTS = Path(os.environ["STOREFLEET_REPORT_DIR"])
LINE = f"{sys.executable} {Path(__file__).resolve().parents[1] / 'files' / 'line.py'}"
# What a store makes by itself when it is looked at.
MADE_BY_THE_STORE = ("var", "generated", "pub/static")
PATCHED = "vendor/magento/module-integration/etc/webapi_rest/events.xml"
# No program of a run is left, then everything is as before it. php-fpm begins anew. The brackets keep the pattern from
# finding this very program.
RESET = """
for i in {1..300}; do pgrep -f "[A]nsiballZ" >/dev/null || break; sleep 0.2; done
rsync -aHX --checksum --delete /root/before/ /var/www/
rm -rf /var/www/*/var/cache/* /var/www/*/var/page_cache/*
service php8.2-fpm restart >/dev/null
"""
SPOIL = """
cd "/var/www/$1"
install -d -o deploy -g www-data app/code/Acme
cp -r /usr/local/share/LegacyLogin app/code/Acme/
chown -R deploy:www-data app/code/Acme
for command in "module:enable Acme_LegacyLogin" cache:flush; do
    setpriv --reuid=deploy --regid=deploy --init-groups php bin/magento $command
done
"""


class Shop(StoreContainer):
    """One store of the rollout, by its name in the inventory."""

    def __init__(self, name: str, session: Session, container: str, address: str):
        super().__init__(container, address, session=session, database=name.replace("-", "_"), host=f"{name}.example")
        self.root = f"/var/www/{name}"
        self.inventory_name = name

    def tree(self) -> dict[str, dict]:
        return snapshot(self, self.root, runtime=MADE_BY_THE_STORE)

    def has(self, path: str) -> bool:
        return self.session.execute("test", "-e", f"{self.root}/{path}").returncode == 0

    def is_patched(self) -> bool:
        """Whether the file of the patch that a REST login needs has it."""
        wanted = ("grep", "-q", "customer_customer_authenticated", f"{self.root}/{PATCHED}")
        return self.session.execute(*wanted).returncode == 0

    def spoil(self) -> None:
        """Third-party code is there that cannot do with the patch."""
        self.run("bash", "-euc", SPOIL, "bash", self.inventory_name)


@pytest.fixture(scope="session")
def machines():
    """The containers of the machines: name, session and the address of HTTP."""
    found = {}
    for machine in sorted(set(SHOPS.values())):
        name = f"storefleet-{os.environ['COMMERCE_CHECKOUT_ID']}-rolling_gate-{machine}"
        port = subprocess.run([ENGINE, "port", name, "80/tcp"], check=True, capture_output=True, text=True).stdout
        found[machine] = (name, Session(name), port.strip())
    yield found
    for dummy, session, dummy in found.values():
        session.close()


@pytest.fixture
def shops(machines):
    """All stores of the rollout as they were at first, by name."""
    for dummy, session, dummy in machines.values():
        session.run("bash", "-euc", RESET)
    found = {}
    for name, machine in SHOPS.items():
        container, session, address = machines[machine]
        found[name] = Shop(name, session, container, address)
        found[name].request("GET", "/").raise_for_status()
    return found


class Rollout:
    """A run of a playbook over lines that can be cut, host by host."""

    def __init__(self, folder: Path, cuts: Path, variables: dict[str, object], playbook: str = PLAYBOOK):
        self._playbook = playbook
        self._cuts = cuts
        self.cut("pair-2")
        line = f"{LINE} %p {self._cuts}/{{{{ inventory_hostname }}}}"
        common = (
            "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o IdentitiesOnly=yes -o ControlPersist=10s"
        )
        self._variables = {
            # Hosts on one machine have lines of their own, and ssh shares those of hosts with one name.
            "ansible_host": "{{ inventory_hostname }}.test",
            "ansible_ssh_common_args": f'{common} -o "ProxyCommand={line}"',
            "commerce_batches": [1, 3, "100%"],
            **variables,
        }
        self._log = folder / "run.log"
        self._run = None

    def start(self) -> None:
        self._run = Run(self._log, Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]), self._variables, self._playbook)

    def cut(self, *hosts: str) -> None:
        """These hosts do not answer any more."""
        for host in hosts:
            (self._cuts / host).touch()

    def end(self, patience: float) -> int:
        return self._run.end(patience)

    def kill(self) -> None:
        self._run.kill()

    def printed(self) -> str:
        return self._run.printed()

    def report(self) -> dict:
        """The last report, that of this run once it has ended."""
        return json.loads((REPORTS / "fleet-report.json").read_text())

    def repaired(self) -> list[dict]:
        """The entries of all stores that this run, or one before it, has repaired."""
        entries = [entry for file in (REPORTS / "runs").iterdir() for entry in json.loads(file.read_text())["stores"]]
        return [entry for entry in entries if entry["outcome"] == "repaired"]


@pytest.fixture(scope="session")
def cuts(tmp_path_factory):
    """The folder that all lines look into: ssh keeps one for some seconds, and the run of the next test may use it."""
    return tmp_path_factory.mktemp("cuts")


@pytest.fixture
def rollout(tmp_path, cuts):
    """Makes the run of a playbook with extra variables; the test starts it."""
    for cut in cuts.iterdir():
        cut.unlink()
    return lambda playbook=PLAYBOOK, **variables: Rollout(tmp_path, cuts, variables, playbook)
