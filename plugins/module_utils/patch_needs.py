# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store needs after files of it have changed, by the paths of the files alone.

Which cache type holds what a kind of file says is Commerce's own (etc/cache.xml of its modules). For a file of a kind
that no rule knows, dependency injection is compiled, php-fpm reloaded and every type cleaned.
"""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, NamedTuple, Tuple

from .errors import CommerceError

# The cache types of Commerce 2.4 by their names, in the order in which bin/magento cache:status lists them.
CONFIG, COMPILED_CONFIG, FULL_PAGE = "config", "compiled_config", "full_page"
CACHE_TYPES = (
    CONFIG,
    "layout",
    "block_html",
    "collections",
    "reflection",
    "db_ddl",
    COMPILED_CONFIG,
    "eav",
    "config_integration",
    "config_integration_api",
    FULL_PAGE,
    "config_webservice",
    "translate",
    "graphql_query_resolver_result",
)

# What is not done here: the store's own commands do it, and a store that lacks it is half patched.
SCHEMA, SETUP, STATIC = "schema", "setup", "static"
CHOICES = (SCHEMA, SETUP, STATIC)
COMMANDS = {
    SCHEMA: "bin/magento setup:upgrade --keep-generated",
    SETUP: "bin/magento setup:upgrade --keep-generated",
    STATIC: "bin/magento setup:static-content:deploy",
}
CODE = "needs_more"
_WORDS = {SCHEMA: "the database's schema", SETUP: "setup scripts", STATIC: "static content"}
# So many files are named for each in an error.
_NAMED = 2


class Needs(NamedTuple):
    """What a change of files needs.

    compile: dependency injection, where it is compiled. reload: php-fpm has to see new code. caches: types to clean,
    in the order of CACHE_TYPES. schema, setup, static: files that the store's own commands have to bring into effect.
    """

    compile: bool = False
    reload: bool = False
    caches: Tuple[str, ...] = ()
    schema: Tuple[str, ...] = ()
    setup: Tuple[str, ...] = ()
    static: Tuple[str, ...] = ()

    @property
    def more(self) -> Tuple[str, ...]:
        """What the store's own commands have to do, of CHOICES."""
        return tuple(name for name in CHOICES if getattr(self, name))

    @property
    def due(self) -> Tuple[str, ...]:
        """Those commands, as an operator types them in the root, in their order."""
        return tuple(dict.fromkeys(COMMANDS[name] for name in self.more))


def due_words(needs: Needs) -> List[str]:
    """What is left to be done, as modules list what they did."""
    return ["left {0} to be run".format(command) for command in needs.due]


NO_NEEDS = Needs()


class _Kind(NamedTuple):
    compile: bool = False
    reload: bool = False
    caches: Tuple[str, ...] = ()
    more: str = ""


_NOTHING = _Kind()
_UNKNOWN = _Kind(compile=True, reload=True, caches=CACHE_TYPES)
_PAGES = ("layout", "block_html", FULL_PAGE)

# A package's own folder, but for the framework, whose Setup is code.
_PACKAGE = r"^(vendor/(?!magento/framework/)[^/]+/[^/]+|app/code/[^/]+/[^/]+)/"

