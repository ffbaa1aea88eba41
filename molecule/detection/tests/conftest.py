# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several stores are on a machine here: each has a database, tables and a host name of its own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.session import Session
from support.stores import StoreContainer


def kept(file):
    """The text that the scenario kept under that name."""
    return Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], file).read_text()


@pytest.fixture(scope="session")
def audits():
    """By store: what the audit's task returned."""
    return json.loads(kept("audit.json"))


@pytest.fixture(scope="session")
def predictions():
    """By store: what it returned in check mode."""
    return json.loads(kept("check.json"))


@pytest.fixture(scope="session")
def everything_found():
    """By store: what the other modules returned."""
    return json.loads(kept("found.json"))


@pytest.fixture(scope="session")
def log():
    """What the audit printed, at -vvv."""
    return kept("audit.log")


@pytest.fixture(scope="session")
def last_lines(log):
    """By store: the word and the text with which the audit's last task says how the store is."""
    said = log.partition("TASK [The store is well]")[2]
    lines = re.split(r"^(ok|fatal): \[([^\]]+)\]", said, flags=re.MULTILINE)[1:]
    texts = [" ".join(text.split()).replace("''", "'") for text in lines[2::3]]
    return {name: (word, text) for word, name, text in zip(lines[::3], lines[1::3], texts, strict=True)}


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def expected(variables):
    return variables["expected"]


@pytest.fixture
def audit(name, audits):
    """The audit of the store; nothing for a host that is away."""
    return audits[name].get("audit")


@pytest.fixture
def found(name, everything_found):
    """What the other modules said of the store."""
    return everything_found[name]


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
        headers=variables.get("commerce_headers"),
    )
