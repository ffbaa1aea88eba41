# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, which the test pages of Jenkins and GitLab show: a test case for each host.

A host passes when it is well. It fails when evidence says that it is not, and is an error when nobody knows. A waived
host and one outside of the limit are skipped, with the reason: nothing is to be done, and yet neither is green.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from .plain import seconds_between
from .terms import BAD, WELL

SUFFIX = ".junit.xml"

# All that XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# After a rollback the stores have the defect again, as somebody wanted it.
_WANTED = {"rollback": ("vulnerable",)}


def render(report: Mapping[str, Any]) -> str:
    """The report as one test suite. A run that was aborted has one test case more, an error: nothing hides that."""
    run = report["run"]
    cases = [_case(entry, _WANTED.get(run["playbook"], ())) for entry in report["stores"]]
    if run["aborted"]:
        cases.append(_aborted())
    counts = {
        "tests": len(cases),
        **{f"{kind}s" if kind != "skipped" else kind: _with(cases, kind) for kind in ("failure", "error", "skipped")},
        "time": _seconds(seconds_between(run["started"], run["ended"]) or 0),
    }
    suites = _element("testsuites", name="storefleet.commerce", **counts)
    details = {"timestamp": (run["started"] or "").rstrip("Z"), "hostname": run["controller"] or ""}
    suite = _element("testsuite", name=f"storefleet.commerce.{run['playbook']}", **counts, **details)
    suite.extend(cases)
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _case(entry, wanted):
    seconds = _seconds(sum(entry["seconds"].values()))
    case = _element("testcase", classname=entry["store"], name=entry["name"], time=seconds)
    kind = _kind(entry, wanted)
    summary = f"{entry['status']}: {entry['reason']}. {entry['next_step']}"
    if kind is None:
        case.append(_element("system-out", "\n".join([summary, *_details(entry)])))
    elif kind == "skipped":
        case.append(_element(kind, message=entry["next_step"]))
    else:
        case.append(_element(kind, "\n".join([summary, *_details(entry)]), message=summary, type=entry["reason"]))
    return case


def _kind(entry, wanted):
    """What a host's test case is: None where it passes."""
    if entry["state"] == "not_selected" or entry["status"] == "waived":
        return "skipped"
    if entry["outcome"] == "not_taken_out":
        return "failure"
    if entry["status"] in (*WELL, *wanted):
        return None
    return "failure" if entry["status"] in BAD else "error"


def _details(entry):
    evidence = entry["evidence"] or {}
    if entry["version"]:
        yield f"version {entry['version']}"
    for name, api in evidence.get("apis", {}).items():
        yield f"{name}: files {api['files']}, behaviour {api['behaviour']}" + (
            f": {api['detail']}" if api["detail"] else ""
        )
    yield from evidence.get("failures", ())
    if entry["outcome"]:
        yield f"outcome {entry['outcome']}"
    yield from entry["actions"]
    for message in entry["messages"]:
        yield f"{message['time']} {message['task'] or ''}: {message['text']}"
    if entry["carried"]:
        yield "in the last full report {status}: {reason}, audited {audited}".format(**entry["carried"])


def _aborted():
    case = _element("testcase", classname="storefleet.commerce", name="The run came to its end", time=_seconds(0))
    case.append(_element("error", message="The run was aborted: what it did not come to is unknown.", type="aborted"))
    return case


def _with(cases, kind):
    return sum(case.find(kind) is not None for case in cases)


def _seconds(seconds):
    return f"{seconds:.3f}"


def _element(tag, text=None, **attributes):
    element = ElementTree.Element(tag, {name: _NOT_XML.sub("", str(value)) for name, value in attributes.items()})
    element.text = None if text is None else _NOT_XML.sub("", text)
    return element
