# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's deployment settings, evaluated by the store's own PHP: env.php may be a program."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from .command import Runner
from .errors import CommerceError

DEFAULT_PHP = ("php",)
_MARK = "storefleet-settings:"

# Reads app/etc as Magento\Framework\App\DeploymentConfig does (2.4.6): config.php, over it env.php, over that the
# top-level keys of MAGENTO_DC__OVERRIDE, over that single values by MAGENTO_DC_PATH__TO__VALUE; #env(NAME, "default").
# Nothing of the store is loaded but the two files. User and password go in base64: they may be anything but UTF-8.
_PROGRAM = r"""
define('BP', $argv[1]);
chdir(BP);
ob_start();
$read = static function (string $name) {
    $path = BP . '/app/etc/' . $name;
    $values = is_file($path) ? require $path : [];
    return is_array($values) ? $values : [];
};
$files = array_replace_recursive($read('config.php'), $read('env.php'));
$override = json_decode((string) getenv('MAGENTO_DC__OVERRIDE'), true);
$data = array_replace($files, is_array($override) ? $override : []);
$value = static function (string $path) use ($data) {
    foreach (getenv() as $name => $text) {
        if (strpos($name, 'MAGENTO_DC_') === 0 && $name !== 'MAGENTO_DC__OVERRIDE'
            && strtolower(str_replace('__', '/', substr($name, 11))) === $path) {
            return $text;
        }
    }
    $found = $data;
    foreach (explode('/', $path) as $key) {
        if (!is_array($found) || !array_key_exists($key, $found)) {
            return null;
        }
        $found = $found[$key];
    }
    if (is_string($found) && preg_match('~^#env\(\s*(\w+)\s*(?:,\s*"([^"]+)")?\)$~', $found, $parts)) {
        $found = getenv($parts[1]) ?: ($parts[2] ?? null);
    }
    return $found;
};
$text = static function (string $path) use ($value) {
    $found = $value($path);
    return $found === null || is_array($found) ? null : (string) $found;
};
$table = static function (string $path) use ($value) {
    $found = $value($path);
    return (object) (is_array($found) ? $found : []);
};
$connection = 'db/connection/default/';
$tls = [];
$options = ['ca' => 'CA', 'capath' => 'CAPATH', 'cert' => 'CERT', 'key' => 'KEY', 'verify' => 'VERIFY_SERVER_CERT'];
foreach ($options as $name => $option) {
    $option = 'PDO::MYSQL_ATTR_SSL_' . $option;
    if (defined($option)) {
        $found = $value($connection . 'driver_options/' . constant($option));
        if ($found !== null) {
            $tls[$name] = $found;
        }
    }
}
$frontends = [];
foreach ((array) $table('cache/frontend') as $name => $frontend) {
    $path = "cache/frontend/$name/";
    $frontends[$name] = ['backend' => $text($path . 'backend'), 'id_prefix' => $text($path . 'id_prefix')];
}
$environment = [];
foreach (getenv() as $name => $text_of) {
    if (strpos($name, 'CONFIG__') === 0) {
        $environment[$name] = $text_of;
    }
}
$answer = [
    'php' => PHP_VERSION,
    'mode' => $text('MAGE_MODE'),
    'installed' => $value('install/date') !== null,
    'modules' => $table('modules'),
    'system' => $table('system'),
    'environment' => (object) $environment,
    'cache_types' => $table('cache_types'),
    'cache_frontends' => (object) $frontends,
    'database' => $value('db/connection/default') === null && $text($connection . 'dbname') === null ? null : [
        'host' => $text($connection . 'host'),
        'port' => $text($connection . 'port'),
        'name' => $text($connection . 'dbname'),
        'user' => base64_encode((string) $text($connection . 'username')),
        'password' => base64_encode((string) $text($connection . 'password')),
        'prefix' => (string) $text('db/table_prefix'),
        'tls' => (object) $tls,
    ],
];
ob_end_clean();
$json = json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR);
echo "\n", 'storefleet-settings:', $json, "\n";
"""


@dataclass(frozen=True)
class DatabaseSettings:
    """How the store reaches its database. Either unix_socket, or host and port.

    tls: PDO's options by name: ca, capath, cert, key (paths), verify (bool); empty without TLS.
    """

    host: Optional[str]
    port: int
    unix_socket: Optional[str]
    name: str
    user: str
    password: str = field(repr=False)
    prefix: str = ""
    tls: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """What app/etc and the environment say.

    mode: default, developer or production. modules: names of the enabled ones, in their order.
    system: configuration that beats core_config_data:
    {"default": {path: value}, "websites": {code: {path: value}}, "stores": {code: {path: value}}}.
    cache_types: type -> on. cache_frontends: frontend -> {"backend", "id_prefix"}, None where not set.
    """

    mode: str
    installed: bool
    php_version: str
    database: Optional[DatabaseSettings]
    modules: Tuple[str, ...]
    system: Mapping[str, Mapping[str, Any]] = field(repr=False)
    cache_types: Mapping[str, bool] = field(default_factory=dict)
    cache_frontends: Mapping[str, Mapping[str, Optional[str]]] = field(default_factory=dict)

    def override(self, path: str, scope: str = "default", scope_code: Optional[str] = None) -> Optional[str]:
        """The value that a scope (default, websites, stores) is held to, None if it is left to the database."""
        values = self.system.get(scope, {})
        if scope != "default":
            values = values.get(scope_code or "", {})
        return values.get(path)


