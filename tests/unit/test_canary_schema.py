# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the database has of all that a throw-away customer touches."""

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.module_utils import canary_schema

GRID = "BEGIN INSERT IGNORE INTO `m2_customer_grid_cl` (`entity_id`) VALUES (NEW.`entity_id`);\nEND"
TWO = GRID.replace("END", "INSERT IGNORE INTO `m2_erp_cl` (`entity_id`) VALUES (NEW.`entity_id`); END")
OTHER = "INSERT INTO erp_queue (customer) VALUES (NEW.entity_id)"


class FakeDatabase:
    def __init__(self, *rows: tuple[str, str, str]) -> None:
        self.rows = rows
        self.asked: list[tuple] = []

    def table(self, name: str) -> str:
        return f"`m2_{name}`"

    def query(self, dummy, args):
        self.asked.append(args)
        return [dict(zip(("kind", "name", "statement"), row, strict=True)) for row in self.rows]


def test_one_query_tells_all() -> None:
    database = FakeDatabase(
        ("table", "m2_customer_log", ""),
        ("table", "m2_oauth_token_request_log", ""),
        ("column", "erp_id", ""),
        ("column", "crm_id", ""),
        ("trigger", "m2_trg_insert", GRID),
        ("trigger", "m2_trg_delete", TWO),
        ("trigger", "erp_sync", OTHER),
    )
    assert canary_schema.survey(database) == canary_schema.Schema(
        frozenset({"customer_log", "oauth_token_request_log"}),
        ("crm_id", "erp_id"),
        ("m2_customer_grid_cl", "m2_erp_cl"),
        ("erp_sync",),
    )
    names, customers, columns, again = database.asked[0]
    assert "m2_customer_log" in names
    assert "m2_customer_group_excluded_website" in names
    assert (customers, again) == ("m2_customer_entity", "m2_customer_entity")
    assert "email" in columns
    assert len(database.asked) == 1
