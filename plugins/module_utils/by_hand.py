# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left to do by hand when a way back failed, as commands."""

from __future__ import annotations

from shlex import quote
from typing import Iterable, Sequence

from .services import Services
from .store import OWN_FOLDER


def instructions(root: str, put_back: Iterable[str], finally_: Iterable[str], units: Sequence[str]) -> str:
    """The commands for a store at root: put_back its files, clean its caches, finally_; and a reload of the services.

    They may be run again. The first line is for the store's owner, the second for root.
    """
    commands = [
        "cd {0}".format(quote(root)),
        *put_back,
        "php bin/magento cache:clean config compiled_config",
        *finally_,
    ]
    commands.append("rm -rf {0}".format(OWN_FOLDER))
    services = Services()
    reloads = [" ".join(services.argv("reload", unit)) for unit in units]
    as_root = "As root: {0}.".format(" && ".join(reloads)) if reloads else "Then reload php-fpm."
    return "As the store's owner: {0}. {1}".format(" && ".join(commands), as_root)
