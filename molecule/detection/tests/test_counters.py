# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""failures_num_reset reset what a login should have reset, as it had said, and left the other customers alone."""

from __future__ import annotations

import pytest
import testinfra

COUNTERS = {
    "customer@example.com": "0",
    "lock-ended@example.com": "0",
    "locked@example.com": "10",
    "never-logged-in@example.com": "3",
    "mistyped-since@example.com": "2",
}
RESET = [email for email, counter in COUNTERS.items() if counter == "0"]


@pytest.fixture
def variables():
    """Those of the one store that all of this is about."""
    return testinfra.get_host("ansible://counters-stuck").ansible.get_variables()


@pytest.fixture
def rows(store):
    """By address: the customer's row."""
    columns = ("entity_id", "failures_num", "first_failure", "lock_expires", "updated_at")
    found = store.sql(f"SELECT email, {', '.join(columns)} FROM customer_entity")
    return {email: dict(zip(columns, values, strict=True)) for email, *values in found}


def test_each_counter(rows):
    assert {email: row["failures_num"] for email, row in rows.items()} == COUNTERS


@pytest.mark.parametrize("column", ["first_failure", "lock_expires"])
def test_what_goes_with_the_counter(rows, column):
    assert {rows[email][column] for email in RESET} == {"NULL"}
    assert {rows[email]["first_failure"] for email in COUNTERS.keys() - RESET} & {"NULL"} == set()
    assert rows["locked@example.com"]["lock_expires"] != "NULL"


def test_nobody_counts_as_edited(rows):
    assert {row["updated_at"] for email, row in rows.items() if email != "customer@example.com"} == {
        "2026-01-01 08:00:00"
    }


def test_check_mode_told_which_and_wrote_nothing(found, rows):
    predicted, done, again = found["resets"]
    # What the real run has found is what there was after check mode.
    assert predicted["counters"] == done["counters"]
    assert predicted["diff"] == done["diff"]
    assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert [customer["customer"] for customer in done["counters"]["customers"]] == sorted(
        int(rows[email]["entity_id"]) for email in RESET
    )


def test_the_numbers(found):
    counts = [{key: found_["counters"][key] for key in ("stuck", "reset", "locked")} for found_ in found["resets"]]
    first = {"stuck": 3, "reset": 2, "locked": 1}
    assert counts == [first, first, {"stuck": 1, "reset": 0, "locked": 1}]


def test_the_operator_hears_that_the_defect_is_still_there(found):
    assert "graphql, rest, soap" in found["resets"][1]["warnings"][0]
