# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool came with the stage where it was missing or too old; by files, Composer itself, SQL and HTTP."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.load_results import read_samples
from support.stores import APIS
from support.trees import differences

PATCHED = (
    "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php",
    "vendor/magento/module-customer/Model/Authentication.php",
    "vendor/magento/module-customer/Model/Customer.php",
    "vendor/magento/module-customer/Model/CustomerAuthUpdate.php",
    "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml",
    "vendor/magento/module-integration/etc/webapi_rest/events.xml",
    "vendor/magento/module-integration/etc/webapi_soap/events.xml",
)
# What Composer keeps itself, and the packages of the tool.
OF_COMPOSER = re.compile(
    r"composer\.(json|lock)|vendor/autoload\.php|vendor/composer/[^/]+|vendor/bin/(magento|ece)-patches"
    r"|vendor/magento/(quality-patches|magento-cloud-patches)/.+"
)
# What the store makes of its code by itself, and what its own programs write while it is changed.
MADE_BY_THE_STORE = ("var/", "generated/", ".storefleet")
KEYS = ("key-that-is-public", "key-that-is-private", "key-of-the-owner", "password-of-the-owner")
OWNERS_KEYS = "/home/deploy/.config/composer/auth.json"
LOGS = ("predicted", "predicted_alone", "repaired", "alone", "again", "alone_again", "taken_back")
# Repaired, and then rolled back.
TAKEN_BACK = "too-old-as-owner"


def kept(path):
    return Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], path).read_text()


