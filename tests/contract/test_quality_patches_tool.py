# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vendor/bin/magento-patches: texts and exit statuses."""

from __future__ import annotations

import json

import pytest

VERSION = "Magento 2 Community Edition, version 2.4.6.0-patch1\n"
FILE = "os/ACSD-61103_2.4.6-p3.patch"
DETAILS_61103 = (
    "Title: Fixes the issue where the failure count in the customer_entity table is not reset to zero after a customer "
    "successfully logs in through API endpoints.\n"
    f"File: {FILE}\n"
    "Affected components: magento/framework magento/module-customer magento/module-customer-graph-ql "
    "magento/module-integration\n\n"
)
DETAILS_62332 = (
    "Title: Fixes the issue where the product listing GraphQL query was limited to a total_count of 10,000 products. "
    "Fixes the issue where Live Search sets the current page to *1* instead of page *2* in the search criteria when "
    "queried via GraphQL.\n"
    "File: os/ACSD-62332_2.4.6-p5.patch\n"
    "Affected components: magento/framework magento/module-catalog-graph-ql magento/module-catalog-search "
    "magento/module-elasticsearch magento/module-elasticsearch-7 magento/module-graph-ql magento/module-open-search\n"
    "Require: ACSD-61103\n\n"
)
NOT_FOUND = (
    VERSION + 'Next patches weren\'t found: ACSD-99999. Please, check with "status" command availability of these '
    "patches for the current Magento version.\n"
)
COMMON_OPTIONS = """\
  -h, --help            Display help for the given command. When no command is given display help for the list command
  -q, --quiet           Do not output any message
  -V, --version         Display this application version
      --ansi|--no-ansi  Force (or disable --no-ansi) ANSI output
  -n, --no-interaction  Do not ask any interactive question
  -v|vv|vvv, --verbose  Increase the verbosity of messages: 1 for normal output, 2 for more verbose output and 3 for \
debug
"""
APPLY_HELP = f"""\
Description:
  Applies patches. The list of patches should pass as a command argument

Usage:
  apply <list-of-patches>...

Arguments:
  list-of-patches       List of patches to apply

Options:
{COMMON_OPTIONS}"""
REVERT_HELP = f"""\
Description:
  Reverts patches. The list of patches should pass as a command argument or use option --all to revert all patches

Usage:
  revert [options] [--] [<list-of-patches>...]

Arguments:
  list-of-patches       List of patches to revert

Options:
  -a, --all             Reverts all patches
{COMMON_OPTIONS}"""
STATUS_HELP = """\
Description:
  Shows the list of available patches and their statuses

Usage:
  status [options]

Options:
  -f, --format[=FORMAT]  Output format [default: "table"]
"""
FILES = [
    "framework/ObjectManager/ResetAfterRequestInterface.php",
    "module-customer-graph-ql/etc/graphql/events.xml",
    "module-customer/Model/Authentication.php",
    "module-customer/Model/Customer.php",
    "module-customer/Model/CustomerAuthUpdate.php",
    "module-integration/etc/webapi_rest/events.xml",
    "module-integration/etc/webapi_soap/events.xml",
]


def said(process):
    """Exit status, standard output; the tool writes nothing to standard error."""
    assert process.stderr == ""
    return process.returncode, process.stdout


def status(store):
    rows = json.loads(store.succeed(store.patches("status", "--format=json")))
    return {row["Id"]: row["Status"] for row in rows}


def test_apply_and_revert(store):
    assert said(store.patches("apply", "ACSD-61103")) == (0, "Patch ACSD-61103 has been applied\n" + DETAILS_61103)
    assert said(store.patches("apply", "ACSD-61103")) == (
        0,
        f"Patch ACSD-61103 ({FILE}) was already applied\n\n",
    )
    assert said(store.patches("revert", "ACSD-61103")) == (0, "Patch ACSD-61103 has been reverted\n" + DETAILS_61103)
    assert said(store.patches("revert", "ACSD-61103")) == (0, f"Patch ACSD-61103 ({FILE}) is not applied\n")


