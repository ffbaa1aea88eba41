# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support import reports

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import render_html
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.html_charts import (
    NOT_KNOWN,
    donut_of,
    parts_of,
    versions_of,
)
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.html_details import details_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.html_head import (
    banners_of,
    facts_of,
    headline_of,
    steps_of,
)
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.html_words import (
    counted,
    duration,
    human,
    moment,
    outcome,
)
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.plain import one_line
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.terms import STATUSES

TEMPLATES = Path(render_html.__file__).parent / "templates"
ATTACK = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7 * 7 }}<!--"


class Page(HTMLParser):
    """What a page has in it: tags with their attributes, and the text of each id's row."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw = {"style": "", "script": ""}
        self.words = ""
        self._in: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = None

    def handle_data(self, data: str) -> None:
        if self._in in self.raw:
            self.raw[self._in] += data
        else:
            self.words += data

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for dummy, attributes in self.tags if name in attributes]


@pytest.fixture(scope="module", params=sorted(reports.samples()))
def sample(request: pytest.FixtureRequest) -> dict[str, Any]:
    return reports.samples()[request.param]


def attacked(value: Any, numbers: Iterator[int]) -> Any:
    """The value with an attack in each text but those whose values are our own words."""
    if isinstance(value, dict):
        own = ("status", "reason", "state", "outcome", "time", "audited", "started", "ended", "behaviour", "files")
        return {key: part if key in own else attacked(part, numbers) for key, part in value.items()}
    if isinstance(value, list):
        return [attacked(part, numbers) for part in value]
    return f"{ATTACK}{next(numbers)}" if isinstance(value, str) else value


class TestPage:
    def test_has_each_host_once(self, sample):
        rows = [name for name in Page(render_html.render(sample)).values("id") if name.startswith("host-")]
        assert sorted(rows) == sorted("host-" + entry["name"] for entry in sample["stores"])

    def test_has_no_id_twice(self, sample):
        ids = Page(render_html.render(sample)).values("id")
        assert len(ids) == len(set(ids))

    def test_says_everything_without_a_script(self, sample):
        words = " ".join(Page(render_html.render(sample)).words.split())
        for entry in sample["stores"]:
            for dummy, lines in details_of(entry, None):
                for line in lines:
                    assert one_line(line) in words

    def test_leads_only_into_itself(self, sample):
        page = Page(render_html.render(sample))
        targets = page.values("href")
        assert targets
        assert {target[1:] for target in targets if target.startswith("#")} <= set(page.values("id"))
        assert all(target.startswith("#") for target in targets)
        assert page.values("src") == []

    def test_names_its_tables(self, sample):
        page = Page(render_html.render(sample))
        names = [tag for tag, dummy in page.tags]
        assert names.count("table") == names.count("caption") == (2 if sample["stores"] else 1)
        assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")

    def test_is_equal_for_an_equal_report(self, sample):
        assert render_html.render(sample) == render_html.render(
            reports.samples()[next(name for name, other in reports.samples().items() if other == sample)]
        )

    def test_the_gravest_comes_first_and_of_those_what_was_lost(self):
        rows = [
            attributes["class"]
            for tag, attributes in Page(render_html.render(reports.sample())).tags
            if tag == "tr" and "id" in attributes
        ]
        ranks = [(render_html.SEVERITY.index(row.split()[0]), "lost" not in row) for row in rows]
        assert ranks == sorted(ranks)
        assert rows.count("vulnerable lost") == 1

    def test_a_name_with_anything_in_it_can_be_linked_to(self):
        assert render_html.anchor("a b") == "host-a%20b"
        assert render_html.anchor("ü/%\ud800") == "host-%C3%BC%2F%25%3F"

    @pytest.mark.parametrize(
        ("baseline", "said"),
        [
            (None, "There is no earlier full report to compare with."),
            (
                {"run": "r", "ended": "2026-11-22T21:40:05Z"},
                "22 Nov 2026, 21:40 UTC: 3 stores as before. Nothing has changed.",
            ),
            ({"run": "r", "ended": None}, "3 stores as before. Nothing has changed."),
        ],
    )
    def test_says_with_what_it_compares(self, baseline, said):
        report = reports.many(3)
        report["drift"].update(baseline=baseline, same=3, gained=[], lost=[], changed=[], new=[], gone=[], recovered=[])
        words = " ".join(Page(render_html.render(report)).words.split())
        assert f"Since the last full report {said} What to do next" in words

    @pytest.mark.parametrize("kind", ["lost", "recovered", "gained", "changed", "new", "gone"])
    def test_each_kind_of_drift_is_listed(self, kind):
        report = reports.sample()
        page = render_html.render(report)
        (names,) = re.findall(f'<details class="{kind}" open>(.*?)</details>', page, re.S)
        assert re.findall(r"<li>(?:<a[^>]*>)?([^< \n]+)", names) == report["drift"][kind]

    def test_only_what_was_lost_is_open_where_there_is_much(self):
        report = reports.many(30)
        names = [entry["name"] for entry in report["stores"]]
        report["drift"].update(lost=names[:10], changed=names[10:20])
        page = render_html.render(report)
        assert '<details class="lost" open>' in page
        assert '<details class="changed">' in page

    def test_the_stages_of_a_rollout_are_told(self):
        report = reports.sample()
        page = " ".join(Page(render_html.render(report)).words.split())
        for stage in report["rollout"]["stages"]:
            assert f"Stage {stage['number']} {human(stage['state'])} {counted(len(stage['hosts']), 'host')}" in page
            assert ", ".join(stage["hosts"]) in page

    def test_an_empty_fleet_has_a_page(self):
        assert "No store is in this report" in render_html.render(reports.samples()["empty"])


class TestEscaping:
    @pytest.fixture
    def page(self) -> Page:
        return Page(render_html.render(attacked(reports.sample(), itertools.count())))

    def test_no_text_of_a_report_becomes_a_tag(self, page):
        clean = Page(render_html.render(reports.sample()))
        assert {tag for tag, dummy in page.tags} <= {tag for tag, dummy in clean.tags}
        assert [tag for tag, dummy in page.tags].count("script") == 1
        assert "{{ 7 * 7 }}" in page.words

    def test_no_text_of_a_report_becomes_an_attribute(self, page):
        names = {name for dummy, attributes in page.tags for name in attributes}
        assert not [name for name in names if name.startswith("on") or name == "style"]

    def test_what_cannot_be_written_or_turns_text_around_is_left_out(self):
        report = reports.sample()
        report["stores"][0]["next_step"] = "a\ud800\x00\x1b[31m\u202eb"
        assert ">a[31mb" in render_html.render(report).encode().decode()


class TestPolicy:
    def test_nothing_but_our_own_style_and_script_is_allowed(self):
        page = Page(render_html.render(reports.sample()))
        (policy,) = [tag["content"] for name, tag in page.tags if tag.get("http-equiv") == "Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
        assert rules == {f"{name}-src": f"'{digest(page.raw[name])}'" for name in ("style", "script")}

    def test_the_page_says_its_policy_before_anything_that_it_is_for(self):
        names = [tag for tag, attributes in Page(render_html.render(reports.sample())).tags]
        assert names.index("style") > names.index("meta") + 1

    @pytest.mark.parametrize("name", ["report.css", "report.js"])
    def test_style_and_script_ask_for_nothing_and_end_where_they_end(self, name):
        text = (TEMPLATES / name).read_text()
        assert not re.search(r"https?:|url\(|@import|fetch|XMLHttp|import\s*\(|innerHTML|eval|</", text)


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


STYLE = (TEMPLATES / "report.css").read_text()


def schemes() -> dict[str, dict[str, str]]:
    """The colours of each scheme, by name."""
    blocks = [
        dict(re.findall(r"--([a-z_]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)
    ]
    return dict(zip(("light", "dark", "print"), blocks, strict=True))


def luminance(colour: str) -> float:
    """The relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestContrast:
    def test_black_on_white_is_21(self):
        assert round(contrast("#000000", "#ffffff"), 2) == 21

    @pytest.mark.parametrize("scheme", ["light", "dark", "print"])
    @pytest.mark.parametrize(
        ("text", "grounds"),
        [
            ("text", ("ground", "surface", "raised", "alarm", "note")),
            ("muted", ("ground", "surface", "raised")),
            ("accent", ("ground", "surface", "raised", "note")),
            ("vulnerable", ("alarm",)),
            *((status, ("surface", "raised")) for status in STATUSES),
        ],
    )
    def test_text_meets_aa(self, scheme, text, grounds):
        colours = schemes()[scheme]
        for ground in grounds:
            assert contrast(colours[text], colours[ground]) >= 4.5, (scheme, text, ground)

    @pytest.mark.parametrize("scheme", ["light", "dark", "print"])
    def test_edges_of_controls_meet_aa(self, scheme):
        colours = schemes()[scheme]
        assert contrast(colours["edge"], colours["surface"]) >= 3
        assert contrast(colours["edge"], colours["ground"]) >= 3

    @pytest.mark.parametrize("status", STATUSES)
    def test_each_status_has_a_sign_of_its_own(self, status):
        signs = dict(re.findall(r"\.([a-z_]+) \{ --tint: var\(--[a-z_]+\); --sign: (\S+); \}", STYLE))
        assert signs[status] not in [sign for other, sign in signs.items() if other != status]


