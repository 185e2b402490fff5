"""Which network addresses may be dialled: one decision for every client that follows an address it was given.

Pages, feeds and webhooks are named by people we do not know, and a name may lead to the machine next door. The decision
is made on the address that a socket is about to connect to, after every look-up and on every hop, never on the name: a
check before the look-up is undone by a second answer. Pure, and below every room, so that each can ask it.

Special addresses: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215: an IPv4 address in the last 32 bits
V4_COMPATIBLE = IPv6Network("::/96")                                   # RFC 4291 2.5.5.1: deprecated, IPv4 in the last 32 bits
GLOBAL_UNICAST = IPv6Network("2000::/3")                               # the only block of IPv6 that IANA hands out

# Blocks that the standard library calls global, in one Python or another, and what they are instead.
NOT_PUBLIC = (
    (ip_network("168.63.129.16/32"), "a cloud's service for its own machines"),
    (ip_network("192.0.0.0/24"), "a block for protocols"),           # RFC 6890
    (ip_network("192.88.99.0/24"), "a relay of a tunnel"),           # RFC 7526
    (ip_network("2001::/23"), "a block for protocols and tunnels"),  # RFC 2928; Teredo is in it
    (ip_network("2001:db8::/32"), "a block for documentation"),      # RFC 3849
    (ip_network("2002::/16"), "a tunnel into another network"),      # RFC 3056
    (ip_network("3fff::/20"), "a block for documentation"),          # RFC 9637
)


def refusal(address: str, allowed: Sequence[str] = ()) -> str | None:
    """Why `address` (an IP address in text) must not be dialled, or None where it may be.

    `allowed` holds networks in CIDR form that are reachable although they are no public internet; an entry that is no
    network raises ValueError. An IPv6 address that stands for an IPv4 one is judged as the IPv4 one.
    """
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address!r} is no IP address"
    meant = _meant(given)
    networks = [ip_network(entry, strict=False) for entry in allowed]
    if any(meant in network for network in networks if network.version == meant.version):
        return None
    for network, what in NOT_PUBLIC:
        if network.version == meant.version and meant in network:
            return f"{given} belongs to {what}"
    unassigned = isinstance(meant, IPv6Address) and meant not in GLOBAL_UNICAST
    if meant.is_multicast or meant.is_reserved or unassigned or not meant.is_global:
        return f"{given} is not on the public internet"
    return None


def is_address(host: str) -> bool:
    """Whether `host` is an IP address as it stands, and no name. Forms that only a look-up reads ("127.1") are names."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    embedded = any(address in network for network in NAT64)
    compatible = address in V4_COMPATIBLE and int(address) > 1  # :: and ::1 are addresses of their own
    return IPv4Address(int(address) & 0xFFFFFFFF) if embedded or compatible else address
