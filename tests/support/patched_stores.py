# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores whose patch comes and goes: by the vendor's files, by SQL and by HTTP, and by nothing of the collection's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from support.session import ENGINE
from support.stores import APIS, Steps, StoreContainer

PATCHES = (
    Path(__file__).resolve().parents[2] / "extensions" / "commerce_image" / "packages" / "quality-patches" / "patches"
)
PATCH = PATCHES / "os" / "ACSD-61103_2.4.6-p3.patch"
OWNER = ("env", "-i", "HOME=/home/deploy", "PATH=/usr/local/bin:/usr/bin:/bin")
# For each path: whether the store has it as the vendor's release does, or neither has it.
COMPARE = """
root=$1 release=$2
shift 2
for path; do
    if cmp --silent "$root/$path" "$release/$path"; then echo vendor
    elif [[ ! -e $root/$path && ! -e $release/$path ]]; then echo vendor
    else echo other
    fi
done
"""


class Seen(NamedTuple):
    """What a store is, by its files and by what it does.

    files: "vendor" where all that the patch changes are as in the vendor's release, "other" where none is, and
    "mixed" else. steps: what the article's steps showed, by API.
    """

    files: str
    steps: dict[str, Steps]

    @property
    def resets(self) -> set[bool]:
        """Whether a login resets the counter, as all APIs have it."""
        return {steps.after_right == 0 for steps in self.steps.values()}

    @property
    def serves(self) -> bool:
        """Whether a wrong login counted and a right one got in, on every API."""
        return all((steps.after_wrong, steps.token) == (1, True) for steps in self.steps.values())


class PatchedStore(StoreContainer):
    """The store of a container with one store."""

    root = "/var/www/store"

    @classmethod
    def of_container(cls, name: str) -> PatchedStore:
        """The store of a running container."""
        port = subprocess.run([ENGINE, "port", name, "80/tcp"], check=True, capture_output=True, text=True).stdout
        return cls(name, port.strip())

    def composer(self, *argv: str) -> None:
        """Composer as the store's owner runs it, from the repository of the image."""
        self._as_owner("composer", "--no-interaction", "--no-progress", *argv)

    def finish_deployment(self) -> None:
        """What a deployment does after Composer: compile, empty the caches, reload."""
        self._as_owner("php", "bin/magento", "setup:di:compile")
        self._as_owner("php", "bin/magento", "cache:flush")
        self.run("service", "php8.2-fpm", "reload")

    def seen(self) -> Seen:
        """What the store is now: files first, since a login may change what the next one meets."""
        return Seen(self._files(), {api: self.article_steps(api) for api in APIS})

    def _files(self):
        version = self.run("printenv", "COMMERCE_VERSION").strip()
        paths = re.findall(r"^diff --git a/(\S+)", PATCH.read_text(), re.MULTILINE)
        release = f"/opt/commerce/releases/{version}-community"
        found = set(self.run("bash", "-euc", COMPARE, "bash", self.root, release, *paths).split())
        return found.pop() if len(found) == 1 else "mixed"

    def _as_owner(self, *argv):
        command = 'umask 0002; cd "$1"; shift; exec "$@"'
        self.run(*OWNER, "bash", "-euc", command, "bash", self.root, *argv, user="deploy")
