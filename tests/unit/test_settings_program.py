# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program makes of the files of a store, with a real PHP (tools/host-packages.txt)."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import Settings, read_settings

CONNECTION = """'db' => ['table_prefix' => 'm2_', 'connection' => ['default' => [
    'host' => 'a', 'dbname' => 'b', 'username' => 'c', 'password' => 'd']]]"""


def evaluated(store_tree, env: str, config: str = "", php=("php",), **environment: str) -> Settings:
    store_tree.write({"app/etc/env.php": f"<?php\n{env}", "app/etc/config.php": f"<?php\n{config or 'return [];'}"})
    return read_settings(str(store_tree.root), php, LocalRunner(environment))


def refused(store_tree) -> str:
    """What is said of files that cannot be read; that names the file and quotes nothing."""
    with pytest.raises(CommerceError) as caught:
        read_settings(str(store_tree.root), ("php",), LocalRunner())
    assert caught.value.code == "settings_unreadable"
    assert "geheim" not in str(caught.value)
    return f"{os.path.basename(caught.value.on)}: {caught.value.came_back}"


def test_env_php_is_a_program(store_tree) -> None:
    settings = evaluated(
        store_tree,
        """echo 'noise'; echo $undefined; trigger_error('x', E_USER_WARNING); fwrite(STDOUT, "loud\\n");
        $host = getenv('WHERE') ?: 'nowhere';
        return ['MAGE_MODE' => 'production', 'install' => ['date' => 'x'], 'db' => ['table_prefix' => 'm2_',
            'connection' => ['default' => [
            'host' => $host, 'dbname' => '#env(NAME, "shop")', 'username' => '#env( USER_NAME )',
            'password' => "p\\xff"]]],
            'system' => ['default' => ['a' => ['b' => ['c' => 'env']]]]];""",
        """return ['modules' => ['A_B' => 1],
            'system' => ['default' => ['a' => ['b' => ['c' => 'config', 'd' => true]]]]];""",
        WHERE="db.internal:3307",
        USER_NAME="shopper",
    )
    assert (settings.mode, settings.installed, settings.php_sapi) == ("production", True, "cli")
    assert settings.modules == ("A_B",)
    database = settings.database
    assert database is not None
    assert (database.host, database.port) == ("db.internal", 3307)
    assert (database.name, database.user, database.prefix) == ("shop", "shopper", "m2_")
    assert database.password.encode("utf-8", "surrogateescape") == b"p\xff"
    assert settings.override("a/b/c") == "env"
    assert settings.override("a/b/d") == "1"


def test_what_env_php_prints_stays_in_php(store_tree) -> None:
    class Overhearing(LocalRunner):
        def run(self, *given, **named):
            self.heard = super().run(*given, **named)
            return self.heard

    store_tree.write({"app/etc/env.php": "<?php echo 'geheim'; ob_start(); echo 'geheim'; return [];"})
    runner = Overhearing()
    read_settings(str(store_tree.root), ("php",), runner)
    assert "geheim" not in runner.heard.out + runner.heard.err


def test_the_environment_overrides(store_tree) -> None:
    settings = evaluated(
        store_tree,
        f"return ['MAGE_MODE' => 'developer', {CONNECTION}];",
        MAGENTO_DC__OVERRIDE=json.dumps(
            {"MAGE_MODE": "production", "db": {"connection": {"default": {"dbname": "z"}}}}
        ),
        MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST="/run/db.sock",
        MAGENTO_DC_DB__TABLE_PREFIX="x_",
        CONFIG__DEFAULT__WEB__SECURE__BASE_URL="https://e.example/",
    )
    assert settings.mode == "production"
    # The JSON replaces whole sections.
    assert settings.database is not None
    assert (settings.database.name, settings.database.user) == ("z", "")
    assert (settings.database.unix_socket, settings.database.prefix) == ("/run/db.sock", "x_")
    assert settings.override("web/secure/base_url") == "https://e.example/"


