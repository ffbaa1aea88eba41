# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's caches: the two types that hold configuration, cleaned without touching any other."""

from __future__ import annotations

from .command import Runner
from .errors import CommerceError

# Merged XML (events among it) lives in "config", what the compiled object manager made of it in "compiled_config".
TYPES = ("config", "compiled_config")

# bin/magento cache:clean of any type also empties the page cache and purges Varnish; the manager behind it does not.
NARROW = """
[, $root] = $argv;
$types = array_slice($argv, 2);
require $root . '/app/bootstrap.php';
$bootstrap = \\Magento\\Framework\\App\\Bootstrap::create($root, $_SERVER);
$bootstrap->getObjectManager()->get(\\Magento\\Framework\\App\\Cache\\Manager::class)->clean($types);
echo 'cleaned';
"""


def clean_configuration(root: str, php, runner: Runner, timeout: float = 120) -> str:
    """Clean the configuration caches of the store at root, as its owner; php is the PHP command line as a list.

    Returns what was done, in words. The store's own cache:clean stands in where its bootstrap does not do.
    """
    narrow = runner.run(list(php) + ["-r", NARROW, "--", root, *TYPES], cwd=root, timeout=timeout)
    if narrow.rc == 0 and narrow.out.endswith("cleaned"):
        return "cleaned the caches {0}".format(" and ".join(TYPES))
    wide = runner.run(list(php) + ["bin/magento", "cache:clean", *TYPES, "--no-ansi", "-n"], cwd=root, timeout=timeout)
    if wide.rc == 0:
        return "cleaned the caches {0} by bin/magento cache:clean, which also empties the page cache".format(
            " and ".join(TYPES)
        )
    raise CommerceError(
        "clean the caches {0}".format(" and ".join(TYPES)),
        root,
        (wide.out or wide.err or narrow.out or narrow.err).strip()[-400:],
        "Run bin/magento cache:clean {0} as the store's owner and look at what it says.".format(" ".join(TYPES)),
        code="cache_clean_failed",
    )
