"""The guard: which addresses are dialled. Nothing here connects: addresses are only handed to the decision."""

import socket
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.guard import decide, is_inside, networks
from crawler.resolver import GuardedResolver

REFUSED = [
    # this machine, in every notation that a resolver may answer with
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1",
    # private networks, links, and what clouds keep there
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.0.1",
    "100.64.0.1", "100.100.100.200", "100.127.255.255", "168.63.129.16", "192.0.0.1", "192.0.0.9", "192.0.0.192", "fd00:ec2::254",
    "fc00::1", "fdff:ffff::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    # documentation, benchmarks, reserved
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "240.0.0.1", "255.255.255.255", "2001:db8::1", "3fff::1",
    "100::1", "5f00::1", "4000::1", "8000::1",
    # groups
    "224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1",
    # tunnels and translations, whatever they lead to
    "2002:7f00:1::", "2002:c0a8:1::1", "2002:808:808::1", "2001:0:1::1", "2001::1", "192.88.99.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "::ffff:0:127.0.0.1", "::10.0.0.1",
    # no addresses
    "", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1.nip.example", "1.2.3.4.5", "::g",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450:4001::1",
          "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_on_the_public_internet_is_refused_with_a_reason(address: str) -> None:
    assert decide(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert decide(address) is None


@pytest.mark.parametrize("address", PUBLIC)
def test_without_a_contact_no_public_address_may_be_dialled(address: str) -> None:
    assert "no contact" in (decide(address, networks(["127.0.0.0/8"]), public=False) or "")


@pytest.mark.parametrize(("address", "allowed", "may"), [
    ("127.0.0.1", ["127.0.0.0/8"], True), ("127.9.9.9", ["127.0.0.0/8"], True), ("::ffff:127.0.0.1", ["127.0.0.0/8"], True),
    ("127.0.0.2", ["127.0.0.1/32"], False), ("::1", ["127.0.0.0/8"], False), ("::1", ["::1/128"], True), ("10.1.2.3", ["10.1.0.0/16"], True),
    ("10.2.2.3", ["10.1.0.0/16"], False), ("fd00::1", ["fd00::/8"], True), ("0.0.0.0", ["127.0.0.0/8"], False),
    ("168.63.129.16", ["168.63.129.16/32"], True),
])
def test_an_allowed_network_is_reached_and_nothing_beside_it(address: str, allowed: list[str], may: bool) -> None:
    for public in (True, False):
        assert (decide(address, networks(allowed), public=public) is None) is may


def test_a_network_that_is_none_is_told_with_how_to_write_one() -> None:
    with pytest.raises(ValueError, match=r"allow_networks: .*write networks like"):
        networks(["10.0.0.0/99"])


@pytest.mark.parametrize("url", ["http://[::1", "http:///a", "nonsense", "http://127.0.0.1.example/"])
def test_a_url_without_an_allowed_host_is_outside(url: str) -> None:
    assert not is_inside(url, networks(["127.0.0.0/8"]))


class Names:
    """A resolver with the interface of Twisted's that answers from a list, a new answer each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> object:
        receiver.resolutionBegan(object())
        for address in self.answers.pop(0):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return object()


class Receiver:
    """What would be dialled."""

    def __init__(self) -> None:
        self.dialled: list[str] = []
        self.complete = False

    def resolutionBegan(self, _: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.dialled.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


def ask(resolver: GuardedResolver, name: str = "press.example") -> list[str]:
    """The addresses that a look-up hands to whoever connects."""
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, 443)
    assert receiver.complete
    return receiver.dialled


def test_a_name_with_a_public_and_a_private_address_leads_to_the_public_one_only() -> None:
    resolver = GuardedResolver(Names(["10.0.0.1", "8.8.8.8", "::1"]), (), public=True)
    assert ask(resolver) == ["8.8.8.8"]
    assert resolver.refusal("press.example") is None


def test_a_name_that_changes_its_mind_is_judged_each_time_anew() -> None:
    resolver = GuardedResolver(Names(["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8"]), (), public=True)
    assert ask(resolver) == ["8.8.8.8"]
    assert ask(resolver) == []
    assert "127.0.0.1" in (resolver.refusal("PRESS.example") or "")
    assert ask(resolver) == ["8.8.8.8"]
    assert resolver.refusal("press.example") is None


def test_a_name_that_does_not_exist_is_not_said_to_be_refused() -> None:
    resolver = GuardedResolver(Names([]), (), public=True)
    assert ask(resolver) == []
    assert resolver.refusal("press.example") is None


def test_a_refusal_is_found_under_the_ascii_form_of_a_name() -> None:
    resolver = GuardedResolver(Names(["10.0.0.1"]), (), public=True)
    ask(resolver, "españa.example")
    assert resolver.refusal("xn--espaa-rta.example")


@pytest.mark.parametrize("notation", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0x7f000001", "017700000001", "localhost"])
def test_every_notation_of_this_machine_becomes_an_address_that_is_refused(notation: str) -> None:
    found = {entry[4][0] for entry in socket.getaddrinfo(notation, 80, proto=socket.IPPROTO_TCP)}
    assert found
    assert all(decide(str(address)) for address in found)
