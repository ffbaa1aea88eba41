# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what a store is at a moment of a scenario: python3 -m support.moment CONTAINER ADDRESS ROOT FILE.

The tree, and by API what the article's steps do to the counter of a customer that is gone afterwards.
"""

from __future__ import annotations

import json
import sys
from dataclasses import astuple
from pathlib import Path

from support.stores import APIS, StoreContainer
from support.trees import snapshot


def main() -> None:
    name, address, root, file = sys.argv[1:]
    store = StoreContainer(name, address)
    steps = {api: astuple(store.article_steps(api)) for api in APIS}
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(json.dumps({"steps": steps, "tree": snapshot(store, root)}))


if __name__ == "__main__":
    main()
