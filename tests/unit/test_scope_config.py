# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several values of a setting counts, and what the base URL is."""

from __future__ import annotations

import sqlite3

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import scope_config
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.scope_config import ScopeConfig, StoreView

VIEW = StoreView(store_id=3, code="de", name="Deutsch", website_id=2, website_code="europe")
PATH = scope_config.OFFLOADER_HEADER
SECURE, UNSECURE = scope_config.SECURE_BASE_URL, scope_config.UNSECURE_BASE_URL


class FakeSettings:
    def __init__(self, **overrides: str) -> None:
        self.overrides = overrides

    def override(self, path, scope="default", scope_code=None):
        assert (scope == "default") == (scope_code is None)
        return self.overrides.get(scope) if path == PATH else None


class FakeDatabase:
    def __init__(self, config: list[tuple] = (), views: list[dict] = ()) -> None:
        self.config, self.views, self.queries = list(config), list(views), []

    def query(self, sql, args=()):
        self.queries.append((sql, args))
        if "core_config_data" in sql:
            return [dict(zip(("scope", "scope_id", "path", "value"), row, strict=True)) for row in self.config]
        return self.views


ROWS = {"stores": ("stores", 3, PATH, "db stores"), "websites": ("websites", 2, PATH, "db websites")}
ROWS["default"] = ("default", 0, PATH, "db default")


@pytest.mark.parametrize(
    ("rows", "overrides", "expected"),
    [
        ((), {}, "X-Forwarded-Proto"),
        (("default",), {}, "db default"),
        (("default", "websites"), {}, "db websites"),
        (("default", "websites", "stores"), {}, "db stores"),
        (("default",), {"default": "file default"}, "file default"),
        (("default", "stores"), {"default": "file default"}, "db stores"),
        (("stores",), {"stores": "file stores"}, "file stores"),
        (("websites",), {"websites": "file websites", "default": "file default"}, "file websites"),
    ],
)
def test_the_narrowest_scope_wins_and_files_win_within_it(rows, overrides, expected) -> None:
    config = ScopeConfig(FakeSettings(**overrides), FakeDatabase([ROWS[name] for name in rows]))
    assert config.value(PATH, VIEW) == expected


def test_without_a_view_only_the_default_scope_counts() -> None:
    config = ScopeConfig(FakeSettings(stores="file stores"), FakeDatabase([ROWS["stores"], ROWS["websites"]]))
    assert config.value(PATH) == "X-Forwarded-Proto"


def test_other_views_do_not_count_and_a_row_without_a_value_is_none() -> None:
    rows = [("stores", 9, PATH, "another view's"), ("websites", 2, PATH, None)]
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).value(PATH, VIEW) == "X-Forwarded-Proto"


def test_the_database_is_asked_once() -> None:
    database = FakeDatabase()
    config = ScopeConfig(FakeSettings(), database)
    for path in scope_config.SHIPPED:
        config.value(path, VIEW)
    assert len(database.queries) == 1


@pytest.mark.parametrize(("text", "number"), [("10", 10), (" 7", 7), ("0", 0), ("", 0), ("off", 0), ("5x5", 5)])
def test_numbers_are_read_as_php_reads_them(text: str, number: int) -> None:
    rows = [("default", 0, scope_config.LOCKOUT_FAILURES, text)]
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).number(scope_config.LOCKOUT_FAILURES) == number


@pytest.mark.parametrize(
    ("secure", "unsecure", "expected"),
    [
        ("https://store.example/", "http://store.example/", "https://store.example/"),
        ("https://store.example", "http://store.example/", "https://store.example/"),
        (" https://store.example/ ", "http://store.example:8080/", "https://store.example/"),
        ("{{unsecure_base_url}}", "http://store.example/", "http://store.example/"),
        ("{{unsecure_base_url}}shop/", "http://store.example/", "http://store.example/shop/"),
        ("https://store.example/", "{{secure_base_url}}", "https://store.example/"),
        ("{{unsecure_base_url}}", "{{secure_base_url}}", "{{unsecure_base_url}}/"),
        ("{{unsecure_base_url}}", None, "http://localhost/"),
        ("{{base_url}}", "{{unsecure_base_url}}", "http://localhost/"),
        ("", "http://store.example/", "http://store.example/"),
        (None, None, "http://localhost/"),
        (None, "http://store.example/", "http://store.example/"),
    ],
)
def test_placeholders_of_the_base_url_are_filled_in(secure, unsecure, expected) -> None:
    rows = [("default", 0, path, url) for path, url in ((SECURE, secure), (UNSECURE, unsecure)) if url is not None]
    rows.append(("default", 0, scope_config.USE_SECURE, "1"))
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).base_url(VIEW) == expected


