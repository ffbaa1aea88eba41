# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where distributions and panels keep the configuration of php-fpm."""

from __future__ import annotations

# Folder of one php-fpm, and below it: its pools, php.ini, the further ini files. Debian; Red Hat and Fedora; Remi;
# the vendor's container image; Alpine; cPanel; Plesk.
PLACES = (
    ("/etc/php/*/fpm", "pool.d/*.conf", "php.ini", "conf.d/*.ini"),
    ("/etc", "php-fpm.d/*.conf", "php.ini", "php.d/*.ini"),
    ("/etc/opt/remi/php*", "php-fpm.d/*.conf", "php.ini", "php.d/*.ini"),
    ("/usr/local/etc", "php-fpm.d/*.conf", "php/php.ini", "php/conf.d/*.ini"),
    ("/etc/php[0-9]*", "php-fpm.d/*.conf", "php.ini", "conf.d/*.ini"),
    ("/opt/cpanel/ea-php*/root/etc", "php-fpm.d/*.conf", "php.ini", "php.d/*.ini"),
    ("/opt/plesk/php/*/etc", "php-fpm.d/*.conf", "php.ini", "php.d/*.ini"),
)
MAIN_FILE = "php-fpm.conf"
POOL_FILES = tuple("{0}/{1}".format(folder, pools) for folder, pools, dummy, dummy in PLACES)
