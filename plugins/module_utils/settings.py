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
from .settings_program import LOOP_SECONDS, MARK, OPTIONS, PROGRAM

DEFAULT_PHP = ("php",)
READ_SECONDS = 30


@dataclass(frozen=True)
class DatabaseSettings:
    """How the store reaches its database. Either unix_socket, or host and port.

    local_socket: the socket that PHP means by the host localhost, None if it names none.
    tls: PDO's options by name: ca, capath, cert, key (paths), cipher, verify (bool); empty without any.
    """

    host: Optional[str]
    port: int
    unix_socket: Optional[str]
    name: str
    user: str
    password: str = field(repr=False)
    prefix: str = ""
    tls: Mapping[str, Any] = field(default_factory=dict)
    local_socket: Optional[str] = None


@dataclass(frozen=True)
class Settings:
    """What app/etc and the environment say.

    mode: default, developer or production. modules: names of the enabled ones, in their order.
    php_version, php_sapi: of the PHP that read them, such as 8.2.24 and cli.
    system: configuration that beats core_config_data:
    {"default": {path: value}, "websites": {code: {path: value}}, "stores": {code: {path: value}}}.
    cache_types: type -> on. cache_frontends: frontend -> {"backend", "id_prefix", None where not set; "options",
    "remote_options", "local_options": those of the backend that tell where it is}. frontend_of: cache type -> frontend,
    of those types that have one of their own.
    """

    mode: str
    installed: bool
    php_version: str
    database: Optional[DatabaseSettings]
    modules: Tuple[str, ...]
    system: Mapping[str, Mapping[str, Any]] = field(repr=False)
    cache_types: Mapping[str, bool] = field(default_factory=dict)
    cache_frontends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    php_sapi: str = "cli"
    frontend_of: Mapping[str, str] = field(default_factory=dict)

    def override(self, path: str, scope: str = "default", scope_code: Optional[str] = None) -> Optional[str]:
        """The value that a scope (default, websites, stores) is held to, None if it is left to the database."""
        values = self.system.get(scope, {})
        if scope == "default":
            return values.get(path)
        code = scope_code or ""
        exact, section = values.get(code, {}), path.split("/", 1)[0] + "/"
        # The environment's names have lost the case of a code. Files under the code itself win, section by section.
        if path not in exact and not any(name.startswith(section) for name in exact):
            for other in values:
                if other != code and other.lower() == code.lower():
                    exact = values[other]
        return exact.get(path)


def read_settings(root: str, php: Sequence[str], runner: Runner) -> Settings:
    """Let the store's PHP (an argv) evaluate its settings; the runner's environment counts as the store's.

    A missing file is an empty one, as it is for Commerce. A PHP that fails, files that cannot be read or do not return
    an array, and settings that are not Commerce's raise CommerceError settings_unreadable; a PHP that cannot be
    started raises not_started. PHP's own words are never passed on: they quote the line that may hold the password.
    """
    argv = list(php)
    for option in OPTIONS:
        argv += ["-d", "=".join(option)]
    argv += ["-r", PROGRAM, "--", root, str(LOOP_SECONDS)]
    try:
        result = runner.run(argv, cwd=root, timeout=READ_SECONDS)
    except CommerceError as error:
        if error.code != "timeout":
            raise
        raise _unreadable(root, None, "env.php or config.php waits for something: " + error.came_back) from None
    answer = next((line[len(MARK) :] for line in result.out.splitlines() if line.startswith(MARK)), None)
    if answer is None:
        raise _unreadable(root, None, _ending(result))
    try:
        values = json.loads(answer)
        if "failed" in values:
            raise _unreadable(root, values["file"], _reason(values))
        return _settings(values, root)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(root, None, "their form is not Commerce's ({0})".format(type(error).__name__)) from None


