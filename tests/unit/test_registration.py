# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where modules are found, and what is read of them."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import registration
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.registration import Modules, parse

REGISTERED = "<?php\nComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Any', {0});\n"
DECLARED = """<config>
<!-- <module name="Old_Name"/> -->
<module
    name="{0}"><sequence><module name="Other_One"/></sequence></module>
</config>"""


@pytest.fixture
def tree(store_tree):
    """A store whose modules are all listed by Composer; none but those of the test."""
    store_tree.listed = []

    def add(name, folder, where="__DIR__", at=None, listed=True, file="registration.php"):
        declared = DECLARED.format(name)
        store_tree.write({f"{folder}/{file}": REGISTERED.format(where), f"{at or folder}/etc/module.xml": declared})
        if listed:
            base = "$vendorDir . '/" if folder.startswith("vendor/") else "$baseDir . '/"
            store_tree.listed.append(f"    'h' => {base}{folder.removeprefix('vendor/')}/{file}',")
            write_list()

    def write_list():
        text = "<?php\nreturn array(\n" + "\n".join(store_tree.listed) + "\n);\n"
        store_tree.write({"vendor/composer/autoload_files.php": text})

    store_tree.add, store_tree.write_list = add, write_list
    write_list()
    return store_tree


def places(tree):
    modules = Modules(str(tree.root))
    return {modules.name(folder): folder for folder in modules.folders if modules.name(folder)}


def test_by_composers_autoloader_and_in_app_code(tree):
    tree.add("Acme_Deep", "vendor/acme/suite/src/Deep")
    tree.add("Acme_Root", "lib/Root")
    tree.add("Acme_Named", "vendor/acme/named", file="Module-Registration.php")
    tree.add("Acme_Code", "app/code/Acme/Code", listed=False)
    tree.add("Acme_NotListed", "vendor/acme/dropped-in", listed=False)
    tree.write({"app/code/Acme/Unregistered/etc/module.xml": DECLARED.format("Acme_Unregistered")})
    tree.write({"vendor/acme/theme/registration.php": "<?php", "vendor/acme/library/functions.php": "<?php"})
    tree.listed += [
        "    'h' => $vendorDir . '/acme/theme/registration.php',",
        "    'h' => $vendorDir . '/acme/library/functions.php',",
        "    'h' => $vendorDir . '/gone/gone/registration.php',",
    ]
    tree.write_list()
    assert places(tree) == {
        "Acme_Deep": "vendor/acme/suite/src/Deep",
        "Acme_Root": "lib/Root",
        "Acme_Named": "vendor/acme/named",
        "Acme_Code": "app/code/Acme/Code",
    }


def test_without_an_autoloader_vendor_is_looked_through(tree):
    tree.add("Acme_One", "vendor/acme/one", listed=False)
    (tree.root / "vendor/composer/autoload_files.php").unlink()
    assert places(tree)["Acme_One"] == "vendor/acme/one"


@pytest.mark.parametrize(
    ("folder", "where", "at"),
    [
        ("vendor/acme/one", "__DIR__ . '/src'", "vendor/acme/one/src"),
        ("vendor/acme/one", '__DIR__."/src/Deep/"', "vendor/acme/one/src/Deep"),
        ("vendor/acme/one", "dirname(__FILE__) . '/src'", "vendor/acme/one/src"),
        ("vendor/acme/one/src", "dirname(__DIR__)", "vendor/acme/one"),
        ("vendor/acme/one/registration", "dirname(__DIR__) . '/module'", "vendor/acme/one/module"),
    ],
)
def test_a_registration_that_names_another_folder(tree, folder, where, at):
    tree.add("Acme_One", folder, where, at)
    assert places(tree) == {"Acme_One": at}


def test_a_registration_of_several_modules(tree):
    text = REGISTERED.format("__DIR__ . '/one'") + REGISTERED.format("__DIR__ . '/two'")
    tree.add("Acme_One", "vendor/acme/suite", at="vendor/acme/suite/one")
    tree.write({"vendor/acme/suite/registration.php": text})
    tree.write({"vendor/acme/suite/two/etc/module.xml": "<config><module name='Acme_Two'/></config>"})
    assert places(tree) == {"Acme_One": "vendor/acme/suite/one", "Acme_Two": "vendor/acme/suite/two"}


