# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program of the scheduled audit: what it asks of Ansible, when it has something to say, and to whom."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support import reports

PROGRAM = Path(__file__).resolve().parents[2] / "roles/schedule/files/program"


def part(name):
    """A module of the program, which lies outside of the collection's packages."""
    sys.path.insert(0, str(PROGRAM))
    try:
        return importlib.import_module(f"storefleet_schedule.{name}")
    finally:
        sys.path.remove(str(PROGRAM))


command_line, configuration, news, notifications, run_lock, webhook = (
    part(name) for name in ("command_line", "configuration", "news", "notifications", "run_lock", "webhook")
)


@pytest.fixture
def config(tmp_path):
    """Writes a configuration, and gives its path."""

    def write(**changed):
        values = {
            "name": "nightly",
            "argv": ["true"],
            "environment": {},
            "reports": str(tmp_path / "reports"),
            "connections": str(tmp_path / "ssh"),
            "notify": "change",
            "command": [],
            "webhook_attempts": 3,
            "webhook_timeout": 5,
            **changed,
        }
        path = tmp_path / "schedule.json"
        path.write_text(json.dumps(values))
        return str(path)

    return write


@pytest.fixture
def receiver():
    """A web server on loopback that answers with the statuses of its list, and then with 204."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.requests.append((self.path, self.headers["Authorization"], json.loads(body)))
            status = self.server.statuses.pop(0) if self.server.statuses else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.requests, server.statuses = [], []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(server):
    """The address of a receiver, with a secret in it."""
    return f"http://127.0.0.1:{server.server_port}/hush"


def post(server, attempts=3, token=None):
    """Post a message to the receiver; the pauses that were made."""
    pauses = []
    webhook.post(configuration.Webhook(address(server), token), {"text": "hello"}, attempts, 5, pauses.append)
    return pauses


def test_a_message_is_posted_once_with_its_token(receiver):
    assert post(receiver, token="t") == []
    assert receiver.requests == [("/hush", "Bearer t", {"text": "hello"})]


def test_an_answer_that_passes_is_waited_for(receiver):
    receiver.statuses += [503, 429]
    assert post(receiver) == [2, 4]
    assert len(receiver.requests) == 3


@pytest.mark.parametrize(
    ("statuses", "requests", "told"),
    [([404], 1, "1 attempts: it answered with status 404"), ([500] * 3, 3, "3 attempts")],
)
def test_a_message_that_is_not_taken_is_told_without_the_address(receiver, statuses, requests, told):
    receiver.statuses += statuses
    with pytest.raises(webhook.NotPosted) as raised:
        post(receiver)
    assert len(receiver.requests) == requests
    assert told in str(raised.value)
    assert "hush" not in str(raised.value)


def test_a_redirect_takes_no_token_along(receiver):
    receiver.statuses += [302]
    with pytest.raises(webhook.NotPosted, match="302"):
        post(receiver, token="t")
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/hush", "hush", "http://", "http://host:port/hush"])
def test_an_address_that_is_none_is_refused_unseen(url):
    with pytest.raises(webhook.NotPosted) as raised:
        webhook.post(configuration.Webhook(url), {}, 1, 1)
    assert "hush" not in str(raised.value)


def test_the_secrets_of_a_webhook_are_not_shown():
    assert repr(configuration.Webhook("https://hush", "t")) == "Webhook()"


def drift(**kinds):
    """A report of a fleet in which those names drifted, compared with an earlier one."""
    report = reports.sample()
    found = {kind: kinds.get(kind, []) for kind in news.DRIFT}
    return {**report, "drift": {**report["drift"], **found}, "run": {**report["run"], "aborted": False}}


@pytest.mark.parametrize("kind", ["lost", "gained", "recovered", "changed", "new", "gone"])
def test_each_drift_is_news(kind):
    assert news.is_news(0, drift(**{kind: ["a"]}), None)


def test_a_fleet_as_before_is_no_news():
    quiet = drift()
    assert quiet["drift"]["baseline"]
    assert not news.is_news(0, quiet, quiet)
    assert news.is_news(2, quiet, quiet)
    assert news.is_news(0, None, quiet)
    assert news.is_news(0, {**quiet, "run": {**quiet["run"], "aborted": True}}, quiet)


def test_without_a_baseline_the_run_before_is_compared_with():
    quiet = drift()
    limited = {**quiet, "drift": {**quiet["drift"], "baseline": None}}
    assert news.is_news(0, limited, None)
    assert not news.is_news(0, limited, limited)
    first, *others = limited["stores"]
    assert news.is_news(0, limited, {**limited, "stores": others})
    assert news.is_news(0, limited, {**limited, "stores": [{**first, "reason": "another"}, *others]})


def test_the_report_of_an_earlier_run_is_none_of_this_one():
    first, other = reports.samples()["first"], reports.sample()
    assert first["run"]["id"] != other["run"]["id"]
    assert news.report_of_run(first, first) is None
    assert news.report_of_run(first, other) is other
    assert news.report_of_run(None, first) is first
    assert news.report_of_run(first, None) is None


def test_the_sentence_names_the_lost_stores_first():
    names = [f"shop-{number}" for number in range(7)]
    text = news.message("nightly", "control", "/r", 2, drift(changed=["y"], gained=["z"], lost=names))["text"]
    assert text.startswith(
        "nightly on control: lost: shop-0, shop-1, shop-2, shop-3, shop-4, and 2 more; changed: y; gained: z; "
    )


def test_a_long_list_is_cut():
    content = news.message("nightly", "control", "/r", 2, drift(lost=[str(number) for number in range(99)]))
    assert len(content["drift"]["lost"]) == news.MOST_NAMES


def test_only_what_is_not_well_is_listed():
    report = reports.sample()
    content = news.message("nightly", "control", "/r", 2, report)
    wells = {entry["name"] for entry in report["stores"] if entry["status"] in news.WELL}
    assert wells
    assert len(content["not_well"]) == report["totals"]["hosts"] - report["totals"]["well"]
    assert not wells & {entry["name"] for entry in content["not_well"]}


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 2}', "{torn"])
def test_a_report_that_cannot_be_read_is_none(tmp_path, text):
    (tmp_path / news.REPORT).write_text(text)
    assert news.current_report(str(tmp_path)) is None


def test_the_secrets_are_handed_over_by_the_names_of_their_files(tmp_path):
    for name in ("variables", "vault_password", "ssh_key", "webhook_token"):
        (tmp_path / name).write_text("hush\n")
    credentials = configuration.Credentials(str(tmp_path))
    assert credentials.options() == (
        f"--extra-vars=@{tmp_path}/variables",
        f"--vault-password-file={tmp_path}/vault_password",
        f"--private-key={tmp_path}/ssh_key",
    )
    assert credentials.webhook() is None
    (tmp_path / "webhook_url").write_text("https://a\n")
    assert credentials.webhook() == configuration.Webhook("https://a", "hush")
    assert configuration.Credentials(None).options() == ()


def test_a_second_run_is_told_who_goes_on(config, tmp_path, capsys):
    ran = tmp_path / "ran"
    path = config(argv=["touch", str(ran)])
    with run_lock.only_run(str(tmp_path / "reports")):
        assert command_line.main([path]) == command_line.STILL_GOING
    assert "An audit is still going" in capsys.readouterr().err
    assert not ran.exists()
    assert command_line.main([path]) == 0
    assert ran.exists()


def test_a_run_gives_the_status_and_the_environment_of_the_audit(config, tmp_path):
    seen = tmp_path / "seen"
    argv = ["sh", "-c", f'printf %s "$STOREFLEET_REPORT_DIR" > {seen}; exit 4']
    assert command_line.main([config(argv=argv, environment={"STOREFLEET_REPORT_DIR": "/r"})]) == 4
    assert seen.read_text() == "/r"


def test_an_audit_that_a_signal_ended_is_no_success(config):
    assert command_line.main([config(argv=["sh", "-c", "kill -KILL $$"])]) == 137


def test_an_audit_that_cannot_be_started_is_told(config, capsys):
    assert command_line.main([config(argv=["/no/ansible"])]) == command_line.CANNOT_START
    assert "/no/ansible could not be started" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{}", "no", '{"name": "n", "more": 1}'])
def test_a_configuration_of_another_version_is_told(tmp_path, text):
    path = tmp_path / "schedule.json"
    path.write_text(text)
    assert command_line.main([str(path)]) == command_line.CONFIGURATION_ERROR


def test_the_command_gets_the_message(config, tmp_path):
    told = tmp_path / "told.json"
    assert command_line.main([config(command=["tee", str(told)])]) == 0
    content = json.loads(told.read_text())
    assert content["schedule"] == "nightly"
    assert content["report"] is None


def test_a_notification_that_fails_fails_a_good_run_only(config):
    assert command_line.main([config(command=["false"])]) == command_line.NOT_NOTIFIED
    assert command_line.main([config(command=["false"], argv=["sh", "-c", "exit 2"])]) == 2


def test_one_who_cannot_be_told_keeps_no_other_from_it(config, tmp_path):
    def poster(*arguments):
        raise webhook.NotPosted("no")

    told = tmp_path / "told"
    values = configuration.read_configuration(config(command=["touch", str(told)]))
    assert notifications.notify(values, configuration.Webhook("https://a"), {}, poster) == ["no"]
    assert told.exists()
