# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of files needs, kind by kind."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.caches import TYPES
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_needs import (
    CACHE_TYPES,
    Needs,
    needs_of,
    require_needs_accepted,
)

M = "vendor/magento/module-x/"
ALL = " ".join(CACHE_TYPES)
GRAPHQLS = "config graphql_query_resolver_result"

# path, steps (c: compile, r: reload), cache types in their order, what the store's own commands have to do.
KINDS = [
    # Code.
    (M + "Model/Thing.php", "cr", "compiled_config", ""),
    (M + "Api/ThingInterface.php", "cr", "reflection compiled_config config_webservice", ""),
    (M + "registration.php", "cr", "config compiled_config", ""),
    ("vendor/magento/framework/App/Http.php", "cr", "compiled_config", ""),
    ("vendor/magento/framework/Setup/Declaration/Schema/Db.php", "cr", "compiled_config", ""),
    ("lib/internal/Magento/Framework/App/Http.php", "cr", "compiled_config", ""),
    ("app/code/Magento/Customer/Model/Customer.php", "cr", "compiled_config", ""),
    ("app/code/Acme/Test/Model/Thing.php", "cr", "compiled_config", ""),
    ("setup/src/Magento/Setup/Model/Installer.php", "cr", "compiled_config", ""),
    ("vendor/magento/magento2-base/setup/src/Magento/Setup/Model/Installer.php", "cr", "compiled_config", ""),
    ("vendor/magento/magento2-base/pub/index.php", "cr", "compiled_config", ""),
    ("bin/magento", "cr", "compiled_config", ""),
    # Configuration.
    (M + "etc/di.xml", "c", "config compiled_config", ""),
    (M + "etc/webapi_rest/di.xml", "c", "config compiled_config", ""),
    ("app/etc/di.xml", "c", "config compiled_config", ""),
    (M + "etc/extension_attributes.xml", "c", "config reflection config_webservice", ""),
    (M + "etc/events.xml", "", "config", ""),
    (M + "etc/webapi_rest/events.xml", "", "config", ""),
    (M + "etc/adminhtml/system.xml", "", "config", ""),
    (M + "etc/crontab.xml", "", "config", ""),
    (M + "etc/webapi.xml", "", "config reflection config_webservice", ""),
    (M + "etc/integration/api.xml", "", "config config_integration config_integration_api", ""),
    (M + "etc/catalog_attributes.xml", "", "config eav", ""),
    (M + "etc/schema.graphqls", "", GRAPHQLS, ""),
    (M + "composer.json", "", "config", ""),
    # Pages.
    (M + "view/frontend/layout/default.xml", "", "layout block_html full_page", ""),
    (M + "view/base/page_layout/empty.xml", "", "layout block_html full_page", ""),
    (
        "app/design/frontend/Magento/luma/Magento_Theme/layout/override/base/default.xml",
        "",
        "layout block_html full_page",
        "",
    ),
    (M + "view/adminhtml/ui_component/grid.xml", "", "config layout block_html full_page", ""),
    (M + "view/frontend/templates/form.phtml", "r", "block_html full_page", ""),
    ("vendor/magento/theme-frontend-luma/Magento_Theme/templates/a.phtml", "r", "block_html full_page", ""),
    (M + "i18n/en_US.csv", "", "block_html full_page translate", ""),
    ("vendor/magento/language-de_de/i18n/de.csv", "", "block_html full_page translate", ""),
    (M + "view/frontend/email/welcome.html", "", "config", ""),
    # Static content.
    (M + "view/frontend/web/js/view.js", "", "full_page", "static"),
    (M + "view/frontend/web/template/cart.html", "", "full_page", "static"),
    (M + "view/base/web/css/source/_module.less", "", "full_page", "static"),
    (M + "view/frontend/requirejs-config.js", "", "full_page", "static"),
    ("lib/web/mage/utils/misc.js", "", "full_page", "static"),
    ("vendor/magento/magento2-base/lib/web/mage/utils/misc.js", "", "full_page", "static"),
    ("vendor/magento/theme-frontend-blank/web/css/_styles.less", "", "full_page", "static"),
    ("app/design/frontend/Magento/blank/web/css/_styles.less", "", "full_page", "static"),
    ("vendor/magento/theme-frontend-blank/theme.xml", "", "config layout block_html full_page", "static"),
    ("vendor/magento/theme-frontend-blank/etc/view.xml", "", "config layout block_html full_page", "static"),
    # The database.
    (M + "etc/db_schema.xml", "", "db_ddl", "schema"),
    (M + "etc/db_schema_whitelist.json", "", "db_ddl", "schema"),
    ("app/code/Magento/X/etc/db_schema.xml", "", "db_ddl", "schema"),
    (M + "Setup/Patch/Data/AddThing.php", "cr", "eav", "setup"),
    ("app/code/Magento/X/Setup/UpgradeSchema.php", "cr", "eav", "setup"),
    (M + "fixtures/things.csv", "", "eav", "setup"),
    (M + "etc/module.xml", "c", "config", "setup"),
    # What no request reads.
    ("generated/metadata/global.php", "", "", ""),
    ("vendor/composer/autoload_classmap.php", "", "", ""),
    ("vendor/autoload.php", "", "", ""),
    ("composer.lock", "", "", ""),
    ("vendor/magento/quality-patches/patches/os/ACSD-1.patch", "", "", ""),
    (M + "Test/Unit/Model/ThingTest.php", "", "", ""),
    (M + "Test/Mftf/Test/ThingTest.xml", "", "", ""),
    ("vendor/magento/magento2-base/dev/tests/integration/ThingTest.php", "", "", ""),
    (M + "README.md", "", "", ""),
    ("nginx.conf.sample", "", "", ""),
    # Nobody knows what these are.
    (M + "view/adminhtml/pagebuilder/content_type/text.xml", "cr", ALL, ""),
    (M + "etc/thing.yaml", "cr", ALL, ""),
    ("pub/thing", "cr", ALL, ""),
]


