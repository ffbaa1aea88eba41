# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advisories as data: what a defect is, where it shows and what repairs it. Another advisory is another value."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Tuple


class Marker(NamedTuple):
    """An observer that has to be registered for an event in an area's events.xml."""

    area: str
    event: str
    observer: str
    instance: str
    module: str
    package: str
    path: str


class Advisory(NamedTuple):
    """A defect of Commerce and the vendor's patch for it.

    markers: per API ("rest", "graphql", "soap") the registration that the patch adds.
    files: what the patch changes, relative to the store's root with vendor/magento in it.
    minimum_tool: first release of magento/quality-patches that carries the patch.
    range: the Composer constraint on magento/magento2-base under which the tool offers the patch.
    fixed_in: first version of Commerce that has the fix built in.
    blobs: per file the first digits of git's ids of its content before and after the patch, where they are known; None
    before it where the patch creates the file.
    classes: what the observer works with -> the class that Commerce itself prefers for it, "" if none.
    """

    patch: str
    minimum_tool: str
    range: str
    fixed_in: str
    markers: Mapping[str, Marker]
    files: Tuple[str, ...]
    blobs: Mapping[str, Tuple[Optional[str], str]]
    classes: Mapping[str, str]


def _unlock(area: str, module: str, package: str) -> Marker:
    return Marker(
        area=area,
        event="customer_customer_authenticated",
        observer="customer_unlock",
        instance="Magento\\Customer\\Observer\\CustomerLoginSuccessObserver",
        module=module,
        package=package,
        path="vendor/{0}/etc/{1}/events.xml".format(package, area),
    )


ACSD_61103 = Advisory(
    patch="ACSD-61103",
    minimum_tool="1.1.54",
    range=">=2.4.6 <2.4.7",
    fixed_in="2.4.8",
    markers={
        "rest": _unlock("webapi_rest", "Magento_Integration", "magento/module-integration"),
        "graphql": _unlock("graphql", "Magento_CustomerGraphQl", "magento/module-customer-graph-ql"),
        "soap": _unlock("webapi_soap", "Magento_Integration", "magento/module-integration"),
    },
    files=(
        "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php",
        "vendor/magento/module-customer/Model/Authentication.php",
        "vendor/magento/module-customer/Model/Customer.php",
        "vendor/magento/module-customer/Model/CustomerAuthUpdate.php",
        "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml",
        "vendor/magento/module-integration/etc/webapi_rest/events.xml",
        "vendor/magento/module-integration/etc/webapi_soap/events.xml",
    ),
    # Of 2.4.6-p1.
    blobs={
        "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php": (None, "3ed92d8b30044"),
        "vendor/magento/module-customer/Model/Authentication.php": ("9a9a463062077", "04f03ece13f99"),
        "vendor/magento/module-customer/Model/Customer.php": ("c851836134b6d", "1eb840ca907d9"),
        "vendor/magento/module-customer/Model/CustomerAuthUpdate.php": ("bc9bffb6ffdf0", "28fe0e6684355"),
        "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml": ("ccf3ae9915a99", "92475d0dc0ce0"),
        "vendor/magento/module-integration/etc/webapi_rest/events.xml": ("e978698734277", "a4d1a1663bb07"),
        "vendor/magento/module-integration/etc/webapi_soap/events.xml": ("e978698734277", "a4d1a1663bb07"),
    },
    classes={
        "Magento\\Customer\\Observer\\CustomerLoginSuccessObserver": "",
        "Magento\\Customer\\Model\\AuthenticationInterface": "Magento\\Customer\\Model\\Authentication",
        "Magento\\Customer\\Model\\Authentication": "",
        "Magento\\Customer\\Model\\CustomerAuthUpdate": "",
    },
)

ADVISORIES = {ACSD_61103.patch: ACSD_61103}
