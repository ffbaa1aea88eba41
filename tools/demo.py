"""The main job on a small fleet of containers: what the stores do, the repair, what they do then.

Both tables come from this program's own SQL and HTTP. It ends 0 only if every store passes the article's steps on every
API after the repair, and the repair's own run ended 0.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

from support.stores import APIS, Steps, StoreContainer  # noqa: E402

# Molecule puts the key and the connections of the fleet there.
FLEET = Path(os.environ["COMMERCE_CACHE"], "demo")
INVENTORIES = [
    f"--inventory={folder}"
    for folder in (CHECKOUT / "molecule/shared/inventory", CHECKOUT / "molecule/demo/inventory", FLEET / "inventory")
]
PLAYBOOK = "playbooks/remediate.yml"


@dataclass(frozen=True)
class Store:
    """One store of the fleet: its inventory name, Commerce version and mode, and its container."""

    name: str
    version: str
    mode: str
    container: StoreContainer


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def molecule(action: str) -> None:
    """Run one action on the demo's scenario; its output is shown only if it fails."""
    done = subprocess.run(
        ["tools/molecule", action, "--scenario-name", "demo"],
        cwd=CHECKOUT,
        env={**os.environ, "MOLECULE_EPHEMERAL_DIRECTORY": str(FLEET)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\ndemo: molecule {action} failed")


def fleet() -> list[Store]:
    listed = subprocess.run(["ansible-inventory", "--list", *INVENTORIES], stdout=subprocess.PIPE, check=True).stdout
    inventory = json.loads(listed)
    stores = []
    for name in inventory["commerce"]["hosts"]:
        variables = inventory["_meta"]["hostvars"][name]
        environment = variables["container_environment"]
        container = StoreContainer(variables["container_name"], f"127.0.0.1:{variables['http_port']}")
        stores.append(Store(name, environment["COMMERCE_VERSION"], environment["COMMERCE_MODE"], container))
    return sorted(stores, key=lambda store: store.name)


def measure(stores: list[Store]) -> dict[str, dict[str, Steps]]:
    """The article's steps on each store and API, by the store's name and the API's."""

    def steps(store: Store) -> dict[str, Steps]:
        return {api: store.container.article_steps(api) for api in APIS}

    with ThreadPoolExecutor() as workers:
        return dict(zip((store.name for store in stores), workers.map(steps, stores), strict=True))


def cell(steps: Steps) -> str:
    return f"{steps.after_wrong} -> {steps.after_right}" if steps.token else "no login"


def table(stores: list[Store], measured: dict[str, dict[str, Steps]]) -> str:
    rows = [("store", "Commerce", "mode", *APIS, "")]
    for store in stores:
        of_store = measured[store.name]
        well = all(steps.as_expected for steps in of_store.values())
        rows.append(
            (
                store.name,
                store.version,
                store.mode,
                *(cell(of_store[api]) for api in APIS),
                "reset" if well else "NOT reset",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def demonstrate() -> int:
    say("A fleet of containers is created")
    molecule("create")
    stores = fleet()

    say("Before: failures_num after a wrong login -> after the right one that follows")
    before = table(stores, measure(stores))
    print(before)

    say(f"ansible-playbook --inventory=... {PLAYBOOK}")
    repair = subprocess.run(["ansible-playbook", *INVENTORIES, PLAYBOOK], cwd=CHECKOUT, check=False)

    measured = measure(stores)
    say("Before: failures_num after a wrong login -> after the right one that follows")
    print(before)
    say("After")
    print(table(stores, measured))

    proven = [name for name, of_store in measured.items() if all(steps.as_expected for steps in of_store.values())]
    print(f"\n{len(proven)} of {len(stores)} stores proven; the playbook ended {repair.returncode}")
    return 0 if len(proven) == len(stores) and repair.returncode == 0 else 1


def main() -> int:
    started = time.monotonic()
    try:
        return demonstrate()
    finally:
        molecule("destroy")
        print(f"the fleet is gone again, {time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    sys.exit(main())
