# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who else changes a store's files: the marks that deploy tools leave in and beside its root."""

from __future__ import annotations

import os
from typing import Mapping, NamedTuple, Optional, Tuple

CLOUD, DEPLOYER, CAPISTRANO, RELEASES, GIT_CHECKOUT = "cloud", "deployer", "capistrano", "releases", "git"

# Tool, in the root or in the folder of all releases, name. The most telling first.
_MARKS = (
    (CLOUD, "root", ".magento.app.yaml"),
    (CLOUD, "root", ".magento.env.yaml"),
    (DEPLOYER, "base", ".dep"),
    (CAPISTRANO, "base", "repo"),
    (CAPISTRANO, "base", "revisions.log"),
    (RELEASES, "base", "releases"),
    (RELEASES, "base", "shared"),
    (GIT_CHECKOUT, "root", ".git"),
)
_CLOUD_VARIABLE = "MAGENTO_CLOUD_"

_LOST = {
    CLOUD: "Commerce Cloud builds this store from its repository: what is changed on the host is lost at the next"
    " deploy. Put the patch into the repository.",
    DEPLOYER: "Deployer brings this store: what is changed here is lost at the next deploy.",
    CAPISTRANO: "Capistrano brings this store: what is changed here is lost at the next deploy.",
    RELEASES: "This store is one of several releases: what is changed here is lost at the next deploy.",
    GIT_CHECKOUT: "The root is a git checkout: what is changed in its tracked files is lost when it is reset or"
    " cleaned, and may stop the next pull.",
}


class Deployment(NamedTuple):
    """tool: cloud, deployer, capistrano, releases, git or None. marks: the paths and variables that say so."""

    tool: Optional[str]
    marks: Tuple[str, ...]

    @property
    def note(self) -> Optional[str]:
        """What becomes of a change, a sentence."""
        return _LOST[self.tool] if self.tool else None


def deployment_of(root: str, given_root: str, environ: Mapping[str, str]) -> Deployment:
    """The marks at a root (a real path), at the path that it was given by, and in the environment (names only)."""
    found = {}
    for tool, where, name in _MARKS:
        for folder in (root,) if where == "root" else release_bases(root, given_root):
            path = os.path.join(folder, name)
            if path != root and os.path.lexists(path) and (tool != CAPISTRANO or _is_capistranos(path)):
                found.setdefault(path, tool)
    # Folders of that name are common: beside the root both, or the root in one of them, make it a release.
    if not (os.path.basename(os.path.dirname(root)) == "releases" or _both(found.values())):
        found = {path: tool for path, tool in found.items() if tool != RELEASES}
    variables = sorted(name for name in environ if name.startswith(_CLOUD_VARIABLE))
    tools = set(found.values()).union([CLOUD] if variables else [])
    tool = next((tool for tool, dummy, dummy in _MARKS if tool in tools), None)
    return Deployment(tool, tuple(found) + tuple(variables))


def release_bases(root: str, given_root: str) -> Tuple[str, ...]:
    """Folders that may hold releases/ and shared/: those above the root's, with and without the link."""
    parent = os.path.dirname(root)
    bases = [os.path.dirname(parent)] if os.path.basename(parent) == "releases" else [parent]
    given = os.path.realpath(os.path.dirname(os.path.abspath(given_root)))
    return tuple(dict.fromkeys(bases + [given]))


def _is_capistranos(path) -> bool:
    # Its repo is a bare one, and many have a folder of that name.
    if not path.endswith("/repo"):
        return True
    return os.path.isfile(path + "/HEAD") and os.path.isdir(os.path.join(os.path.dirname(path), "releases"))


def _both(tools) -> bool:
    return list(tools).count(RELEASES) > 1
