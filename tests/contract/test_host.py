# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container as a host: its users, its services, how quickly it starts and stops, what it refuses."""

from __future__ import annotations

import subprocess
import time

import pytest
from support.stores import ENGINE

# Machines that run tests are busy; on an idle one it is less than a third of this.
SECONDS_TO_FIRST_LOGIN = 15


@pytest.mark.parametrize("mode", ["developer", "production"])
def test_first_login_comes_soon(start, mode):
    store = start(f"quick-{mode}", COMMERCE_MODE=mode, COMMERCE_PATCHED="yes", COMMERCE_OPCACHE="hardened")
    assert store.login("rest", store.create_customer())
    seconds = time.monotonic() - store.started
    print(f"first login in {mode} mode after {seconds:.1f} s")
    assert seconds < SECONDS_TO_FIRST_LOGIN


def test_patched_store_is_whole_from_the_start(start):
    store = start("patched", COMMERCE_PATCHED="yes", COMMERCE_MODE="production")
    assert store.counters(store.create_customer()) == [1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("compiled", "mode", "expected"), [("no", "production", 1), ("yes", "default", 0), ("auto", "default", 1)]
)
def test_compiled_as_asked(start, compiled, mode, expected):
    store = start(f"compiled-{compiled}-{mode}", COMMERCE_COMPILED=compiled, COMMERCE_MODE=mode)
    assert store.deploy("test", "-e", "generated/metadata/global.php").returncode == expected


def test_owners_and_modes(store):
    found = store.shell("cd /var/www/store && stat -c '%U:%G %a %n' . app/etc/env.php vendor bin/magento var generated")
    assert found.splitlines() == [
        "deploy:www-data 2755 .",
        "deploy:www-data 660 app/etc/env.php",
        "deploy:www-data 2755 vendor",
        "deploy:www-data 755 bin/magento",
        "deploy:www-data 2775 var",
        "deploy:www-data 2775 generated",
    ]
    assert store.shell("find /var/www/store ! -user deploy ! -user www-data") == ""
    store.request("GET", "/")
    store.succeed(store.magento("cache:flush"))
    assert store.run("stat", "-c", "%a %U %G", "/run/php/php8.2-fpm.sock").split() == ["660", "www-data", "www-data"]


def test_services_are_reloaded_the_debian_way(store):
    store.run("service", "php8.2-fpm", "reload")
    store.run("service", "nginx", "reload")
    time.sleep(0.5)
    assert store.request("GET", "/magento_version").status_code == 200


def test_opcache_as_asked(stores):
    def settings(store):
        ini = store.run("php-fpm8.2", "-i")
        values = dict(line.split(" => ", 1) for line in ini.splitlines() if line.startswith("opcache.validate"))
        configuration = store.execute("php-fpm8.2", "-tt").stderr
        return values["opcache.validate_timestamps"].split(" => ")[0], "process_control_timeout = 10s" in configuration

    assert settings(stores(COMMERCE_VERSION="2.4.6-p1")) == ("On", False)
    hardened = stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_MODE="production", COMMERCE_OPCACHE="hardened")
    assert settings(hardened) == ("Off", True)


def test_single_settings_of_php_fpm_as_asked(patient):
    ini = patient.run("php-fpm8.2", "-i")
    assert "opcache.revalidate_freq => 60 => 60" in ini
    assert "opcache.validate_timestamps => On => On" in ini
    assert "process_control_timeout = 10s" in patient.execute("php-fpm8.2", "-tt").stderr


def test_python_libraries_as_asked(start, store):
    code = "import pymysql, requests"
    with pytest.raises(subprocess.CalledProcessError):
        store.run("python3", "-c", code)
    for module in ("pymysql", "requests"):
        with pytest.raises(subprocess.CalledProcessError):
            store.run("python3", "-c", f"import {module}")
    start("python", COMMERCE_PYTHON_LIBRARIES="present").run("python3", "-c", code)


def test_key_opens_both_accounts(start):
    store = start("key", AUTHORIZED_KEY="ssh-ed25519 AAAA test")
    for home in ("/root", "/home/deploy"):
        assert store.run("cat", f"{home}/.ssh/authorized_keys") == "ssh-ed25519 AAAA test\n"
    assert store.run("stat", "-c", "%U %a", "/home/deploy/.ssh/authorized_keys").split() == ["deploy", "600"]


def test_password_is_nowhere_but_in_env_php(store):
    code = "echo (require 'app/etc/env.php')['db']['connection']['default']['password'];"
    password = store.succeed(store.deploy("php", "-r", code))
    assert len(password) >= 16
    assert password not in store.log()
    places = store.shell(
        'grep -rlF -- "$1" /var/www /home /root /etc /tmp /var/log /usr/local 2>/dev/null || true', password
    )
    assert places.split() == ["/var/www/store/app/etc/env.php", "/root/store/app/etc/env.php"]


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"COMMERCE_VERSION": "2.4.99"}, "no COMMERCE_VERSION '2.4.99' here"),
        ({"COMMERCE_MODE": "fast"}, "COMMERCE_MODE is one of: developer default production; not 'fast'"),
        ({"COMMERCE_QPT": "9.9.9"}, "magento/quality-patches"),
        ({"COMMERCE_STORE": "all"}, "COMMERCE_STORE is own or none; not 'all'"),
        ({"COMMERCE_CACHE": "memcached"}, "COMMERCE_CACHE is one of: files redis two-level; not 'memcached'"),
        ({"COMMERCE_PATCHED": "yes", "COMMERCE_VERSION": "2.4.8"}, "Next patches weren't found: ACSD-61103"),
    ],
    ids=["version", "mode", "quality patches", "store", "cache", "patch"],
)
def test_what_makes_no_sense_ends_the_container(start, environment, reason):
    store = start("refused-" + "-".join(environment).lower().replace("_", "-"), wait=False, **environment)
    status = subprocess.run([ENGINE, "wait", store.name], capture_output=True, text=True, check=True, timeout=60)
    assert status.stdout.strip() != "0"
    assert reason in store.log()


def test_stops_quickly_and_starts_again_as_it_was(start):
    store = start("restarted")
    email = store.create_customer()
    store.close()
    started = time.monotonic()
    subprocess.run([ENGINE, "stop", store.name], check=True, capture_output=True)
    assert time.monotonic() - started < 5
    subprocess.run([ENGINE, "start", store.name], check=True, capture_output=True)
    port = subprocess.run([ENGINE, "port", store.name, "80/tcp"], check=True, capture_output=True, text=True).stdout
    again = type(store)(store.name, port.strip())
    again.wait()
    assert again.login("rest", email)
    again.close()
