import pytest

import addresses

REFUSED = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::7f00:1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
    "ff02::1", "4000::1", "fec0::1", "100::1",
    "", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.1.1.1:80", "[::1]", "example.org",
]
PERMITTED = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_on_the_public_internet_is_refused_with_a_reason(address: str) -> None:
    assert addresses.refusal(address)


@pytest.mark.parametrize("address", PERMITTED)
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert addresses.refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_an_allowed_network_may_be_dialled_however_its_address_is_written(address: str) -> None:
    assert addresses.refusal(address, ["127.0.0.0/8"]) is None


def test_allowing_one_network_allows_no_other() -> None:
    assert addresses.refusal("10.0.0.1", ["127.0.0.0/8", "::1/128"])
    assert addresses.refusal("::1", ["::1"]) is None


def test_an_allowed_network_that_is_none_is_an_error_and_not_ignored() -> None:
    with pytest.raises(ValueError, match="loopback"):
        addresses.refusal("127.0.0.1", ["loopback"])


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", True), ("::1", True), ("127.1", False), ("example.org", False)])
def test_a_literal_address_is_told_from_a_name(host: str, expected: bool) -> None:
    assert addresses.is_address(host) is expected
