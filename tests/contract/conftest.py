# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import time

import pytest
from contract.commerce import Commerce
from support.stores import ENGINE

IMAGE_FOLDER = ENGINE.parent
# They take minutes to be made.
collect_ignore = [] if os.environ.get("STOREFLEET_LONG") else ["test_sizes.py"]


@pytest.fixture(scope="session")
def checkout_id():
    return subprocess.run([IMAGE_FOLDER / "checkout-id"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def image():
    build = subprocess.run([IMAGE_FOLDER / "build"], check=True, stdout=subprocess.PIPE, text=True)
    return build.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def start(checkout_id, image):
    """Starts a container by a short name and its environment, and waits until it serves; all are removed at the end."""
    names = []
    running = []

    def start_container(short_name, *, wait=True, prefix="", **environment):
        name = f"storefleet-{checkout_id}-contract-{os.getpid()}-{short_name}"
        names.append(name)
        command = [ENGINE, "run", "--detach", f"--name={name}", f"--label=storefleet.checkout={checkout_id}"]
        command += ["--publish=127.0.0.1::80"]
        command += [f"--env={variable}={value}" for variable, value in environment.items()]
        started = time.monotonic()
        subprocess.run([*command, image], check=True, capture_output=True)
        # One that is to fail may be gone before it is asked.
        port = subprocess.run([ENGINE, "port", name, "80/tcp"], check=wait, capture_output=True, text=True)
        store = Commerce(name, port.stdout.strip(), prefix, started)
        running.append(store)
        if wait:
            store.wait()
        return store

    yield start_container
    for store in running:
        store.close()
    if names:
        subprocess.run([IMAGE_FOLDER / "remove", *names], check=True, capture_output=True)


@pytest.fixture(scope="session")
def stores(start):
    """Stores by what they are asked to be, each started once."""
    started = {}

    def get(**environment):
        key = tuple(sorted(environment.items()))
        if key not in started:
            started[key] = start(f"store{len(started)}", **environment)
            started[key].remember()
        else:
            started[key].reset()
        return started[key]

    return get


@pytest.fixture
def store(stores):
    """2.4.6-p1 in developer mode, not patched."""
    return stores(COMMERCE_VERSION="2.4.6-p1")


@pytest.fixture
def compiled(stores):
    """2.4.6-p1 in production mode, compiled, not patched, with Debian's settings of php-fpm."""
    return stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_MODE="production")


@pytest.fixture
def patient(stores):
    """2.4.6-p1 whose php-fpm waits for requests before a reload ends them, and looks at changed files once a minute."""
    return stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_CONTROL_TIMEOUT="10s", COMMERCE_OPCACHE_REVALIDATE="60")


@pytest.fixture
def shared(stores):
    """2.4.6-p1, compiled, whose database and Redis other containers can use; an HTTP cache stands before it."""
    return stores(
        COMMERCE_VERSION="2.4.6-p1",
        COMMERCE_MODE="production",
        COMMERCE_CACHE="redis",
        COMMERCE_BIND="0.0.0.0",
        COMMERCE_DATABASE_HOST="address",
        COMMERCE_REDIS_HOST="address",
        COMMERCE_HTTP_CACHE_HOSTS="127.0.0.1:6081",
    )


@pytest.fixture
def email(store):
    return store.create_customer()