@pytest.mark.parametrize(("path", "steps", "caches", "more"), KINDS, ids=[kind[0] for kind in KINDS])
def test_a_kind_of_file_needs(path: str, steps: str, caches: str, more: str) -> None:
    found = needs_of([path])
    assert (found.compile, found.reload) == ("c" in steps, "r" in steps)
    assert " ".join(found.caches) == caches
    assert found.more == ((more,) if more else ())


def test_the_needs_of_several_files_are_those_of_each() -> None:
    assert needs_of([]) == Needs()
    found = needs_of(
        [M + "Model/A.php", M + "etc/db_schema.xml", "b/etc/db_schema.xml", "b/web/a.js", M + "etc/di.xml"]
    )
    assert found == Needs(
        compile=True,
        reload=True,
        caches=("config", "db_ddl", "compiled_config", "full_page"),
        schema=("b/etc/db_schema.xml", M + "etc/db_schema.xml"),
        static=("b/web/a.js",),
    )
    assert found.due == ("bin/magento setup:upgrade --keep-generated", "bin/magento setup:static-content:deploy")


def test_a_command_that_two_kinds_need_is_due_once() -> None:
    found = needs_of([M + "etc/db_schema.xml", M + "Setup/Patch/Data/AddThing.php"])
    assert found.more == ("schema", "setup")
    assert found.due == ("bin/magento setup:upgrade --keep-generated",)


def test_the_patch_of_the_login_counter_needs_no_cache_but_the_two_of_configuration() -> None:
    found = needs_of(ACSD_61103.files)
    assert (found.compile, found.reload, found.more) == (True, True, ())
    assert set(found.caches) == set(TYPES)


@pytest.mark.parametrize(
    ("accept", "missing"),
    [((), "schema, static"), (("schema",), "static"), (("setup", "static"), "schema"), (("schema", "static"), "")],
)
def test_what_is_not_named_is_refused(accept: tuple, missing: str) -> None:
    needs = needs_of([M + "etc/db_schema.xml", M + "view/base/web/a.js", M + "view/base/web/b.js", "lib/web/c.js"])
    if not missing:
        require_needs_accepted("/s", ["ACSD-1"], needs, accept)
        return
    with pytest.raises(CommerceError) as caught:
        require_needs_accepted("/s", ["ACSD-1"], needs, accept)
    error = caught.value
    assert error.code == "needs_more"
    assert f"accept_needs: [{missing}]" in error.next_step
    assert ("setup:upgrade" in error.next_step) is ("schema" in missing)
    assert ("setup:static-content:deploy" in error.next_step) is ("static" in missing)
    assert (M + "etc/db_schema.xml" in str(error)) is ("schema" in missing)
    assert ("and 1 more" in str(error)) is ("static" in missing)
