# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the verification of every scenario starts from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.session import Session
from support.stores import StoreContainer


def pytest_configure(config):
    config.addinivalue_line("markers", "only(*names): hosts of the inventory, of which alone the test says something")


def pytest_collection_modifyitems(config, items):
    others = [item for item in items if not _is_about_its_host(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def _is_about_its_host(item):
    marker = item.get_closest_marker("only")
    if marker is None:
        return True
    host = item.callspec.params["_testinfra_host"].backend.get_pytest_id()
    return host in [f"ansible://{name}" for name in marker.args]


@pytest.fixture
def variables(host):
    """The inventory's variables of the store's host, those that creating the container wrote down among them."""
    return host.ansible.get_variables()


@pytest.fixture(scope="session")
def sessions():
    """The containers that have been entered, by name."""
    entered = {}
    yield entered
    for session in entered.values():
        session.close()


@pytest.fixture
def store(variables, sessions):
    """The store as a customer and a database administrator see it."""
    name = variables["container_name"]
    session = sessions.setdefault(name, Session(name))
    return StoreContainer(name, f"127.0.0.1:{variables['http_port']}", session=session)


@pytest.fixture
def root(variables):
    """The store's root folder."""
    return variables["commerce_root"]


@pytest.fixture
def before(variables):
    """What the store was before it was changed: its tree, a customer of its own, and that one's counter."""
    folder = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "before")
    return json.loads((folder / f"{variables['inventory_hostname']}.json").read_text())
