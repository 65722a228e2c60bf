"""Which addresses may be reached at all. Pure.

The attack: a url in a contributed file that leads, by name, by redirect or by an address inside an address, to a
service that only this host can reach (the engine, a cloud's metadata, a neighbour's database).
Source: IANA special-purpose registries, as `ipaddress` knows them; RFC 6052 (NAT64), 3056 (6to4), 4380 (Teredo).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from bot.errors import GatewayError

MAX_URL = 4096
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_PORTS = {"http": 80, "https": 443}
_PRIVILEGED = 1024
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_SAFE = "/%:=&?~+!$,;'@()*[]"


@dataclass(frozen=True)
class Target:
    """A url taken apart and found well-formed."""

    scheme: str
    host: str
    port: int
    path: str
    """Path and query, quoted; the fragment stays here."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What the archive's token is bound to."""
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        """The `Host` field: no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str) -> Target:
    """Take an url apart; `GatewayError('bad-url')` for what is none of http(s), or carries a user or control characters."""
    bad = GatewayError("this is no plain http(s) address", reason="bad-url", transient=False)
    if len(url) > MAX_URL or _UNSEEN.search(url):
        raise bad
    try:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None or "\\" in parts.netloc:
            raise bad
        port = parts.port or _PORTS[parts.scheme]
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    except ValueError:
        raise bad from None
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Target(parts.scheme, host.rstrip("."), port, path)


def allowed(address: str) -> bool:
    """True for an address of the public internet; addresses inside addresses are looked at too."""
    try:
        parsed = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    return all(_public(each) for each in (parsed, *_inner(parsed)))


def allowed_port(port: int) -> bool:
    """The web's own ports and the unprivileged ones: no mail, shell or name server is talked to."""
    return port in _PORTS.values() or port >= _PRIVILEGED


def _public(address: IPv4Address | IPv6Address) -> bool:
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_private
    site = isinstance(address, IPv6Address) and address.is_site_local
    nat64 = isinstance(address, IPv6Address) and any(address in network for network in _NAT64)
    return nat64 or (address.is_global and not odd and not site)


def _inner(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    teredo = address.teredo or ()
    inner = [address.ipv4_mapped, address.sixtofour, *teredo]
    if any(address in network for network in _NAT64):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in inner if each is not None]
