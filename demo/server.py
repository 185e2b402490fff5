"""The recorded newsroom, served: eight sites on loopback, as a crawler would meet them on the web.

Each folder under `newsroom/` is one site, and each site answers on an address of its own (127.0.0.11, 127.0.0.12, …) at one
shared port, so that a crawler sees as many hosts as there are sources. Where those addresses cannot be bound (only Linux gives
a machine all of 127.0.0.0/8) the sites share 127.0.0.1 and differ in their ports. Pages and feeds hold `{{site:<id>}}` where
an address belongs, which is filled in here.
"""

import errno
import gzip
import hashlib
import re
import socketserver
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

NEWSROOM = Path(__file__).parent / "newsroom"
FIRST = 11                       # the first site answers on 127.0.0.11; lower numbers are left to others
TRIES = 20                       # free ports to try until one is free on every address
PATIENCE = 10                    # seconds that a silent client may hold a connection
WORTH_PACKING = 400              # bytes; below this gzip saves nothing

_PLACEHOLDER = re.compile(rb"\{\{site:([a-z0-9-]+)\}\}")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_-]+)""")
_REFUSED = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*", re.I)
_ROOTS = {b"<rss": "application/rss+xml", b"<feed": "application/atom+xml"}
_TYPES = {".html": "text/html", ".xml": "application/xml", ".rss": "application/rss+xml", ".atom": "application/atom+xml",
          ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the newsroom answered."""

    time: datetime
    site: str
    host: str          # the Host header, or the address that was dialled where there was none
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Resource:
    """One file as it is sent: its bytes with all addresses filled in, its type and its tag."""

    body: bytes
    content_type: str
    etag: str


class Newsroom:
    """The recorded newsroom on loopback, from `with` to the end of the block. `port` 0 takes a free one.

    OSError where nothing can be bound (a port that was asked for is in use).
    """

    def __init__(self, port: int = 0, folder: Path = NEWSROOM) -> None:
        self.requests: list[Request] = []
        self._port = port
        self._folder = folder
        self._catalogue: list[dict[str, Any]] = yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))["sources"]
        self._servers: list[_SiteServer] = []

    def __enter__(self) -> "Newsroom":
        self._servers = _bind([str(entry["id"]) for entry in self._catalogue], self._port, self.requests)
        bases = {server.site: server.base for server in self._servers}
        for server in self._servers:
            server.resources = _resources(self._folder / server.site, bases)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=server.site, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers = []

    @property
    def bases(self) -> dict[str, str]:
        """Where each site answers: `{"us-dhs": "http://127.0.0.11:43210", …}`, no slash at the end."""
        return {server.site: server.base for server in self._servers}

    def sources(self) -> list[dict[str, Any]]:
        """The catalogue's entries, with addresses that answer now."""
        text = (self._folder / "sources.yaml").read_bytes()
        entries: list[dict[str, Any]] = yaml.safe_load(_filled(text, self.bases).decode())["sources"]
        return entries


class _SiteServer(ThreadingHTTPServer):
    """One site. `resources` maps paths to what is sent; a site that has none is out of order and answers 500."""

    daemon_threads = True

    def __init__(self, site: str, address: tuple[str, int], log: list[Request]) -> None:
        self.site = site
        self.log = log
        self.resources: Mapping[str, Resource] = {}
        super().__init__(address, _Handler)
        self.base = f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Bind without the look-up of the machine's name that http.server makes, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is no news."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the site's resources; everything else is refused by http.server with 501."""

    protocol_version = "HTTP/1.1"
    server_version = "Newsroom/1"
    sys_version = ""
    timeout = PATIENCE
    server: _SiteServer

    def do_GET(self) -> None:
        """Send the resource at this path, or 304 where the client holds it already."""
        if not self.server.resources:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"<h1>500 Internal Server Error</h1>", {"Content-Type": "text/html"})
            return
        found = self.server.resources.get(unquote(urlsplit(self.path).path))
        if found is None:
            body = b"<!DOCTYPE html><title>404</title><h1>404</h1><p>There is no page at this address.</p>"
            self._send(HTTPStatus.NOT_FOUND, body, {"Content-Type": "text/html; charset=utf-8"})
            return
        headers = {"ETag": found.etag, "Vary": "Accept-Encoding", "Cache-Control": "max-age=60"}
        if _holds(self.headers.get("If-None-Match"), found.etag):
            self._send(HTTPStatus.NOT_MODIFIED, None, headers)
            return
        headers["Content-Type"] = found.content_type
        body = found.body
        if len(body) >= WORTH_PACKING and _takes_gzip(self.headers.get("Accept-Encoding", "")):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        self._send(HTTPStatus.OK, body, headers)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def _send(self, status: HTTPStatus, body: bytes | None, headers: Mapping[str, str]) -> None:
        self.server.log.append(Request(datetime.now(UTC), self.server.site, self.headers.get("Host") or self.server.base[7:],
                                       self.command, self.path, status.value))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")      # no connection outlives the newsroom
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was asked is in the log of requests."""