class TestCharts:
    ORDER = render_html.SEVERITY

    def test_parts_follow_each_other_with_gaps(self):
        parts = parts_of({"compliant": 3, "vulnerable": 1}, self.ORDER)
        assert [(part.status, part.count) for part in parts] == [("vulnerable", 1), ("compliant", 3)]
        assert [(part.start, part.length) for part in parts] == [(0, 24.4), (25, 74.4)]

    def test_a_single_part_is_the_whole(self):
        assert [tuple(part) for part in parts_of({"unknown": 2}, self.ORDER)] == [("unknown", 2, 0, 100)]

    def test_a_thin_part_can_be_seen(self):
        thin, thick = parts_of({"compliant": 4999, "needs_hands": 1}, self.ORDER)
        assert thin.length > 0.5
        assert thick.start + thick.length <= 100

    def test_a_fleet_is_well_in_full_only_if_each_host_is(self):
        counts = {"compliant": 999, "vulnerable": 1}
        assert donut_of({"hosts": 1000, "well": 999, "by_status": counts}, self.ORDER)["percent"] == 99
        assert donut_of({"hosts": 0, "well": 0, "by_status": {}}, self.ORDER) == {"percent": 0, "parts": []}

    def test_versions_are_in_their_order(self):
        names = ["2.4.6-p10", None, "2.4.6-p8", "trunk", "2.4.6", "2.4.10"]
        rows = versions_of([{"version": name, "status": "unknown"} for name in names], self.ORDER)
        assert [row.name for row in rows] == ["2.4.6", "2.4.6-p8", "2.4.6-p10", "2.4.10", "trunk", NOT_KNOWN]

    def test_the_rarest_of_very_many_versions_are_one_row(self):
        entries = [{"version": f"2.4.{number}", "status": "compliant"} for number in range(20)]
        rows = versions_of([*entries, {"version": "2.4.19", "status": "unknown"}], self.ORDER)
        assert len(rows) == 13
        assert ("2.4.19", 2) in [(row.name, row.count) for row in rows]
        assert (rows[-1].name, rows[-1].count) == ("8 more", 8)


