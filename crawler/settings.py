"""Scrapy's settings for a service that runs for months among strangers, each with its reason.

Scrapy's defaults are made for a person who scrapes one site and watches: https://docs.scrapy.org/en/2.19/topics/security.html
"""

from collections.abc import Sequence
from typing import Any

from scrapy.settings import Settings

MAX_PAGE = 10 * 1024 * 1024
"""Bytes of a page, before and after decompression. The longest articles have a tenth of it."""

MAX_LISTING = 5 * 1024 * 1024
"""Bytes of a feed, sitemap or listing page, before and after decompression."""

MAX_REDIRECTS = 5
DEADLINE = 30.0
"""Seconds for one request, from the connection to the last byte; each redirect has its own."""

MAX_LOOKS = 64
"""Sources that are looked at at the same time by one process."""


def user_agent(version: str, contact: str | None) -> str:
    """Who we are and where to complain, as sites expect it."""
    return f"Sayso/{version} (+{contact})" if contact else f"Sayso/{version}"


def crawler_settings(*, agent: str, delay: float, allow_networks: Sequence[str], public: bool,
                     deadline: float = DEADLINE) -> Settings:
    """The settings of the crawler process. `public`: whether it may leave `allow_networks`."""
    return Settings({**_MANNERS, **_SAFETY, **_QUIET, **_ENGINE,
        "USER_AGENT": agent,
        "DOWNLOAD_DELAY": delay,
        # The default is three minutes. It counts to the last byte, so a host that drips cannot hold on either.
        "DOWNLOAD_TIMEOUT": deadline,
        "SAYSO_ALLOW_NETWORKS": list(allow_networks),
        "SAYSO_PUBLIC": public,
    })


_MANNERS: dict[str, Any] = {
    # The default is to ignore robots.txt.
    "ROBOTSTXT_OBEY": True,
    # Rules are looked up by our name alone, not by the whole User-Agent with its contact.
    "ROBOTSTXT_USER_AGENT": "Sayso",
    # One request at a time to a host; the default is 8.
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    # The delay is what the operator was told it is; the default takes up to half of it away.
    "DOWNLOAD_DELAY_JITTER": 0.0,
    # With one request at a time a slow host already sets the pace, so its delay would change nothing.
    "AUTOTHROTTLE_ENABLED": False,
    # A failed request is not repeated at once: sources back off and pages wait for a later look (schedule.py).
    "RETRY_ENABLED": False,
    # No cookies: we come without a past, and leave without one.
    "COOKIES_ENABLED": False,
    # No site learns from us where we found its address. (Without the middleware Scrapy warns at each start.)
    "REFERRER_POLICY": "no-referrer",
    "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"},
}

_SAFETY: dict[str, Any] = {
    # The default takes any certificate. Verified are both its chain and its host name.
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
    # Only the web: a redirect or a feed must not read a file, an FTP server or a bucket.
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.resolver.GuardedHandler", "https": "crawler.resolver.GuardedHandler",
        "file": None, "ftp": None, "s3": None, "data": None,
    },
    # The guard sits where names become addresses, for literal addresses too.
    "TWISTED_DNS_RESOLVER": "crawler.resolver.GuardedResolver",
    # The default cache has no expiry: an office that moved would be lost until a restart, and a changed answer is unseen.
    "DNSCACHE_ENABLED": False,
    # The default is 1 GiB.
    "DOWNLOAD_MAXSIZE": MAX_PAGE,
    "DOWNLOAD_WARNSIZE": 0,
    # A body that breaks off is an outcome, never an article.
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
    # Finding a meta refresh costs a parse of each page in the reactor's thread, and loops are harder to see.
    "METAREFRESH_ENABLED": False,
    # A proxy from the environment would connect for us, where the guard does not reach.
    "HTTPPROXY_ENABLED": False,
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawler.fetch.NamedCompressionMiddleware": 590,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        "crawler.fetch.NamedRedirectMiddleware": 600,
        # No user names and passwords, not even by accident.
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    },
    # Two doors into the running process, both open by default.
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}

_QUIET: dict[str, Any] = {
    # The entry point decides where logs go; every outcome is logged by our own rooms.
    "LOG_INSTALL_ROOT_HANDLER": False,
    "LOG_VERSIONS": [],
    "LOGSTATS_INTERVAL": 0,
    "STATS_DUMP": False,
    "MEMUSAGE_ENABLED": False,
    "EXTENSIONS": {"scrapy.extensions.feedexport.FeedExporter": None, "scrapy.extensions.closespider.CloseSpider": None},
}

_ENGINE: dict[str, Any] = {
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "CONCURRENT_REQUESTS": MAX_LOOKS,
    # Threads that resolve names; one that hangs must not stop the others.
    "REACTOR_THREADPOOL_MAXSIZE": 32,
    # A process that follows sources is never done, so there is nothing to resume from a folder.
    "JOBDIR": None,
}
