# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores with as much to compile, and as many files, as real ones have: those of the long run and of the bench."""

from __future__ import annotations

import datetime
import subprocess

import pytest
from contract.commerce import ROOT
from support.stores import APIS, ENGINE

STARTED, DONE = "Compilation was started.", "Generated code and dependency injection configuration successfully."
MEGABYTE = 1 << 20


def compile_seconds(store) -> float:
    """How long the compile took that the container began with."""
    command = [ENGINE, "logs", "--timestamps", store.name]
    log = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    moments = {text: moment for moment, _blank, text in (line.partition(" ") for line in log.splitlines())}
    # To the microsecond: the engine gives nine digits, or more of the zone than Python 3.11 takes.
    started, done = (datetime.datetime.fromisoformat(moments[text][:26]) for text in (STARTED, DONE))
    return (done - started).total_seconds()


def files(store, place: str, *without: str) -> int:
    pruned = [word for folder in without for word in ("-path", f"{ROOT}/{folder}", "-prune", "-o")]
    return len(store.run("find", f"{ROOT}/{place}", *pruned, "-type", "f", "-printf", "x"))


@pytest.fixture(scope="module")
def medium(start):
    return start("medium", COMMERCE_VERSION="2.4.6-p1", COMMERCE_MODE="production", COMMERCE_SIZE="medium")


def test_medium_store_is_compiled_for_a_while(medium):
    assert compile_seconds(medium) >= 15
    assert files(medium, "", "generated") < 6000
    email = medium.create_customer()
    assert [medium.login(api, email) for api in APIS] == [True] * len(APIS)


def test_interceptor_of_a_patched_class(medium):
    """Made of the class as it is now, whose constructor the patch changes."""
    interceptor = medium.read("generated/code/Magento/Customer/Model/CustomerAuthUpdate/Interceptor.php")
    assert "?\\Magento\\Customer\\Model\\Customer $customer = null)" in interceptor


def test_large_store_has_the_files_of_a_release(start):
    store = start("large", COMMERCE_VERSION="2.4.6-p1", COMMERCE_MODE="production", COMMERCE_SIZE="large")
    assert compile_seconds(store) >= 15
    assert 55_000 < files(store, "", "generated") < 65_000
    sizes = store.run("find", f"{ROOT}/generated", "-type", "f", "-printf", "%s\\n").split()
    assert 80 * MEGABYTE < sum(map(int, sizes)) < 110 * MEGABYTE
    assert store.login("rest", store.create_customer())
