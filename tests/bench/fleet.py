# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of store containers over SSH, and the plays that are timed on it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent
CHECKOUT = BENCH.parents[1]
ENGINE = str(CHECKOUT / "extensions" / "commerce_image" / "engine")
REMOVE = str(CHECKOUT / "extensions" / "commerce_image" / "remove")
ROOT = "/var/www/store"
# Where this folder is in the containers.
PLACE = "/opt/bench"
# Compiled, with the defect and the tool, and with the libraries that the probe needs.
STORE = {"COMMERCE_VERSION": "2.4.6-p3", "COMMERCE_MODE": "production", "COMMERCE_PYTHON_LIBRARIES": "present"}
CONNECTION = {
    "ansible_host": "127.0.0.1",
    "ansible_ssh_common_args": "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o IdentitiesOnly=yes",
    "ansible_python_interpreter": "/usr/bin/python3",
    "ansible_user": "root",
    "commerce_root": ROOT,
}
# A second Python of the same kind, which sees nothing that Debian's packages installed.
BARE_PYTHON = "/usr/local/bin/bare-python3"
MAKE_BARE_PYTHON = (
    f"""printf '#!/bin/sh\\nexec /usr/bin/python3 -S "$@"\\n' >{BARE_PYTHON} && chmod 0755 {BARE_PYTHON}"""
)
# MariaDB stays where it is, and everything of the store reaches it through the forwarder.
MOVE_DATABASE = (
    f"""sed -i "s/'host' => 'localhost'/'host' => '127.0.0.1:$(cat /run/far-database)'/" {ROOT}/app/etc/env.php"""
)
SECONDS_TO_START = 120
SECONDS_FOR_A_PLAY = 600


def engine(*arguments: str, text: str | None = None) -> str:
    """What the container engine prints; its failure ends the bench."""
    done = subprocess.run([ENGINE, *arguments], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])} failed: {done.stderr.strip()}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Sample:
    """One play on the whole fleet. Seconds: of the task alone and of the whole command by the clock, and CPU."""

    task: float
    run: float
    controller_cpu: float
    stores_cpu: float
    answers: dict[str, int]

    @property
    def cpu(self) -> float:
        """CPU seconds of the controller and all stores."""
        return self.controller_cpu + self.stores_cpu


