# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP forwarder that adds to every round trip: latency.py MILLISECONDS HOST:PORT...

Prints the port that it listens on for each HOST:PORT, all in one line, and forwards until it is killed. Bytes pass each
way half of the time later than they came, in order; opening a connection takes one round trip, too. It stands in for
the kernel's netem, which not every machine has, and runs inside of a store container as well: the standard library is
all it needs.
"""

from __future__ import annotations

import asyncio
import sys

LOOPBACK = "127.0.0.1"


async def carry(reader, writer, delay):
    """Hand on what reader gives, each piece delay seconds after it came."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def hand_on():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()

    handing_on = asyncio.ensure_future(hand_on())
    try:
        while True:
            piece = await reader.read(65536)
            await pieces.put((loop.time() + delay, piece))
            if not piece:
                break
    except ConnectionError:
        await pieces.put((loop.time() + delay, b""))
    await asyncio.gather(handing_on, return_exceptions=True)


async def forward(target, delay):
    """Listen on a free port for connections to target, which is HOST:PORT; returns the port."""
    host, dummy, port = target.rpartition(":")

    async def connected(reader, writer):
        await asyncio.sleep(2 * delay)
        try:
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, far_writer, delay), carry(far_reader, writer, delay))

    server = await asyncio.start_server(connected, LOOPBACK, 0)
    return server.sockets[0].getsockname()[1]


async def main(milliseconds, *targets):
    delay = float(milliseconds) / 2000
    print(*[await forward(target, delay) for target in targets], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
