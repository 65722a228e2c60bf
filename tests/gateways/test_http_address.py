"""Addresses and urls, without a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import GatewayError
from bot.gateways.http_address import allowed, allowed_port, target

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:7f00:1::",
    "fec0::1",
    "2001:db8::1",
    "localhost",
    "0x7f.1",
    "127.1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address):
    assert not allowed(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "188.184.98.238", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public(address):
    assert allowed(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_inside_an_address_is_judged_alike(number):
    plain = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    assert not allowed(f"::ffff:{plain}") or allowed(plain)
    assert not allowed(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}") or allowed(plain)


@pytest.mark.parametrize(
    ("port", "good"), [(80, True), (443, True), (8080, True), (22, False), (25, False), (53, False)]
)
def test_ports(port, good):
    assert allowed_port(port) is good


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "unix:///var/run/docker.sock",
        "http://user:secret@example.org/",
        "http://@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://",
        "http:///x",
        "http://example.org/a b",
        "http://example.org/\r\nHost: x",
        "http://[::1",
        "http://example.org:99999/",
        "http://" + "a" * 70 + ".org/",
        "https://example.org/" + "x" * 5000,
        "example.org",
        "",
    ],
)
def test_no_plain_address(url):
    with pytest.raises(GatewayError) as raised:
        target(url)
    assert raised.value.reason == "bad-url"


def test_parts():
    parts = target("HTTPS://Bücher.example:8443/a b%20c?x=ü#part".replace("a b", "a"))
    assert (parts.scheme, parts.host, parts.port) == ("https", "xn--bcher-kva.example", 8443)
    assert parts.path == "/a%20c?x=%C3%BC"
    assert parts.host_header == "xn--bcher-kva.example:8443"
    assert target("http://[2606:4700::1]/").host_header == "[2606:4700::1]"