@pytest.mark.parametrize(
    ("secure", "used", "expected"),
    [
        ("https://old.example/", "0", "http://store.example/"),
        ("https://old.example/", None, "http://store.example/"),
        ("https://old.example/", "1", "https://old.example/"),
        ("https://store.example/", "0", "https://store.example/"),
        ("https://store.example:8443/", "0", "https://store.example:8443/"),
    ],
)
def test_a_secure_url_of_another_host_counts_where_the_storefront_uses_it(secure, used, expected) -> None:
    rows = [("default", 0, SECURE, secure), ("default", 0, UNSECURE, "http://store.example/")]
    rows += [("websites", 2, scope_config.USE_SECURE, used)] if used is not None else []
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).base_url(VIEW) == expected


def test_the_base_url_is_the_views_own_not_that_of_the_administration() -> None:
    rows = [("default", 0, path, "https://admin.example/") for path in (SECURE, UNSECURE)]
    rows += [("websites", 2, path, "https://store.example/") for path in (SECURE, UNSECURE)]
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).base_url(VIEW) == "https://store.example/"


VIEWS = """
CREATE TABLE store_website (website_id INTEGER, code TEXT, default_group_id INTEGER, is_default INTEGER);
CREATE TABLE store_group (group_id INTEGER, website_id INTEGER, default_store_id INTEGER);
CREATE TABLE store (store_id INTEGER, code TEXT, name TEXT, website_id INTEGER, is_active INTEGER);
INSERT INTO store_website VALUES (0, 'admin', 0, 0), (1, 'other', 1, 0), (2, 'europe', 2, 1);
INSERT INTO store_group VALUES (0, 0, 0), (1, 1, 1), (2, 2, 4);
INSERT INTO store VALUES (0, 'admin', 'Admin', 0, 1), (1, 'us', 'US', 1, 1), (3, 'de', 'Deutsch', 2, 1),
    (4, 'fr', 'Français', 2, 1);
"""


class SqlDatabase:
    """The tables of store views in SQLite, which understands the same statement."""

    def __init__(self, *changes: str) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(VIEWS + ";".join(changes))

    def query(self, sql, args=()):
        text = sql.replace("{", "").replace("}", "").replace("%s", "?").replace("IF(", "IIF(")
        return [dict(row) for row in self.connection.execute(text, args)]


@pytest.mark.parametrize(
    ("changes", "code", "expected"),
    [
        ((), None, "fr"),
        ((), "de", "de"),
        ((), "us", "us"),
        (("UPDATE store SET is_active = 0 WHERE store_id = 4",), None, "de"),
        (("UPDATE store SET is_active = 0 WHERE website_id = 2",), None, "us"),
        (("UPDATE store_website SET is_default = (website_id = 1)",), None, "us"),
        (("UPDATE store SET code = 'neu' WHERE store_id = 4",), None, "neu"),
    ],
)
def test_a_view_is_found_by_its_code_or_as_the_first_that_customers_see(changes, code, expected) -> None:
    found = ScopeConfig(FakeSettings(), SqlDatabase(*changes)).view(code)
    assert found.code == expected


def test_a_view_comes_with_its_website() -> None:
    assert ScopeConfig(FakeSettings(), SqlDatabase()).view("de") == VIEW


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ((), "xx", "no_store_view"),
        ((), "admin", "no_store_view"),
        (("UPDATE store SET is_active = 0 WHERE store_id > 0",), None, "no_store_view"),
        (("UPDATE store SET is_active = 0 WHERE code = 'de'",), "de", "store_view_inactive"),
    ],
)
def test_a_view_that_no_customer_sees_is_named(changes, code, error) -> None:
    with pytest.raises(CommerceError, match=code or "websites") as missing:
        ScopeConfig(FakeSettings(), SqlDatabase(*changes)).view(code)
    assert missing.value.code == error
