# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of the counters return, from a store's files and a database of this test's own."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import failures_num
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.blocking import Blocking
from ansible_collections.storefleet.commerce.plugins.module_utils.counters import Counter, Reset
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

ENABLED = ("Magento_Customer", "Magento_Integration", "Magento_CustomerGraphQl")
AWAY = CommerceError("connect to the database", "db:3306", "no connection", "Check it.", code="database_away")
NO_VIEW = CommerceError("find the store view", "fr", "the store has none such", "Name another.", code="no_store_view")
DENIED = CommerceError("run SELECT", "db:3306", "the database user may not do that", "Grant it.", code="not_allowed")
SETTING = Blocking("customer/password/lockout_failures", "0", "default", "lockout_disabled", "it is 0", ("gentle",))
STUCK = {"stuck": 2, "locked": 1}


class Connected:
    """In place of database.Database, ScopeConfig, counters and blocking; an answer that is an error is raised."""

    def __init__(self):
        self.settings = SimpleNamespace(modules=ENABLED, database="m2")
        self.connection = self.view = self.passive = self.done = None
        self.asked = []

    def __call__(self, *dummy):
        return self

    def __enter__(self):
        self.asked.append("connect")
        return self.answer(self.connection)

    def __exit__(self, *dummy):
        self.asked.append("close")

    def answer(self, given):
        if isinstance(given, Exception):
            raise given
        return given if given is not None else self


@pytest.fixture
def store(store_tree, monkeypatch):
    fake = Connected()
    fake.passive, fake.view = STUCK, "the view"

    def view_of(code):
        fake.asked.append(code)
        return fake.answer(fake.view)

    def reset(database, write):
        assert database is fake
        fake.asked.append("write" if write else "look")
        return fake.answer(fake.done)

    monkeypatch.setattr(failures_num, "read_settings", lambda *_: fake.settings)
    monkeypatch.setattr(failures_num, "Database", fake)
    monkeypatch.setattr(failures_num, "ScopeConfig", lambda *_: SimpleNamespace(view=view_of))
    monkeypatch.setattr(
        failures_num, "blocking_settings", lambda config, view: [SETTING] if view == "the view" else 1 / 0
    )
    monkeypatch.setattr(failures_num.counters, "passive", lambda database: fake.answer(fake.passive))
    monkeypatch.setattr(failures_num.counters, "reset", reset)
    fake.tree = store_tree
    return fake


def info(store, **options):
    return failures_num.info(str(store.tree.root), ("php",), None, ACSD_61103, **options)


def test_all_is_told(store, patched):
    rest = next(path for path in patched if "rest" in path)
    store.tree.write({rest: patched[rest]})
    found = info(store, store_code="de")
    assert found["apis"]["rest"] == {"state": "patched", "detail": f"{rest} registers the observer.", "file": rest}
    assert found["apis"]["soap"]["state"] == "unpatched"
    assert set(found["files"]) == set(ACSD_61103.files)
    assert found["passive"] == STUCK
    assert found["blocking"] == [
        {
            "setting": SETTING.setting,
            "value": "0",
            "scope": "default",
            "reason": "lockout_disabled",
            "why": "it is 0",
            "forms": ["gentle"],
        }
    ]
    assert (found["notes"], found["failures"]) == ([], [])
    assert (found["patch"], found["version"]) == ("ACSD-61103", "2.4.6-p3")
    assert store.asked == ["connect", "de", "close"]


@pytest.mark.parametrize(
    ("change", "passive", "blocking", "failure"),
    [
        ({"connection": AWAY}, False, False, "no connection"),
        ({"view": NO_VIEW}, True, False, "the store has none such"),
        ({"passive": DENIED}, False, True, "may not do that"),
    ],
)
def test_a_database_that_does_not_answer_is_a_sentence(store, change, passive, blocking, failure):
    vars(store).update(change)
    found = info(store)
    assert (found["passive"] is not None, found["blocking"] is not None) == (passive, blocking)
    assert len(found["failures"]) == 1
    assert failure in found["failures"][0]
    assert found["apis"]["rest"]["state"] == "unpatched"


def test_a_database_that_is_not_to_be_asked(store):
    found = info(store, database=False, hindrance="Nobody asks.")
    assert (found["passive"], found["blocking"], found["failures"]) == (None, None, [])
    found = info(store, hindrance="There is no library.")
    assert (found["passive"], found["blocking"], found["failures"]) == (None, None, ["There is no library."])
    store.settings.database = None
    assert info(store)["failures"] == ["app/etc/env.php names no database."]
    assert store.asked == []


def test_notes_are_what_may_mislead(store):
    store.tree.write(
        {
            "app/code/Acme/Login/registration.php": "<?php",
            "app/code/Acme/Login/etc/module.xml": '<config><module name="Acme_Login"/></config>',
            "app/code/Acme/Login/etc/di.xml": '<config><preference type="Acme\\A"'
            ' for="Magento\\Customer\\Model\\CustomerAuthUpdate"/></config>',
        }
    )
    store.settings.modules = (*ENABLED, "Acme_Login", *(f"Acme_M{number}" for number in range(6)))
    preferred, unplaced = info(store, database=False)["notes"]
    assert (
        preferred == "app/code/Acme/Login/etc/di.xml prefers Acme\\A for Magento\\Customer\\Model\\CustomerAuthUpdate."
    )
    assert unplaced.startswith("6 enabled modules are ")
    assert unplaced.endswith(" (Acme_M0, Acme_M1, Acme_M2, Acme_M3, Acme_M4, …): they were not read.")
    store.tree.write({"app/code/Acme/Login/etc/di.xml": "<config>CustomerAuthUpdate"})
    found = info(store, database=False)
    assert "app/code/Acme/Login/etc/di.xml" in found["failures"][0]