# The first pattern that is found in a path counts.
_RULES: Tuple[Tuple[str, _Kind], ...] = (
    # No request reads these: what is made of other files, Composer's and the tool's own, tests, documents.
    (r"^(generated|var|dev)/|^vendor/(composer|bin)/|^vendor/autoload\.php$|^composer\.(json|lock)$|^\.", _NOTHING),
    (r"^vendor/magento/(quality-patches|magento-cloud-patches|magento2-base/dev)/", _NOTHING),
    (r"/Test/(Unit|Integration|Api|Mftf)/|\.(md|txt|sample|dist)$|/(LICENSE|COPYING|CHANGELOG|README)[^/]*$", _NOTHING),
    # The database. setup:upgrade goes by etc/module.xml too: the version in it, and a module that is new.
    (r"/etc/db_schema(_whitelist)?\.(xml|json)$", _Kind(caches=("db_ddl",), more=SCHEMA)),
    (_PACKAGE + r"Setup/.+\.php$", _Kind(True, True, ("eav",), SETUP)),
    (_PACKAGE + r"(Setup|data|fixtures)/", _Kind(caches=("eav",), more=SETUP)),
    (r"/etc/module\.xml$", _Kind(True, caches=(CONFIG,), more=SETUP)),
    # Mails are made of their templates each time.
    (r"/email/[^/]+\.html$", _Kind(caches=(CONFIG,))),
    # Static content, also what a theme inherits and how it sizes its pictures.
    (r"/requirejs-config\.js$|(^|/)web/|(^|/)pub/static/", _Kind(caches=(FULL_PAGE,), more=STATIC)),
    (
        r"\.(less|s?css|js|ts|map|svg|png|jpe?g|gif|ico|webp|woff2?|ttf|eot|otf|html?)$",
        _Kind(caches=(FULL_PAGE,), more=STATIC),
    ),
    (r"(^|/)(theme|etc/view)\.xml$", _Kind(caches=(CONFIG, *_PAGES), more=STATIC)),
    # Pages.
    (r"/(layout|page_layout)/.+\.xml$|/layouts\.xml$", _Kind(caches=_PAGES)),
    (r"/ui_component/.+\.xml$|/templates?/.+\.xhtml$", _Kind(caches=(CONFIG, *_PAGES))),
    (r"\.phtml$", _Kind(reload=True, caches=("block_html", FULL_PAGE))),
    (r"(^|/)i18n/.+\.csv$", _Kind(caches=("translate", "block_html", FULL_PAGE))),
    # Configuration.
    (r"/etc/(.+/)?di\.xml$", _Kind(True, caches=(CONFIG, COMPILED_CONFIG))),
    (r"/etc/extension_attributes\.xml$", _Kind(True, caches=(CONFIG, "reflection", "config_webservice"))),
    (r"/etc/(.+/)?webapi(_async)?\.xml$", _Kind(caches=(CONFIG, "reflection", "config_webservice"))),
    (r"/etc/integration(/\w+)?\.xml$", _Kind(caches=(CONFIG, "config_integration", "config_integration_api"))),
    (r"/etc/(.+/)?(eav|catalog)_attributes\.xml$", _Kind(caches=(CONFIG, "eav"))),
    (r"/etc/.+\.(xml|xsd)$", _Kind(caches=(CONFIG,))),
    (r"\.graphqls$", _Kind(caches=(CONFIG, "graphql_query_resolver_result"))),
    # Code. The web APIs know the interfaces of their services by reflection.
    (r"/Api/.+\.php$", _Kind(True, True, ("reflection", COMPILED_CONFIG, "config_webservice"))),
    (r"/registration\.php$", _Kind(True, True, (CONFIG, COMPILED_CONFIG))),
    (r"\.php$|(^|/)bin/magento$", _Kind(True, True, (COMPILED_CONFIG,))),
    (r"/composer\.json$", _Kind(caches=(CONFIG,))),
)


def needs_of(paths: Iterable[str]) -> Needs:
    """What a change of these files (relative to the root) needs."""
    kinds = {path: _kind(path) for path in paths}
    types = {name for kind in kinds.values() for name in kind.caches}
    more: Dict[str, List[str]] = {name: [] for name in CHOICES}
    for path in sorted(kinds):
        if kinds[path].more:
            more[kinds[path].more].append(path)
    return Needs(
        compile=any(kind.compile for kind in kinds.values()),
        reload=any(kind.reload for kind in kinds.values()),
        caches=tuple(name for name in CACHE_TYPES if name in types),
        **{name: tuple(found) for name, found in more.items()},
    )


def _kind(path: str) -> _Kind:
    return next((kind for pattern, kind in _RULES if re.search(pattern, path)), _UNKNOWN)


def require_needs_accepted(root: str, ids: Iterable[str], needs: Needs, accept: Iterable[str]) -> None:
    """Raise CommerceError needs_more where the patches need what the store's own commands have to do, and is not named.

    accept: of CHOICES.
    """
    missing = [name for name in needs.more if name not in accept]
    if not missing:
        return
    commands = ", then ".join(dict.fromkeys(COMMANDS[name] for name in missing))
    raise CommerceError(
        "bring {0} into effect by its files alone".format(", ".join(ids)),
        root,
        "; ".join("{0} would have to follow too ({1})".format(_WORDS[name], _named(needs, name)) for name in missing),
        "If you see to that, say so with accept_needs: [{0}] (commerce_accept_needs of the role), and run {1} after the"
        " switch, such as in the hook after_switch. Nothing has been changed.".format(", ".join(missing), commands),
        code=CODE,
    )


def _named(needs: Needs, name: str) -> str:
    paths = getattr(needs, name)
    more = " and {0} more".format(len(paths) - _NAMED) if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more
