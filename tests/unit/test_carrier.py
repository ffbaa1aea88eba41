# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store's patches have to live, by the operator's word or by its marks."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.carrier import CARRIERS, Carrier, carrier_of

ROOT = "/srv/store"


@pytest.mark.parametrize(
    ("tool", "read_only", "name", "temporary"),
    [
        (None, (), "host", False),
        ("git", (), "host", False),
        ("deployer", (), "build", True),
        ("capistrano", (), "build", True),
        ("releases", (), "build", True),
        ("cloud", (), "cloud", True),
        ("cloud", (ROOT,), "cloud", True),
        # An image, or a file system that is mounted.
        (None, (ROOT, f"{ROOT}/generated"), "build", False),
        # What the patch changes can be written.
        (None, (f"{ROOT}/var",), "host", False),
    ],
)
def test_the_marks_of_a_store_say_what_carries_its_patches(tool, read_only, name, temporary):
    assert carrier_of("auto", tool, ROOT, read_only) == Carrier(name, temporary)


@pytest.mark.parametrize("asked", [name for name in CARRIERS if name != "auto"])
@pytest.mark.parametrize(("tool", "temporary"), [(None, False), ("deployer", True), ("cloud", True), ("git", False)])
def test_the_operators_word_counts(asked, tool, temporary):
    assert carrier_of(asked, tool, ROOT, (ROOT,)) == Carrier(asked, temporary)
