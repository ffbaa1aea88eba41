# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every version of the image: it starts, and has the defect or not as repository/versions.json says."""

from __future__ import annotations

import json

import pytest
from support.stores import ENGINE

VERSIONS = json.loads((ENGINE.parent / "repository" / "versions.json").read_text())["commerce"]
CASES = [
    (version, "native" if number == 0 else "present", state)
    for version, commerce in VERSIONS.items()
    for number, state in enumerate(commerce["built"])
]


def test_versions_of_the_table():
    assert list(VERSIONS) == [
        "2.4.5-p1", "2.4.6", "2.4.6-p1", "2.4.6-p3", "2.4.6-p8", "2.4.6-p10", "2.4.7", "2.4.8",
    ]  # fmt: skip
    assert [case[2] for case in CASES if case[0] in ("2.4.7", "2.4.8")] == ["fixed", "defective", "fixed"]


@pytest.mark.parametrize(("version", "defect", "state"), CASES)
def test_version(start, version, defect, state):
    name = f"version-{version}-{defect}".replace(".", "-")
    store = start(name, COMMERCE_VERSION=version, COMMERCE_DEFECT=defect)
    expected = {"defective": [1, 1, 2, 2, 3, 3], "fixed": [1, 0, 1, 0, 1, 0]}[state]
    assert store.counters(store.create_customer()) == expected
    assert store.installed()["magento/magento2-base"] == version
    assert store.magento("--version").stdout == f"Magento CLI {version}\n"
    offered = "ACSD-61103" in store.succeed(store.patches("status"))
    assert offered == version.startswith("2.4.6")
