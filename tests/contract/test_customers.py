# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers: their tables, and the settings that decide about a login and its counter."""

from __future__ import annotations

import hashlib
import secrets

import pytest
from contract.commerce import PASSWORD, WRONG_PASSWORD

LOCKOUT = "customer/password/lockout_failures"
MAX_REQUESTS = "oauth/authentication_lock/max_failures_count"


def seed(store, email="seeded@example.com", **columns):
    """A customer made by SQL alone."""
    salt = secrets.token_hex(16)
    digest = hashlib.sha256((salt + PASSWORD).encode()).hexdigest()
    values = {
        "website_id": 1,
        "email": f"'{email}'",
        "group_id": 1,
        "store_id": 1,
        "created_in": "'Default Store View'",
        "is_active": 1,
        "disable_auto_group_change": 0,
        "firstname": "'P'",
        "lastname": "'Q'",
        "password_hash": f"'{digest}:{salt}:1'",
        "failures_num": 0,
        **columns,
    }
    store.sql(
        f"INSERT INTO {{prefix}}customer_entity ({', '.join(values)}) VALUES ({', '.join(map(str, values.values()))})"
    )
    return email


def test_seeded_hash_logs_in_and_stays(store):
    email = seed(store)
    before = store.sql("SELECT password_hash FROM {prefix}customer_entity")
    assert store.login("rest", email)
    assert store.sql("SELECT password_hash FROM {prefix}customer_entity") == before


def test_columns(store):
    columns = {row[0]: row[1:5] for row in store.sql("SHOW COLUMNS FROM {prefix}customer_entity")}
    assert columns["entity_id"] == ["int(10) unsigned", "NO", "PRI", "NULL"]
    assert columns["website_id"][:3] == ["smallint(5) unsigned", "YES", "MUL"]
    assert columns["failures_num"] == ["smallint(6)", "YES", "", "0"]
    assert columns["first_failure"][0] == columns["lock_expires"][0] == columns["session_cutoff"][0] == "timestamp"
    assert columns["password_hash"][0] == "varchar(128)"
    tables = {row[0] for row in store.sql("SHOW TABLES")}
    assert tables >= {
        "core_config_data",
        "customer_entity",
        "customer_group",
        "customer_group_excluded_website",
        "customer_log",
        "oauth_token_request_log",
        "store",
        "store_group",
        "store_website",
    }


def test_email_is_unique_in_its_website(store, email):
    answer = store.request(
        "POST",
        "/rest/V1/customers",
        json={"customer": {"email": email, "firstname": "P", "lastname": "Q"}, "password": PASSWORD},
    )
    assert answer.status_code == 400
    assert "same email address already exists" in answer.json()["message"]


def test_ten_failures_lock_for_ten_minutes(store, email):
    store.configure(MAX_REQUESTS, "0")
    for number in range(1, 10):
        store.rest(email, WRONG_PASSWORD)
        assert store.customer(email)["failures_num"] == str(number)
        assert store.customer(email)["lock_expires"] is None
    store.rest(email, WRONG_PASSWORD)
    assert store.customer(email)["failures_num"] == "10"
    seconds = store.sql(
        "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), lock_expires) FROM {prefix}customer_entity "
        "WHERE lock_expires IS NOT NULL"
    )
    assert 580 <= int(seconds[0][0]) <= 600
    locked = store.rest(email, PASSWORD)
    assert locked.status_code == 401
    assert locked.json()["message"].startswith("The account sign-in was incorrect")
    store.sql("UPDATE {prefix}customer_entity SET lock_expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
    assert store.login("rest", email)


def test_failures_of_long_ago_do_not_count(store):
    email = seed(store, failures_num=5, first_failure="UTC_TIMESTAMP() - INTERVAL 11 MINUTE")
    store.rest(email, WRONG_PASSWORD)
    assert store.customer(email)["failures_num"] == "1"


@pytest.mark.parametrize("path", [LOCKOUT, "customer/password/lockout_threshold"])
def test_counter_does_not_move_without_a_lockout(store, email, path):
    store.configure(path, "0")
    store.rest(email, WRONG_PASSWORD)
    assert store.counter(email) == 0


def test_lockout_of_a_website_is_ignored(store, email):
    store.configure(LOCKOUT, "0", "websites", 1)
    store.rest(email, WRONG_PASSWORD)
    assert store.counter(email) == 1


def test_throttler_counts_by_name_and_forgets_after_a_success(store, email):
    def rows():
        return store.sql("SELECT user_name, user_type, failures_count FROM {prefix}oauth_token_request_log")

    store.rest(email, WRONG_PASSWORD)
    store.rest("nobody@example.com", WRONG_PASSWORD)
    assert sorted(rows()) == sorted([[email, "2", "1"], ["nobody@example.com", "2", "1"]])
    store.rest(email, PASSWORD)
    assert rows() == [["nobody@example.com", "2", "1"]]


def test_throttler_refuses_after_six_failures(store, email):
    store.configure(LOCKOUT, "100")
    for _attempt in range(6):
        store.rest(email, WRONG_PASSWORD)
    counter = store.counter(email)
    refused = store.rest(email, PASSWORD)
    assert refused.status_code == 401
    assert refused.json()["message"].startswith("The account sign-in was incorrect")
    assert store.counter(email) == counter
    store.sql("UPDATE {prefix}oauth_token_request_log SET lock_expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
    assert store.login("rest", email)


def test_unconfirmed_customer_cannot_log_in(store):
    email = seed(store, confirmation="'key'")
    store.configure("customer/create_account/confirm", "1")
    answer = store.rest(email, PASSWORD)
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("The account sign-in was incorrect")
    store.configure("customer/create_account/confirm", "0")
    assert store.login("rest", email)


def test_inactive_customer_cannot_log_in(store):
    assert not store.login("rest", seed(store, is_active=0))


def test_captcha_closes_the_token_calls(store, email):
    store.configure("recaptcha_frontend/type_for/customer_login", "recaptcha_v3")
    answer = store.rest(email, PASSWORD)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "ReCaptcha validation failed, please try again",
    )
    assert store.counter(email) == 0


def test_group_excluded_from_the_website_cannot_log_in(store, email):
    store.sql("INSERT INTO {prefix}customer_group_excluded_website (customer_group_id, website_id) VALUES (1, 1)")
    answer = store.rest(email, PASSWORD)
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("The account sign-in was incorrect")


def test_login_is_logged_once_per_customer(store, email):
    for api in ("rest", "graphql", "soap"):
        store.call(api, email, PASSWORD)
    rows = store.sql(
        "SELECT TIMESTAMPDIFF(SECOND, last_login_at, UTC_TIMESTAMP()), last_logout_at FROM {prefix}customer_log "
        f"JOIN {{prefix}}customer_entity ON entity_id = customer_id WHERE email = '{email}'"
    )
    assert len(rows) == 1
    assert 0 <= int(rows[0][0]) < 30