def said(log):
    """What a run printed, in words: without its colours and line breaks."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", kept(f"{log}.log")).split())


def tree(moment, name):
    return json.loads(kept(f"{moment}/{name}.json"))["tree"]


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def group(host, name):
    """repaired, refused or tool_alone."""
    names = host.ansible.get_variables()["group_names"]
    return next(each for each in ("repaired", "refused", "tool_alone") if each in names)


@pytest.fixture
def tool(variables):
    return variables["tool"]


@pytest.fixture
def composer(store, root):
    """The answer of a command of Composer's in the store, which runs nothing of the store's."""

    def ask(*words):
        program = 'cd "$0" && export COMPOSER_HOME=$(mktemp -d) && composer --no-plugins --no-ansi "$@" 2>&1'
        return store.run("bash", "-ec", program, root, *words, user="deploy")

    return ask


def test_check_mode_changed_nothing(name):
    before, after = (json.loads(kept(f"{moment}/{name}.json")) for moment in ("before", "predicted"))
    assert differences(before["tree"], after["tree"]) == []
    assert (after["database"], after["elsewhere"]) == (before["database"], before["elsewhere"])


def test_the_tool_is_there_in_the_release_that_it_should_be(name, tool, store, root):
    installed = json.loads(store.run("cat", f"{root}/vendor/composer/installed.json"))["packages"]
    versions = [package["version"] for package in installed if package["name"] == "magento/quality-patches"]
    wanted = tool["before" if name == TAKEN_BACK else "after"]
    assert versions == ([wanted] if wanted else [])


def test_a_way_back_brings_the_tool_of_before(name):
    if name != TAKEN_BACK:
        return
    before, after = (
        {path: entry for path, entry in tree(moment, name).items() if not path.startswith(MADE_BY_THE_STORE)}
        for moment in ("before", "taken_back")
    )
    assert differences(before, after, ("type", "mode", "uid", "gid", "content")) == []
    assert before.keys() == after.keys()


def test_composer_finds_the_store_in_order(group, composer):
    if group == "refused":
        return
    assert "is valid" in composer("validate", "--no-check-publish", "--no-check-all")
    assert "Nothing to install, update or remove" in composer("install", "--dry-run", "--no-dev")


def test_the_tool_does_its_work(group, store, root):
    if group == "refused":
        return
    program = f"cd {root} && php vendor/bin/magento-patches status --no-ansi | grep -c '^. ACSD-'"
    assert int(store.run("bash", "-ec", program, user="deploy")) > 0


def test_nothing_but_the_tool_and_the_patch_changed(name, group, tool):
    before, after = tree("before", name), tree("done", name)
    changed = {
        path
        for path in before.keys() | after.keys()
        if not path.startswith(MADE_BY_THE_STORE)
        and (before.get(path) or {}).get("content") != (after.get(path) or {}).get("content")
    }
    of_composer = {path for path in changed if OF_COMPOSER.fullmatch(path)}
    assert bool(of_composer) == (tool["before"] != tool["after"])
    assert changed - of_composer - {"vendor/composer"} == (set(PATCHED) if group == "repaired" else set())


def test_the_files_belong_to_whom_they_did(name):
    before, after = tree("before", name), tree("done", name)
    outside = [{p: e for p, e in each.items() if not p.startswith(MADE_BY_THE_STORE)} for each in (before, after)]
    assert differences(*outside, ("type", "mode", "uid", "gid")) == []
    new = {path: entry for path, entry in outside[1].items() if path not in before and entry["links"] is not None}
    folder = before["vendor/magento/framework/composer.json"]
    assert {(entry["uid"], entry["gid"]) for entry in new.values()} <= {(folder["uid"], folder["gid"])}


def test_commerce_was_never_asked_to_forget_its_generated_code(name):
    assert "var/.regenerate" not in tree("done", name)
    before, after = tree("before", name), tree("done", name)
    compiled = "generated/metadata/global.php"
    assert (compiled in before) == (compiled in after)


@pytest.mark.parametrize("api", APIS)
def test_logins_do_what_the_patch_says(name, group, store, api):
    steps = store.article_steps(api)
    patched = group == "repaired" and name != TAKEN_BACK
    assert (steps.token, steps.after_right) == (True, 0 if patched else 1)


def test_the_site_s_autoloader_stays_what_it_was(name, store, root):
    text = store.run("cat", f"{root}/vendor/composer/autoload_real.php")
    assert ("setClassMapAuthoritative(true)" in text) == (name == "absent")


def test_packages_for_development_are_not_brought(name, store, root):
    installed = json.loads(store.run("cat", f"{root}/vendor/composer/installed.json"))
    if name == "too-old-as-owner":
        assert installed["dev"] is False
        assert "magento/ece-tools" in store.run("cat", f"{root}/composer.lock")
    assert "magento/ece-tools" not in [package["name"] for package in installed["packages"]]


def test_composer_json_says_what_it_has_to(name, store, root):
    wanted = json.loads(store.run("cat", f"{root}/composer.json"))["require"].get("magento/quality-patches")
    assert wanted == {
        "absent": "^1.1.54",
        "too-old-as-owner": "^1.1",
        "not-compiled": ">=1.1.54 <1.1.60 !=1.1.56",
        "current": "1.1.54",
        "pinned": "1.1.53",
        "bad-release": "^1.1",
    }.get(name)


def test_a_refusal_says_why_and_names_the_other_ways(group, variables, name):
    if group != "refused":
        return
    for log in ("predicted", "repaired"):
        [message, *dummy] = re.findall(f"fatal: \\[{name}\\].{{0,4000}}?Nothing has been changed", said(log))
        assert variables["expected"] in message
        assert "composer require magento/quality-patches:^1.1.54" in message


def test_what_composer_would_choose_was_predicted(name, group, tool):
    if group == "refused" or tool["before"] == tool["after"]:
        return
    words = said("predicted_alone" if group == "tool_alone" else "predicted")
    assert f"would have let Composer install magento/quality-patches {tool['after']}" in words


def test_a_second_run_changes_nothing(name, group):
    if group == "refused":
        return
    words = said("alone_again" if group == "tool_alone" else "again")
    [line] = re.findall(rf" {name} +: (ok=.*?ignored)", words)
    assert re.search(r"changed=0 .*failed=0", line), line


def test_the_operator_s_tasks_are_called_where_the_tool_has_to_come_and_in_no_second_run(name, group):
    if group != "tool_alone":
        return
    called = kept("hooks.log").split("\n")[:-1]
    assert called == [f"{hook} {name}" for hook in ("before_build", "after_build", "before_switch", "after_switch")]


def test_no_request_failed_while_the_store_was_repaired(name):
    if name != "absent":
        return
    samples = read_samples(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "samples"))
    assert len(samples) > 100
    assert [sample for sample in samples if sample.failure] == []


@pytest.mark.parametrize("key", KEYS)
def test_the_keys_are_nowhere_but_where_the_owner_has_them(store, key):
    found = store.run("bash", "-c", 'grep -rlF -- "$0" /var/www /home /root /tmp /var/log /var/lib/mysql || true', key)
    assert set(found.split()) <= ({OWNERS_KEYS} if key.endswith("-of-the-owner") else set())
    assert [log for log in LOGS if key in kept(f"{log}.log")] == []
