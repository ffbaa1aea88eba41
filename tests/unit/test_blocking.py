# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which settings are in the way of the probe."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import scope_config
from ansible_collections.storefleet.commerce.plugins.module_utils.blocking import blocking_setting, blocking_settings
from ansible_collections.storefleet.commerce.plugins.module_utils.scope_config import ScopeConfig, StoreView

VIEW = StoreView(3, "de", "Deutsch", 2, "europe")
FAILURES, THRESHOLD = scope_config.LOCKOUT_FAILURES, scope_config.LOCKOUT_THRESHOLD
THROTTLE, RECAPTCHA = scope_config.THROTTLE_FAILURES, scope_config.RECAPTCHA_LOGIN


class Settings:
    def override(self, *dummy):
        return None


class Database:
    def __init__(self, *rows):
        self.rows = [dict(zip(("scope", "scope_id", "path", "value"), row, strict=True)) for row in rows]

    def query(self, sql, args=()):
        return self.rows


def config(*rows):
    return ScopeConfig(Settings(), Database(*rows))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ("default", 0, FAILURES, "0"),
            (FAILURES, "0", "default", "lockout_disabled", ("article", "gentle", "account")),
        ),
        (
            ("default", 0, THRESHOLD, "0"),
            (THRESHOLD, "0", "default", "lockout_disabled", ("article", "gentle", "account")),
        ),
        (
            ("default", 0, FAILURES, "none"),
            (FAILURES, "none", "default", "lockout_disabled", ("article", "gentle", "account")),
        ),
        (("default", 0, FAILURES, "1"), None),
        # Commerce does not look at a website's value.
        (("websites", 2, FAILURES, "0"), None),
        (("default", 0, THROTTLE, "1"), (THROTTLE, "1", "default", "throttled", ("article", "account"))),
        (("default", 0, THROTTLE, "0"), (THROTTLE, "0", "default", "throttled", ("article", "account"))),
        (("default", 0, THROTTLE, "2"), None),
        (("websites", 2, THROTTLE, "1"), None),
        (
            ("default", 0, RECAPTCHA, "invisible"),
            (RECAPTCHA, "invisible", "stores/de", "recaptcha", ("article", "gentle", "account")),
        ),
        (
            ("websites", 2, RECAPTCHA, "v3"),
            (RECAPTCHA, "v3", "stores/de", "recaptcha", ("article", "gentle", "account")),
        ),
        (("websites", 1, RECAPTCHA, "v3"), None),
        (("default", 0, RECAPTCHA, None), None),
    ],
)
def test_a_setting_in_the_way(row, expected):
    found = blocking_settings(config(row), VIEW)
    assert [(each.setting, each.value, each.scope, each.reason, each.forms) for each in found] == (
        [expected] if expected else []
    )
    for form in ("article", "gentle", "account"):
        setting = blocking_setting(config(row), VIEW, form)
        assert (setting and setting[0]) == (expected[3] if expected and form in expected[4] else None)


def test_all_are_told_and_the_gravest_first():
    rows = [("default", 0, path, value) for path, value in ((THROTTLE, "1"), (RECAPTCHA, "v3"), (FAILURES, "0"))]
    assert [each.setting for each in blocking_settings(config(*rows), VIEW)] == [FAILURES, THROTTLE, RECAPTCHA]
    assert blocking_setting(config(*rows), VIEW, "gentle") == (
        "lockout_disabled",
        "customer/password/lockout_failures is 0, so failed logins are not counted",
    )
    reason, why = blocking_setting(config(rows[0]), VIEW, "article")
    assert reason == "throttled"
    assert why.startswith("oauth/authentication_lock/max_failures_count is 1, ")


def test_nothing_is_in_the_way_of_a_store_as_shipped():
    assert blocking_settings(config(), VIEW) == ()
    assert blocking_setting(config(), VIEW, "article") is None
