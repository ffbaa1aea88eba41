# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several web nodes of one store: hosts without a store of their own, and one whose services others reach."""

from __future__ import annotations

import subprocess

import pytest
from contract.commerce import ROOT
from support.stores import APIS, ENGINE

COPY = """
set -o pipefail
"$0" exec "$1" tar --create --numeric-owner --directory /var/www store | "$0" exec --interactive "$2" tar --extract \
    --numeric-owner --same-permissions --directory /var/www
"""


@pytest.fixture(scope="module")
def empty(start):
    """A host without a store."""
    return start("node", COMMERCE_STORE="none")


@pytest.fixture
def node(empty, shared):
    """A further web node of the store: a copy of its tree, and of nothing else."""
    subprocess.run(["bash", "-c", COPY, ENGINE, shared.name, empty.name], check=True)
    empty.reload()
    return empty


def address(store):
    return store.run("hostname", "--all-ip-addresses").split()[0]


def test_host_without_a_store_has_services_and_no_database(empty):
    processes = empty.run("ps", "-eo", "comm").split()
    assert {"nginx", "php-fpm8.2", "sshd"} <= set(processes)
    assert not {"mariadbd", "redis-server"} & set(processes)
    assert empty.execute("test", "-e", f"{ROOT}/app").returncode == 1


def test_nodes_serve_one_store(shared, node):
    email = shared.create_customer()
    assert [node.login(api, email) for api in APIS] == [True] * len(APIS)
    shared.login("rest", email, "wrong")
    assert shared.counter(email) == 1


def test_nodes_share_the_caches_that_are_not_files(shared, node):
    for first, second in ((shared, node), (node, shared)):
        first.run("bash", "-c", f"rm -rf {ROOT}/var/*cache")
        assert first.request("GET", "/").headers["X-Magento-Cache-Debug"] == "MISS"
        assert second.request("GET", "/").headers["X-Magento-Cache-Debug"] == "HIT"
        shared.run("redis-cli", "flushall")


def test_env_php_names_the_host_by_its_address(shared):
    code = (
        "$e = require 'app/etc/env.php'; echo $e['db']['connection']['default']['host'], ' ', "
        "$e['cache']['frontend']['default']['backend_options']['server'];"
    )
    assert shared.succeed(shared.deploy("php", "-r", code)).split() == [address(shared)] * 2


@pytest.mark.parametrize("port", [3306, 6379])
def test_services_are_for_this_host_unless_asked(shared, empty, store, port):
    reach = f"exec 3<>/dev/tcp/{{}}/{port}"
    assert empty.execute("bash", "-c", reach.format(address(shared))).returncode == 0
    assert empty.execute("bash", "-c", reach.format(address(store))).returncode != 0
    assert store.execute("bash", "-c", reach.format("127.0.0.1")).returncode == 0


def test_services_are_reached_after_a_restart(shared, node):
    shared.run("service", "mariadb", "restart")
    assert node.login("rest", shared.create_customer())
