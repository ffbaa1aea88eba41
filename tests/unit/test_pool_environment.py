# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that only the php-fpm pool of a store has."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.host_files import write_files

from ansible_collections.storefleet.commerce.plugins.module_utils.pool_environment import environment_finder

NGINX = "http { server { root /srv/shop/pub; location / { fastcgi_pass 127.0.0.1:9001; } } }"
SHOP = """
[shop]
user = www-data
listen = 127.0.0.1:9001
env[DB_PASSWORD] = "s3cret"
env[PATH] = /opt/bin
env[HOSTNAME] = $HOSTNAME
"""
OTHER = """
[other]
user = www-data
listen = 127.0.0.1:9002
env[DB_PASSWORD] = other
"""
COMMENTED = SHOP.replace("env[", ";env[")


def host(folder: Path, *pools: str) -> str:
    """A host whose nginx passes a store's PHP to port 9001; the store's root."""
    root = folder / "srv/shop"
    (root / "pub").mkdir(parents=True)
    files = {f"/etc/php/8.2/fpm/pool.d/{number}.conf": text for number, text in enumerate(pools)}
    write_files(folder, {"/etc/nginx/nginx.conf": NGINX, **files})
    return str(root)


def test_the_variables_are_those_of_the_pool_that_serves_the_store(tmp_path: Path) -> None:
    root = host(tmp_path, OTHER, SHOP)
    assert environment_finder(str(tmp_path))(root) == {"DB_PASSWORD": "s3cret"}


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    root = host(tmp_path, OTHER, SHOP)
    (tmp_path / "current").symlink_to(root)
    assert environment_finder(str(tmp_path))(str(tmp_path / "current")) == {"DB_PASSWORD": "s3cret"}


@pytest.mark.parametrize("pool", ["", COMMENTED, COMMENTED + OTHER])
def test_without_any_that_are_known_to_be_the_stores_there_are_none(tmp_path: Path, pool: str) -> None:
    root = host(tmp_path, pool)
    assert environment_finder(str(tmp_path))(root) == {}


def test_a_host_without_variables_costs_no_search_for_the_pool(tmp_path: Path, monkeypatch) -> None:
    root = host(tmp_path, COMMENTED)
    monkeypatch.setitem(sys.modules, f"{environment_finder.__module__.rpartition('.')[0]}.served", None)
    assert environment_finder(str(tmp_path))(root) == {}
