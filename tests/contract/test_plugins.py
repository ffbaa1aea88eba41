# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins: what they change, and the interceptors that are generated for them."""

from __future__ import annotations

import re

import pytest
from contract.commerce import PASSWORD, ROOT

TRIMMED = "generated/code/Magento/Customer/Model/Customer/Interceptor.php"
STALE = "generated/code/Magento/Customer/Model/CustomerAuthUpdate/Interceptor.php"

MODULE = {
    "registration.php": "<?php \\Magento\\Framework\\Component\\ComponentRegistrar::register("
    "'module', 'Acme_Plugins', __DIR__);",
    "etc/module.xml": '<config><module name="Acme_Plugins"/></config>',
}
AROUND_SLOW_TEXT = """<?php
namespace Acme\\Plugins;
class {name}
{{
    public function aroundToHtml($subject, callable $proceed): string
    {{
        return '{name}(' . $proceed() . ')';
    }}

    public function afterToHtml($subject, string $result): string
    {{
        return $result . ' after {name}';
    }}
}}
"""
BEFORE_HOME = """<?php
namespace Acme\\Plugins;
class Before
{
    public function beforeCreate($subject, array $data = []): array
    {
        return [['seconds' => $data['seconds'] + 40]];
    }
}
"""
AFTER_SAVE_AUTH = """<?php
namespace Acme\\Plugins;
class AfterSaveAuth
{
    public function afterSaveAuth($subject): void
    {
    }
}
"""


def di(subject, *plugins):
    """di.xml with plugins on a class; each is written as the attributes of its element."""
    elements = "".join(f"<plugin {plugin}/>" for plugin in plugins)
    return f'<config><type name="{subject}">{elements}</type></config>'


def install(store, **files):
    """The module Acme_Plugins with these files besides its own; `/` is written `__` in the names, `.` as `_dot_`."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in files.items()}
    for name, content in {**MODULE, **named}.items():
        path = f"app/code/Acme/Plugins/{name}"
        script = 'mkdir -p "$(dirname "$0")" && cat > "$0"'
        store.succeed(store.deploy("bash", "-c", script, path, stdin=content))
    store.succeed(store.magento("module:enable", "Acme_Plugins"))


@pytest.fixture(params=["developer", "production"])
def either(request, store, compiled):
    return {"developer": store, "production": compiled}[request.param]


def refresh(store):
    """What a store needs after its wiring has changed."""
    if store.execute("test", "-e", f"{ROOT}/generated/metadata/global.php").returncode == 0:
        store.compile()
    store.clean()
    store.reload()


def test_a_plugin_of_commerce_s_own(either):
    customer = {"email": "blanks@example.com", "firstname": "  Ada ", "lastname": " Byron\t"}
    answer = either.request("POST", "/rest/V1/customers", json={"customer": customer, "password": PASSWORD})
    assert [answer.json()[name] for name in ("firstname", "lastname")] == ["Ada", "Byron"]
    assert "class Interceptor extends \\Magento\\Customer\\Model\\Customer" in either.read(TRIMMED)


def test_compile_repeats_the_public_methods_of_then(compiled):
    def methods():
        return set(re.findall(r"public function (\w+)", compiled.read(TRIMMED)))

    assert methods() == {"__construct", "getId", "getData", "setData", "addData", "toArray"}
    compiled.apply()
    compiled.compile()
    assert "_resetState" in methods()


def test_order_and_kinds(either):
    slow_text, factory = "Magento\\Store\\Model\\SlowText", "Magento\\Store\\Model\\SlowTextFactory"
    outer = 'name="outer" type="Acme\\Plugins\\Outer" sortOrder="1"'
    inner = 'name="inner" type="Acme\\Plugins\\Inner" sortOrder="2"'
    away = 'name="away" type="Acme\\Plugins\\Away" disabled="true"'
    wiring = di(slow_text, inner, outer, away).replace("</config>", "")
    wiring += di(factory, 'name="before" type="Acme\\Plugins\\Before"').replace("<config>", "")
    classes = {f"{name}_dot_php": AROUND_SLOW_TEXT.format(name=name) for name in ("Outer", "Inner", "Away")}
    install(either, etc__frontend__di_dot_xml=wiring, Before_dot_php=BEFORE_HOME, **classes)
    refresh(either)
    answer = either.request("GET", "/slow/index/index?seconds=0")
    assert "Outer(Inner(<p>Done after 40 seconds.</p>)) after Outer after Inner" in answer.text


def test_stale_interceptor_breaks_logins_until_it_is_generated_again(store):
    """Its constructor is that of the class before the patch."""
    wiring = di("Magento\\Customer\\Model\\CustomerAuthUpdate", 'name="a" type="Acme\\Plugins\\AfterSaveAuth"')
    install(store, etc__di_dot_xml=wiring, AfterSaveAuth_dot_php=AFTER_SAVE_AUTH)
    refresh(store)
    email = store.create_customer()
    assert store.login("rest", email)
    store.apply()
    refresh(store)
    answer = store.rest(email, PASSWORD)
    assert answer.status_code == 400
    assert f"null given, called in {ROOT}/{STALE}" in answer.json()["parameters"]["msg"]
    store.run("rm", "-r", f"{ROOT}/generated/code")
    store.reload()
    assert store.counters(email) == [1, 0, 1, 0, 1, 0]
