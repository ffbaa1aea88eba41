# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan in words, for those who sign it off. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .plan_file import PLAYBOOKS


def plan_words(document: Mapping[str, Any]) -> list[str]:
    """The lines of a document that plan_file.plan_document has made."""
    return list(_lines(document))


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    change = f"Change {document['change_id']}: " if document["change_id"] else ""
    patches = ", ".join(document["patches"])
    stages = document["stages"]
    yield f"{change}{PLAYBOOKS[document['state']]} with {patches}, in {_counted(len(stages), 'stage')}."
    for stage in stages:
        length = _length(stage["expected_seconds"])
        yield f"Stage {stage['number']}: {_counted(len(stage['stores']), 'store')}, {length}."
        for store in stage["stores"]:
            for host in store["hosts"]:
                yield f"  {_named(store['store'], host['name'])}: {_change(host)}"
    if document["left_out"]:
        yield f"Left out: {_counted(len(document['left_out']), 'host')}."
        for name, why in document["left_out"].items():
            yield f"  {name}: {why}"


def _change(host: Mapping[str, Any]) -> str:
    files = _counted(len(host["files"]), "file") if host["files"] is not None else "files of another node"
    parts = [host["strategy"], files, *(host["commands"] or ()), *filter(None, (host["reload"], host["clean"]))]
    if host["loses_requests"]:
        parts.append("REQUESTS IN FLIGHT ARE LOST")
    return ", ".join(parts)


def _named(store: str, host: str) -> str:
    return host if host == store else f"{store} ({host})"


def _length(seconds: int | None) -> str:
    return "length not known" if seconds is None else f"about {seconds} s"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
