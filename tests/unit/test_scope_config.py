# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several values of a setting counts, and what the base URL is."""

from __future__ import annotations

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
        ("https://store.example", None, "https://store.example/"),
        ("{{unsecure_base_url}}", "http://store.example/", "http://store.example/"),
        ("{{unsecure_base_url}}shop/", "http://store.example/", "http://store.example/shop/"),
        ("{{unsecure_base_url}}", None, "http://localhost/"),
        ("{{base_url}}", "http://store.example/", "http://localhost/"),
        (None, None, "http://localhost/"),
        (None, "http://store.example/", "http://store.example/"),
    ],
)
def test_placeholders_of_the_base_url_are_filled_in(secure, unsecure, expected) -> None:
    rows = [("default", 0, path, url) for path, url in ((SECURE, secure), (UNSECURE, unsecure)) if url]
    assert ScopeConfig(FakeSettings(), FakeDatabase(rows)).base_url(VIEW) == expected


def test_a_view_is_found_by_its_code_or_as_the_default() -> None:
    row = {"store_id": 3, "code": "de", "name": "Deutsch", "website_id": 2, "website_code": "europe"}
    database = FakeDatabase(views=[row])
    config = ScopeConfig(FakeSettings(), database)
    assert config.view() == config.view("de") == VIEW
    assert "is_default = 1" in database.queries[0][0]
    assert database.queries[1][1] == ("de",)


def test_a_view_that_is_not_there_is_named() -> None:
    with pytest.raises(CommerceError, match="xx") as missing:
        ScopeConfig(FakeSettings(), FakeDatabase()).view("xx")
    assert missing.value.code == "no_store_view"
