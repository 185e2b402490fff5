"""The guard: which addresses the crawler may connect to, and whether it may leave the allowed networks at all.

The decision is made on the address that is about to be dialled (`resolver.py` asks), so it does not matter how somebody
wrote it into a feed, a redirect or a robots.txt, nor what the name meant a moment ago. `addresses.refusal` is the decision
that every room shares; what is added here are blocks that the standard library calls global in one Python or another, and
the metadata services that clouds put at public addresses.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import addresses

Network = IPv4Network | IPv6Network

_NOT_PUBLIC: tuple[tuple[Network, str], ...] = (
    (ip_network("168.63.129.16/32"), "a cloud's service for its own machines"),
    (ip_network("192.0.0.0/24"), "a block for protocols"),           # RFC 6890
    (ip_network("192.88.99.0/24"), "a relay of a tunnel"),           # RFC 7526
    (ip_network("2001::/23"), "a block for protocols and tunnels"),  # RFC 2928; Teredo is in it
    (ip_network("2002::/16"), "a tunnel into another network"),      # RFC 3056
    (ip_network("2001:db8::/32"), "documentation"),                  # RFC 3849
    (ip_network("3fff::/20"), "documentation"),                      # RFC 9637
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")                            # the only block that IANA hands out
_NAT64 = IPv6Network("64:ff9b::/96")                                 # RFC 6052: how an IPv6-only network reaches IPv4


def networks(allowed: Sequence[str]) -> tuple[Network, ...]:
    """Networks from CIDR text. Raises ValueError that says which entry is none."""
    try:
        return tuple(ip_network(text, strict=False) for text in allowed)
    except ValueError as error:
        raise ValueError(f"allow_networks: {error}; write networks like 10.0.0.0/8 or fd00::/8, separated by commas") from error


def decide(address: str, allowed: Sequence[Network] = (), *, public: bool = True) -> str | None:
    """Why `address` (an IP address in text) must not be dialled, or None where it may be.

    `allowed` networks may be dialled although they are no public internet; with `public` False nothing else may be.
    """
    refused = addresses.refusal(address, [str(network) for network in allowed])
    if refused:
        return refused
    given = ip_address(address.partition("%")[0])
    meant = given.ipv4_mapped or given if isinstance(given, IPv6Address) else given
    if any(meant in network or given in network for network in allowed):
        return None
    if not public:
        return f"{address} is outside allow_networks, and no contact is set for the public internet"
    for network, what in _NOT_PUBLIC:
        if meant in network:
            return f"{address} belongs to {what}"
    if isinstance(meant, IPv6Address) and meant not in _GLOBAL_UNICAST and meant not in _NAT64:
        return f"{address} is not on the public internet"
    return None


def is_inside(url: str, allowed: Sequence[Network]) -> bool:
    """Whether a source's URL names, without any look-up, a host inside `allowed`: an IP address in it, or localhost."""
    try:
        host = urlsplit(url).hostname or ""
        address = ip_address({"localhost": "127.0.0.1"}.get(host, host))
    except ValueError:
        return False
    return any(address in network for network in allowed)
