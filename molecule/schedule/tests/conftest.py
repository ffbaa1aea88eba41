# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the control node share."""

from __future__ import annotations

import pytest
from support.schedules import Schedule

# A collection without the marks of an installed one, as a repository has it.
MAKE_REPOSITORY = """
set -e
git init --quiet --bare --initial-branch=main /srv/commerce.git
git init --quiet --initial-branch=main /srv/work
tar --extract --gzip --file=/srv/collection.tar.gz --directory=/srv/work --exclude=MANIFEST.json --exclude=FILES.json
cd /srv/work
git config user.name Operator
git config user.email operator@example.com
git remote add origin file:///srv/commerce.git
"""
COMMIT = """
set -e
cd /srv/work
echo 'version: {version}' > galaxy.yml
git add --all
git commit --quiet --message={version}
git push --quiet origin HEAD:main
git rev-parse HEAD
"""


class Repository:
    """A Git repository of the collection. The version that a report names tells its commits apart."""

    url = "file:///srv/commerce.git"

    def __init__(self, host):
        self._host = host
        host.check_output(MAKE_REPOSITORY)

    def commit(self, version):
        """A new commit on the branch main; its hash."""
        return self._host.check_output(COMMIT.format(version=version))

    def tag(self, name):
        """An annotated tag of the last commit."""
        self._host.check_output(
            f"cd /srv/work && git tag --annotate --message={name} {name} && git push --quiet origin refs/tags/{name}"
        )

    def branch(self, name):
        """A branch of the last commit."""
        self._host.check_output(f"cd /srv/work && git push --quiet origin HEAD:refs/heads/{name}")


@pytest.fixture(scope="module")
def repository(host):
    """An empty repository on the control node."""
    yield Repository(host)
    host.check_output("rm -rf /srv/commerce.git /srv/work")


@pytest.fixture(scope="module")
def make_schedule(host):
    """Gives a schedule of a name that tells nobody, and leaves nothing of it in the end."""
    made = []

    def make(name, **variables):
        silent = {"commerce_schedule_webhook_url": "", "commerce_schedule_notify_command": []}
        made.append(Schedule(host, name, **{**silent, **variables}))
        return made[-1]

    yield make
    for schedule in made:
        schedule.remove()
