# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which files are switched, and its mirror."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StagedFile
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_order import files_of, mirrored, step_of

FILES = [
    StagedFile("b/Changed.php", "1", "2"),
    StagedFile("a/Removed.php", "1", None),
    StagedFile("z/New.php", None, "2"),
    StagedFile("m/etc/events.xml", "1", "2"),
    StagedFile("m/etc/new.xml", None, "2"),
]


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("vendor/magento/module-integration/etc/webapi_rest/events.xml", "configuration"),
        ("app/code/Acme/X/etc/di.xml", "configuration"),
        ("vendor/magento/module-x/view/frontend/layout/default.xml", "code"),
        ("app/etc/config.php", "code"),
        ("vendor/acme/etc.xml", "code"),
        ("generated/metadata/global.php", "code"),
    ],
)
def test_configuration_is_xml_below_a_folder_etc(path: str, step: str) -> None:
    assert step_of(path) == step


def test_what_is_new_comes_first_and_what_goes_last() -> None:
    assert [file.path for file in files_of("code", FILES)] == ["z/New.php", "b/Changed.php", "a/Removed.php"]
    assert [file.path for file in files_of("configuration", FILES)] == ["m/etc/new.xml", "m/etc/events.xml"]


def test_the_way_back_is_the_mirror() -> None:
    assert mirrored(files_of("code", FILES)) == [
        StagedFile("a/Removed.php", None, "1"),
        StagedFile("b/Changed.php", "2", "1"),
        StagedFile("z/New.php", "2", None),
    ]
