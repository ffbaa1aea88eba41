# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store described for people and playbooks: all keys always, nothing secret."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Dict, List, Optional, Sequence

from .command import Runner
from .errors import CommerceError
from .served import Served, serving_of
from .settings import DatabaseSettings, Settings, read_settings
from .store import Store, magento_umask, read_store


def described(root: str, php: Sequence[str], runner: Runner, prefix: str = "/") -> Dict[str, Any]:
    """Read the store at root and describe it. Settings that cannot be read become nulls and a note.

    prefix: where the host's configuration files are.
    """
    store = read_store(root)
    served = serving_of(store.root, prefix)
    try:
        return description(store, read_settings(store.root, php, runner), served)
    except CommerceError as error:
        return description(store, None, served, str(error))


def description(store: Store, settings: Optional[Settings], served: Served, *notes: str) -> Dict[str, Any]:
    """What is documented as the return value of commerce_info."""
    return {
        "root": store.root,
        "given_root": store.given_root,
        "version": store.version,
        "base_version": store.base_version,
        "mage_os_version": store.mage_os_version,
        "edition": store.edition,
        "editions": list(store.editions),
        "install_source": store.install_source,
        "layout": store.layout,
        "replaced": list(store.replaced),
        "linked_vendor": list(store.linked_vendor),
        "dev": store.dev,
        "platform_php": store.platform_php,
        "mode": settings.mode if settings else None,
        "installed": settings.installed if settings else None,
        "compiled": store.compiled,
        "maintenance": store.maintenance,
        "maintenance_allowed": list(store.maintenance_allowed),
        "interrupted": store.interrupted,
        "leased": store.leased,
        "kept": store.kept,
        "owner": store.owner,
        "group": store.group,
        "umask": "{0:04o}".format(magento_umask(store.root)),
        "read_only": list(store.read_only),
        "deploy_tool": store.deployment.tool,
        "deploy_marks": list(store.deployment.marks),
        "php_version": settings.php_version if settings else None,
        "quality_patches_version": store.qpt_version,
        "cloud_patches_version": store.cloud_patches_version,
        "ece_tools_version": store.ece_tools_version,
        "modules": len(settings.modules) if settings else None,
        "database": _database(settings.database if settings else None),
        "serving": _serving(served, settings.php_version if settings else None),
        "notes": list(store.notes + served.notes) + _differing(served, settings) + list(notes),
    }


def _serving(served: Served, cli: Optional[str]) -> Dict[str, Any]:
    pool, opcache = served.pool, served.opcache
    return {
        "sapi": served.sapi,
        "found_by": served.found_by,
        "pool": pool.name if pool else None,
        "user": pool.user if pool else None,
        "listen": served.address,
        "source": pool.source if pool else None,
        "clear_env": pool.clear_env if pool else None,
        "also": list(served.also),
        "sharing": list(served.sharing),
        "php_version": served.php_version,
        "same_php": served.is_php(cli),
        "process_control_timeout": served.process_control_timeout,
        "opcache": asdict(opcache) if opcache else None,
    }


def _differing(served: Served, settings: Optional[Settings]) -> List[str]:
    if settings is None or served.is_php(settings.php_version) is not False:
        return []
    said = "The store is served by PHP {0}, but the command line's is {1}: name the right one in commerce_php."
    return [said.format(served.php_version, settings.php_version)]


def _database(database: Optional[DatabaseSettings]) -> Optional[Dict[str, Any]]:
    if database is None:
        return None
    return {
        "host": database.host,
        "port": database.port,
        "unix_socket": database.unix_socket,
        "name": database.name,
        "table_prefix": database.prefix,
    }
