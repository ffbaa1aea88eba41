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
  - Tells version, edition, layout, mode, ownership and state of the store at a root folder, who else changes its
    files, and what serves it.
  - Reads files, those of nginx, Apache and php-fpm among them, and lets the store's PHP evaluate C(app/etc/env.php) and
    C(app/etc/config.php).
  - Never starts Commerce, never connects to the database, and writes nothing.
  - Fails with one message and a C(code) where there is no store (C(no_store), C(relative_root), C(symlink_loop)), or
    where a file of it cannot be read (C(unreadable), which names the file).
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

- name: A host whose command line has another PHP than its store is not gone on with
  ansible.builtin.assert:
    that: info.commerce.serving.same_php is not false
    fail_msg: "{{ info.commerce.notes | join(' ') }}"

- name: A store whose database is named to its php-fpm pool only is known
  storefleet.commerce.commerce_info:
    root: /var/www/store
    php: /usr/bin/php8.2
    environment:
      DB_HOST: db.internal
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
      description:
        - RV(commerce.base_version) where that is known, as Composer writes it.
        - RV(commerce.mage_os_version) where it is not, and V(unknown) for a clone of a branch that has no number.
      type: str
      sample: 2.4.6-p3
    base_version:
      description:
        - Version of the package magento/magento2-base, which Adobe's patches go by.
        - For Mage-OS the version that its packages say they replace. Null where nothing tells it.
      type: str
      sample: 2.4.6-p3
    mage_os_version:
      description: Mage-OS' own number; null elsewhere.
      type: str
      sample: null
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
      description:
        - The file that RV(commerce.version) comes from, C(vendor/composer/installed.json) where that names it.
        - Otherwise the base package's own C(composer.json), C(composer.lock), or the root's C(composer.json).
      type: str
      sample: vendor/composer/installed.json
    layout:
      description: V(composer), or V(git) for a clone of the vendor's repository.
      type: str
      sample: composer
    replaced:
      description: Packages of Commerce that are not there because another package, or the root, replaces them.
      type: list
      elements: str
      sample: [magento/module-swatches-graph-ql]
    linked_vendor:
      description: Folders of C(vendor) that are links, beyond which the Quality Patches Tool changes nothing.
      type: list
      elements: str
      sample: []
    dev:
      description: Whether Composer installed the development packages; null where Composer 1 did, which does not say.
      type: bool
      sample: false
    platform_php:
      description: The version of PHP that Composer is told to believe in (C(config.platform.php)); null without.
      type: str
      sample: null
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
    maintenance_allowed:
      description: Addresses that maintenance mode does not hold for, from C(var/.maintenance.ip).
      type: list
      elements: str
      sample: [203.0.113.7]
    interrupted:
      description: Whether a change of the live root is under way, or a killed run has left one unfinished.
      type: bool
      sample: false
    leased:
      description:
        - Whether a run has taken the store's lease and has not given it back. It still goes on, or it was killed.
      type: bool
      sample: false
    kept:
      description: Whether files of before a change are kept, for M(storefleet.commerce.release_switch) to revert it.
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
    read_only:
      description: Those of the root, C(generated) and C(var) that are on a file system mounted read-only.
      type: list
      elements: path
      sample: []
    deploy_tool:
      description:
        - What brings the store's files, and undoes what is changed in them on the host.
        - V(releases) is a folder of releases whose tool is not known, V(git) a checkout. Null without any mark.
      type: str
      choices: [cloud, deployer, capistrano, releases, git]
      sample: deployer
    deploy_marks:
      description: The paths, and names of environment variables, that say so.
      type: list
      elements: str
      sample: [/var/www/store/.dep, /var/www/store/releases, /var/www/store/shared]
    php_version:
      description: Version of the PHP that was used; null if the settings cannot be read.
      type: str
      sample: 8.2.29
    quality_patches_version:
      description: Version of the package magento/quality-patches; null if it is not installed.
      type: str
      sample: 1.1.82
    cloud_patches_version:
      description: Version of the package magento/magento-cloud-patches; null if it is not installed.
      type: str
      sample: 1.1.5
    ece_tools_version:
      description: Version of the package magento/ece-tools; null if it is not installed.
      type: str
      sample: null
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
    serving:
      description:
        - What serves the store, by the configuration files of nginx, Apache and php-fpm that the owner may read.
        - Each key is null where it could not be told; RV(commerce.notes) says why.
      type: dict
      contains:
        sapi:
          description: V(fpm-fcgi), or V(apache2handler) for PHP inside Apache.
          type: str
          sample: fpm-fcgi
        found_by:
          description:
            - V(nginx) or V(apache), whose site has the root.
            - V(only_pool) where none has, and the host has just one pool, or one whose socket is there.
          type: str
          sample: nginx
        pool:
          description: Name of the php-fpm pool.
          type: str
          sample: www
        user:
          description: User that the pool runs as.
          type: str
          sample: www-data
        listen:
          description: What the web server passes PHP to, a socket's path or an address.
          type: str
          sample: /run/php/php8.2-fpm.sock
        source:
          description: The file that defines the pool.
          type: str
          sample: /etc/php/8.2/fpm/pool.d/www.conf
        clear_env:
          description: Whether the pool keeps php-fpm's own environment from the store.
          type: bool
          sample: true
        also:
          description: Names of further pools that serve the store.
          type: list
          elements: str
          sample: []
        sharing:
          description: Names of the other pools of the same php-fpm; a reload and an emptied opcache reach them too.
          type: list
          elements: str
          sample: []
        php_version:
          description: Version of the PHP that serves, as the path of its configuration has it.
          type: str
          sample: "8.2"
        same_php:
          description: Whether RV(commerce.php_version) is of that version.
          type: bool
          sample: true
        process_control_timeout:
          description: Seconds that a reload of php-fpm gives to requests in flight; 0 ends them.
          type: int
          sample: 0
        opcache:
          description: How opcache is configured, from php.ini, the further ini files and the pool.
          type: dict
          contains:
            enable:
              description: Whether it is loaded and on.
              type: bool
              sample: true
            validate_timestamps:
              description: Whether it looks for changed files.
              type: bool
              sample: true
            revalidate_freq:
              description: Seconds between two looks at a file.
              type: int
              sample: 2
            file_cache:
              description: Folder of its cache on disk, which outlives reloads; null without one.
              type: str
              sample: null
            preload:
              description: The PHP file that is preloaded, whose classes only a restart renews; null without one.
              type: str
              sample: null
            restrict_api:
              description: The path below which PHP files may ask for its state; null where all may.
              type: str
              sample: null
    notes:
      description: What to know before trusting these facts or changing the store, sentences.
      type: list
      elements: str
      sample: ["vendor/composer/installed.json says 2.4.6-p3, but composer.lock says 2.4.6-p8."]
code:
  description:
    - Why it failed.
    - V(no_store), V(relative_root) and V(symlink_loop) there is no store at O(root).
    - V(unreadable) the store's owner cannot read one of its files.
    - V(wrong_user), V(no_user), V(owned_by_root) and V(foreign_link) it is not clear as whom to work.
  returned: failure
  type: str
  sample: no_store
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: "Set commerce_root to the folder that holds the store's app/etc and vendor."
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
