# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options by which an operator accepts what patches bring along."""

    DOCUMENTATION = r"""
options:
  accept_side_effects:
    description:
      - Ids of patches that the tool may change beside O(patches), to each question of which it would say yes.
      - Those that it applies as they are required, that it takes out as one of O(patches) replaces them, and those of
        O(patches) that the vendor has deprecated. RV(side_effects) lists them.
      - The module refuses to do what is not named here, or in O(patches), before anything is written.
    type: list
    elements: str
    default: []
  accept_needs:
    description:
      - What the store's own commands have to bring into effect after the patches, and the operator sees to.
      - V(schema) and V(setup) take C(bin/magento setup:upgrade --keep-generated), V(static) takes C(bin/magento
        setup:static-content:deploy). RV(due) names the commands.
      - The module refuses patches that need what is not named here, before anything is written. It goes by the files
        that they change, such as C(etc/db_schema.xml), C(Setup) and C(view/frontend/web).
    type: list
    elements: str
    choices: [schema, setup, static]
    default: []
"""
