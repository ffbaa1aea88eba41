# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What modules do in check mode and with diff, with the reason."""

    # For modules that only look.
    DOCUMENTATION = r"""
attributes:
  check_mode:
    support: full
    description: Does the same in check mode, as it changes nothing.
  diff_mode:
    support: N/A
    description: There is nothing to show, as it changes nothing.
  idempotent:
    support: full
    description: Changes nothing, however often it runs.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
"""

    # For modules that log a throw-away customer in.
    PROBE = r"""
attributes:
  check_mode:
    support: partial
    details: Nothing is tried, so behaviour is reported as V(not_run).
    description: In check mode nothing at all is written, and a trial needs a throw-away customer.
  diff_mode:
    support: N/A
    description: There is nothing to show, as nothing stays of what it does.
  idempotent:
    support: full
    description: Nothing stays of what it does, however often it runs.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
"""

    # For modules that change the store's files.
    FILES = r"""
attributes:
  check_mode:
    support: full
    description: Writes nothing into the store, and predicts what a real run would change.
  diff_mode:
    support: full
    description: Shows each file's content before and after, in check mode as predicted.
  idempotent:
    support: full
    description: A second run finds the files as wanted and changes nothing.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
"""

    # For modules that change the store and let it follow.
    LIVE = r"""
attributes:
  check_mode:
    support: full
    description: Writes nothing at all and starts no login, and predicts which files a real run would change.
  diff_mode:
    support: full
    description: Shows each file's content before and after, in check mode as predicted.
  idempotent:
    support: full
    description: A store with the wanted files and behaviour is left alone.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
"""

    # For modules that change the checkout of a project.
    CHECKOUT = r"""
attributes:
  check_mode:
    support: partial
    details: Whether Composer finds a later tool, and hooks and the remote take the commit, only a real run shows.
    description: Writes nothing into the checkout nor to the remote, and predicts what a real run would change.
  diff_mode:
    support: full
    description: Shows each file's content before and after, in check mode as predicted, without Composer's files.
  idempotent:
    support: full
    description: A second run finds the branch as wanted and changes nothing.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the checkout's owner by its user id.
"""