def test_the_mode_of_the_environment_comes_first(store_tree) -> None:
    assert evaluated(store_tree, "return ['MAGE_MODE' => 'developer'];", MAGE_MODE="production").mode == "production"


# As much of the real class as a store's own rule needs: it may differ by version, and what it says counts.
DEPLOYMENT_CONFIG = r"""<?php
namespace Magento\Framework\App;
class DeploymentConfig
{
    private $data;
    public function __construct(DeploymentConfig\Reader $reader, $override = [])
    {
        $this->data = $reader->load();
    }
    public function get($key = null, $default = null)
    {
        $flat = ['install/date' => 'now', 'MAGE_MODE' => 'developer', 'db/table_prefix' => 'own_',
            'db/connection/default' => $this->data['db']['connection']['default'],
            'db/connection/default/host' => 'leaf', 'db/connection/default/password' => 'resolved',
            'modules' => $this->data['modules']];
        return $flat[$key] ?? $default;
    }
}
"""


@pytest.mark.parametrize("folder", ["vendor/magento/framework", "lib/internal/Magento/Framework"])
def test_the_stores_own_class_says_what_counts(store_tree, folder: str) -> None:
    """Commerce connects with the array of a connection; a variable for one of its values does not reach that."""
    store_tree.write({f"{folder}/App/DeploymentConfig.php": DEPLOYMENT_CONFIG})
    settings = evaluated(
        store_tree,
        f"return ['MAGE_MODE' => 'production', {CONNECTION}];".replace("'d'", "'#env(P)'"),
        "return ['modules' => ['A_B' => 1]];",
        MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST="ignored",
    )
    assert settings.database is not None
    assert (settings.database.host, settings.database.prefix) == ("a", "own_")
    assert settings.database.password == "resolved"
    assert (settings.mode, settings.modules) == ("developer", ("A_B",))


@pytest.mark.parametrize(
    "text",
    [
        "<?php throw new Exception('x');",
        "<?php syntax error",
        DEPLOYMENT_CONFIG.replace("DeploymentConfig\\Reader $reader", "Other $reader"),
        DEPLOYMENT_CONFIG.replace("$flat = ", "throw new \\Exception('x'); $flat = "),
    ],
)
def test_a_class_that_cannot_be_had_is_done_without(store_tree, text: str) -> None:
    store_tree.write({"vendor/magento/framework/App/DeploymentConfig.php": text})
    database = evaluated(
        store_tree, f"return [{CONNECTION}];", MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST="leaf"
    ).database
    assert database is not None
    assert (database.host, database.prefix) == ("leaf", "m2_")


def test_another_connection_than_default(store_tree) -> None:
    database = evaluated(
        store_tree,
        "return ['resource' => ['default_setup' => ['connection' => 'main']], 'db' => ['connection' => "
        "['default' => ['host' => 'old'], 'main' => ['host' => 'new', 'dbname' => 'x']]]];",
    ).database
    assert database is not None
    assert database.host == "new"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("'host' => 'localhost', 'unix_socket' => '/x.sock'", "/x.sock"),
        ("'host' => 'localhost', 'port' => 3307, 'unix_socket' => '/x.sock'", "/x.sock"),
        ("'host' => 'db', 'unix_socket' => '/x.sock'", None),
    ],
)
def test_the_socket_counts_for_localhost_only(store_tree, given: str, expected: str | None) -> None:
    database = evaluated(store_tree, f"return ['db' => ['connection' => ['default' => [{given}]]]];").database
    assert database is not None
    assert database.local_socket == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("1009 => '/ca.pem', 1014 => false", {"ca": "/ca.pem", "verify": False}),
        (
            "'1007' => '/k', '1008' => '/c', '1010' => '/d', '1011' => 'AES'",
            {"key": "/k", "cert": "/c", "capath": "/d", "cipher": "AES"},
        ),
        ("1002 => 'SET NAMES utf8'", {}),
        ("1009 => ['x']", {}),
    ],
)
def test_tls_options(store_tree, options: str, expected: dict[str, Any]) -> None:
    env = f"return ['db' => ['connection' => ['default' => ['host' => 'a', 'driver_options' => [{options}]]]]];"
    database = evaluated(store_tree, env).database
    assert database is not None
    assert database.tls == expected