def test_modules_that_the_store_replaces_are_not_missed(store):
    store.settings.modules = (*ENABLED, "Magento_CatalogGraphQl", "Magento_Weee", "Acme_GraphQl")
    replaced = {"magento/module-catalog-graph-ql": "*", "magento/module-weee": "*"}
    store.tree.write({"composer.json": json.dumps({"replace": replaced})})
    (missed,) = info(store, database=False)["notes"]
    assert missed.startswith("1 enabled modules are ")
    assert "Acme_GraphQl" in missed


def test_events_that_cannot_be_read_are_an_error(store, patched):
    rest = next(path for path in patched if "rest" in path)
    store.tree.write({rest: patched[rest] + "<"})
    with pytest.raises(CommerceError, match=rest) as caught:
        info(store)
    assert caught.value.code == "broken_xml"


COUNTERS = (Counter(3, 4, "2026-02-01 08:00:00", None), Counter(9, 10, "2026-02-01 08:00:00", "2026-02-01 09:00:00"))


def reset(store, **options):
    return failures_num.reset(str(store.tree.root), ("php",), None, ACSD_61103, **options)


def test_what_is_reset_is_told(store, patched):
    store.tree.write(patched)
    store.done = Reset(COUNTERS, 5)
    assert reset(store) == {
        "changed": True,
        "counters": {
            "stuck": 7,
            "reset": 2,
            "locked": 5,
            "customers": [
                {"customer": 3, "failures_num": 4, "first_failure": "2026-02-01 08:00:00", "lock_expires": None},
                {
                    "customer": 9,
                    "failures_num": 10,
                    "first_failure": "2026-02-01 08:00:00",
                    "lock_expires": "2026-02-01 09:00:00",
                },
            ],
            "not_listed": 0,
            "notes": [],
        },
        "diff": {
            "before_header": "customer_entity",
            "after_header": "customer_entity",
            "before": "customer 3: failures_num 4, first_failure 2026-02-01 08:00:00, lock_expires NULL\n"
            "customer 9: failures_num 10, first_failure 2026-02-01 08:00:00, lock_expires 2026-02-01 09:00:00\n",
            "after": "customer 3: failures_num 0, first_failure NULL, lock_expires NULL\n"
            "customer 9: failures_num 0, first_failure NULL, lock_expires NULL\n",
        },
    }
    assert store.asked == ["connect", "write", "close"]


@pytest.mark.parametrize(("limit", "listed"), [(1, [3]), (0, []), (-1, []), (2, [3, 9])])
def test_the_list_is_short_and_the_sums_are_not(store, limit, listed):
    store.done = Reset(COUNTERS, 0)
    found = reset(store, limit=limit)
    assert [each["customer"] for each in found["counters"]["customers"]] == listed
    assert (found["counters"]["reset"], found["counters"]["not_listed"]) == (2, 2 - len(listed))
    assert found["diff"]["before"].count("\n") == len(listed)


@pytest.mark.parametrize(("counters", "changed"), [(COUNTERS, True), ((), False)])
def test_only_looking_predicts(store, counters, changed):
    store.done = Reset(counters, 1)
    assert reset(store, write=False)["changed"] is changed
    assert store.asked == ["connect", "look", "close"]


def test_a_store_with_the_defect_is_told_so(store, patched):
    store.done = Reset((), 0)
    store.tree.write({path: text for path, text in patched.items() if "graphql" in path})
    assert reset(store)["counters"]["notes"] == [
        "The files still have the defect (rest, soap), so counters pile up again: apply ACSD-61103."
    ]
    rest = next(path for path in patched if "rest" in path)
    store.tree.write({rest: patched[rest] + "<"})
    notes = reset(store)["counters"]["notes"]
    assert len(notes) == 1
    assert rest in notes[0]


def test_a_partly_patched_store_has_it_too(store, patched, monkeypatch):
    evidence = failures_num.api_evidence(failures_num.read_store(str(store.tree.root)), ENABLED, ACSD_61103, None)
    partial = {api: each._replace(state="partial") for api, each in evidence.items()}
    monkeypatch.setattr(failures_num, "api_evidence", lambda *_: partial)
    store.done = Reset((), 0)
    assert "(graphql, rest, soap)" in reset(store)["counters"]["notes"][0]


@pytest.mark.parametrize("error", [AWAY, DENIED])
def test_what_the_database_refuses_is_an_error(store, error):
    store.done = error
    with pytest.raises(CommerceError) as caught:
        reset(store)
    assert caught.value is error
    store.settings.database = None
    with pytest.raises(CommerceError) as caught:
        reset(store)
    assert caught.value.code == "no_database"
