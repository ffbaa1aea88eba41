# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an autoloader was written, and Composer asked to write it so again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import autoloader, composer
from ansible_collections.storefleet.commerce.plugins.module_utils.autoloader import Autoloader, autoloader_of, dump
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

KNOWN = "vendor/magento/module-x/Login.php"
NEW = "vendor/magento/framework/New.php"
LISTED = "    'A\\\\B' => $vendorDir . '{0}',\n"
AUTHORITATIVE = Autoloader(authoritative=True, optimized=True, apcu=False)


def write(root: Path, real: str = "", class_map: str = "") -> None:
    (root / "vendor/composer").mkdir(parents=True, exist_ok=True)
    (root / "vendor/composer/autoload_real.php").write_text("<?php\n" + real)
    (root / "vendor/composer/autoload_classmap.php").write_text("<?php return array(\n" + class_map + ");")


@pytest.mark.parametrize(
    ("real", "class_map", "flags"),
    [
        ("", "", ()),
        ("", LISTED.format("/composer/InstalledVersions.php"), ()),
        ("", LISTED.format(KNOWN[6:]), ("--optimize",)),
        ("$loader->setClassMapAuthoritative(true);", LISTED.format(KNOWN[6:]), ("--classmap-authoritative",)),
        ("$loader->setApcuPrefix('x');", "", ("--apcu",)),
        (
            "$loader->setClassMapAuthoritative(true);\n$loader->setApcuPrefix('x');",
            "",
            ("--classmap-authoritative", "--apcu"),
        ),
    ],
)
def test_it_is_written_again_as_it_was(tmp_path: Path, real: str, class_map: str, flags: tuple) -> None:
    write(tmp_path, real, class_map)
    found = autoloader_of(str(tmp_path), [KNOWN])
    assert found.flags == flags
    names = {"--optimize": "--optimize-autoloader", "--apcu": "--apcu-autoloader"}
    assert found.update_flags == tuple(names.get(flag, flag) for flag in flags)


class Composer:
    """A runner in whose place Composer lists these files."""

    def __init__(self, tree: Path, *listed: str, rc: int = 0):
        self._tree, self._listed, self._rc = tree, listed, rc
        self.argv: list[str] = []

    def run(self, argv, **dummy) -> Result:
        self.argv = list(argv)
        write(self._tree, class_map="".join(LISTED.format(path[6:]) for path in self._listed))
        return Result(self._rc, "", "Composer's words")


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch):
    """A program called composer on the host, of this first line; None: there is none."""

    def put(first_line: str | None) -> str | None:
        found = None
        if first_line is not None:
            (tmp_path / "composer").write_text(first_line)
            found = str(tmp_path / "composer")
        monkeypatch.setattr(composer.shutil, "which", lambda name, path: found)
        return found

    return put


@pytest.mark.parametrize(("dev", "words"), [(True, ["--dev"]), (False, ["--no-dev"]), (None, [])])
def test_composer_writes_it_with_the_same_options_and_nothing_else(tmp_path, on_path, dev, words) -> None:
    program = on_path("#!/usr/bin/env php\n")
    runner = Composer(tmp_path, NEW)
    dump(str(tmp_path), AUTHORITATIVE, dev, [NEW], ("/opt/php", "-n"), runner)
    assert runner.argv == [
        *("/opt/php", "-n", "-d", "memory_limit=-1", program, "dump-autoload", "--no-interaction", "--no-ansi"),
        *("--no-scripts", "--no-plugins", "--classmap-authoritative", *words),
    ]


def test_a_composer_that_starts_php_itself_is_started_as_it_is(tmp_path, on_path) -> None:
    program = on_path("#!/bin/sh\n")
    runner = Composer(tmp_path, NEW)
    dump(str(tmp_path), AUTHORITATIVE, None, [NEW], ("php",), runner)
    assert runner.argv[:2] == [program, "dump-autoload"]


@pytest.mark.parametrize("own", ["composer.phar", "vendor/bin/composer"])
def test_the_release_s_own_composer_stands_in(tmp_path, on_path, own: str) -> None:
    on_path(None)
    (tmp_path / own).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / own).write_text("#!/usr/bin/env php\n")
    runner = Composer(tmp_path, NEW)
    dump(str(tmp_path), AUTHORITATIVE, None, [NEW], ("php",), runner)
    assert runner.argv[3] == str(tmp_path / own)


def test_no_composer_at_all_is_an_error(tmp_path, on_path) -> None:
    on_path(None)
    with pytest.raises(CommerceError) as caught:
        dump(str(tmp_path), AUTHORITATIVE, None, [NEW], ("php",), Composer(tmp_path))
    assert caught.value.code == "no_composer"


@pytest.mark.parametrize(("listed", "rc"), [((NEW,), 1), ((KNOWN,), 0)])
def test_a_dump_that_does_not_list_the_new_class_is_an_error(tmp_path, on_path, listed, rc: int) -> None:
    on_path("#!/usr/bin/php")
    with pytest.raises(CommerceError, match="Composer's words") as caught:
        dump(str(tmp_path), AUTHORITATIVE, None, [NEW], ("php",), Composer(tmp_path, *listed, rc=rc))
    assert caught.value.code == "dump_failed"
    assert (NEW in caught.value.came_back) == (NEW not in listed)


def test_an_optimized_one_finds_what_it_does_not_list(tmp_path, on_path) -> None:
    on_path("#!/usr/bin/php")
    optimized = Autoloader(authoritative=False, optimized=True, apcu=False)
    assert "--optimize" in dump(str(tmp_path), optimized, None, [NEW], ("php",), Composer(tmp_path))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("vendor/autoload.php", True),
        ("vendor/composer/autoload_static.php", True),
        ("vendor/composer/ClassLoader.php", True),
        ("vendor/composer/installed.json", False),
        ("vendor/composer/InstalledVersions.php", False),
        ("vendor/composer/x/autoload_static.php", False),
        ("app/autoload.php", False),
    ],
)
def test_what_a_dump_writes(path: str, expected: bool) -> None:
    assert autoloader.is_dumped(path) is expected
