# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the main job on a fleet of containers: demo.py FOLDER, where FOLDER is for this run's key and inventory.

What the table shows is measured from outside, by HTTP and SQL of its own: a wrong and then a right login of a new
customer over each API, and failures_num after each. The exit status is 0 only if every store is proven in the end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from support.stores import APIS, Steps, StoreContainer

CHECKOUT = Path(__file__).resolve().parents[2]

Measured = dict[str, dict[str, Steps]]


class Fleet:
    """The containers of the demo, from their creation to their end."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._inventories = [CHECKOUT / "molecule" / "shared" / "inventory", CHECKOUT / "tests" / "demo" / "inventory"]

    def __enter__(self) -> Fleet:
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / "inventory").mkdir(parents=True)
        self._inventories.append(self._folder / "inventory")
        try:
            self._quietly("create")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._quietly("destroy")
        shutil.rmtree(self._folder)

    def _quietly(self, name: str) -> None:
        result = self.playbook(CHECKOUT / "molecule" / "shared" / f"{name}.yml", capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"The stores' containers: {name} failed.\n{result.stdout}{result.stderr}")

    def playbook(self, playbook: Path, **options) -> subprocess.CompletedProcess:
        command = ["ansible-playbook", playbook, "--extra-vars", f"molecule_ephemeral_directory={self._folder}"]
        for inventory in self._inventories:
            command += ["--inventory", inventory]
        # The key of a container is as new as the container.
        environment = {**os.environ, "ANSIBLE_HOST_KEY_CHECKING": "false"}
        return subprocess.run(command, env=environment, check=False, **options)

    def variables(self) -> dict[str, dict]:
        """The inventory's variables by host."""
        command = ["ansible-inventory", "--list"]
        for inventory in self._inventories:
            command += ["--inventory", inventory]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return json.loads(output)["_meta"]["hostvars"]


def measure(stores: dict[str, StoreContainer]) -> Measured:
    return {name: {api: store.article_steps(api) for api in APIS} for name, store in stores.items()}


def cell(steps: Steps) -> str:
    if not steps.token:
        return f"{steps.after_wrong} -> {steps.after_right}  no login"
    return f"{steps.after_wrong} -> {steps.after_right}  {'reset' if steps.as_expected else 'DEFECT'}"


def table(about: dict[str, str], before: Measured, after: Measured | None = None) -> str:
    """A line for each store and API: failures_num after a wrong, then after a right login."""
    wide = max(map(len, before)) + 2
    widest = max(map(len, about.values())) + 2
    columns = ["store", "Commerce", "API", "before"] + (["after"] if after else [])
    widths = [wide, widest, 9, 16, 16]
    lines = [columns]
    for name, apis in before.items():
        for api in apis:
            first = api == APIS[0]
            line = [name if first else "", about[name] if first else "", api, cell(apis[api])]
            lines.append(line + ([cell(after[name][api])] if after else []))
    return "\n".join(
        "".join(text.ljust(width) for text, width in zip(line, widths, strict=False)).rstrip() for line in lines
    )


def say(text: str) -> None:
    print(f"\n{text}\n", flush=True)


def described(variables: dict) -> str:
    made_from = variables["container_environment"]
    edition = made_from.get("COMMERCE_EDITION", "community")
    return f"{made_from['COMMERCE_VERSION']} {edition}, {made_from['COMMERCE_MODE']}"


def main() -> int:
    # An end by SIGTERM, too, has to destroy the containers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    say("Starting the stores …")
    with Fleet(Path(sys.argv[1])) as fleet:
        variables = fleet.variables()
        hosts = [name for name in variables if "http_port" in variables[name]]
        stores = {
            name: StoreContainer(
                variables[name]["container_name"],
                f"127.0.0.1:{variables[name]['http_port']}",
                variables[name].get("table_prefix", ""),
            )
            for name in hosts
        }
        about = {name: described(variables[name]) for name in hosts}
        before = measure(stores)
        say("failures_num after a wrong, then after a right login, before:\n\n" + table(about, before))
        say("ansible-playbook -i INVENTORY playbooks/remediate.yml")
        remediation = fleet.playbook(CHECKOUT / "playbooks" / "remediate.yml")
        after = measure(stores)
        say("failures_num after a wrong, then after a right login, before and after:\n\n" + table(about, before, after))
    proven = [name for name in hosts if all(steps.as_expected for steps in after[name].values())]
    say(f"{len(proven)} of {len(hosts)} stores proven; remediate.yml ended with status {remediation.returncode}.")
    say(f"The report on all of them: {os.environ['STOREFLEET_REPORT_DIR']}/fleet-report.html")
    return 0 if len(proven) == len(hosts) and remediation.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
