# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down all that a run could change on a store's host: python3 -m support.everything CONTAINER ROOT FILE.

Each file of the store, what it writes all the time among them; its database; and where programs leave what they forget.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support.session import Session
from support.trees import snapshot

DUMP = ("mariadb-dump", "--skip-comments", "--order-by-primary", "commerce")
# Ansible's own folder below each home comes and goes with every task.
ELSEWHERE = "find /tmp /var/tmp /home /root /dev/shm /etc -not -path '*/.ansible*' -type f | sort"


def main() -> None:
    name, root, file = sys.argv[1:]
    session = Session(name)
    written = {
        "tree": snapshot(session, root, runtime=()),
        "database": session.run(*DUMP).splitlines(),
        "elsewhere": session.run("bash", "-c", ELSEWHERE).splitlines(),
    }
    session.close()
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(json.dumps(written))


if __name__ == "__main__":
    main()