def test_patch_changes_its_seven_files_and_the_log(store):
    before = tree(store)
    store.apply()
    after = tree(store)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {*(f"vendor/magento/{file}" for file in FILES), "var/log/patch.log"}
    store.revert()
    assert {**tree(store), "var/log/patch.log": None} == {**before, "var/log/patch.log": None}


def tree(store):
    lines = store.succeed(store.deploy("bash", "-c", "find -type f ! -path './var/cache/*' -exec sha1sum {} +"))
    return {path.removeprefix("./"): digest for digest, path in (line.split("  ", 1) for line in lines.splitlines())}


def test_dependents(store):
    store.apply()
    assert said(store.patches("apply", "ACSD-62332")) == (
        0,
        f"Patch ACSD-61103 ({FILE}) was already applied\n\nPatch ACSD-62332 has been applied\n" + DETAILS_62332,
    )
    assert said(store.patches("revert", "ACSD-61103")) == (
        1,
        VERSION + "Patch ACSD-61103 is a dependency for ACSD-62332. Please, revert ACSD-62332 first\n",
    )
    assert said(store.patches("revert", "ACSD-61103", "ACSD-62332")) == (
        0,
        "Patch ACSD-62332 has been reverted\n" + DETAILS_62332 + "Patch ACSD-61103 has been reverted\n" + DETAILS_61103,
    )


def test_required_patches_are_pulled_in(store):
    store.succeed(store.patches("apply", "ACSD-62979"))
    assert status(store)["ACSD-61103"] == status(store)["ACSD-62979"] == "Applied"
    store.succeed(store.patches("revert", "--all"))
    assert "Applied" not in status(store).values()


def test_replaced_patch_gives_way_to_its_replacement(store):
    store.succeed(store.patches("apply", "ACSD-90001"))
    assert status(store)["ACSD-90001"] == "Applied"
    store.succeed(store.patches("apply", "ACSD-90002"))
    assert (status(store)["ACSD-90001"], status(store)["ACSD-90002"]) == ("N/A", "Applied")


def test_questions_are_asked_with_interaction(store):
    process = store.deploy("php", "vendor/bin/magento-patches", "apply", "ACSD-62979", stdin="no\n")
    assert process.returncode == 1
    assert "ACSD-61103" in process.stderr
    assert status(store)["ACSD-62979"] == "Not applied"


@pytest.mark.parametrize("command", ["apply", "revert"])
def test_unknown_id(store, command):
    assert said(store.patches(command, "ACSD-99999")) == (1, NOT_FOUND)


def test_local_changes_conflict_and_nothing_is_changed(store):
    change = (
        "cd vendor/magento/module-customer/Model && sed -i '/function unlock/a // ours' Authentication.php && "
        "sed -i '/CustomerRegistry $customerRegistry,/a // ours' CustomerAuthUpdate.php"
    )
    store.succeed(store.deploy("bash", "-c", change))
    before = tree(store)
    assert said(store.patches("apply", "ACSD-61103")) == (
        1,
        f"""\
Error: patch ACSD-61103 can't be applied
{VERSION}\
Applying patch ACSD-61103 (/var/www/store/vendor/magento/quality-patches/src/../patches/{FILE}) failed.
error: patch failed: vendor/magento/module-customer/Model/Authentication.php:67
error: vendor/magento/module-customer/Model/Authentication.php: patch does not apply
error: patch failed: vendor/magento/module-customer/Model/CustomerAuthUpdate.php:26
error: vendor/magento/module-customer/Model/CustomerAuthUpdate.php: patch does not apply

""",
    )
    assert status(store)["ACSD-61103"] == "N/A"
    assert {**tree(store), "var/log/patch.log": None} == {**before, "var/log/patch.log": None}


