# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of every module that changes the checkout of a project, and commits and pushes that."""

    DOCUMENTATION = r"""
options:
  path:
    description:
      - The folder of the checkout that holds C(composer.json) and C(composer.lock).
      - What is changed there and not committed is refused.
    type: path
    required: true
  branch:
    description:
      - The branch to commit on. The one that is checked out when not given.
      - One that does not exist begins at a remote's of this name, as far as the checkout knows one, else at what is
        checked out.
    type: str
  commit_message:
    description: The commit's message. When not given it says which ids were added or removed.
    type: str
  change_id:
    description: The ticket of the change, for a line C(Change) at the end of the message.
    type: str
  remote:
    description:
      - The remote to push the branch to, by name or address. Nothing is pushed when not given.
      - A branch that lacks commits of the remote's is refused. One that the remote has not got up to its end is pushed
        also by a run that finds the list as wanted.
      - A login in an address is never shown.
    type: str
  push_timeout:
    description: Seconds that a push may take. That of a cloud project lasts until the build has ended.
    type: int
    default: 1800
  author_name:
    description: The name of author and committer. What git's configuration says when not given.
    type: str
  author_email:
    description: The e-mail address of author and committer. What git's configuration says when not given.
    type: str
  composer:
    description: The path of Composer, or its name. Only for a project whose tool has to be raised.
    type: path
    default: composer
  user:
    description:
      - The user that git and Composer run as. The owner of O(path) if not given.
      - A module that was started as root becomes this user before it reads or runs anything.
    type: str
  environment:
    description:
      - Variables for git and Composer, such as C(SSH_AUTH_SOCK), C(GIT_SSH_COMMAND), C(COMPOSER_AUTH) or
        C(COMPOSER_IGNORE_PLATFORM_REQS). They have no others but C(HOME), C(PATH) and the language.
      - Never logged and never returned.
    type: dict
    default: {}
notes:
  - Connect as root, as the owner of the checkout, or with C(become) to one of them.
"""
