# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which classes a patch explains changes of, by the files before and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.patched_names import (
    PatchedNames,
    base_class,
    patched_names,
)

BEFORE = "<?php\nnamespace Vendor\\X\\Model;\n\nuse Vendor\\Old\\Reader;\n\nclass Login\n{ private Customer $c; }\n"
AFTER = "<?php\nnamespace Vendor\\X\\Model;\n\nuse Vendor\\Y\\Thing;\n\nclass Login\n{ private CustomerFactory $f; }\n"
DI = '<config><preference for="Vendor\\X\\Api" type="\\Vendor\\X\\Model\\Impl"/></config>'
EVENTS = '<config><observer instance="Vendor\\X\\Observer\\Unlock"/></config>'


@pytest.fixture
def names(tmp_path: Path) -> PatchedNames:
    for root, texts in (("live", {"Login.php": BEFORE}), ("tree", {"Login.php": AFTER, "etc/di.xml": DI})):
        for path, text in {**texts, "etc/events.xml": EVENTS}.items():
            (tmp_path / root / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / path).write_text(text)
    paths = ["Login.php", "etc/di.xml", "etc/events.xml", "not/there.php"]
    return patched_names([str(tmp_path / "live"), str(tmp_path / "tree")], paths)


@pytest.mark.parametrize(
    ("name", "wiring", "existence"),
    [
        ("Vendor\\X\\Model\\Login", True, True),
        ("Vendor\\X\\Model\\Login\\Interceptor", True, True),
        ("Vendor\\X\\Model\\LoginFactory", True, True),
        ("Vendor\\X\\Api", True, True),
        ("Vendor\\X\\Model\\Impl\\Proxy", True, True),
        ("Vendor\\X\\Model\\CustomerFactory", False, True),
        ("Vendor\\X\\Model\\Customer\\Proxy", False, True),
        ("Vendor\\Y\\Thing", False, True),
        ("Vendor\\Old\\ReaderFactory", False, True),
        ("Vendor\\X\\Observer\\Unlock", False, True),
        ("Vendor\\Z\\CustomerFactory", False, False),
        ("Vendor\\X\\Model\\LoginPost", False, False),
    ],
)
def test_what_a_patch_explains(names: PatchedNames, name: str, wiring: bool, existence: bool) -> None:
    assert (names.explain(name), names.explain_existence(name)) == (wiring, existence)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("A\\B", "A\\B"),
        ("A\\B\\Interceptor", "A\\B"),
        ("A\\BFactory", "A\\B"),
        ("A\\BExtensionInterfaceFactory", "A\\B"),
        ("A\\BInterfaceFactory", "A\\B"),
        ("Factory", "Factory"),
    ],
)
def test_the_class_that_a_generated_one_is_made_for(name: str, base: str) -> None:
    assert base_class(name) == base