def read_settings(root: str, php: Sequence[str], runner: Runner) -> Settings:
    """Let the store's PHP (an argv) evaluate its settings; the runner's environment counts as the store's.

    A PHP that fails, or settings that are not Commerce's, raise CommerceError settings_unreadable. PHP's own words are
    never passed on: a parse error quotes the line that may hold the password.
    """
    argv = list(php) + ["-d", "display_errors=stderr", "-d", "log_errors=0", "-r", _PROGRAM, "--", root]
    result = runner.run(argv, cwd=root, timeout=30)
    answer = next((line[len(_MARK) :] for line in result.out.splitlines() if line.startswith(_MARK)), None)
    if result.rc != 0 or answer is None:
        raise _unreadable(root, _reason(result))
    try:
        return _settings(json.loads(answer), root)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(root, "their form is not Commerce's ({0})".format(type(error).__name__)) from None


def _settings(answer: Dict[str, Any], root: str) -> Settings:
    return Settings(
        mode=answer["mode"] or "default",
        installed=answer["installed"],
        php_version=answer["php"],
        database=_database(answer["database"], root) if answer["database"] else None,
        modules=tuple(name for name, enabled in answer["modules"].items() if int(enabled)),
        system=_system(answer["system"], answer["environment"]),
        cache_types={name: bool(int(on)) for name, on in answer["cache_types"].items()},
        cache_frontends=answer["cache_frontends"],
    )


def _database(values, root: str) -> DatabaseSettings:
    prefix = values["prefix"]
    # It becomes part of every table name in our SQL.
    if not re.fullmatch(r"[A-Za-z0-9_]*", prefix):
        raise _unreadable(root, "db.table_prefix is not an identifier")
    host, port, unix_socket = _address(values["host"] or "localhost", values["port"])
    return DatabaseSettings(
        host=host,
        port=port,
        unix_socket=unix_socket,
        name=values["name"] or "",
        user=base64.b64decode(values["user"]).decode("utf-8", "surrogateescape"),
        password=base64.b64decode(values["password"]).decode("utf-8", "surrogateescape"),
        prefix=prefix,
        tls=values["tls"],
    )


def _address(host: str, port: Optional[str]) -> Tuple[Optional[str], int, Optional[str]]:
    """Host, port and socket from Commerce's one string: a name, name:port, or a socket's path."""
    if "/" in host:
        return None, 0, host
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(\d+))?", host)
    named = bracketed or re.fullmatch(r"([^:]+)(?::(\d+))?", host)
    if not named:
        return host, int(port or 3306), None
    return named.group(1), int(named.group(2) or port or 3306), None


def _system(system, environment) -> Dict[str, Dict[str, Any]]:
    merged: Dict[str, Dict[str, Any]] = {"default": _flat(system.get("default", {})), "websites": {}, "stores": {}}
    for scope in ("websites", "stores"):
        for code, values in (system.get(scope) or {}).items():
            merged[scope][code] = _flat(values)
    for name, value in environment.items():
        parts = name.lower().split("__")[1:]
        if parts[:1] == ["default"] and len(parts) > 1:
            merged["default"]["/".join(parts[1:])] = value
        elif parts[:1] in (["websites"], ["stores"]) and len(parts) > 2:
            merged[parts[0]].setdefault(parts[1], {})["/".join(parts[2:])] = value
    return merged


def _flat(values, path="") -> Dict[str, str]:
    flat: Dict[str, str] = {}
    for key, value in values.items() if isinstance(values, dict) else ():
        inner = "{0}/{1}".format(path, key) if path else str(key)
        if isinstance(value, dict):
            flat.update(_flat(value, inner))
        elif isinstance(value, bool):
            flat[inner] = "1" if value else "0"
        elif value is not None and not isinstance(value, list):
            flat[inner] = str(value)
    return flat


def _reason(result) -> str:
    """What PHP complains of, without quoting: kind, file and line only."""
    said = result.err + result.out
    place = re.search(r"(\S*app/etc/\w+\.php)(?: on line |\(|:)(\d+)", said)
    kind = re.search(r"(?:PHP )?(Parse error|Fatal error|Warning|Could not open input file)", said)
    reason = "PHP ended with status {0}".format(result.rc)
    if kind:
        reason += ", {0}".format(kind.group(1))
    if place:
        reason += " in {0} line {1}".format(place.group(1), place.group(2))
    return reason


def _unreadable(root, came_back):
    return CommerceError(
        "read the store's settings",
        os.path.join(root, "app/etc/env.php"),
        came_back,
        "Check env.php and config.php with the store's own PHP, and that commerce_php names that PHP.",
        code="settings_unreadable",
    )
