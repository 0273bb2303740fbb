import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import FetchError
from gazetteer.intake.addresses import checked, is_public


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2a00:1450:4001::1"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1",
        "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fe80::1%",
        "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "1.2.3.4.5",
    ],
)  # fmt: skip
def test_addresses_that_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.text())
def test_any_text_is_public_or_not(text: str) -> None:
    assert is_public(text) in (True, False)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_what_it_maps(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


def test_an_answer_that_mixes_is_refused() -> None:
    with pytest.raises(FetchError, match=r"leads to 127\.0\.0\.1"):
        checked("a.example", 80, allowed=False, timeout=5, ask=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])


def test_no_answer_is_told() -> None:
    with pytest.raises(FetchError, match="no address"):
        checked("a.example", 80, allowed=True, timeout=5, ask=lambda _host, _port: [])


def test_a_slow_resolver_is_not_waited_for() -> None:
    done = threading.Event()

    def ask(_host: str, _port: int) -> list[str]:
        done.wait()
        return []

    with pytest.raises(FetchError, match="took longer"):
        checked("a.example", 80, allowed=True, timeout=0.05, ask=ask)
    done.set()
