"""The resolver and the download handler that put the guard where connections are made.

Twisted asks its resolver about every host, a name or an address in whatever notation, and dials exactly what the resolver
answers (`twisted.internet.endpoints.HostnameEndpoint`). So an answer that the guard refuses is taken out here, and nothing is
looked up a second time. Nothing is cached either: an office that moves to another address is found there by the next look.
"""

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.failures import AddressRefused
from crawler.guard import Network, decide, networks

REMEMBERED_REFUSALS = 1_000


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that hands on what another finds, except the addresses that the guard refuses."""

    def __init__(self, inner: Any, allowed: Sequence[Network], *, public: bool, reactor: Any = None) -> None:
        """Guard `inner`; `allowed` and `public` are `guard.decide`'s, `reactor` is what it is to be installed on."""
        self._inner, self._allowed, self._public, self._reactor = inner, allowed, public, reactor
        self._refusals: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Scrapy's way in: `crawler` is the crawler process, of which only the settings are used."""
        allowed = networks(crawler.settings.getlist("SAYSO_ALLOW_NETWORKS"))
        return cls(reactor.nameResolver, allowed, public=crawler.settings.getbool("SAYSO_PUBLIC"), reactor=reactor)

    def install_on_reactor(self) -> None:
        """Become the resolver of every connection that the reactor makes."""
        self._reactor.installNameResolver(self)

    def refusal(self, host: str) -> str | None:
        """Why the newest look-up of `host` left no address to dial, if the guard was the reason."""
        return self._refusals.get(_plain(host))

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, portNumber: int = 0,  # noqa: N802, N803 (Twisted's names)
                        addressTypes: Sequence[type[IAddress]] | None = None,               # noqa: N803
                        transportSemantics: str = "TCP") -> IHostResolution:                # noqa: N803
        """See `twisted.internet.interfaces.IHostnameResolver`."""
        receiver = _GuardedReceiver(resolutionReceiver, self._refused_by_guard, lambda reason: self._remember(hostName, reason))
        answer: IHostResolution = self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        return answer

    def _refused_by_guard(self, address: str) -> str | None:
        return decide(address, self._allowed, public=self._public)

    def _remember(self, host: str, reason: str | None) -> None:
        self._refusals.pop(_plain(host), None)
        if reason is not None:
            self._refusals[_plain(host)] = reason
        if len(self._refusals) > REMEMBERED_REFUSALS:
            del self._refusals[next(iter(self._refusals))]


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    """Passes on the addresses that may be dialled, and says at the end why none was, if none was."""

    def __init__(self, receiver: Any, refused: Any, finished: Any) -> None:
        self._receiver, self._refused, self._finished = receiver, refused, finished
        self._passed = False
        self._reason: str | None = None

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        reason = self._refused(address.host)
        if reason is None:
            self._passed = True
            self._receiver.addressResolved(address)
        else:
            self._reason = reason

    def resolutionComplete(self) -> None:  # noqa: N802
        self._finished(None if self._passed else self._reason)
        self._receiver.resolutionComplete()


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which names the guard as the reason where it was."""

    async def download_request(self, request: Request) -> Response:
        """Fetch; raises AddressRefused where the guard left no address to dial."""
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs a reactor)

        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            resolver: Any = reactor.nameResolver
            host = urlsplit(request.url).hostname or ""
            if isinstance(resolver, GuardedResolver) and (reason := resolver.refusal(host)):
                raise AddressRefused(f"{host}: {reason}") from error
            raise


def _plain(host: str) -> str:
    """A host name as it is looked up: Twisted asks with the letters, URLs carry the ASCII form."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()
