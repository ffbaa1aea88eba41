# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bin/magento: texts and exit statuses."""

from __future__ import annotations

import pytest

CACHE_TYPES = [
    "config",
    "layout",
    "block_html",
    "collections",
    "reflection",
    "db_ddl",
    "compiled_config",
    "eav",
    "customer_notification",
    "config_integration",
    "config_integration_api",
    "full_page",
    "config_webservice",
    "translate",
]
NOT_ACTIVE = "Status: maintenance mode is not active\nList of exempt IP-addresses: none\n"
ACTIVE = "Status: maintenance mode is active\nList of exempt IP-addresses: none\n"


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("--version", "Magento CLI 2.4.6-p1\n"),
        ("cache:clean config compiled_config", "Cleaned cache types:\nconfig\ncompiled_config\n"),
        ("cache:flush", "\n".join(["Flushed cache types:", *CACHE_TYPES]) + "\n"),
        ("maintenance:status", NOT_ACTIVE),
        (
            "deploy:mode:show",
            "Current application mode: developer. (Note: Environment variables may override this value.)\n",
        ),
        ("module:status Magento_Customer", "Magento_Customer : Module is enabled\n"),
    ],
)
def test_says(store, command, output):
    process = store.magento("--no-ansi", *command.split())
    assert (process.returncode, process.stdout) == (0, output)


def test_maintenance(store):
    for command, output in (
        ("enable", "Enabled maintenance mode\n"),
        ("status", ACTIVE),
        ("disable", "Disabled maintenance mode\n"),
        ("status", NOT_ACTIVE),
    ):
        process = store.magento(f"maintenance:{command}")
        assert (process.returncode, process.stdout) == (0, output)


def test_unknown_command(store):
    process = store.magento("nosuch:command")
    assert process.returncode == 1
    assert '  There are no commands defined in the "nosuch" namespace.  \n' in process.stdout + process.stderr


def test_compile(store):
    process = store.magento("setup:di:compile")
    assert process.returncode == 0
    assert process.stdout.splitlines()[-1] == "Generated code and dependency injection configuration successfully."
    areas = store.run("ls", "/var/www/store/generated/metadata").split()
    assert {"global.php", "frontend.php", "webapi_rest.php", "webapi_soap.php", "graphql.php"} <= set(areas)
    assert "/var/www" not in store.shell("cat /var/www/store/generated/metadata/*.php")


def test_compile_empties_generated_first_and_every_cache(store):
    store.succeed(store.deploy("bash", "-c", "mkdir -p generated/code/Old && echo > generated/code/Old/File.php"))
    assert store.request("GET", "/").status_code == 200
    store.compile()
    assert store.deploy("test", "-e", "generated/code/Old").returncode == 1
    assert store.request("GET", "/").headers["X-Magento-Cache-Debug"] == "MISS"


def test_compile_fails_where_a_constructor_no_longer_fits_its_parent(store):
    """Third-party code that overrides a class which the patch changes."""
    code = """<?php
namespace Acme\\Login;
class CustomerAuthUpdate extends \\Magento\\Customer\\Model\\CustomerAuthUpdate
{
    public function __construct(
        \\Magento\\Customer\\Model\\CustomerRegistry $customerRegistry,
        \\Magento\\Customer\\Model\\ResourceModel\\Customer $customerResource,
        ?\\Magento\\Customer\\Model\\Customer $customer = null
    ) {
        parent::__construct($customerRegistry, $customerResource, $customer);
    }
}
"""
    parent = store.read("vendor/magento/module-customer/Model/CustomerAuthUpdate.php")
    resource = next(line for line in parent.splitlines() if line.startswith("use ") and "Resource" in line)
    code = code.replace(
        "\\Magento\\Customer\\Model\\ResourceModel\\Customer ", "\\" + resource[4:].split(" as ")[0].rstrip(";") + " "
    )
    files = {
        "registration.php": "<?php \\Magento\\Framework\\Component\\ComponentRegistrar::register("
        "'module', 'Acme_Login', __DIR__);",
        "etc/module.xml": '<config><module name="Acme_Login"/></config>',
        "CustomerAuthUpdate.php": code,
    }
    for name, content in files.items():
        store.succeed(
            store.deploy(
                "bash", "-c", 'mkdir -p "$(dirname "$0")" && cat > "$0"', f"app/code/Acme/Login/{name}", stdin=content
            )
        )
    store.succeed(store.magento("module:enable", "Acme_Login"))
    store.compile()
    store.apply()
    process = store.magento("setup:di:compile")
    assert process.returncode == 1
    assert "Acme\\Login\\CustomerAuthUpdate" in process.stdout + process.stderr


def test_modules_are_disabled_and_enabled(store):
    store.succeed(store.magento("module:disable", "Magento_Elasticsearch7"))
    assert "Module is disabled" in store.magento("module:status", "Magento_Elasticsearch7").stdout
    store.succeed(store.magento("module:enable", "Magento_Elasticsearch7"))
    assert "Module is enabled" in store.magento("module:status", "Magento_Elasticsearch7").stdout


def test_cache_type_that_is_off_is_not_used(store):
    email = store.create_customer()
    store.succeed(store.magento("cache:disable", "config"))
    store.reload()
    assert store.counters(email) == [1, 1, 2, 2, 3, 3]
    store.forget_failures()
    store.apply()
    store.reload()
    assert store.counters(email) == [1, 0, 1, 0, 1, 0], "nothing to clean"


def test_consumers_are_told_to_restart(store):
    assert store.magento("queue:consumers:restart").returncode == 0


def test_umask(store):
    store.compile()
    assert store.shell("stat -c %a /var/www/store/generated/metadata/global.php").strip() in ("664", "660")
    store.shell("echo 022 > /var/www/store/magento_umask")
    store.compile()
    assert store.shell("stat -c %a /var/www/store/generated/metadata/global.php").strip() == "644"
