"""Which network addresses may be reached: a name is resolved once, every answer is checked, and the caller connects to
exactly what was checked, so that no later answer can lead elsewhere.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from gazetteer.errors import FetchError

Resolve = Callable[[str, int], Sequence[str]]
"""A host name and a port to the IP addresses behind them, in the order to try; raises OSError."""

# IANA's special-purpose registries (RFC 6890 and its successors): addresses that are not on the public internet.
_REFUSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# Inside it: protocol assignments with Teredo (2001::/23), documentation (2001:db8::/32, 3fff::/20), 6to4 (2002::/16).
_REFUSED_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet; what is no address is not."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed in _NAT64:
            parsed = ipaddress.IPv4Address(parsed.packed[-4:])
        elif parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _REFUSED_V4)
    return parsed in _PUBLIC_V6 and not any(parsed in network for network in _REFUSED_V6)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver, each answer once; raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def checked(host: str, port: int, *, allowed: bool, timeout: float, ask: Resolve = resolve) -> Sequence[str]:
    """Give the addresses of a host that may be connected to, within `timeout` seconds.

    Raises `FetchError` where there is none, or where any of them is not public and the host is not `allowed`: an answer
    that mixes the two is an attack or a mistake.
    """
    addresses = _within(timeout, lambda: ask(host, port), host)
    if not addresses:
        raise FetchError(f"the host {host} has no address")
    if not allowed:
        for address in addresses:
            if not is_public(address):
                raise FetchError(
                    f"the host {host} leads to {address}, an address that is not on the public internet; "
                    f"if you trust it, allow it with --allow-host {host}",
                    is_final=True,
                )
    return addresses


def _within(timeout: float, ask: Callable[[], Sequence[str]], host: str) -> Sequence[str]:
    """Resolve in a thread, since the system's resolver takes no time limit."""
    answers: list[Sequence[str]] = []
    errors: list[str] = []

    def work() -> None:
        try:
            answers.append(ask())
        except (OSError, UnicodeError) as error:
            errors.append(str(error))

    thread = threading.Thread(target=work, name="resolve", daemon=True)
    thread.start()
    thread.join(timeout)
    if answers:
        return answers[0]
    if errors:
        raise FetchError(f"the host {host} cannot be found; check its spelling and your connection")
    raise FetchError(f"looking up the host {host} took longer than {timeout:.0f} s; try again later")
