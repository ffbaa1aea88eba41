# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a patch has to live so that it stays: in the host's files, or in what the store is built from. Pure."""

from __future__ import annotations

from typing import Collection, NamedTuple, Optional

from .deployment import CAPISTRANO, CLOUD, DEPLOYER, RELEASES

AUTO, HOST, BUILD, CLOUD_REPOSITORY = "auto", "host", "build", "cloud"
CARRIERS = (AUTO, HOST, BUILD, CLOUD_REPOSITORY)

# A git checkout is none of them: what Composer put into vendor stays when its tracked files move.
_DEPLOYED_WHOLE = (CLOUD, DEPLOYER, CAPISTRANO, RELEASES)


class Carrier(NamedTuple):
    """name: host, build or cloud. temporary: whether what is changed on the host is lost at the next deploy."""

    name: str
    temporary: bool


ON_HOST = Carrier(HOST, temporary=False)


def carrier_of(asked: str, deploy_tool: Optional[str], root: str, read_only: Collection[str]) -> Carrier:
    """The carrier of a store's patches.

    asked: one of CARRIERS, the operator's word, which counts; auto goes by the marks of the store. deploy_tool: as
    deployment.py names it. read_only: folders of the store that are on a read-only file system.
    """
    temporary = deploy_tool in _DEPLOYED_WHOLE
    if asked != AUTO:
        return Carrier(asked, temporary)
    if deploy_tool == CLOUD:
        return Carrier(CLOUD_REPOSITORY, temporary)
    # What nobody can write to is made elsewhere.
    return Carrier(BUILD if temporary or root in read_only else HOST, temporary)
