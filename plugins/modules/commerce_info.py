#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: commerce_info
short_description: Tell what an Adobe Commerce or Magento Open Source store is
version_added: 0.1.0
description:
  - Tells version, edition, layout, mode, ownership and state of the store at a root folder.
  - Reads files, and lets the store's PHP evaluate C(app/etc/env.php) and C(app/etc/config.php).
  - Never starts Commerce, and never connects to the database.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.attributes
seealso:
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: The store is known
  storefleet.commerce.commerce_info:
    root: /var/www/store
  register: info

- name: Its version is shown
  ansible.builtin.debug:
    msg: "{{ info.commerce.version }} ({{ info.commerce.edition }}), {{ info.commerce.mode }} mode"

- name: A store whose database is named to its php-fpm pool only is known
  storefleet.commerce.commerce_info:
    root: /srv/shop/current
    php: /usr/bin/php8.2
    environment:
      MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST: db.internal
"""

RETURN = r"""
commerce:
  description: What the store is. All keys are always there.
  returned: success
  type: dict
  contains:
    root:
      description: Real path of the store's root.
      type: str
      sample: /var/www/store/releases/12
    given_root:
      description: The root as given.
      type: str
      sample: /var/www/store/current
    version:
      description: Version of Commerce, as Composer writes it.
      type: str
      sample: 2.4.6-p3
    edition:
      description: The most telling of RV(commerce.editions).
      type: str
      choices: [cloud, b2b, enterprise, mage-os, community, unknown]
      sample: community
    editions:
      description: All editions whose packages are installed.
      type: list
      elements: str
      sample: [enterprise, community]
    install_source:
      description: The file that RV(commerce.version) comes from.
      type: str
      sample: vendor/composer/installed.json
    layout:
      description: V(composer), or V(git) for a clone of the vendor's repository.
      type: str
      sample: composer
    mode:
      description: V(default), V(developer) or V(production); null if the settings cannot be read.
      type: str
      sample: production
    installed:
      description: Whether the settings say that Commerce is installed; null if they cannot be read.
      type: bool
      sample: true
    compiled:
      description: Whether dependency injection is compiled, which does not depend on the mode.
      type: bool
      sample: true
    maintenance:
      description: Whether maintenance mode is on.
      type: bool
      sample: false
    interrupted:
      description: Whether a change of the live root is under way, or a killed run has left one unfinished.
      type: bool
      sample: false
    owner:
      description: User that owns the root.
      type: str
      sample: deploy
    group:
      description: Group of the root.
      type: str
      sample: www-data
    umask:
      description: The umask that Commerce works with, octal.
      type: str
      sample: "0002"
    php_version:
      description: Version of the PHP that was used; null if the settings cannot be read.
      type: str
      sample: 8.2.29
    quality_patches_version:
      description: Version of the package magento/quality-patches; null if it is not installed.
      type: str
      sample: 1.1.82
    modules:
      description: Number of enabled modules; null if the settings cannot be read.
      type: int
      sample: 312
    database:
      description: Where the database is, without user and password; null if the settings cannot be read.
      type: dict
      contains:
        host:
          description: Host; null with a socket.
          type: str
          sample: 127.0.0.1
        port:
          description: Port; 0 with a socket.
          type: int
          sample: 3306
        unix_socket:
          description: Path of the socket; null with a host.
          type: str
          sample: null
        name:
          description: Name of the database.
          type: str
          sample: commerce
        table_prefix:
          description: Prefix of every table's name.
          type: str
          sample: ""
    notes:
      description: What to know before trusting these facts or changing the store, sentences.
      type: list
      elements: str
      sample: ["vendor/composer/installed.json says 2.4.6-p3, but composer.lock says 2.4.6-p8."]
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, Workplace, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.description import described


def look(place: Workplace, dummy: Any) -> Dict[str, Any]:
    """The work of this module, as the store's owner."""
    return {"changed": False, "commerce": described(place.root, place.php, place.runner)}


def main() -> None:
    """Run the module."""
    exit_with(AnsibleModule(argument_spec=dict(STORE_ARGUMENTS), supports_check_mode=True), look)


if __name__ == "__main__":
    main()
