# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second advisory, made up: what it takes to audit and prove another patch. It is data, and a probe.

The patch ACSD-99001 has each API greet a customer who registers: an observer of customer_register_success that the
storefront has, and the APIs have not.
"""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import Advisory, Marker
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import ApiResult, ProbeResult
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import Settings
from ansible_collections.storefleet.commerce.plugins.module_utils.store import Store
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import (
    APIS,
    BROKEN,
    CLOSED,
    DEFECTIVE,
    FIXED,
    NOT_RUN,
)

OBSERVER = "Magento\\Customer\\Observer\\WelcomeObserver"


def _welcome(area: str, module: str, package: str) -> Marker:
    return Marker(
        area=area,
        event="customer_register_success",
        observer="customer_welcome",
        instance=OBSERVER,
        module=module,
        package=package,
        path=f"vendor/{package}/etc/{area}/events.xml",
    )


ACSD_99001 = Advisory(
    patch="ACSD-99001",
    minimum_tool="1.1.60",
    range=">=2.4.6 <2.4.8",
    fixed_in="2.4.9",
    markers={
        "rest": _welcome("webapi_rest", "Magento_Integration", "magento/module-integration"),
        "graphql": _welcome("graphql", "Magento_CustomerGraphQl", "magento/module-customer-graph-ql"),
        "soap": _welcome("webapi_soap", "Magento_Integration", "magento/module-integration"),
    },
    files=(
        "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml",
        "vendor/magento/module-integration/etc/webapi_rest/events.xml",
        "vendor/magento/module-integration/etc/webapi_soap/events.xml",
    ),
    # They are an aid where no patch file is at hand; unknown here.
    blobs={},
    classes={OBSERVER: ""},
)

# What an API answers to a registration: the HTTP status, and the greetings that the store has sent since.
Register = Callable[[str], "tuple[int, int]"]


class WelcomeProbe:
    """Stands where probe.run stands: registers a customer over each API, and looks whether the store greets it.

    register: does so over one API. What is judged here is all that is of this advisory.
    """

    def __init__(self, register: Register):
        self._register = register

    def __call__(self, store: Store, settings: Settings, options: ProbeOptions) -> ProbeResult:
        asked = {api: self._ask(api) for api in options.apis}
        apis = {api: asked.get(api, ApiResult(NOT_RUN, "not_asked")) for api in APIS}
        return ProbeResult(options.form, apis)

    def _ask(self, api: str) -> ApiResult:
        status, greetings = self._register(api)
        if status == 404:
            return ApiResult(CLOSED, "by_server", statuses=(status,))
        if status != 200:
            return ApiResult(BROKEN, "refused", f"it answers {status}", (status,))
        if not greetings:
            return ApiResult(DEFECTIVE, "not_greeted", "nobody greets a customer who registers", (status,))
        return ApiResult(FIXED, "greeted", statuses=(status,))
