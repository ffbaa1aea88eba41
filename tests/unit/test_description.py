# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store described: every key always, nothing secret, and what disagrees is said."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import description as description_module
from ansible_collections.storefleet.commerce.plugins.module_utils.description import described
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import DatabaseSettings, Settings

DATABASE = DatabaseSettings("db", 3306, None, "commerce", "geheim-user", "geheim-password", "m2_")


@pytest.fixture
def shown(store_tree, tmp_path, monkeypatch):
    """The description of the store on a host with one pool, whose settings are these, or cannot be read."""
    pool = tmp_path / "etc/php/8.2/fpm/pool.d/www.conf"
    pool.parent.mkdir(parents=True)
    pool.write_text("[www]\nuser = www-data\nlisten = 9000\nenv[PASSWORD] = geheim-too\n")

    def made(php="8.2.29", database=DATABASE):
        def settings(root, argv, runner):
            if php is None:
                raise CommerceError("start php", "here", "no such file", "Install it.", code="not_started")
            return Settings(
                mode="production",
                installed=True,
                php_version=php,
                database=database,
                modules=("Magento_Customer",),
                system={},
            )

        monkeypatch.setattr(description_module, "read_settings", settings)
        return described(str(store_tree.root), ("php",), None, str(tmp_path))

    return made


def test_every_key_is_there_where_the_settings_cannot_be_read(shown):
    found = shown(php=None)
    assert list(found) == list(shown())
    assert (found["mode"], found["installed"], found["modules"], found["database"]) == (None,) * 4
    assert (found["version"], found["serving"]["pool"]) == ("2.4.6-p3", "www")
    assert found["notes"][-1] == "Could not start php on here: no such file. Install it."


def test_a_result_is_plain_data_without_anything_secret(shown):
    text = json.dumps(shown())
    assert "geheim" not in text
    assert '"table_prefix": "m2_"' in text


@pytest.mark.parametrize(
    ("php", "same", "noted"),
    [("8.2.29", True, False), ("8.20.1", False, True), ("8.1.2-ubuntu", False, True), (None, None, False)],
)
def test_another_php_than_the_stores_is_told(shown, php, same, noted):
    found = shown(php)
    assert found["serving"]["same_php"] is same
    assert any("commerce_php" in note and "PHP 8.2," in note for note in found["notes"]) is noted


def test_the_notes_of_store_and_host_come_together(shown, store_tree):
    (store_tree.root / "composer.lock").unlink()
    notes = shown()["notes"]
    assert notes[0].startswith("composer.lock: not there")
    assert "only pool" in notes[1]


def test_serving_is_all_nulls_where_nothing_is_known(shown, tmp_path):
    (tmp_path / "etc/php/8.2/fpm/pool.d/www.conf").unlink()
    found = shown()
    serving = found["serving"]
    assert not any("commerce_php" in note for note in found["notes"])
    assert {name: value for name, value in serving.items() if value is not None} == {"also": [], "sharing": []}


def test_a_store_without_a_database(shown):
    assert shown(database=None)["database"] is None
