# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A checkout of a Commerce Cloud project beside the bare repository that it came from, by the real git."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ENVIRONMENT = """\
# What is built.
stage:
  build:
    SKIP_SCD: true   # later
  deploy:
    OPTIONS: !php/const \\PDO::MYSQL_ATTR_LOCAL_INFILE
"""
LISTED = ENVIRONMENT.replace("  build:\n", "  build:\n    QUALITY_PATCHES:\n      - ACSD-61103\n")

# In Composer's place: remembers its arguments, and locks what TOOL says unless it is to fail.
COMPOSER = """#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$0.calls"
printf '{"require": {"magento/quality-patches": "%s"}}\\n' "$TOOL" >composer.json
[[ $1 == update ]] || exit 0
if [[ $FAILS == always || ( $FAILS == once && $* != *ece-tools* ) ]]; then
    echo "Your requirements could not be resolved" >&2
    exit 2
fi
sed -i "s|$FROM|$TOOL|" composer.lock
"""


class CloudProject:
    """The project: root is the checkout, with main checked out; bare is its remote, origin."""

    def __init__(self, folder: Path, version: str = "2.4.6-p8", tool: str = "1.1.82"):
        self.folder, self.root, self.bare = folder, folder / "shop", folder / "shop.git"
        self.bare.mkdir(parents=True)
        self.home = folder / "home"
        self.home.mkdir()
        self._git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare), cwd=folder)
        self._git("clone", "--quiet", str(self.bare), str(self.root), cwd=folder)
        self.git("checkout", "--quiet", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.write(".magento.env.yaml", ENVIRONMENT)
        self.write("composer.json", "{}\n")
        self.lock(version, tool)
        self.commit("The shop")
        self.git("push", "--quiet", "origin", "main")

    def lock(self, version: str, tool: str | None = "1.1.82", **packages: str) -> None:
        """A composer.lock with Commerce at a version and magento/quality-patches at another."""
        listed = {"magento/magento2-base": version, "magento/ece-tools": "2002.1.19", **packages}
        if tool:
            listed["magento/quality-patches"] = tool
        entries = [{"name": name, "version": number} for name, number in listed.items() if number]
        self.write("composer.lock", json.dumps({"packages": entries}, indent=1))

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.at("HEAD")

    def git(self, *arguments: str) -> str:
        return self._git(*arguments, cwd=self.root)

    def at(self, revision: str) -> str:
        return self.git("rev-parse", revision).strip()

    def remote(self, branch: str = "main") -> str | None:
        """The commit that the remote's branch is at."""
        found = self._git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}", cwd=self.bare).split()
        return found[0] if found else None

    def hook(self, name: str, script: str, *, bare: bool = False) -> None:
        path = (self.bare / "hooks" if bare else self.root / ".git/hooks") / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def composer(self) -> Path:
        """A program in Composer's place."""
        path = self.folder / "composer"
        path.write_text(COMPOSER)
        path.chmod(0o755)
        return path

    def composer_calls(self) -> list[str]:
        path = self.folder / "composer.calls"
        return path.read_text().splitlines() if path.exists() else []

    def state(self, *, times: bool = True) -> dict[str, object]:
        """All that a run could change: files, with their times or without, branches, what is checked out and staged."""
        files = {
            str(path.relative_to(self.root)): (
                path.read_bytes(),
                path.stat().st_mode,
                times and path.stat().st_mtime_ns,
            )
            for path in self.root.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(self.root).parts
        }
        return {
            "files": files,
            "branches": self.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"),
            "head": (self.root / ".git/HEAD").read_text(),
            "status": self.git("status", "--porcelain"),
            "remote": self._git("for-each-ref", cwd=self.bare),
        }

    def _git(self, *arguments: str, cwd: Path) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        done = subprocess.run(["git", *arguments], cwd=cwd, env=environment, check=True, capture_output=True, text=True)
        return done.stdout
