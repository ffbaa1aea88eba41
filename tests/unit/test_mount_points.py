# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mount points below a root, from the system's table."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.storefleet.commerce.plugins.module_utils.mount_points import mount_points

TABLE = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:25 / /srv/store/generated rw - tmpfs tmpfs rw
31 22 8:1 /shared/env.php /srv/store/app/etc/env.php rw - ext4 /dev/sda1 rw
32 22 8:1 / /srv/store\\040two/pub/media rw - ext4 /dev/sda1 rw
33 22 8:1 / /srv/store-old/var rw - ext4 /dev/sda1 rw
"""


def test_those_below_the_root_are_told_relative_to_it(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    assert mount_points("/srv/store", str(table)) == ("app/etc/env.php", "generated")
    assert mount_points("/srv/store two", str(table)) == ("pub/media",)
    assert mount_points("/srv/other", str(table)) == ()


def test_where_the_system_lists_none_there_are_none(tmp_path: Path) -> None:
    assert mount_points("/srv/store", str(tmp_path / "none")) == ()


def test_the_systems_own_table_is_read() -> None:
    assert "proc" in mount_points("/")
