# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's caches: the types that a change of files makes stale, cleaned without touching any other."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence

from .command import Runner
from .errors import CommerceError
from .patch_needs import COMPILED_CONFIG, CONFIG, FULL_PAGE

# Merged XML (events among it) lives in "config", what the compiled object manager made of it in "compiled_config".
TYPES = (CONFIG, COMPILED_CONFIG)
WIDE = " by bin/magento cache:clean, which also empties the page cache"
ALL = "cleaned all caches" + WIDE

# bin/magento cache:clean of any type also empties the page cache and purges Varnish; the manager behind it does not.
# Without types it shows whether it could, and cleans nothing. A type that the store does not have is passed over.
NARROW = """
[, $root] = $argv;
$types = array_slice($argv, 2);
require $root . '/app/bootstrap.php';
$bootstrap = \\Magento\\Framework\\App\\Bootstrap::create($root, $_SERVER);
$manager = $bootstrap->getObjectManager()->get(\\Magento\\Framework\\App\\Cache\\Manager::class);
$manager->clean(array_values(array_intersect($types, $manager->getAvailableTypes())));
echo 'cleaned';
"""


class CleanPlan(NamedTuple):
    """How the caches will be cleaned. narrow: without touching any other; words: what will be done."""

    narrow: bool
    words: str


def clean_plan(root: str, php, runner: Runner, more: Sequence[str] = (), timeout: float = 120) -> CleanPlan:
    """How clean_configuration will do it, tried without cleaning anything. For before anything is changed."""
    types = _types(more)
    words = "clean the caches {0}".format(_listed(types))
    if FULL_PAGE in types:
        return CleanPlan(False, words + WIDE)
    tried = runner.run(list(php) + ["-r", NARROW, "--", root], cwd=root, timeout=timeout)
    if tried.rc == 0 and tried.out.endswith("cleaned"):
        return CleanPlan(True, words)
    return CleanPlan(False, words + WIDE)


def clean_configuration(root: str, php, runner: Runner, more: Sequence[str] = (), timeout: float = 120) -> str:
    """Clean the configuration caches of the store at root, as its owner; php is the PHP command line as a list.

    more: further types to clean with them, of patch_needs.CACHE_TYPES. Returns what was done, in words. The store's own
    cache:clean stands in where its bootstrap does not do.
    """
    types = _types(more)
    narrow = None
    # Only the command reaches pages that Varnish keeps.
    if FULL_PAGE not in types:
        narrow = runner.run(list(php) + ["-r", NARROW, "--", root, *types], cwd=root, timeout=timeout)
        if narrow.rc == 0 and narrow.out.endswith("cleaned"):
            return "cleaned the caches {0}".format(_listed(types))
    command = [*php, "bin/magento", "cache:clean"]
    wide = runner.run([*command, *types, "--no-ansi", "-n"], cwd=root, timeout=timeout)
    if wide.rc == 0:
        return "cleaned the caches {0}".format(_listed(types)) + WIDE
    # It refuses all where the store has not one of them.
    if len(types) > len(TYPES) and runner.run([*command, "--no-ansi", "-n"], cwd=root, timeout=timeout).rc == 0:
        return ALL
    raise CommerceError(
        "clean the caches {0}".format(_listed(types)),
        root,
        (wide.out or wide.err or (narrow.out or narrow.err if narrow else "")).strip()[-400:],
        "Run bin/magento cache:clean {0} as the store's owner and look at what it says.".format(" ".join(types)),
        code="cache_clean_failed",
    )


def _types(more: Sequence[str]) -> List[str]:
    return [*TYPES, *(name for name in more if name not in TYPES)]


def _listed(types: Sequence[str]) -> str:
    return "{0} and {1}".format(", ".join(types[:-1]), types[-1])