def _bind(sites: list[str], port: int, log: list[Request]) -> list[_SiteServer]:
    """A server a site: at 127.0.0.11 and up on one port, or where these do not exist at 127.0.0.1 on a port each."""
    for _ in range(1 if port else TRIES):
        servers: list[_SiteServer] = []
        try:
            for number, site in enumerate(sites, FIRST):
                servers.append(_SiteServer(site, (f"127.0.0.{number}", servers[0].server_port if servers else port), log))
        except OSError as error:
            _close(servers)
            if error.errno == errno.EADDRNOTAVAIL:
                return _bind_on_one_address(sites, port, log)
            if error.errno != errno.EADDRINUSE or port:
                raise OSError(error.errno, f"The newsroom cannot listen on port {port} of 127.0.0.{FIRST} and up: "
                                           f"{error.strerror}; choose another port, or 0 for a free one.") from error
            continue
        return servers
    raise OSError(errno.EADDRINUSE, f"No port was free on all of 127.0.0.{FIRST} to 127.0.0.{FIRST + len(sites) - 1}.")


def _bind_on_one_address(sites: list[str], port: int, log: list[Request]) -> list[_SiteServer]:
    """A server a site on 127.0.0.1: at `port` and up, or at free ports where it is 0."""
    servers: list[_SiteServer] = []
    try:
        for number, site in enumerate(sites):
            servers.append(_SiteServer(site, ("127.0.0.1", port + number if port else 0), log))
    except OSError:
        _close(servers)
        raise
    return servers


def _close(servers: list[_SiteServer]) -> None:
    for server in servers:
        server.server_close()


def _resources(folder: Path, bases: Mapping[str, str]) -> dict[str, Resource]:
    """What a site serves, by path: `a/index.html` at `/a/`, `a/b.html` also at `/a/b`, everything else at its own name."""
    resources: dict[str, Resource] = {}
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        path = "/" + file.relative_to(folder).as_posix()
        resource = _resource(file, bases)
        if file.name == "index.html":
            resources[path.removesuffix("index.html")] = resource
            continue
        resources[path] = resource
        if file.suffix == ".html":
            resources[path.removesuffix(".html")] = resource
    return resources


def _resource(file: Path, bases: Mapping[str, str]) -> Resource:
    """A file as it is sent. Its charset is the one that it declares itself (a page in windows-1252 is stored in windows-1252)."""
    body = _filled(file.read_bytes(), bases)
    head = body[:500]
    content_type = next((kind for root, kind in _ROOTS.items() if file.suffix == ".xml" and root in head),
                        _TYPES.get(file.suffix, "application/octet-stream"))
    declared = _CHARSET.search(head) if file.suffix not in {".css", ".txt", ".svg"} else None
    charset = declared.group(1).decode().lower() if declared else "utf-8"
    return Resource(body, f"{content_type}; charset={charset}", f'W/"{hashlib.sha256(body).hexdigest()[:16]}"')


def _filled(text: bytes, bases: Mapping[str, str]) -> bytes:
    """`text` with the address of each site in place of its placeholder; KeyError where it names a site that is not served."""
    return _PLACEHOLDER.sub(lambda found: bases[found.group(1).decode()].encode(), text)


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether the client takes gzip: named, or any, and not at a weight of nought (RFC 9110, 12.5.3)."""
    offers = [offer.partition(";") for offer in accept_encoding.split(",")]
    return any(name.strip().lower() in {"gzip", "*"} and not _REFUSED.fullmatch(weight) for name, _, weight in offers)


def _holds(if_none_match: str | None, etag: str) -> bool:
    """Whether the client holds this version: weak comparison of entity tags (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    held = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in held or etag.removeprefix("W/") in held