def test_what_counts_as_on(store_tree) -> None:
    settings = evaluated(
        store_tree,
        "return ['cache_types' => ['config' => '1', 'layout' => '0', 'block_html' => 1]];",
        "return ['modules' => ['A' => 1, 'B' => 0, 'C' => '1', 'D' => '0', 'E' => true, 'F' => null, 'G' => '']];",
    )
    assert settings.modules == ("A", "C", "E")
    assert settings.cache_types == {"config": True, "layout": False, "block_html": True}


def test_objects_do_not_matter(store_tree) -> None:
    settings = evaluated(
        store_tree,
        "return ['MAGE_MODE' => 'production', 'logger' => function () {}, 'x' => new ArrayObject([NAN]),"
        " 'system' => ['default' => ['a' => ['b' => ['c' => function () {}, 'd' => 'kept', 'e' => NAN]]]]];",
    )
    assert (settings.mode, settings.override("a/b/d"), settings.override("a/b/c")) == ("production", "kept", None)


def test_other_files_are_required_from_the_files_folder(store_tree) -> None:
    store_tree.write({"app/etc/local.php": "<?php return 'production';"})
    env = "$name = 'x'; return ['MAGE_MODE' => require __DIR__ . '/local.php'] + (require 'app/etc/more.php');"
    store_tree.write({"app/etc/more.php": "<?php return ['install' => ['date' => BP]];"})
    settings = evaluated(store_tree, env)
    assert (settings.mode, settings.installed) == ("production", True)


def test_the_autoloader_of_commerce_is_there(store_tree) -> None:
    loader = (
        "<?php return new class { function loadClass($name) { require __DIR__ . '/' . basename($name) . '.php'; } };"
    )
    store_tree.write({"vendor/autoload.php": loader, "vendor/Secrets.php": "<?php class Secrets { const MODE = 'x'; }"})
    assert evaluated(store_tree, "return ['MAGE_MODE' => Secrets::MODE];").mode == "x"


def test_a_byte_order_mark(store_tree) -> None:
    store_tree.write({"app/etc/env.php": "\ufeff<?php return ['MAGE_MODE' => 'production'];"})
    assert read_settings(str(store_tree.root), ("php",), LocalRunner()).mode == "production"


def test_a_large_config_php(store_tree) -> None:
    values = ", ".join(
        f"'field{number}' => 'value {number} of a dump of the configuration'" for number in range(100_000)
    )
    settings = evaluated(store_tree, "return [];", f"return ['system' => ['default' => ['a' => ['b' => [{values}]]]]];")
    assert settings.override("a/b/field99999") == "value 99999 of a dump of the configuration"


def test_files_that_are_not_there(store_tree) -> None:
    (store_tree.root / "app/etc/env.php").unlink()
    settings = read_settings(str(store_tree.root), ("php",), LocalRunner())
    assert (settings.installed, settings.database, settings.modules) == (False, None, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<?php\nreturn ['password' => 'geheim' 'x'];", "PHP: Parse error in {0} line 2"),
        ("<?php\n\nthrow new DomainException('geheim');", "PHP: DomainException in {0} line 3"),
        ("<?php\ngeheim();", "PHP: Error in {0} line 2"),
        ("<?php class A {} class A {}", "PHP: Fatal error in {0} line 1"),
        ("<?php\ntrigger_error('geheim', E_USER_ERROR);", "PHP: Fatal error in {0} line 2"),
        ("<?php echo 'geheim'; exit;", "it ends PHP itself"),
        ("<?php die('geheim');", "it ends PHP itself"),
        ("<?php while (ob_get_level()) { ob_end_flush(); } echo 'geheim'; exit(3);", "it ends PHP itself"),
        ("<?php\n$a = 'geheim'; while (true) { $a .= $a; }", "it takes more memory than PHP has in {0} line 2"),
        ("", "it is empty"),
        ("<?php $geheim = [];", "it does not return an array"),
        ("<?php $fail = $state = $path = 'geheim';", "it does not return an array"),
        ("<?php return 'geheim';", "it does not return an array"),
    ],
)
def test_an_env_php_that_cannot_be_used(store_tree, text: str, said: str) -> None:
    store_tree.write({"app/etc/env.php": text})
    assert refused(store_tree).startswith("env.php: " + said.format(store_tree.root / "app/etc/env.php"))


