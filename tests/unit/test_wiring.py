# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata files compared entry by entry, and classes asked for their parents, by PHP itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.wiring import descendants, wiring_changes


@pytest.fixture
def compared(tmp_path: Path):
    """What differs between two metadata files, each given as a PHP expression."""

    def compare(old: str, new: str):
        for name, text in (("old", old), ("new", new)):
            (tmp_path / name).mkdir()
            (tmp_path / name / "global.php").write_text(f"<?php echo 'words'; return {text};")
        found = wiring_changes(str(tmp_path / "old"), str(tmp_path / "new"), ["global.php"], ("php",), LocalRunner())
        entries = found["global.php"]
        return None if entries is None else [tuple(entry) for entry in entries]

    return compare


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("['arguments' => ['A' => [1], 'B' => [2]]]", "['arguments' => ['B' => [2], 'A' => [1]]]", []),
        ("['arguments' => ['A' => ['x' => 1]]]", "['arguments' => ['A' => ['x' => '1']]]", [("arguments", "A", "A")]),
        (
            "['arguments' => ['A' => ['x' => 1, 'y' => 2]]]",
            "['arguments' => ['A' => ['y' => 2, 'x' => 1]]]",
            [("arguments", "A", "A")],
        ),
        ("['arguments' => ['A' => null]]", "['arguments' => []]", [("arguments", "A", "A")]),
        ("[]", "['preferences' => ['I' => 'A']]", [("preferences", "I", "I")]),
        (
            "['arguments' => ['virtual' => [1]], 'instanceTypes' => ['virtual' => 'A\\\\B']]",
            "['arguments' => ['virtual' => [2]], 'instanceTypes' => ['virtual' => 'A\\\\B']]",
            [("arguments", "virtual", "A\\B")],
        ),
        ("[['A_m___self' => [4]]]", "[['A_m___self' => [1]]]", [("0", "A_m___self", "A_m___self")]),
        ("['x' => 1]", "['x' => 2]", [("x", "", "")]),
        ("1", "2", None),
        ("UNKNOWN", "[]", None),
    ],
)
def test_what_differs(compared, old: str, new: str, expected) -> None:
    assert compared(old, new) == expected


def test_a_file_that_ends_php_tells_nothing(compared) -> None:
    assert compared("exit(1)", "[]") is None


def test_one_broken_file_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.php").write_text("<?php syntax error")
    (tmp_path / "b.php").write_text("<?php return ['x' => ['y' => random_int(0, PHP_INT_MAX)]];")
    found = wiring_changes(str(tmp_path), str(tmp_path), ["a.php", "b.php"], ("php",), LocalRunner())
    assert found["a.php"] is None
    assert [tuple(entry) for entry in found["b.php"]] == [("x", "y", "y")]


def test_children_of_a_class_are_found_and_a_broken_class_hides_none_before_it(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/autoload.php").write_text(
        """<?php
        class Patched {}
        class Child extends Patched {}
        class Other {}
        spl_autoload_register(function ($name) {
            if ($name === 'Broken') { throw new Exception('no'); }
            if ($name === 'Unfit') { eval('class Unfit implements Other {}'); }
        });
        """
    )
    names = ["Child", "Other", "Broken", "Gone", "Patched", "Unfit"]
    found = descendants(str(tmp_path), names, ["Patched"], ("php",), LocalRunner())
    assert found == {"Child", "Patched"}