class Fleet:
    """Copies of one store, each with its own web server, database and sshd, from their creation to their end."""

    def __init__(self, folder: Path, size: int):
        self._folder = folder
        self._name = f"storefleet-{os.environ['COMMERCE_CHECKOUT_ID']}-bench-{os.getpid()}"
        self._image = f"localhost/{self._name}:store"
        self.names = [f"{self._name}-{number:02}" for number in range(1, size + 1)]
        self._forwarders: list[subprocess.Popen] = []

    def __enter__(self) -> Fleet:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
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
        for forwarder in self._forwarders:
            forwarder.terminate()
            forwarder.wait()
        everything = [self._name, *self.names]
        subprocess.run([REMOVE, *everything], capture_output=True, check=False, start_new_session=True)
        subprocess.run(
            [ENGINE, "rmi", "--force", self._image], capture_output=True, check=False, start_new_session=True
        )
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self) -> None:
        """One store is made and copied: to make each would be most of the bench's time, and all would be the same."""
        key = self._folder / "id_ed25519"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", key], check=True)
        wanted = {**STORE, "AUTHORIZED_KEY": key.with_suffix(".pub").read_text().strip()}
        self._start(
            self._name, os.environ["COMMERCE_IMAGE"], *(f"--env={name}={value}" for name, value in wanted.items())
        )
        self._wait_for(self._name)
        engine("cp", str(BENCH), f"{self._name}:{PLACE}")
        engine("exec", self._name, "sh", "-euc", MAKE_BARE_PYTHON)
        engine("stop", self._name)
        engine("commit", "--quiet", self._name, self._image)
        for name in self.names:
            self._start(name, self._image, "--publish=127.0.0.1::22")
        for name in self.names:
            self._wait_for(name)
        self.write_inventory(
            "near", {name: int(engine("port", name, "22/tcp").rpartition(":")[2]) for name in self.names}
        )

    def _start(self, name, image, *options):
        label = f"--label=storefleet.checkout={os.environ['COMMERCE_CHECKOUT_ID']}"
        engine("run", "--detach", f"--name={name}", label, *options, image)

    def _wait_for(self, name):
        until = time.monotonic() + SECONDS_TO_START
        while subprocess.run(
            [ENGINE, "exec", name, "test", "-e", "/run/commerce-ready"], capture_output=True, check=False
        ).returncode:
            if time.monotonic() > until:
                raise SystemExit(f"A store does not start:\n{engine('logs', '--tail=20', name)}")
            time.sleep(0.2)

    def write_inventory(self, name: str, ports: dict[str, int]) -> None:
        """An inventory in which each container is reached at its port."""
        variables = {**CONNECTION, "ansible_ssh_private_key_file": str(self._folder / "id_ed25519")}
        hosts = {host: {"ansible_port": port} for host, port in ports.items()}
        inventory = {"commerce": {"hosts": hosts, "vars": variables}}
        (self._folder / f"{name}.json").write_text(json.dumps(inventory))

    def ports(self, inventory: str = "near") -> dict[str, int]:
        """The port of sshd by container."""
        hosts = json.loads((self._folder / f"{inventory}.json").read_text())["commerce"]["hosts"]
        return {host: variables["ansible_port"] for host, variables in hosts.items()}

    def write_far_inventory(self, milliseconds: float) -> None:
        """The inventory far: every round trip between the controller and a store takes so much longer."""
        near = self.ports()
        targets = [f"127.0.0.1:{port}" for port in near.values()]
        command = [sys.executable, BENCH / "latency.py", str(milliseconds), *targets]
        forwarder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._forwarders.append(forwarder)
        ports = forwarder.stdout.readline().split()
        self.write_inventory("far", dict(zip(near, map(int, ports), strict=True)))

    def move_databases_away(self, milliseconds: float) -> None:
        """From now on every round trip between a store and its database takes so much longer."""
        for name in self.names:
            forward = f"python3 {PLACE}/latency.py {milliseconds} 127.0.0.1:3306 >/run/far-database"
            engine("exec", "--detach", name, "sh", "-euc", forward)
        for name in self.names:
            engine("exec", name, "sh", "-euc", f"until test -s /run/far-database; do sleep 0.1; done; {MOVE_DATABASE}")

    def payload(self, play: str) -> str:
        """The program that a play sends, left in the first store's container; its path there."""
        self.play(play, kept={"ANSIBLE_KEEP_REMOTE_FILES": "true", "ANSIBLE_PIPELINING": "false"})
        return engine("exec", self.names[0], "sh", "-euc", "ls -t /root/.ansible/tmp/*/AnsiballZ_*.py | head -n 1")

    def play(
        self, play: str, inventory: str = "near", interpreter: str = "", kept: Mapping[str, str] | None = None
    ) -> Sample:
        """Run plays/PLAY.yml on the fleet. A play that fails ends the bench: its time would mean nothing."""
        wall = self._folder / "wall.json"
        wall.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "ANSIBLE_CALLBACK_PLUGINS": str(BENCH / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "wall",
            "BENCH_WALL": str(wall),
            **(kept or {}),
        }
        command = [
            "ansible-playbook",
            BENCH / "plays" / f"{play}.yml",
            "--inventory",
            self._folder / f"{inventory}.json",
        ]
        if interpreter:
            command += ["--extra-vars", f"ansible_python_interpreter={interpreter}"]
        cpu, stores, started = _children_cpu(), self._stores_cpu(), time.monotonic()
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS_FOR_A_PLAY
        )
        run = time.monotonic() - started
        cpu = _children_cpu() - cpu
        if done.returncode or not wall.exists():
            raise SystemExit(f"The play {play} failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        found = json.loads(wall.read_text())
        return Sample(found["seconds"], run, cpu, self._stores_cpu() - stores, found["answers"])

    def _stores_cpu(self) -> float:
        """CPU seconds of all containers since their start."""
        return sum(map(_container_cpu, self.processes()))

    def processes(self) -> list[int]:
        """The process of each container's program, as the machine sees it."""
        if not hasattr(self, "_processes"):
            self._processes = [int(engine("inspect", "--format={{.State.Pid}}", name)) for name in self.names]
        return self._processes


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _container_cpu(pid: int) -> float:
    """CPU seconds of the control group of a process, in either version of control groups."""
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        dummy, controllers, path = line.split(":", 2)
        if "cpuacct" in controllers.split(","):
            return int(Path(f"/sys/fs/cgroup/cpuacct{path}/cpuacct.usage").read_text()) / 1e9
        if not controllers and Path(f"/sys/fs/cgroup{path}/cpu.stat").exists():
            return int(Path(f"/sys/fs/cgroup{path}/cpu.stat").read_text().split()[1]) / 1e6
    raise SystemExit(f"No control group of process {pid} counts its CPU time.")