def test_packages_that_are_links_or_outside(tree, tmp_path):
    tree.add("Acme_Linked", "elsewhere/linked", listed=False)
    (tree.root / "vendor/acme").mkdir()
    (tree.root / "vendor/acme/linked").symlink_to(tree.root / "elsewhere/linked")
    outside = tmp_path / "outside"
    (outside / "etc").mkdir(parents=True)
    (outside / "etc/module.xml").write_text('<config><module name="Acme_Outside"/></config>')
    tree.listed += [
        "    'h' => $vendorDir . '/acme/linked/registration.php',",
        f"    'h' => '{outside}/registration.php',",
    ]
    tree.write_list()
    assert places(tree) == {"Acme_Linked": "vendor/acme/linked", "Acme_Outside": str(outside)}


def test_enabled_modules_that_are_nowhere(tree):
    tree.add("Acme_One", "vendor/acme/one")
    assert Modules(str(tree.root)).unplaced(["Acme_Two", "Acme_One", "Acme_Three"]) == ("Acme_Two", "Acme_Three")


def test_a_module_that_is_not_where_it_is_expected(tree):
    tree.add("Acme_One", "vendor/acme/one")
    tree.add("Acme_Two", "vendor/acme/two")
    modules = Modules(str(tree.root))
    assert modules.folder("Acme_One", "vendor/acme/one") == "vendor/acme/one"
    assert modules.folder("Acme_One", "vendor/acme/two") == "vendor/acme/one"
    assert modules.folder("Acme_One", "vendor/none/none") == "vendor/acme/one"
    assert modules.folder("Acme_Three", "vendor/acme/two") is None


def test_where_a_module_is_expected_nothing_else_is_read(tree, monkeypatch):
    tree.add("Acme_One", "vendor/acme/one")
    tree.add("Acme_Two", "vendor/acme/two")
    modules = Modules(str(tree.root))
    seen, read = [], modules.read
    monkeypatch.setattr(modules, "read", lambda path, **given: seen.append(path) or read(path, **given))
    assert modules.folder("Acme_Two", "vendor/acme/two") == "vendor/acme/two"
    assert modules.name("vendor/acme/two") == "Acme_Two"
    assert seen == ["vendor/acme/two/etc/module.xml"]


def test_files_come_in_the_order_of_the_modules(tree):
    for name in ("One", "Two", "Off"):
        tree.add(f"Acme_{name}", f"vendor/acme/{name.lower()}")
        for area in ("", "graphql/", "webapi_rest/", "frontend/"):
            tree.write(
                {f"vendor/acme/{name.lower()}/etc/{area}x.xml": f"{name} WORD" if area != "webapi_rest/" else ""}
            )
    modules = Modules(str(tree.root))
    found = modules.files("x.xml", ["graphql", "webapi_rest"], ["Acme_Two", "Acme_One"], b"none", b"word")
    assert found == [
        ("", "vendor/acme/two/etc/x.xml", b"Two WORD"),
        ("graphql", "vendor/acme/two/etc/graphql/x.xml", b"Two WORD"),
        ("", "vendor/acme/one/etc/x.xml", b"One WORD"),
        ("graphql", "vendor/acme/one/etc/graphql/x.xml", b"One WORD"),
    ]


def test_what_cannot_be_read_is_named(tree, monkeypatch):
    tree.add("Acme_One", "vendor/acme/one")
    (tree.root / "vendor/acme/one/etc/x.xml").mkdir()
    modules = Modules(str(tree.root))
    with pytest.raises(CommerceError, match=r"acme/one/etc/x\.xml") as caught:
        modules.files("x.xml", [], ["Acme_One"], b"word")
    assert caught.value.code == "unreadable"
    with pytest.raises(CommerceError) as caught:
        modules.read("vendor/acme/one/none")
    assert caught.value.code == "unreadable"
    assert modules.read("vendor/acme/one/none", missing=True) == b""
    monkeypatch.setattr(registration, "LIMIT", 10)
    with pytest.raises(CommerceError, match="larger than 10 bytes") as caught:
        modules.read("vendor/acme/one/etc/module.xml")
    assert caught.value.code == "too_large"


def test_an_etc_that_cannot_be_listed_is_named(tree, monkeypatch):
    tree.add("Acme_One", "vendor/acme/one")
    listed = registration.os.listdir

    def refuse(folder):
        if str(folder).endswith("one/etc"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(registration.os, "listdir", refuse)
    with pytest.raises(CommerceError, match=r"one/etc: Permission denied") as caught:
        Modules(str(tree.root))
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    "content", [b"", b"<config>", b"<config/><config/>", b"<?xml version='1.0' encoding='x-no'?><a/>"]
)
def test_xml_that_is_none(content):
    with pytest.raises(CommerceError, match=r"/srv/x/events\.xml") as caught:
        parse("/srv", "x/events.xml", content)
    assert caught.value.code == "broken_xml"
