# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""php-fpm and PHP by their configuration files: masters, their pools, and the settings of opcache that matter."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Mapping, Optional, Tuple

from .config_files import ConfigFiles
from .pool_places import MAIN_FILE, PLACES

_ENTRY = re.compile(r"""\s*([^;#=\[\s][^=]*?)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;]*?))\s*(?:;.*)?$""")
_SECTION = re.compile(r"\s*\[([^\]]+)\]")
_OPCACHE_LINE = re.compile(r"^[ \t]*(opcache\.\w+|zend_extension)[ \t]*=", re.MULTILINE)
# Section, key, value; and a file's path with all of its own.
_Entry = Tuple[str, str, str]
_Read = Tuple[str, List[_Entry]]
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Pool:
    """A php-fpm pool as its configuration names it.

    settings: PHP's, as php_admin_value and its kin set them. environment: variables that only the pool has, without
    those that the configuration takes from php-fpm's own. clear_env: php-fpm's own variables are kept from it.
    """

    name: str
    listen: str
    user: str
    source: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    clear_env: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class Master:
    """A php-fpm: its main file, its pools, and its PHP's version ("8.2") where a path has it.

    process_control_timeout: seconds that a reload gives to requests in flight; 0: none.
    ini: php.ini, and a pattern of the further ini files.
    """

    source: str
    pools: Tuple[Pool, ...]
    process_control_timeout: int
    ini: Tuple[str, str]
    php_version: Optional[str]


@dataclass(frozen=True)
class OpcacheSettings:
    """opcache as configured. revalidate_freq in seconds; preload, file_cache, restrict_api: None where unset."""

    enable: bool
    validate_timestamps: bool
    revalidate_freq: int
    file_cache: Optional[str]
    preload: Optional[str]
    restrict_api: Optional[str]


def masters(files: ConfigFiles) -> List[Master]:
    """Every php-fpm that the host is configured for."""
    found = []
    for pattern, pool_files, php_ini, more_ini in PLACES:
        for folder in files.glob(pattern):
            main = "{0}/{1}".format(folder, MAIN_FILE)
            read = _read(files, [main])
            included = [value for dummy, key, value in read[0][1] if key == "include"]
            patterns = [os.path.join(folder, value) for value in included] or ["{0}/{1}".format(folder, pool_files)]
            read += _read(files, [path for each in patterns for path in files.glob(each)])
            its_pools = tuple(_pools(read))
            if its_pools:
                found.append(
                    Master(
                        source=main,
                        pools=its_pools,
                        process_control_timeout=_process_control_timeout(read),
                        ini=("{0}/{1}".format(folder, php_ini), "{0}/{1}".format(folder, more_ini)),
                        php_version=version_in(folder),
                    )
                )
    return found


def version_in(path: str) -> Optional[str]:
    """The version of PHP that a path names: 8.2 of /etc/php/8.2/fpm, /opt/remi/php82 or libphp8.2.so."""
    found = re.search(r"php/?(\d)\.?(\d+)", path)
    return ".".join(found.groups()) if found else None


def php_settings(files: ConfigFiles, php_ini: str, more: str) -> Dict[str, str]:
    """What php.ini and further ini files say of opcache, later ones win; zend_extension: all of them, by a space."""
    settings: Dict[str, str] = {}
    extensions = []
    for path in [php_ini] + files.glob(more):
        text = files.read(path)
        # php.ini is long, and its lines are nearly all of something else.
        lines = "\n".join(text[each.start() :].split("\n", 1)[0] for each in _OPCACHE_LINE.finditer(text))
        for dummy, key, value in _entries(lines):
            settings[key] = value
            if key == "zend_extension":
                extensions.append(value)
    settings["zend_extension"] = " ".join(extensions)
    return settings


def opcache_settings(ini: Mapping[str, str], own: Mapping[str, str], php_version: Optional[str]) -> OpcacheSettings:
    """What holds for a pool (own: its settings, which win) of a PHP with these ini settings."""
    merged = dict(ini)
    merged.update(own)

    def value(name: str, default: str = "") -> str:
        return merged.get("opcache." + name, default)

    # Built in from 8.5 on.
    built_in = php_version is not None and tuple(int(part) for part in php_version.split(".")) >= (8, 5)
    frequency = value("revalidate_freq", "2")
    return OpcacheSettings(
        enable=(built_in or "opcache" in ini.get("zend_extension", "")) and _is_on(value("enable", "1")),
        validate_timestamps=_is_on(value("validate_timestamps", "1")),
        revalidate_freq=int(frequency) if frequency.isdigit() else 2,
        file_cache=value("file_cache") or None,
        preload=value("preload") or None,
        restrict_api=value("restrict_api") or None,
    )


def _read(files: ConfigFiles, paths: List[str]) -> List[_Read]:
    return [(path, list(_entries(files.read(path)))) for path in paths]


def _entries(text: str) -> Iterator[_Entry]:
    """Section ("" before any), key and value of each line of an ini file."""
    section = ""
    for line in text.splitlines():
        # Nearly all of them, in the files that distributions bring.
        if not line or line[0] in ";#":
            continue
        header = _SECTION.match(line)
        if header:
            section = header.group(1).strip()
            continue
        found = _ENTRY.match(line)
        if found:
            key, double, single, plain = found.groups()
            yield section, key, double or single or plain or ""


def _pools(read: List[_Read]) -> List[Pool]:
    # A pool may be spread over files, as in the vendor's container image: later ones win.
    by_name: Dict[str, List[Tuple[str, str]]] = {}
    sources: Dict[str, str] = {}
    for path, entries in read:
        for section, key, value in entries:
            if section not in ("", "global"):
                by_name.setdefault(section, []).append((key, value.replace("$pool", section)))
                sources.setdefault(section, path)
    return [_pool(name, own, sources[name]) for name, own in by_name.items() if dict(own).get("listen")]


def _pool(name: str, entries: List[Tuple[str, str]], path: str) -> Pool:
    plain = dict(entries)
    settings: Dict[str, str] = {}
    # An admin value cannot be changed by a plain one, wherever it stands.
    for kinds in (("php_value", "php_flag"), ("php_admin_value", "php_admin_flag")):
        settings.update((inner, value) for kind, inner, value in _bracketed(entries) if kind in kinds)
    return Pool(
        name=name,
        listen=plain["listen"],
        user=plain.get("user", ""),
        source=path,
        settings=settings,
        environment={
            inner: value
            for kind, inner, value in _bracketed(entries)
            if kind == "env" and not value.startswith("$") and "${" not in value
        },
        clear_env=_is_on(plain.get("clear_env", "yes")),
    )


def _bracketed(entries) -> Iterator[Tuple[str, str, str]]:
    for key, value in entries:
        found = re.fullmatch(r"(\w+)\[([^\]]+)\]", key)
        if found:
            yield found.group(1), found.group(2), value


def _process_control_timeout(read: List[_Read]) -> int:
    seconds = 0
    for dummy, entries in read:
        for section, key, value in entries:
            found = re.fullmatch(r"(\d+)\s*([smhd]?)", value)
            if section == "global" and key == "process_control_timeout" and found:
                seconds = int(found.group(1)) * _SECONDS[found.group(2)]
    return seconds


def _is_on(value: str) -> bool:
    return value.lower() in ("1", "on", "yes", "true")
