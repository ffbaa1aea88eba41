# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration by scope as Commerce sees it: store view, website, default; files and environment over the database."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from .errors import CommerceError

SECURE_BASE_URL = "web/secure/base_url"
UNSECURE_BASE_URL = "web/unsecure/base_url"
USE_SECURE = "web/secure/use_in_frontend"
OFFLOADER_HEADER = "web/secure/offloader_header"
LOCKOUT_FAILURES = "customer/password/lockout_failures"
LOCKOUT_THRESHOLD = "customer/password/lockout_threshold"
THROTTLE_FAILURES = "oauth/authentication_lock/max_failures_count"
RECAPTCHA_LOGIN = "recaptcha_frontend/type_for/customer_login"
DEFAULT_GROUP = "customer/create_account/default_group"
ACCOUNT_SHARE = "customer/account_share/scope"

# What the modules' own config.xml say (2.4.6), for the paths that are asked here.
SHIPPED: Mapping[str, str] = {
    SECURE_BASE_URL: "{{unsecure_base_url}}",
    UNSECURE_BASE_URL: "{{base_url}}",
    USE_SECURE: "0",
    OFFLOADER_HEADER: "X-Forwarded-Proto",
    LOCKOUT_FAILURES: "10",
    LOCKOUT_THRESHOLD: "10",
    THROTTLE_FAILURES: "6",
    RECAPTCHA_LOGIN: "",
    DEFAULT_GROUP: "1",
    ACCOUNT_SHARE: "1",
}

# A base URL of {{base_url}} means: whatever host the request named.
ANY_HOST = "http://localhost/"


class StoreView(NamedTuple):
    """A store view and the website it belongs to."""

    store_id: int
    code: str
    name: str
    website_id: int
    website_code: str


class ScopeConfig:
    """The configuration of a store; the paths of SHIPPED only, read in one query.

    settings: settings.Settings with override(path, scope, scope_code); database: a connected database.Database.
    """

    def __init__(self, settings, database):
        self._settings = settings
        self._database = database
        self._rows = None

    def value(self, path: str, view: Optional[StoreView] = None) -> str:
        """The value of a path for a store view; without one, at default scope."""
        scopes: Tuple[Tuple[str, Optional[str], int], ...] = (("default", None, 0),)
        if view is not None:
            scopes = (("stores", view.code, view.store_id), ("websites", view.website_code, view.website_id)) + scopes
        for scope, code, number in scopes:
            override = self._settings.override(path, scope, code)
            if override is not None:
                return override
            row = self._saved().get((scope, number, path))
            if row is not None:
                return row
        return SHIPPED[path]

    def number(self, path: str, view: Optional[StoreView] = None) -> int:
        """The value as PHP's (int) reads it: what is no number is 0."""
        digits = ""
        for character in self.value(path, view).strip():
            if not character.isdigit():
                break
            digits += character
        return int(digits or 0)

    def base_url(self, view: StoreView) -> str:
        """The base URL by which customers reach a store view, placeholders filled in, ending in a slash.

        The secure one; but where the storefront does not use it, and it names another host, it may be nobody's.
        """
        secure, unsecure = (self._filled(path, view) for path in (SECURE_BASE_URL, UNSECURE_BASE_URL))
        same = urlsplit(secure).netloc.partition(":")[0] == urlsplit(unsecure).netloc.partition(":")[0]
        url = secure if same or self.number(USE_SECURE, view) else unsecure
        return url if url.endswith("/") else url + "/"

    def _filled(self, path, view):
        """A base URL with its placeholders filled in, as Commerce's Placeholder does it."""
        url = self.value(path, view).strip() or SHIPPED[path]
        # Once each: what is left then are two that name each other.
        for placeholder, other in (
            ("{{unsecure_base_url}}", UNSECURE_BASE_URL),
            ("{{secure_base_url}}", SECURE_BASE_URL),
        ):
            if placeholder in url:
                url = url.replace(placeholder, self.value(other, view).strip() or SHIPPED[other])
        return url.replace("{{base_url}}", ANY_HOST)

    def view(self, code: Optional[str] = None) -> StoreView:
        """The store view of that code; without one, the default view of the default website, if customers may see it.

        An inactive default view is passed over for the next active one, of the default website first.
        """
        rows = self._database.query(
            """
            SELECT s.store_id, s.code, s.name, s.website_id, s.is_active, w.code AS website_code
            FROM {store} s JOIN {store_website} w ON w.website_id = s.website_id
            LEFT JOIN {store_group} g ON g.group_id = w.default_group_id AND g.default_store_id = s.store_id
            WHERE s.store_id > 0 AND IF(%s IS NULL, s.is_active = 1, s.code = %s)
            ORDER BY w.is_default DESC, g.group_id IS NULL, s.store_id LIMIT 1
            """,
            (code, code),
        )
        if not rows or not int(rows[0]["is_active"]):
            raise CommerceError(
                "find the store view",
                code or "the store's websites",
                "it is inactive" if rows else "the store has no {0}".format(code or "active one"),
                "Name an active store view in commerce_store_code.",
                code="store_view_inactive" if rows else "no_store_view",
            )
        row = rows[0]
        return StoreView(
            int(row["store_id"]), str(row["code"]), str(row["name"]), int(row["website_id"]), str(row["website_code"])
        )

    def _saved(self):
        if self._rows is None:
            rows = self._database.query(
                "SELECT scope, scope_id, path, value FROM {core_config_data} WHERE path IN %s", (list(SHIPPED),)
            )
            self._rows = {(row["scope"], int(row["scope_id"]), row["path"]): row["value"] for row in rows}
        return self._rows
