"""The guard: which addresses the crawler may connect to, and whether it may leave the allowed networks at all.

The decision is made on the address that is about to be dialled (`resolver.py` asks), so it does not matter how somebody
wrote it into a feed, a redirect or a robots.txt, nor what the name meant a moment ago. `addresses.refusal` is the decision
that every room shares; what is added here is that without a contact nothing public is asked at all.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import addresses

Network = IPv4Network | IPv6Network


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
    if refused or public or any(_meant(address) in network for network in allowed):
        return refused
    return f"{address} is outside allow_networks, and no contact is set for the public internet"


def is_inside(url: str, allowed: Sequence[Network]) -> bool:
    """Whether a source's URL names, without any look-up, a host inside `allowed`: an IP address in it, or localhost."""
    try:
        host = urlsplit(url).hostname or ""
        address = ip_address({"localhost": "127.0.0.1"}.get(host, host))
    except ValueError:
        return False
    return any(address in network for network in allowed)


def _meant(address: str) -> IPv4Address | IPv6Address:
    given = ip_address(address.partition("%")[0])
    return given.ipv4_mapped or given if isinstance(given, IPv6Address) else given