class TestHead:
    @pytest.mark.parametrize(
        ("hosts", "stores", "well", "said"),
        [
            (0, 0, 0, "No store is in this report"),
            (1, 1, 1, "The only store is well"),
            (1, 1, 0, "The only store is not well"),
            (3, 3, 3, "All 3 stores are well"),
            (3, 2, 0, "None of 3 hosts is well"),
            (1200, 1200, 1, "1 of 1,200 stores is well"),
            (4, 3, 3, "3 of 4 hosts are well"),
        ],
    )
    def test_says_how_the_fleet_is(self, hosts, stores, well, said):
        assert headline_of({"totals": {"hosts": hosts, "stores": stores, "well": well}}) == said

    def test_what_was_lost_comes_first(self):
        report = reports.sample()
        titles = [banner.title for banner in banners_of(report)]
        assert titles == [
            "1 host lost the fix since 22 Nov 2026, 21:46 UTC",
            "The rollout stopped",
            "A part of the fleet",
        ]

    def test_what_was_lost_comes_before_the_end_of_the_run(self):
        report = reports.many(340)
        report["run"]["aborted"] = True
        assert [banner.title[:14] for banner in banners_of(report)] == ["3 stores lost ", "This run was a"]

    def test_an_aborted_rollout_is_told_once_with_where_it_ended(self):
        (told,) = [banner for banner in banners_of(reports.samples()["aborted"]) if banner.kind == "alarm"]
        assert told.title == "This run was aborted"
        assert told.text.startswith("The run was aborted in stage 2. What it had found")

    @pytest.mark.parametrize(
        ("part", "change", "banner"),
        [
            ("run", {"aborted": True}, ("alarm", "This run was aborted")),
            ("scope", {"check": True}, ("note", "Check mode")),
            ("scope", {"limit": "shop-*"}, ("note", "A part of the fleet")),
            ("scope", {"slice": {"numbers": [2], "count": 4}}, ("note", "A slice of the fleet")),
            ("scope", {"tags": ["audit"]}, ("note", "Some tasks only")),
        ],
    )
    def test_what_limits_a_report_is_told(self, part, change, banner):
        report = reports.many(3)
        assert banners_of(report) == []
        report[part] = {**report[part], **change}
        (told,) = banners_of(report)
        assert told[:2] == banner
        assert told.text in Page(render_html.render(report)).words

    @pytest.mark.parametrize(("numbers", "said"), [([2], "Slice 2 of 4."), ([1, 3], "Slices 1, 3 of 4.")])
    def test_slices_are_named(self, numbers, said):
        report = reports.many(3)
        report["scope"] = {**report["scope"], "slice": {"numbers": numbers, "count": 4}}
        assert banners_of(report)[0].text == said

    def test_a_slice_without_a_number_is_told(self):
        report = reports.many(3)
        report["scope"] = {**report["scope"], "slice": {"numbers": [], "count": None}}
        assert banners_of(report)[0].text.endswith("which one is not known.")

    def test_next_steps_are_those_of_what_is_not_well_the_gravest_first(self):
        report = reports.many(340)
        steps = steps_of(report, render_html.SEVERITY)
        assert sum(step.count for step in steps["listed"]) + steps["rest"] == 340 - report["totals"]["well"]
        assert [step.status for step in steps["listed"]] == ["vulnerable"] * 6
        counts = [step.count for step in steps["listed"]]
        assert counts == sorted(counts, reverse=True)

    def test_the_run_is_told(self):
        facts = dict(facts_of(reports.sample()))
        assert facts["Change"] == "CHG0031337"
        assert facts["Control node"] == "control-1"
        assert facts["Took"]