@pytest.mark.parametrize("tool", ["git", "patch"])
def test_partial_state_is_not_applicable_and_neither_applies_nor_reverts(store, tool):
    if tool == "patch":
        store.shell("dpkg-divert --quiet --rename --add /usr/bin/git")
    try:
        store.apply()
        assert status(store)["ACSD-61103"] == "Applied"
        file = "vendor/magento/module-integration/etc/webapi_rest/events.xml"
        store.succeed(store.deploy("sed", "-i", "/customer_customer_authenticated/,+2d", file))
        before = tree(store)
        assert status(store)["ACSD-61103"] == "N/A"
        assert store.patches("apply", "ACSD-61103").returncode == 1
        assert store.patches("revert", "ACSD-61103").returncode == 1
        assert {**tree(store), "var/log/patch.log": None} == {**before, "var/log/patch.log": None}
    finally:
        store.shell("dpkg-divert --quiet --rename --remove /usr/bin/git")


def test_neither_git_nor_patch(store):
    process = store.deploy("env", "PATH=/nowhere", "/usr/bin/php", "vendor/bin/magento-patches", "-n", "status")
    assert (process.returncode, process.stdout) == (1, "git or patch is required to perform this operation.\n")


def test_store_inside_a_git_repository(store):
    store.shell("git init --quiet /var/www && git config --system safe.directory /var/www")
    try:
        assert status(store)["ACSD-61103"] == "Not applied"
        store.apply()
        assert status(store)["ACSD-61103"] == "Applied"
    finally:
        store.shell("rm -r /var/www/.git /etc/gitconfig")


@pytest.mark.parametrize("file", ["composer.json", "composer.lock", "vendor/composer/installed.json"])
def test_needs_composers_files(store, file):
    store.succeed(store.deploy("rm", file))
    process = store.patches("apply", "ACSD-61103")
    assert process.returncode == 1
    assert file in process.stdout


def test_needs_a_home(store):
    process = store.deploy("env", "-u", "HOME", "php", "vendor/bin/magento-patches", "-n", "status")
    assert process.returncode == 1
    assert "HOME or COMPOSER_HOME" in process.stdout
    process = store.deploy("env", "-u", "HOME", "COMPOSER_HOME=/tmp", "php", "vendor/bin/magento-patches", "status")
    assert process.returncode == 0


def test_help(store):
    assert said(store.patches("apply", "--help")) == (0, APPLY_HELP)
    assert said(store.patches("revert", "--help")) == (0, REVERT_HELP)
    assert store.patches("status", "--help").stdout.startswith(STATUS_HELP)
    assert said(store.patches("--version")) == (0, "magento/project-community-edition 2.4.6-p1\n")


def test_status_in_json(store):
    rows = {row["Id"]: row for row in json.loads(store.succeed(store.patches("status", "--format=json")))}
    assert rows["ACSD-61103"] == {
        "Id": "ACSD-61103",
        "Title": "Fixes the issue where the failure count in the customer_enti\nty table is not reset to zero after a "
        "customer successfully \nlogs in through API endpoints.\n",
        "Category": "Customer\nWeb API",
        "Origin": "Adobe Commerce Support",
        "Status": "Not applied",
        "Details": "Patch type: Optional\nAffected components:\n - magento/framework\n - magento/module-customer\n"
        " - magento/module-customer-graph-ql\n - magento/module-integration",
    }
    assert rows["ACSD-62979"]["Details"] == (
        "Patch type: Optional\nRequired patches:\n - ACSD-61103\nAffected components:\n - magento/module-store"
    )
    assert rows["ACSD-49513"]["Status"] == "N/A"
    assert rows["ACSD-90001"]["Details"].startswith("Patch type: Deprecated\nRecommended replacement: ACSD-90002\n")
    assert "ACSD-90003" not in rows, "for the enterprise edition only"


def test_status_in_a_table(store):
    table = store.succeed(store.patches("status"))
    assert "| ACSD-61103 | Fixes the issue where the failure count in the customer_enti | Customer " in table
    assert table.endswith(VERSION)
