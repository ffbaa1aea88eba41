# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a clone of the vendor's repository has the files that Composer puts below vendor."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.layout import COMPOSER, GIT, in_layout


@pytest.mark.parametrize(
    ("below_vendor", "in_clone"),
    [
        (
            "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml",
            "app/code/Magento/CustomerGraphQl/etc/graphql/events.xml",
        ),
        ("vendor/magento/module-customer/Model/Customer.php", "app/code/Magento/Customer/Model/Customer.php"),
        ("vendor/magento/framework/Data/Form.php", "lib/internal/Magento/Framework/Data/Form.php"),
        ("vendor/magento/framework-amqp/Queue.php", "lib/internal/Magento/Framework/Amqp/Queue.php"),
        ("vendor/magento/framework-message-queue/Lock.php", "lib/internal/Magento/Framework/MessageQueue/Lock.php"),
        ("vendor/magento/theme-frontend-luma/web/a.css", "app/design/frontend/Magento/luma/web/a.css"),
        ("vendor/magento/magento2-base/lib/web/a.js", "lib/web/a.js"),
        ("vendor/other/module-customer/a.php", "vendor/other/module-customer/a.php"),
        ("app/etc/di.xml", "app/etc/di.xml"),
    ],
)
def test_a_file_has_its_place_in_either_layout(below_vendor, in_clone):
    assert in_layout(GIT, below_vendor) == in_clone
    assert in_layout(COMPOSER, below_vendor) == below_vendor
