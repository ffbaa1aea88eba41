# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a store's catalogue of quality patches up to a number, in its container: catalogue.py ROOT NUMBER.

Every patch is for the store's version, fits onto files that the store has, and is applied to none: the case in which
the tool has the least to do, one call of git for each patch. Patches that are there already stay.
"""

from __future__ import annotations

import difflib
import json
import os
import sys

BASE = "magento/magento2-base"
FILES_IN_A_PATCH = (1, 2, 3, 5)


def patch(root, paths, number):
    """A patch that adds a comment to the middle of each of these files."""
    text = ""
    for path in paths:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            before = file.read().splitlines(keepends=True)
        middle = len(before) // 2
        after = before[:middle] + ["// {0}\n".format(number)] + before[middle:]
        text += "diff --git a/{0} b/{0}\n".format(path)
        text += "".join(difflib.unified_diff(before, after, "a/" + path, "b/" + path))
    return text


def main(root, number):
    tool = os.path.join(root, "vendor/magento/quality-patches")
    found = [
        os.path.relpath(os.path.join(folder, name), root)
        for folder, dummy, names in os.walk(os.path.join(root, "vendor/magento"))
        for name in names
        if name.endswith(".php")
    ]
    files = sorted(path for path in found if os.path.getsize(os.path.join(root, path)) > 500)
    with open(os.path.join(tool, "support-patches.json"), encoding="utf-8") as file:
        entries = json.load(file)
    # Those of other packages are not for this store.
    there = sum(BASE in entry["packages"] for entry in entries.values())
    for count in range(there, int(number)):
        patch_id = "ACSD-{0}".format(70000 + count)
        name = "os/{0}_2.4.6.patch".format(patch_id)
        paths = [files[(count * 7 + place) % len(files)] for place in range(FILES_IN_A_PATCH[count % 4])]
        with open(os.path.join(tool, "patches", name), "w", encoding="utf-8") as file:
            file.write(patch(root, paths, count))
        packages = {BASE: {">=2.4.6 <2.4.7": {"file": name}}}
        entries[patch_id] = {"categories": ["Other"], "title": "Patch of the bench", "packages": packages}
    with open(os.path.join(tool, "support-patches.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=4)


if __name__ == "__main__":
    main(*sys.argv[1:])
