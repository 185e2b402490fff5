"""Scrapy's settings as they are in force, and the rules that the room's code keeps."""

import re
from pathlib import Path

import pytest
from OpenSSL.SSL import Error as OpenSSLError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
)
from service_identity import VerificationError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.failures import AddressRefused, RobotsDenied, RobotsUnreachable, name_of_failure
from crawler.outcome import Outcome
from crawler.robots import judge_answer
from crawler.settings import crawler_settings, user_agent

ROOM = Path(__file__).parents[2] / "crawler"
SETTINGS = crawler_settings(agent=user_agent("1.0", "desk@example.org"), delay=2.0, allow_networks=["127.0.0.0/8"], public=True)


@pytest.mark.parametrize(("name", "value"), [
    ("ROBOTSTXT_OBEY", True), ("CONCURRENT_REQUESTS_PER_DOMAIN", 1), ("DOWNLOAD_DELAY", 2.0), ("DOWNLOAD_DELAY_JITTER", 0.0),
    ("DOWNLOAD_VERIFY_CERTIFICATES", True), ("DOWNLOAD_TIMEOUT", 30.0), ("DOWNLOAD_MAXSIZE", 10 * 1024 * 1024), ("REDIRECT_MAX_TIMES", 5),
    ("COOKIES_ENABLED", False), ("RETRY_ENABLED", False), ("TELNETCONSOLE_ENABLED", False), ("REMOTE_CONTROL_ENABLED", False),
    ("HTTPPROXY_ENABLED", False), ("METAREFRESH_ENABLED", False), ("DNSCACHE_ENABLED", False), ("DOWNLOAD_FAIL_ON_DATALOSS", True),
    ("USER_AGENT", "Sayso/1.0 (+desk@example.org)"),
])
def test_a_setting_is_what_its_reason_says(name: str, value: object) -> None:
    assert SETTINGS[name] == value


def test_only_http_and_https_are_handled() -> None:
    handlers = {**SETTINGS["DOWNLOAD_HANDLERS_BASE"], **SETTINGS["DOWNLOAD_HANDLERS"]}
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_every_setting_is_one_that_scrapy_knows() -> None:
    import scrapy.settings.default_settings as defaults

    ours = {name for name in SETTINGS if SETTINGS.getpriority(name) > 0}
    assert {name for name in ours if not hasattr(defaults, name)} == {"SAYSO_ALLOW_NETWORKS", "SAYSO_PUBLIC"}


def test_a_user_agent_without_a_contact_has_no_empty_brackets() -> None:
    assert user_agent("1.0", None) == "Sayso/1.0"


@pytest.mark.parametrize(("status", "restricts"), [(404, False), (410, False), (403, False), (401, False), (429, True), (500, True), (503, True), (302, True)])
def test_a_robots_txt_that_is_no_file_means_yes_where_it_is_missing_and_no_where_it_is_out_of_order(status: int, restricts: bool) -> None:
    verdict = judge_answer(status)
    assert verdict is not None
    assert (verdict.unreachable is not None) is restricts


def test_a_robots_txt_that_is_a_file_is_read() -> None:
    assert judge_answer(200) is None


def failed(*reasons: Exception) -> DownloadFailedError:
    """A failed download as Scrapy raises it: Twisted's reasons are in the cause."""
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([Failure(reason) for reason in reasons])
    return error


@pytest.mark.parametrize(("error", "outcome"), [
    (RobotsDenied("x"), Outcome.robots_denied), (RobotsUnreachable(Outcome.tls_error, "x"), Outcome.tls_error),
    (AddressRefused("x"), Outcome.address_refused), (DownloadCancelledError("x"), Outcome.too_large), (DownloadTimeoutError("x"), Outcome.timeout),
    (CannotResolveHostError("x"), Outcome.dns_error), (ResponseDataLossError(), Outcome.truncated), (NotSupported("x"), Outcome.redirect_refused),
    (ValueError("invalid hostname: x"), Outcome.dns_error), (failed(OpenSSLError([("a", "b", "certificate verify failed")])), Outcome.tls_error),
    (failed(VerificationError(errors=[])), Outcome.tls_error), (failed(ConnectionError()), Outcome.connection_error),
    (ValueError("our own mistake"), Outcome.error), (KeyError("x"), Outcome.error), (IgnoreRequest("x"), Outcome.error),
])
def test_an_exception_of_the_downloader_has_a_name(error: Exception, outcome: Outcome) -> None:
    found, reason = name_of_failure(error)
    assert found is outcome
    assert reason


def test_parsers_are_built_in_one_module_only() -> None:
    building = re.compile(r"(XMLParser|HTMLParser|iterparse|fromstring|XMLPullParser|ETCompatXMLParser|HtmlElement|lxml\.html import)\b")
    found = {path.name for path in ROOM.glob("*.py") if building.search(path.read_text(encoding="utf-8"))}
    assert found == {"markup.py"}


def test_the_room_reads_no_environment_and_no_settings_of_ours() -> None:
    for path in ROOM.glob("*.py"):
        assert not re.search(r"os\.environ|getenv|^import settings|from settings import", path.read_text(encoding="utf-8"), re.M), path
