# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several stores are on a machine here: each has a database, tables and a host name of its own."""

from __future__ import annotations

import pytest
from support.session import Session
from support.stores import StoreContainer


@pytest.fixture
def store(variables, sessions):
    """The store as a customer and a database administrator see it."""
    name, container = variables["inventory_hostname"], variables["container_name"]
    username = variables.get("commerce_url_username")
    return StoreContainer(
        container,
        f"127.0.0.1:{variables['http_port']}",
        variables["made"].get("table_prefix", ""),
        session=sessions.setdefault(container, Session(container)),
        database=name.replace("-", "_"),
        host=f"{name}.example",
        auth=(username, variables["commerce_url_password"]) if username else None,
    )
