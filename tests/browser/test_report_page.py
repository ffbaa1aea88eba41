# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readers do with the HTML report: look, search, filter, sort, open, print; without a mouse or a script too."""

from __future__ import annotations

import json

import pytest
from support import reports

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import render_html

ROWS = "[...document.querySelectorAll('table.stores tbody tr[id]')]"
SHOWN = f"{ROWS}.filter(row => row.checkVisibility())"
NAMES = f"{SHOWN}.map(row => row.cells[0].firstElementChild.textContent)"
FOCUSED = "document.activeElement"


def click(page, selector):
    page.run(f"document.querySelector({json.dumps(selector)}).click()")


def search(page, text):
    page.run("document.getElementById('search').focus()")
    page.type(text)


def count(page):
    return page.run("document.getElementById('count').textContent")


class TestOpening:
    @pytest.mark.parametrize("name", sorted(reports.samples()))
    def test_nothing_is_asked_for_and_nothing_complains(self, show, name):
        report = reports.samples()[name]
        page = show(report)
        assert page.complaints() == []
        (asked,) = page.requests()
        assert asked.startswith("file:///")
        assert page.run(f"{ROWS}.length") == len(report["stores"])

    def test_a_script_that_slipped_in_does_not_run(self, show):
        page = show(reports.sample())
        attack = "<img src='http://127.0.0.1:9/x.png' onerror='window.hit = 1'><p style='color: red' id=slipped>"
        page.run(f"document.body.insertAdjacentHTML('beforeend', {json.dumps(attack)})")
        page.run("new Promise(done => setTimeout(done, 200))")
        assert page.run("window.hit") is None
        assert page.run("getComputedStyle(document.getElementById('slipped')).color") != "rgb(255, 0, 0)"
        assert len([told for told in page.complaints() if "Content Security Policy" in told]) >= 3

    def test_hostile_words_are_shown_as_they_are(self, show):
        page = show(reports.sample())
        assert """alert("1")</script> & </script>""" in page.run("document.body.textContent")

    def test_reads_without_scripts(self, show, browser):
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        page = show(reports.many(340))
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
        assert page.run(f"{SHOWN}.length") == 340
        assert page.run("[...document.querySelectorAll('.stores dl')].every(list => list.checkVisibility())")
        assert not page.run("document.getElementById('controls').checkVisibility()")

    @pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
    def test_follows_the_readers_scheme(self, show, scheme, is_dark):
        page = show(reports.sample())
        page.media(prefers_color_scheme=scheme)
        ground = page.run("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
        assert (sum(ground) < 3 * 128) is is_dark


class TestFinding:
    def test_a_search_narrows_the_table_as_it_is_typed(self, show):
        page = show(reports.many(340))
        assert count(page) == "340 in all"
        search(page, "store-03")
        assert page.run(NAMES)
        assert all(name.startswith("store-03") for name in page.run(NAMES))
        assert count(page) == f"{page.run(NAMES + '.length')} of 340"

    def test_all_words_of_a_search_have_to_be_there_in_any_case(self, show):
        page = show(reports.many(340))
        search(page, "2.4.8 VULNERABLE")
        rows = page.run(f"{SHOWN}.map(row => row.textContent)")
        assert rows
        assert all("Vulnerable" in row and "2.4.8" in row for row in rows)

    def test_a_search_without_a_match_says_so_and_can_be_taken_back(self, show):
        page = show(reports.many(30))
        search(page, "nowhere")
        assert page.run(NAMES) == []
        assert page.run("document.getElementById('none').checkVisibility()")
        click(page, "#reset")
        assert page.run(f"{SHOWN}.length") == 30
        assert page.run("document.getElementById('search').value") == ""

    def test_verdicts_can_be_chosen_several_at_a_time(self, show):
        report = reports.sample()
        by_status = report["totals"]["by_status"]
        page = show(report)
        click(page, ".chips [data-filter=vulnerable]")
        assert page.run(f"{SHOWN}.length") == by_status["vulnerable"]
        assert page.run("document.querySelector('.chips [data-filter=vulnerable]').ariaPressed") == "true"
        click(page, ".chips [data-filter=unknown]")
        assert page.run(f"{SHOWN}.length") == by_status["vulnerable"] + by_status["unknown"]
        click(page, ".chips [data-filter=vulnerable]")
        assert page.run(f"{SHOWN}.every(row => row.classList.contains('unknown'))")

    def test_what_was_lost_can_be_chosen(self, show):
        report = reports.many(340)
        page = show(report)
        click(page, ".chips [data-filter=lost]")
        assert sorted(page.run(NAMES)) == report["drift"]["lost"]

    def test_a_verdict_of_the_ring_leads_to_its_hosts(self, show):
        report = reports.many(340)
        page = show(report)
        click(page, ".legend [data-filter=not_applicable]")
        assert page.run(f"{SHOWN}.length") == report["totals"]["by_status"]["not_applicable"]

    def test_a_large_fleet_is_shown_a_screen_at_a_time(self, show):
        page = show(reports.many(340))
        assert page.run(f"{SHOWN}.length") == 100
        click(page, "#more")
        assert page.run(f"{SHOWN}.length") == 200
        click(page, "#rest")
        assert page.run(f"{SHOWN}.length") == 340
        assert not page.run("document.getElementById('further').checkVisibility()")


class TestSorting:
    def heads(self, page):
        heads = "[...document.querySelectorAll('.stores thead th')]"
        return page.run(f"Object.fromEntries({heads}.map(head => [head.dataset.sort || '', head.ariaSort]))")

    def test_begins_with_the_gravest(self, show):
        page = show(reports.sample())
        assert self.heads(page)["status"] == "ascending"
        kinds = page.run(f"{SHOWN}.map(row => row.classList[0])")
        order = ["needs_hands", "vulnerable", "unknown", "waived", "not_applicable", "compliant"]
        assert kinds == sorted(kinds, key=order.index)

    def test_a_column_sorts_one_way_and_then_the_other(self, show):
        report = reports.many(30)
        names = sorted(entry["name"] for entry in report["stores"])
        page = show(report)
        click(page, "[data-sort=name] button")
        assert page.run(NAMES) == names
        assert self.heads(page) == {"name": "ascending", "status": None, "version": None, "": None}
        click(page, "[data-sort=name] button")
        assert page.run(NAMES) == names[::-1]
        assert self.heads(page)["name"] == "descending"

    def test_versions_sort_as_versions(self, show):
        report = reports.many(3)
        for entry, version in zip(report["stores"], ["2.4.6-p10", "2.4.10", "2.4.6-p8"], strict=True):
            entry["version"] = version
        page = show(report)
        click(page, "[data-sort=version] button")
        assert page.run(f"{SHOWN}.map(row => row.cells[2].textContent.trim())") == ["2.4.6-p8", "2.4.6-p10", "2.4.10"]


class TestDetails:
    EVIDENCE = "document.getElementById('host-store-0001-evidence')"

    def test_are_opened_and_closed_by_the_keyboard(self, show):
        page = show(reports.many(3))
        page.run("document.querySelector('#host-store-0001 button').focus()")
        assert not page.run(self.EVIDENCE)
        page.press("Enter", 13, "\r")
        assert page.run(f"{self.EVIDENCE}.checkVisibility()")
        assert page.run(f"{FOCUSED}.getAttribute('aria-controls') === {self.EVIDENCE}.id")
        assert page.run(f"{FOCUSED}.ariaExpanded") == "true"
        assert page.run("location.hash") == "#host-store-0001"
        page.press("Enter", 13, "\r")
        assert not page.run(self.EVIDENCE)
        assert page.run(f"{FOCUSED}.ariaExpanded") == "false"

    def test_the_first_key_leads_past_the_figures(self, show):
        page = show(reports.many(3))
        page.press("Tab", 9)
        assert page.run(f"{FOCUSED}.textContent") == "Skip to the table"
        assert page.run(f"{FOCUSED}.getBoundingClientRect().width") > 20

    def test_all_can_be_opened_at_once(self, show):
        page = show(reports.many(30))
        click(page, "#all-details")
        assert (
            page.run("[...document.querySelectorAll('.stores dl')].filter(list => list.checkVisibility()).length") == 30
        )
        click(page, "#all-details")
        assert page.run("document.querySelectorAll('.stores dl').length") == 0

    @pytest.mark.parametrize("name", ["store-0339", "shop ä/1"])
    def test_a_link_leads_to_a_host_however_far_down(self, show, name):
        report = reports.many(340)
        report["stores"][-1].update(name=name, store=name, status="compliant")
        anchor = {"store-0339": "#host-store-0339", "shop ä/1": "#host-shop%20%C3%A4%2F1"}[name]
        page = show(report, anchor)
        page.run("new Promise(done => setTimeout(done, 50))")
        assert page.run(f"{FOCUSED}.textContent") == name
        assert page.run(f"{FOCUSED}.ariaExpanded") == "true"
        top = page.run(f"{FOCUSED}.getBoundingClientRect().top")
        assert 0 <= top <= 900

    def test_a_link_leads_to_a_host_that_is_filtered_out(self, show):
        report = reports.many(340)
        lost = report["drift"]["lost"][0]
        page = show(report)
        click(page, ".chips [data-filter=compliant]")
        assert lost not in page.run(NAMES)
        click(page, f".drift .lost a[href='#host-{lost}']")
        page.run("new Promise(done => setTimeout(done, 50))")
        assert page.run(f"{FOCUSED}.textContent") == lost


class TestPlaces:
    @pytest.mark.parametrize("name", ["sample", "first"])
    def test_a_phone_has_no_need_to_scroll_sideways(self, show, name):
        report = reports.samples()[name]
        report["stores"][0]["next_step"] = "x" * 200
        page = show(report)
        page.size(360, 740)
        click(page, "#all-details")
        assert page.run("document.documentElement.scrollWidth") == 360
        wide = "[...document.querySelectorAll('main *')].filter(it => it.getBoundingClientRect().right > 361).length"
        assert page.run(wide) == 0

    def test_a_phone_shows_all_of_a_host(self, show):
        page = show(reports.sample())
        page.size(360, 740)
        cells = page.run(f"{SHOWN}.flatMap(row => [...row.cells].map(cell => cell.checkVisibility()))")
        assert all(cells)

    def test_a_phone_still_has_a_table_for_who_hears_the_page(self, show):
        page = show(reports.many(3))
        page.size(360, 740)
        roles = [node["role"]["value"] for node in page.call("Accessibility.getFullAXTree")["nodes"]]
        assert [roles.count(role) for role in ("table", "row")] == [2, 2 + 3 + len({"2.4.5-p1", "2.4.6", "2.4.6-p3"})]

    def test_paper_has_each_host_and_no_control(self, show):
        page = show(reports.many(340))
        page.run(f"addEventListener('beforeprint', () => {{ window.printed = {ROWS}.length }})")
        assert page.pdf().startswith(b"%PDF")
        assert page.run("window.printed") == 340
        assert page.run(f"{ROWS}.length") == 100
        page.media("print", prefers_color_scheme="dark")
        assert not page.run("document.getElementById('controls').checkVisibility()")
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


class TestLargeFleet:
    def test_five_thousand_stores(self, show):
        report = reports.many(5000)
        assert len(render_html.render(report).encode()) < 4_000_000
        page = show(report)
        assert count(page) == "5,000 in all"
        assert page.run(f"{ROWS}.length") == 100
        search(page, "store-4321")
        assert page.run(NAMES) == ["store-4321"]
        assert page.complaints() == []
