# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store with the packages of the Quality Patches Tool, and a Composer that does there what a test wants of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result

BASE, TOOL, CLOUD = "magento/magento2-base", "magento/quality-patches", "magento/magento-cloud-patches"
OTHER = "vendor/acme/other/Other.php"
LISTS = ("vendor/composer/autoload_classmap.php", "vendor/composer/installed.json")


class ToolStore:
    """A store with the tool in that release, None for without."""

    def __init__(self, root: Path, tool: str | None = "1.1.53"):
        self.root = root
        self.write("app/etc/config.php", "<?php return ['modules' => ['A' => 1]];")
        self.write("vendor/autoload.php", "<?php // before")
        self.write(LISTS[0], "<?php // before")
        self.write("vendor/composer/autoload_real.php", "<?php $loader->setClassMapAuthoritative(true);")
        self.write("pub/index.php", "<?php // our own")
        self.write(OTHER, "<?php // patched")
        self.write("vendor/acme/other/bin/other", "#!/usr/bin/env php\n")
        self.write("vendor/bin/other", "#!/usr/bin/env php\n<?php // proxy")
        self.write("composer.json", json.dumps({"require": {TOOL: "^1.1"} if tool else {}}, indent=4))
        packages = {BASE: "2.4.6-p3", "acme/other": "1.0"}
        if tool:
            packages.update({TOOL: tool, CLOUD: "1.0"})
        self.list_packages(root, packages)
        if tool:
            self.bring(root, tool, "Old.php")

    def write(self, path: str, text: str, root: Path | None = None) -> None:
        (root or self.root).joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        (root or self.root).joinpath(path).write_text(text)

    def list_packages(self, root: Path, packages: dict[str, str], dev: bool = False) -> None:
        entries = [{"name": name, "version": version} for name, version in packages.items()]
        self.write("composer.lock", json.dumps({"packages": entries, "packages-dev": []}), root)
        if (root / "vendor").exists():
            self.write(LISTS[1], json.dumps({"packages": entries, "dev": dev}), root)

    def bring(self, root: Path, release: str, name: str) -> None:
        """The package itself, in place of what there was."""
        folder = root / "vendor" / TOOL
        for path in folder.glob("*"):
            path.unlink()
        self.write(f"vendor/{TOOL}/support-patches.json", json.dumps({"release": release}), root)
        self.write(f"vendor/{TOOL}/{name}", "<?php", root)


class FakeComposer:
    """A runner in whose place Composer answers its calls one after the other: a function of the folder, or a Result."""

    def __init__(self, *answers: Callable[[Path], Any] | Result):
        self._answers = list(answers)
        self.calls: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def run(self, argv, cwd=None, environment=None, timeout=60, stdin=None) -> Result:
        self.calls.append(list(argv))
        self.environments.append(dict(environment or {}))
        answer = self._answers.pop(0)
        if isinstance(answer, Result):
            return answer
        answer(Path(cwd))
        return Result(0, "", "")