def test_the_file_that_cannot_be_used_is_named(store_tree) -> None:
    store_tree.write({"app/etc/config.php": "<?php return 1;"})
    assert refused(store_tree) == "config.php: it does not return an array"


def test_a_link_that_leads_nowhere(store_tree) -> None:
    path = store_tree.root / "app/etc/env.php"
    path.unlink()
    path.symlink_to("/nowhere/env.php")
    assert refused(store_tree) == "env.php: it is a link that leads nowhere"


def test_a_loop_is_ended_and_its_place_told(store_tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.storefleet.commerce.plugins.module_utils.settings.LOOP_SECONDS", 1)
    store_tree.write({"app/etc/env.php": "<?php\nwhile (true) {}"})
    assert refused(store_tree).endswith("env.php line 2")


def test_waiting_is_ended(store_tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.storefleet.commerce.plugins.module_utils.settings.READ_SECONDS", 0.5)
    store_tree.write({"app/etc/env.php": "<?php sleep(60);"})
    assert "waits for something: no end within 0.5 s" in refused(store_tree)


def test_a_php_without_extensions(store_tree) -> None:
    """PDO's constants are what such a PHP does not know."""
    store_tree.write({"app/etc/env.php": "<?php return [PDO::MYSQL_ATTR_SSL_CA => '/ca'];"})
    with pytest.raises(CommerceError, match="this PHP has no pdo_mysql"):
        read_settings(str(store_tree.root), ("php", "-n"), LocalRunner())
    assert evaluated(store_tree, f"return [{CONNECTION}];", php=("php", "-n")).database is not None


def test_a_program_that_is_no_php(store_tree) -> None:
    with pytest.raises(CommerceError, match="PHP ended with status 0 and no answer"):
        read_settings(str(store_tree.root), ("true",), LocalRunner())


def test_where_the_caches_are_and_never_their_password(store_tree) -> None:
    env = """return ['cache' => [
        'frontend' => ['default' => [
            'id_prefix' => 'a_',
            'backend' => 'Two',
            'backend_options' => [
                'remote_backend' => 'Redis',
                'remote_backend_options' =>
                    ['server' => 'cache', 'port' => 6380, 'database' => '1', 'password' => 'pw'],
                'local_backend' => 'File',
                'local_backend_options' => ['cache_dir' => '/dev/shm'],
            ],
        ], 'own' => ['backend_options' => ['server' => '#env(CACHE_HOST)', 'password' => 'pw', 'port' => ['x']]]],
        'type' => ['config' => ['frontend' => 'own'], 'layout' => []],
    ]];"""
    settings = evaluated(store_tree, env, CACHE_HOST="10.0.0.5")
    assert settings.cache_frontends == {
        "default": {
            "backend": "Two",
            "id_prefix": "a_",
            "options": {"remote_backend": "Redis", "local_backend": "File"},
            "remote_options": {"server": "cache", "port": "6380", "database": "1"},
            "local_options": {"cache_dir": "/dev/shm"},
        },
        "own": {
            "backend": None,
            "id_prefix": None,
            "options": {"server": "10.0.0.5"},
            "remote_options": {},
            "local_options": {},
        },
    }
    assert settings.frontend_of == {"config": "own"}
    assert "pw" not in repr(settings)
