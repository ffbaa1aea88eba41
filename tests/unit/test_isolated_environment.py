# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs in a copy can know of the live store: its modules and its mode."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_environment import isolate

LIVE = """<?php
echo 'words';
return [
    'modules' => ['Magento_Store' => 1, 'Acme_Off' => '0'],
    'db' => ['connection' => ['default' => ['host' => 'live', 'password' => 'hunter2']]],
    'cache' => ['frontend' => ['default' => ['backend' => 'Redis']]],
    'system' => ['default' => ['catalog' => ['search' => ['elasticsearch7_password' => 'hunter2']]]],
];
"""


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    """Live and its copy, with app/etc as it was copied."""
    live, tree = tmp_path / "store", tmp_path / "stage"
    for root in (live, tree):
        (root / "app/etc").mkdir(parents=True)
        (root / "app/etc/config.php").write_text(LIVE)
        (root / "var").mkdir()
    (live / "app/etc/env.php").write_text("<?php return ['crypt' => ['key' => 'geheim']];")
    return live, tree


def evaluated(tree: Path, name: str) -> dict:
    program = "echo json_encode(require $argv[1]);"
    return json.loads(LocalRunner().run(["php", "-r", program, "--", str(tree / "app/etc" / name)]).out)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("production", "production"), ("developer", "developer"), ("', 'db' => ['", "default")],
)
def test_env_php_knows_nothing_but_the_mode(roots, mode: str, expected: str) -> None:
    live, tree = roots
    isolate(str(live), str(tree), mode, ("php",))
    assert evaluated(tree, "env.php") == {
        "MAGE_MODE": expected,
        "backend": {"frontName": "admin"},
        "crypt": {"key": "0" * 32},
    }


def test_config_php_knows_nothing_but_the_modules(roots) -> None:
    live, tree = roots
    isolate(str(live), str(tree), "production", ("php",))
    assert evaluated(tree, "config.php") == {"modules": {"Magento_Store": 1, "Acme_Off": 0}}
    assert (live / "app/etc/config.php").read_text() == LIVE


def test_a_file_of_the_copy_that_is_live_s_too_is_not_written_through(roots) -> None:
    live, tree = roots
    for name in ("config.php", "env.php"):
        (tree / "app/etc" / name).unlink(missing_ok=True)
        os.link(live / "app/etc" / name, tree / "app/etc" / name)
    isolate(str(live), str(tree), "production", ("php",))
    assert (live / "app/etc/config.php").read_text() == LIVE
    assert "geheim" in (live / "app/etc/env.php").read_text()
    assert "geheim" not in (tree / "app/etc/env.php").read_text()


def test_programs_see_no_variable_of_the_store_and_a_home_of_their_own(roots, monkeypatch) -> None:
    for name in ("MAGE_MODE", "MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST", "CONFIG__DEFAULT__X", "DB_PASSWORD"):
        monkeypatch.setenv(name, "live")
    live, tree = roots
    runner = isolate(str(live), str(tree), "production", ("php",))
    seen = dict(line.split("=", 1) for line in runner.run(["env"]).out.splitlines())
    assert set(seen) - {"PWD", "SHLVL", "_"} == {
        "PATH",
        "HOME",
        "LC_ALL",
        "LANG",
        "TMPDIR",
        "COMPOSER_HOME",
        "COMPOSER_DISABLE_NETWORK",
        "GIT_CEILING_DIRECTORIES",
    }
    assert seen["GIT_CEILING_DIRECTORIES"] == str(tree.parent)
    for name in ("HOME", "TMPDIR", "COMPOSER_HOME"):
        assert seen[name].startswith(f"{tree}/var/")
        assert os.path.isdir(seen[name])


@pytest.mark.parametrize("text", ["<?php return [];", "<?php syntax error", "<?php return 1;"])
def test_a_config_php_without_modules_is_an_error(roots, text: str) -> None:
    live, tree = roots
    (live / "app/etc/config.php").write_text(text)
    with pytest.raises(CommerceError) as caught:
        isolate(str(live), str(tree), "production", ("php",))
    assert caught.value.code == "no_modules"
