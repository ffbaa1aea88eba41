# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment for the store's own programs in which they cannot reach what the live store works with."""

from __future__ import annotations

import os
from typing import Dict, Sequence

from .command import LocalRunner, Runner
from .errors import CommerceError
from .settings_program import OPTIONS

CONFIG, ENV = "app/etc/config.php", "app/etc/env.php"
# Commerce's: 32 characters. It encrypts nothing in a build.
_DUMMY_KEY = "0" * 32
_MODES = ("default", "developer", "production")

# Below var, which is the copy's own.
_HOME, _TEMPORARY = "var/home", "var/tmp"

# config.php may name a database, a cache or a queue too, and Commerce merges both files. A compile asks it for the
# enabled modules only.
_MODULES = r"""
ob_start();
$config = require $argv[1];
ob_end_clean();
if (!is_array($config) || !is_array($config['modules'] ?? null)) {
    exit(3);
}
$modules = var_export(array_map('intval', $config['modules']), true);
exit(file_put_contents($argv[2], "<?php\nreturn ['modules' => $modules];\n") === false ? 4 : 0);
"""


def isolate(root: str, tree: str, mode: str, php: Sequence[str]) -> Runner:
    """Give the copy at tree a configuration that knows no database, cache, queue, storage or secret of live's at root.

    Returns a runner for programs in the copy, without a variable of the pool's or the operator's and with a home and a
    folder for temporary files of their own. mode: Commerce's. CommerceError no_modules.
    """
    _write(os.path.join(tree, ENV), _environment_file(mode))
    for path in (_HOME, _TEMPORARY, "var/log"):
        os.makedirs(os.path.join(tree, path), exist_ok=True)
    runner = LocalRunner(_variables(tree), home=os.path.join(tree, _HOME))
    _write_modules(root, tree, php, runner)
    return runner


def _environment_file(mode: str) -> str:
    """An env.php of nothing but what bin/magento cannot start without."""
    return (
        "<?php\nreturn [\n    'MAGE_MODE' => '{0}',\n    'backend' => ['frontName' => 'admin'],\n"
        "    'crypt' => ['key' => '{1}'],\n];\n"
    ).format(mode if mode in _MODES else _MODES[0], _DUMMY_KEY)


def _variables(tree: str) -> Dict[str, str]:
    temporary = os.path.join(tree, _TEMPORARY)
    return {
        "TMPDIR": temporary,
        "COMPOSER_HOME": os.path.join(tree, _HOME),
        "COMPOSER_DISABLE_NETWORK": "1",
        # A git that looks for a repository must not find the one that the live release may be.
        "GIT_CEILING_DIRECTORIES": os.path.dirname(tree),
    }


def _write_modules(root: str, tree: str, php: Sequence[str], runner: Runner) -> None:
    """Write the copy's config.php: the modules of live's, and nothing else of it."""
    source, target = os.path.join(root, CONFIG), os.path.join(tree, CONFIG)
    settings = [word for name, value in OPTIONS for word in ("-d", "{0}={1}".format(name, value))]
    # What it was copied with may not be written to, and must not be read again.
    _write(target, "")
    result = runner.run([*php, *settings, "-r", _MODULES, "--", source, target], cwd=tree)
    if result.rc != 0:
        raise CommerceError(
            "read which modules are enabled",
            source,
            "PHP ended with status {0}".format(result.rc),
            "Let the store's owner run `php bin/magento module:status` in {0}, and mend what it names.".format(root),
            code="no_modules",
        )


def _write(path: str, text: str) -> None:
    """A new file in place of whatever is there."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)
