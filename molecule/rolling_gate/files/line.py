# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line to a port of this machine, as a ProxyCommand of ssh: line.py PORT FILE. While the file is there it is cut."""

from __future__ import annotations

import os
import select
import socket
import sys

# Seconds between two looks at the file.
LOOK = 0.1
SIZE = 1 << 16


def main() -> int:
    port, cut = int(sys.argv[1]), sys.argv[2]
    if os.path.exists(cut):
        return 1
    with socket.create_connection(("127.0.0.1", port), timeout=10) as far:
        while not os.path.exists(cut):
            for ready in select.select([sys.stdin, far], [], [], LOOK)[0]:
                data = os.read(0, SIZE) if ready is sys.stdin else far.recv(SIZE)
                if not data:
                    return 0
                if ready is far:
                    os.write(1, data)
                else:
                    far.sendall(data)
    return 1


if __name__ == "__main__":
    sys.exit(main())
