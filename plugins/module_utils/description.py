# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store described for people and playbooks: all keys always, nothing secret."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from .command import Runner
from .errors import CommerceError
from .settings import DatabaseSettings, Settings, read_settings
from .store import Store, magento_umask, read_store


def described(root: str, php: Sequence[str], runner: Runner) -> Dict[str, Any]:
    """Read the store at root and describe it. Settings that cannot be read become nulls and a note."""
    store = read_store(root)
    try:
        return description(store, read_settings(store.root, php, runner))
    except CommerceError as error:
        return description(store, None, str(error))


def description(store: Store, settings: Optional[Settings], *notes: str) -> Dict[str, Any]:
    """What is documented as the return value of commerce_info."""
    return {
        "root": store.root,
        "given_root": store.given_root,
        "version": store.version,
        "edition": store.edition,
        "editions": list(store.editions),
        "install_source": store.install_source,
        "layout": store.layout,
        "mode": settings.mode if settings else None,
        "installed": settings.installed if settings else None,
        "compiled": store.compiled,
        "maintenance": store.maintenance,
        "interrupted": store.interrupted,
        "owner": store.owner,
        "group": store.group,
        "umask": "{0:04o}".format(magento_umask(store.root)),
        "php_version": settings.php_version if settings else None,
        "quality_patches_version": store.qpt_version,
        "modules": len(settings.modules) if settings else None,
        "database": _database(settings.database if settings else None),
        "notes": list(store.notes + notes),
    }


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