def entry(**changed: Any) -> dict[str, Any]:
    """A host that nothing is known of, but what is given."""
    keys = ("before", "audited", "evidence", "facts", "probe", "waiver", "carried", "root")
    return {**dict.fromkeys(keys), "state": "audited", "messages": [], "actions": [], "seconds": {}, **changed}


def api(behaviour: str = "fixed", files: str = "patched", **changed: Any) -> dict[str, Any]:
    return {"files": files, "behaviour": behaviour, "reason": None, "detail": None, **changed}


def evidence(**changed: Any) -> dict[str, Any]:
    patch = {"files": "applied", "detail": None, "tool": None}
    return {"apis": {"rest": api()}, "patch": patch, "passive": None, "failures": [], **changed}


PROBE = {"form": "article", "base_url": "https://a/", "store_code": "de", "node": None, "notes": []}


class TestDetails:
    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({}, []),
            ({"state": "not_started"}, [("Run", ["The run did not come to it."])]),
            (
                {"before": {"status": "vulnerable", "reason": "will_regress"}},
                [("Before", ["vulnerable (will regress)"])],
            ),
            (
                {"waiver": {"reason": "closes", "expires": "2026-12-31", "expired": False}},
                [("Waiver", ["closes; until 2026-12-31"])],
            ),
            (
                {"waiver": {"reason": "closes", "expires": "2026-10-31", "expired": True}},
                [("Waiver", ["closes; ended 2026-10-31"])],
            ),
            (
                {"carried": {"run": "r", "audited": reports.clock(), "status": "compliant", "reason": "patched"}},
                [("Last known", ["compliant (patched), 23 Nov 2026, 21:40 UTC; no evidence of today"])],
            ),
            (
                {"messages": [{"time": reports.clock(), "task": "Build", "text": "no room"}]},
                [("Messages", ["21:40:05 Build: no room"])],
            ),
            ({"actions": ["one", "two"]}, [("Done", ["one", "two"])]),
            ({"seconds": {"compile": 75.2, "copy": 0.42}}, [("Took", ["compile 1 min 15 s, copy 0.4 s"])]),
            (
                {"root": "/srv", "facts": {"compiled": False, "maintenance": True, "owner": "deploy", "group": None}},
                [("Store", ["/srv, not compiled, owner deploy, in maintenance mode"])],
            ),
            (
                {"facts": {"serving": {"sapi": "fpm-fcgi", "pool": "www", "php_version": "8.1", "same_php": False}}},
                [("Served by", ["fpm-fcgi, pool www, PHP 8.1, which is not the command line's"])],
            ),
            (
                {
                    "probe": {
                        "form": "gentle",
                        "base_url": "https://a/",
                        "store_code": "de",
                        "node": None,
                        "notes": ["n"],
                    }
                },
                [
                    ("Probe", ["right login of a throw-away customer, https://a/, store view de"]),
                    ("Notes", ["n"]),
                ],
            ),
        ],
    )
    def test_what_is_known_is_told_and_nothing_else(self, changed, told):
        assert details_of(entry(**changed), None) == told

    def test_apis_that_say_the_same_are_told_together(self):
        bad = api("defective", "unpatched", reason="counter_kept", detail="failures_num is 1")
        told = details_of(entry(evidence=evidence(apis={"rest": bad, "graphql": api(), "soap": bad})), None)
        assert told[:2] == [
            ("REST, SOAP", ["files unpatched, behaviour defective (counter kept): failures_num is 1"]),
            ("GraphQL", ["files patched, behaviour fixed"]),
        ]

    def test_the_patch_the_tool_and_the_counters_are_told(self):
        patch = {"files": "not_applied", "detail": "2 files", "tool": "Applied"}
        told = details_of(
            entry(evidence=evidence(patch=patch, passive={"stuck": 12, "locked": 0}, failures=["No PHP."])), None
        )
        assert told[1:] == [
            ("Patch", ["not applied; 2 files; the tool says Applied"]),
            ("Counters", ["12 stuck, 0 accounts locked"]),
            ("Failed", ["No PHP."]),
        ]

    def test_other_patches_are_told(self):
        others = {"ACSD-1": "applied", "ACSD-2": "not_applied"}
        told = details_of(entry(evidence=evidence(patches=others)), None)
        assert ("Other patches", ["ACSD-1: applied", "ACSD-2: not applied"]) in told

    def test_what_the_last_report_said_is_told(self):
        assert details_of(entry(), {"status": "compliant", "reason": "patched"}) == [
            ("Last report", ["compliant (patched)"])
        ]


class TestWords:
    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            (0, "0 s"),
            (0.44, "0.4 s"),
            (9.95, "9.9 s"),
            (41.4, "41 s"),
            (60, "1 min"),
            (70, "1 min 10 s"),
            (3600, "1 h"),
            (7500, "2 h 5 min"),
        ],
    )
    def test_durations(self, seconds, said):
        assert duration(seconds) == said

    def test_times_are_utc_and_without_a_locale(self):
        assert moment("2026-03-01T09:05:59Z") == "1 Mar 2026, 09:05 UTC"

    def test_counts_and_words(self):
        assert (counted(1, "host"), counted(1200, "store")) == ("1 host", "1,200 stores")
        assert (outcome("taken_back"), outcome("lost")) == ("taken back", "lost on the way")
        assert (human("will_regress"), human("soap"), human("no_customer_api")) == (
            "will regress",
            "SOAP",
            "no customer API",
        )
