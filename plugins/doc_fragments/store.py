# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every module of the collection has."""

    DOCUMENTATION = r"""
options:
  root:
    description:
      - The folder that holds the store's C(app/etc) and C(vendor).
      - A link, such as Deployer's C(current), is followed once, at the start.
    type: path
    default: /var/www/html
  php:
    description:
      - The command line of the PHP that the store runs on.
      - Words are separated as a shell does it, so that options can follow.
    type: str
    default: php
  user:
    description:
      - The user that runs PHP and the store's commands.
      - The owner of O(root) if not given.
      - A module that was started as root becomes this user before it reads anything of the store's.
    type: str
  environment:
    description:
      - Variables for the store's PHP that otherwise only its php-fpm pool has, such as C(DB_PASSWORD) for an C(env.php)
        that asks C(getenv) for it, or C(MAGENTO_DC__OVERRIDE).
      - They go over those of the pool's own configuration (C(env[NAME])), which count where O(user) may read it.
      - Never logged and never returned.
    type: dict
    default: {}
notes:
  - Connect as root, as the owner of the store, or with C(become) to one of them.
"""
