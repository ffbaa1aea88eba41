# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a module call goes on a store host, in its container: tracer.py ROUNDS PAYLOAD

PAYLOAD is the program that Ansible sends to a host, as it keeps it with ANSIBLE_KEEP_REMOTE_FILES. Prints
{"calls": [[seconds, CPU seconds]], "start": the same for a Python that does nothing, "imports": {group: [seconds]},
"own": {module: [seconds]}, "waits": {kind: [[times, seconds]]}}; each list has a member for each round.
tracer.py trace FD PAYLOAD runs the payload and writes a line for each process, query and request to the descriptor.
"""

from __future__ import annotations

import json
import os
import re
import resource
import runpy
import subprocess
import sys
import tempfile
import time

GROUPS = (
    ("our files", r"ansible_collections\."),
    ("Ansible's basic.py and what it needs", r"ansible\."),
    ("PyMySQL", r"pymysql\b"),
    ("requests", r"(requests|urllib3|idna|certifi|charset_normalizer|chardet|simplejson)\b"),
    ("Python's own modules", r""),
)
IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def watch(owner, method, kind_of, write):
    """Let a method of a class tell how long it took when it succeeded; kind_of(*args) is what it is counted as."""
    real = getattr(owner, method)

    def watched(self, *args, **kwargs):
        started = time.monotonic()
        result = real(self, *args, **kwargs)
        write(kind_of(self, *args), time.monotonic() - started)
        return result

    setattr(owner, method, watched)


def trace(descriptor, payload):
    """Run the payload; its own imports come first, so that none is within what is measured."""
    import http.client

    def write(kind, seconds):
        os.write(int(descriptor), (json.dumps([kind, seconds]) + "\n").encode())

    def program(process, *args):
        return "{0} processes".format(os.path.basename(process.args[0]))

    os.set_inheritable(int(descriptor), False)
    watch(subprocess.Popen, "__init__", lambda process, argv, *args: "starting processes", write)
    watch(subprocess.Popen, "communicate", program, write)
    watch(http.client.HTTPConnection, "getresponse", lambda *args: "HTTP requests", write)
    try:
        from pymysql.connections import Connection
    except ImportError:
        pass
    else:
        watch(Connection, "connect", lambda *args: "SQL connections", write)
        for name in ("query", "commit", "rollback"):
            watch(Connection, name, lambda *args: "SQL round trips", write)
    sys.argv = [payload]
    runpy.run_path(payload, run_name="__main__")


def measured(argv, **options):
    """Wall and CPU seconds of a program."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, **options)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return [wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime], done


def imports(payload):
    """Seconds of import by group, and by our own files; each module's own time, without what it imports in turn."""
    text = measured([sys.executable, "-X", "importtime", payload], stderr=subprocess.PIPE)[1].stderr.decode()
    groups = dict.fromkeys((name for name, dummy in GROUPS), 0.0)
    own = {}
    for microseconds, name in IMPORT.findall(text):
        group = next(group for group, pattern in GROUPS if re.match(pattern, name))
        groups[group] += int(microseconds) / 1e6
        if group == "our files":
            own[name.rpartition(".")[2]] = own.get(name.rpartition(".")[2], 0.0) + int(microseconds) / 1e6
    return groups, own


def waits(payload):
    """How often and how long the call waited for something else, by kind."""
    with tempfile.TemporaryFile() as file:
        measured([sys.executable, __file__, "trace", str(file.fileno()), payload], pass_fds=[file.fileno()])
        file.seek(0)
        found = {}
        for line in file:
            kind, seconds = json.loads(line.decode())
            times, total = found.get(kind, (0, 0.0))
            found[kind] = (times + 1, total + seconds)
    return found


def main(rounds, payload):
    answer = {"calls": [], "start": [], "imports": {}, "own": {}, "waits": {}}
    for dummy in range(int(rounds)):
        answer["start"].append(measured([sys.executable, "-c", "pass"])[0])
        answer["calls"].append(measured([sys.executable, payload])[0])
        groups, own = imports(payload)
        for name, found in (("imports", groups), ("own", own), ("waits", waits(payload))):
            for key, value in found.items():
                answer[name].setdefault(key, []).append(value)
    print(json.dumps(answer))


if __name__ == "__main__":
    if sys.argv[1] == "trace":
        trace(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
