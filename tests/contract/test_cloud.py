# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vendor/bin/ece-patches, and the repository of a store in the cloud that builds what is pushed to it."""

from __future__ import annotations

import pytest
from contract.commerce import PATCH, ROOT

REPAIRED = "vendor/magento/module-integration/etc/webapi_rest/events.xml"

PUSH = """
cd "$(mktemp -d)" && git clone --quiet /srv/cloud/store.git .
git config user.name A && git config user.email a@example.com
printf '%s' "$1" >.magento.env.yaml && git commit --quiet --all --message x && git push --quiet origin "HEAD:$2" 2>&1
rm -rf "$PWD"
"""


@pytest.fixture
def store(stores):
    """2.4.6-p8 in the cloud, not compiled."""
    return stores(COMMERCE_VERSION="2.4.6-p8", COMMERCE_EDITION="cloud")


def listing(value: str) -> str:
    return f"# c\nstage:\n  build:\n    QUALITY_PATCHES: {value}\n  deploy:\n    A: !php/const PDO::ATTR_ERRMODE\n"


def apply(store, text: str | None):
    store.shell(f"rm -f {ROOT}/.magento.env.yaml")
    if text is not None:
        store.deploy("tee", ".magento.env.yaml", stdin=text)
    return store.deploy("php", "vendor/bin/ece-patches", "apply", "--no-interaction", "--no-ansi")


def is_patched(store) -> bool:
    return "customer_unlock" in store.run("cat", f"{ROOT}/{REPAIRED}")


def test_what_is_listed_is_applied(store):
    for value in (f"[{PATCH}]", f"\n    - {PATCH}"):
        process = apply(store, listing(value))
        assert process.returncode == 0, process.stdout + process.stderr
        assert f"Patch {PATCH} has been applied" in process.stdout
        assert is_patched(store)
        store.succeed(store.patches("revert", "--all"))
        assert not is_patched(store)


def test_where_nothing_is_listed_nothing_is_applied(store):
    for text in (None, "", "log: {}\n", "stage:\n  build:\n", listing("[]")):
        assert apply(store, text).returncode == 0
    assert not is_patched(store)


def test_what_cannot_be_applied_ends_it(store):
    for value, words in {
        "[ACSD-99999]": "Next patches weren't found: ACSD-99999. Please, check",
        f"[{PATCH}, ACSD-99999]": "Next patches weren't found: ACSD-99999",
        PATCH: "has to be a list",
        "[": "cannot be read",
    }.items():
        process = apply(store, listing(value))
        assert (process.returncode, words in process.stdout) == (1, True), process.stdout
    assert not is_patched(store)


def test_a_push_is_built_and_deployed(store):
    said = store.succeed(store.deploy("bash", "-euc", PUSH, "bash", listing(f"[{PATCH}]"), "another"))
    assert "Building another at " in said
    assert "Deployed another at " in said
    assert is_patched(store)
    assert store.run("find", ROOT, "!", "-group", "www-data", "!", "-path", "*/var/*") == ""
    email = store.create_customer()
    assert store.login("rest", email)


def test_a_build_that_fails_deploys_nothing(store):
    before = store.run("find", ROOT, "-type", "f", "!", "-path", "*/var/*", "-printf", "%p %T@ %i\\n")
    said = store.succeed(store.deploy("bash", "-euc", PUSH, "bash", listing("[ACSD-99999]"), "broken"))
    assert "Next patches weren't found: ACSD-99999" in said
    assert "The build failed: nothing is deployed" in said
    assert store.run("find", ROOT, "-type", "f", "!", "-path", "*/var/*", "-printf", "%p %T@ %i\\n") == before
    assert store.run("bash", "-c", "ls /srv/cloud") == "store.git\n"