def _settings(answer: Dict[str, Any], root: str) -> Settings:
    return Settings(
        mode=answer["mode"] or "default",
        installed=answer["installed"],
        php_version=answer["php"],
        php_sapi=answer["sapi"],
        database=_database(answer["database"], root) if answer["database"] else None,
        modules=tuple(answer["modules"]),
        system=_system(answer["system"], answer["environment"]),
        cache_types=dict(answer["cache_types"]),
        cache_frontends=answer["cache_frontends"],
        frontend_of=answer["frontend_of"],
    )


def _database(values, root: str) -> DatabaseSettings:
    prefix = values["prefix"]
    # It becomes part of every table name in our SQL.
    if not re.fullmatch(r"[A-Za-z0-9_]*", prefix):
        raise _unreadable(root, "env.php", "db.table_prefix is not an identifier")
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
        # As PDO: the path counts for this name only.
        local_socket=values["socket"] if host == "localhost" else None,
    )


def _address(host: str, port: Optional[str]) -> Tuple[Optional[str], int, Optional[str]]:
    """Host, port and socket from Commerce's one string: a name, name:port, or a socket's path."""
    if "/" in host:
        return None, 0, host
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(.*))?", host)
    named = bracketed or re.fullmatch(r"([^:]+):([^:]*)", host)
    if named:
        host, port = named.group(1), named.group(2) or port
    # As PDO: what is no number is the default.
    return host, int(port) if port and port.isdigit() and int(port) else 3306, None


def _system(system, environment) -> Dict[str, Dict[str, Any]]:
    merged: Dict[str, Dict[str, Any]] = {"default": _flat(system.get("default")), "websites": {}, "stores": {}}
    for scope in ("websites", "stores"):
        of_scope = system.get(scope)
        for code, values in of_scope.items() if isinstance(of_scope, dict) else ():
            merged[scope][code] = _flat(values)
    for name, value in environment.items():
        parts = name.lower().split("__")[1:]
        if parts[:1] == ["default"] and len(parts) > 1:
            merged["default"]["/".join(parts[1:])] = value
        elif parts[:1] in (["websites"], ["stores"]) and len(parts) > 2:
            merged[parts[0]].setdefault(parts[1], {})["/".join(parts[2:])] = value
    return merged


def _flat(values, path="", flat=None) -> Dict[str, str]:
    flat = {} if flat is None else flat
    for key, value in values.items() if isinstance(values, dict) else ():
        inner = path + key
        if isinstance(value, dict):
            _flat(value, inner + "/", flat)
        elif isinstance(value, bool):
            flat[inner] = "1" if value else "0"
        elif value is not None and not isinstance(value, list):
            flat[inner] = str(value)
    return flat


_REASONS = {
    "unreadable": "this user may not read it",
    "dangling": "it is a link that leads nowhere",
    "empty": "it is empty",
    "no array": "it does not return an array",
    "exit": "it ends PHP itself",
    "loop": "it did not end within {0} s".format(LOOP_SECONDS),
    "memory": "it takes more memory than PHP has",
    "json": "this PHP has no extension json",
}


def _reason(failed) -> str:
    """What went wrong in PHP: kind, file and line, nothing of what stands there."""
    kind = failed["failed"]
    reason = _REASONS.get(kind) or "PHP: {0}".format({"ParseError": "Parse error"}.get(kind, kind))
    if failed.get("line"):
        reason += " in {0} line {1}".format(failed["in"], failed["line"])
    if kind == "Error" and not failed["pdo"]:
        reason += "; this PHP has no pdo_mysql, whose constants Commerce's files may use"
    return reason


def _ending(result) -> str:
    """How a PHP ended that did not answer."""
    if result.rc < 0:
        return "signal {0} ended PHP".format(-result.rc)
    return "PHP ended with status {0} and no answer; only a command-line PHP can do this".format(result.rc)


def _unreadable(root, name, came_back):
    return CommerceError(
        "read the store's settings",
        os.path.join(root, "app/etc", name or "env.php"),
        came_back,
        "Check env.php and config.php with the store's own PHP, and that commerce_php names that PHP.",
        code="settings_unreadable",
    )
