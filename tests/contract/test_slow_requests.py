# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request that takes seconds: what it needs until it is done, and what a reload of php-fpm does to it."""

from __future__ import annotations

import threading
import time

import pytest
import requests

# Long enough for what a test does meanwhile, on a busy machine too.
SECONDS = 1.5


class SlowRequest(threading.Thread):
    """GET /slow/index/index, sent at once."""

    def __init__(self, store, seconds: float = SECONDS):
        super().__init__(daemon=True)
        self._store = store
        self._seconds = seconds
        self._answer: requests.Response | None = None
        self.start()

    def run(self):
        try:
            self._answer = self._store.request("GET", f"/slow/index/index?seconds={self._seconds}")
        except requests.ConnectionError:
            self._answer = None

    def result(self) -> requests.Response | None:
        """Its answer, None when there was none."""
        self.join()
        return self._answer

    @property
    def is_whole(self) -> bool:
        answer = self.result()
        text = f"<p>Done after {self._seconds} seconds.</p>"
        return answer is not None and answer.status_code == 200 and text in answer.text


def under_way(store) -> SlowRequest:
    """A slow request that a worker has."""
    request = SlowRequest(store)
    time.sleep(0.4)
    return request


@pytest.fixture(params=["developer", "production"])
def either(request, store, compiled):
    """A store without compiled wiring, and one with it."""
    return {"developer": store, "production": compiled}[request.param]


def test_takes_its_time_and_says_so(either):
    started = time.monotonic()
    assert SlowRequest(either).is_whole
    assert time.monotonic() - started >= SECONDS
    answer = either.request("GET", "/slow/index/index?seconds=0")
    assert "X-Magento-Cache-Debug" not in answer.headers


@pytest.mark.parametrize(
    "taken",
    ["vendor/magento/module-store/Model/SlowText.php", "vendor/magento/module-store/Model/SlowAnswer.php", "generated"],
)
def test_needs_code_until_it_is_done(compiled, taken):
    request = under_way(compiled)
    compiled.run("mv", f"/var/www/store/{taken}", "/root/taken")
    try:
        assert request.result().status_code == 500
    finally:
        compiled.run("mv", "/root/taken", f"/var/www/store/{taken}")


def test_reload_ends_it_unless_php_fpm_waits(store, patient):
    request = under_way(store)
    store.reload()
    assert not request.is_whole
    request = under_way(patient)
    patient.reload()
    assert request.is_whole


def test_others_are_served_meanwhile(store):
    slow = [SlowRequest(store) for dummy in range(8)]
    time.sleep(0.4)
    started = time.monotonic()
    assert store.request("GET", "/magento_version").status_code == 200
    assert time.monotonic() - started < 1
    assert all(request.is_whole for request in slow)
