# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old and new generated/: what the patch explains, what nobody does, and what stays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.generated_changes import (
    GeneratedChange,
    carry_over,
    compare_generated,
    give_generated_rights,
    require_accepted,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.patched_names import PatchedNames

NAMES = PatchedNames(frozenset({"V\\Login"}), frozenset({"V\\Login", "V\\Customer"}))
METADATA = "metadata/global.php"
CLASSES = "<?php namespace V; class Login {} class Other {} class Child extends Login {}"


class Roots:
    """Live and its compiled copy, both with the same generated/."""

    def __init__(self, folder: Path):
        self.live, self.tree = folder / "live", folder / "tree"
        for root in (self.live, self.tree):
            self.write(root, METADATA, "<?php return ['arguments' => ['V\\\\Login' => [1], 'V\\\\Other' => [1]]];")
            self.write(root, "code/V/Other/Interceptor.php", "<?php // other")
            self.write(root, "code/V/Login/Interceptor.php", "<?php // login")
            self.write(root, ".htaccess", "Deny")
        (self.tree / "vendor").mkdir()
        (self.tree / "vendor/autoload.php").write_text(CLASSES)

    def write(self, root: Path, path: str, text: str) -> None:
        full = root / "generated" / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)

    def compare(self):
        found = compare_generated(str(self.live), str(self.tree), NAMES, ("php",), LocalRunner())
        return found.changed, [str(change) for change in found.others], list(found.only_live)


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(tmp_path)


def test_nothing_differs_where_only_the_text_does(roots: Roots) -> None:
    assert roots.compare() == (False, [], [])
    roots.write(roots.tree, METADATA, "<?php return ['arguments' => ['V\\\\Other' => [1], 'V\\\\Login' => [1]]];")
    assert roots.compare() == (False, [], [])


WIRING = "<?php return ['arguments' => [{0}]];"
OLD = "'V\\\\Login' => [1], 'V\\\\Other' => [1]"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (METADATA, WIRING.format("'V\\\\Login' => [2], 'V\\\\Other' => [1]")),
        (METADATA, WIRING.format(OLD + ", 'V\\\\Login\\\\Interceptor' => [1]")),
        (METADATA, WIRING.format(OLD + ", 'V\\\\CustomerFactory' => [1]")),
        (METADATA, WIRING.format(OLD + ", 'V\\\\Child' => [1]")),
        (METADATA, "<?php return ['arguments' => [" + OLD + "], 0 => ['V\\\\Login_save___self' => [4]]];"),
        ("code/V/Login/Interceptor.php", "<?php // new"),
        ("code/V/CustomerFactory.php", "<?php // new"),
        ("code/V/Child/Interceptor.php", "<?php // new"),
    ],
)
def test_what_the_patch_explains_is_changed_and_no_reason_to_stop(roots: Roots, path: str, text: str) -> None:
    roots.write(roots.tree, path, text)
    assert roots.compare() == (True, [], [])


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            METADATA,
            WIRING.format("'V\\\\Login' => [1], 'V\\\\Other' => [2]"),
            f"{METADATA}: arguments of V\\Other changed",
        ),
        (METADATA, WIRING.format(OLD + ", 'V\\\\Customer' => [1]"), f"{METADATA}: arguments of V\\Customer changed"),
        (
            METADATA,
            "<?php return ['arguments' => [" + OLD + "], 0 => ['V\\\\Other_save___self' => [4]]];",
            f"{METADATA}: plugins of V\\Other_save___self changed",
        ),
        (METADATA, "<?php broken", f"{METADATA} changed"),
        ("metadata/new.php", "<?php return [];", "metadata/new.php new"),
        ("code/V/Other/Interceptor.php", "<?php // changed", "code/V/Other/Interceptor.php changed"),
        ("code/V/OtherFactory.php", "<?php // new", "code/V/OtherFactory.php new"),
        (".htaccess", "Allow", ".htaccess changed"),
    ],
)
def test_what_nobody_explains_is_told(roots: Roots, path: str, text: str, told: str) -> None:
    roots.write(roots.tree, path, text)
    assert roots.compare() == (True, [told], [])


@pytest.mark.parametrize("path", [METADATA, "code/V/Other/Interceptor.php", "code/V/Other/Proxy.php"])
def test_what_a_compile_should_have_made_and_has_not_is_told(roots: Roots, path: str) -> None:
    roots.write(roots.live, path, "<?php return [];")
    (roots.tree / "generated" / path).unlink(missing_ok=True)
    assert roots.compare() == (True, [f"{path} gone"], [])


def test_classes_that_the_store_made_at_need_stay_but_for_those_of_the_patch(roots: Roots) -> None:
    roots.write(roots.live, "code/V/OtherFactory.php", "<?php // made")
    roots.write(roots.live, "code/V/LoginFactory.php", "<?php // made, of a patched class")
    assert roots.compare() == (True, [], ["code/V/OtherFactory.php"])
    carry_over(str(roots.live), str(roots.tree), ["code/V/OtherFactory.php"])
    assert (roots.tree / "generated/code/V/OtherFactory.php").read_text() == "<?php // made"


WIRED = GeneratedChange(METADATA, "changed", "arguments of Acme\\X", "Acme\\X")


@pytest.mark.parametrize(
    "pattern", [METADATA, "metadata/*", f"{METADATA}: arguments of Acme\\X", "metadata/*: arguments of Acme\\*"]
)
def test_a_change_is_accepted_by_name(pattern: str) -> None:
    require_accepted("/srv/store", [WIRED], ["other", pattern])


@pytest.mark.parametrize("pattern", ["", "metadata", "Acme\\X", "*: arguments of Acme\\Y", "code/*"])
def test_a_change_that_is_not_accepted_stops_the_run(pattern: str) -> None:
    with pytest.raises(CommerceError) as caught:
        require_accepted("/srv/store", [WIRED], [pattern])
    assert caught.value.code == "generated_differs"
    assert f"{METADATA}: arguments of Acme\\X changed" in str(caught.value)


def test_an_error_names_some_of_many_and_counts_the_rest() -> None:
    changes = [GeneratedChange(f"code/{number:02}.php", "new", "", "") for number in range(25)]
    with pytest.raises(CommerceError) as caught:
        require_accepted("/srv/store", changes, ["code/00.php"])
    assert "code/01.php" in caught.value.came_back
    assert "code/20.php" in caught.value.came_back
    assert caught.value.came_back.endswith("code/20.php new; and 4 more")


def test_the_same_users_may_read_it_all(roots: Roots) -> None:
    live, tree = roots.live / "generated", roots.tree / "generated"
    roots.write(roots.tree, "code/V/New/Interceptor.php", "<?php")
    for path, mode in ((".", 0o2775), ("code", 0o2770), ("code/V/Other", 0o750), (METADATA, 0o664)):
        (live / path).chmod(mode)
    (live / "code/V/Other/Interceptor.php").chmod(0o640)
    for folder, folders, files in os.walk(tree):
        for name in (*folders, *files):
            os.chmod(os.path.join(folder, name), 0o700)
    give_generated_rights(str(live), str(roots.tree))
    modes = {
        ".": 0o2775,
        "code": 0o2770,
        "code/V/Other": 0o750,
        "code/V/New": stat.S_IMODE((live / "code/V").stat().st_mode),
        METADATA: 0o664,
        "code/V/Other/Interceptor.php": 0o640,
        "code/V/New/Interceptor.php": 0o664,
    }
    assert {path: stat.S_IMODE((tree / path).stat().st_mode) for path in modes} == modes
