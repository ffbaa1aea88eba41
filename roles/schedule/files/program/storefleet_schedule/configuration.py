# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schedule role wrote down for a run, and the secrets that systemd hands to it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, NamedTuple, Optional, Sequence, Tuple


class Configuration(NamedTuple):
    """The schedule's configuration file.

    argv: the command of the audit, without what secrets add to it. environment: of the audit, over the service's own.
    notify: "change" or "always". command: argv of the operator's own notification, empty for none.
    connections: the folder in which Ansible keeps the sockets of its SSH connections. webhook_timeout: seconds for one
    attempt.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    reports: str
    connections: str
    notify: str
    command: Sequence[str]
    webhook_attempts: int
    webhook_timeout: float


def read_configuration(path: str) -> Configuration:
    """Raise OSError or ValueError where there is none that this program understands."""
    values = json.loads(Path(path).read_text(encoding="utf-8"))
    try:
        return Configuration(**values)
    except TypeError as error:
        raise ValueError("The configuration {0} is of another version: {1}.".format(path, error)) from error


@dataclass(frozen=True)
class Webhook:
    """Where a notification is posted. An address may be a secret itself: whoever knows it may post."""

    url: str = field(repr=False)
    token: Optional[str] = field(default=None, repr=False)


class Credentials:
    """The files that systemd made readable for this service alone. None of them has to be there."""

    def __init__(self, folder: Optional[str]):
        self._folder = Path(folder) if folder else None

    @classmethod
    def of_the_service(cls) -> Credentials:
        """Those of the running service; none outside of systemd."""
        return cls(os.environ.get("CREDENTIALS_DIRECTORY"))

    def webhook(self) -> Optional[Webhook]:
        """None without an address."""
        url = self._text("webhook_url")
        return Webhook(url, self._text("webhook_token")) if url else None

    def options(self) -> Tuple[str, ...]:
        """What they add to the command of the audit: names of files, never what is in them."""
        found = []
        for name, option in (
            ("variables", "--extra-vars=@{0}"),
            ("vault_password", "--vault-password-file={0}"),
            ("ssh_key", "--private-key={0}"),
        ):
            path = self._path(name)
            if path is not None:
                found.append(option.format(path))
        return tuple(found)

    def _path(self, name: str) -> Optional[Path]:
        path = self._folder / name if self._folder else None
        return path if path is not None and path.is_file() else None

    def _text(self, name: str) -> Optional[str]:
        path = self._path(name)
        return (path.read_text(encoding="utf-8").strip() or None) if path else None
