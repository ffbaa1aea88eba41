# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a repair on the staged way takes, step by step: staged.py [--rounds NUMBER] [--size SIZE] FOLDER

One store with as many files as a real one (COMMERCE_SIZE of the image) is built, switched and reverted in each round,
over SSH. Prints a table in Markdown and leaves it in FOLDER/staged.md, its figures in FOLDER/staged.json. There are no
targets: what counts is which steps are long, and that those in which the live store is changed are not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from figures import table
from fleet import BENCH, CONNECTION, ENGINE, REMOVE, ROOT, SECONDS_FOR_A_PLAY, engine

SECONDS_TO_START = 600
STORE = {"COMMERCE_VERSION": "2.4.6-p3", "COMMERCE_MODE": "production"}
# The steps by the module's call that they are part of, as the modules name them, in the order in which they happen.
STEPS = {
    "build": ("copy", "patch", "autoload", "compile", "compare", "check"),
    "switch": ("prepare", "code", "reload", "configuration", "clean", "prove"),
    "revert": ("prepare", "configuration", "clean", "code", "reload", "prove"),
}
COUNT = f"""
cd {ROOT} && find . -type f | wc -l && find generated -type f | wc -l && du --bytes --summarize generated | cut -f1
"""
Round = Mapping[str, Mapping[str, float]]


class LargeStore:
    """One container, from its creation to its end."""

    def __init__(self, folder: Path, size: str):
        self._folder = folder
        self._size = size
        self.name = f"storefleet-{os.environ['COMMERCE_CHECKOUT_ID']}-bench-{os.getpid()}-staged"

    def __enter__(self) -> LargeStore:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._create()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        # Whoever ends the bench may say so twice, and to its children too: nothing is to stay.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        subprocess.run([REMOVE, self.name], capture_output=True, check=False, start_new_session=True)
        for file in ("id_ed25519", "id_ed25519.pub", "inventory.json", "round.json"):
            (self._folder / file).unlink(missing_ok=True)

    def _create(self) -> None:
        key = self._folder / "id_ed25519"
        key.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", key], check=True)
        wanted = {**STORE, "COMMERCE_SIZE": self._size, "AUTHORIZED_KEY": key.with_suffix(".pub").read_text().strip()}
        engine(
            "run",
            "--detach",
            f"--name={self.name}",
            f"--label=storefleet.checkout={os.environ['COMMERCE_CHECKOUT_ID']}",
            "--publish=127.0.0.1::22",
            *(f"--env={name}={value}" for name, value in wanted.items()),
            os.environ["COMMERCE_IMAGE"],
        )
        self._wait()
        port = int(engine("port", self.name, "22/tcp").rpartition(":")[2])
        variables = {**CONNECTION, "ansible_port": port, "ansible_ssh_private_key_file": str(key)}
        inventory = {"commerce": {"hosts": {"large-store": variables}}}
        (self._folder / "inventory.json").write_text(json.dumps(inventory))

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        ready = [ENGINE, "exec", self.name, "test", "-e", "/run/commerce-ready"]
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            if time.monotonic() > until:
                raise SystemExit(f"The store does not start:\n{engine('logs', '--tail=20', self.name)}")
            time.sleep(1)

    def count(self) -> tuple[int, int, int]:
        """Files of the release, files of generated/, and bytes of these."""
        files, generated, size = engine("exec", self.name, "sh", "-euc", COUNT).split()
        return int(files), int(generated), int(size)

    def play(self) -> Round:
        """One round: seconds by step, by call. One that fails ends the bench."""
        seconds = self._folder / "round.json"
        seconds.unlink(missing_ok=True)
        done = subprocess.run(
            ["ansible-playbook", BENCH / "plays" / "staged.yml", "--inventory", self._folder / "inventory.json"],
            env={**os.environ, "BENCH_SECONDS": str(seconds)},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_FOR_A_PLAY,
        )
        if done.returncode:
            raise SystemExit(f"The play failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        return json.loads(seconds.read_text())


def in_order(call: str, found: Iterable[str]) -> list[str]:
    """The steps that there were, in the order in which they happen; what is not known comes last."""
    known = STEPS[call]
    return sorted(found, key=lambda step: (known.index(step) if step in known else len(known), step))


def table_of_steps(rounds: Sequence[Round]) -> str:
    """A row for each step: median, fastest and slowest of the rounds, in seconds."""
    rows = []
    for call in STEPS:
        for step in in_order(call, {step for found in rounds for step in found[call]}):
            took = [found[call][step] for found in rounds if step in found[call]]
            rows.append((f"{call}: {step}", f"{median(took):.4f}", f"{min(took):.4f}", f"{max(took):.4f}"))
    return table(("step", "seconds", "fastest", "slowest"), rows)


def main() -> int:
    parser = argparse.ArgumentParser(description="What a repair on the staged way takes, step by step.")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds, each a build, a switch and a revert (default: 3)"
    )
    parser.add_argument("--size", default="large", help="COMMERCE_SIZE of the store (default: large)")
    parser.add_argument("folder", type=Path, help="where the report goes")
    options = parser.parse_args()
    # An end by SIGTERM, too, has to remove the container.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    print("Starting the store …", file=sys.stderr, flush=True)
    with LargeStore(options.folder, options.size) as store:
        files, generated, size = store.count()
        print(f"Measuring {options.rounds} rounds …", file=sys.stderr, flush=True)
        rounds = [store.play() for _number in range(options.rounds)]
    report = (
        f"# The staged way, step by step: {files:,} files, {generated:,} of them in generated/ ({size / 1e6:.0f} MB)\n"
        f"\n{options.rounds} rounds; {os.cpu_count()} cores, load at the end {os.getloadavg()[0]:.1f}.\n\n"
        f"{table_of_steps(rounds)}\n"
    )
    (options.folder / "staged.md").write_text(report)
    figures = {"files": files, "generated_files": generated, "generated_bytes": size, "rounds": rounds}
    (options.folder / "staged.json").write_text(json.dumps(figures))
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
