"""Which addresses of the net we may call, and which never."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Where clouds hand their machines keys and orders; all that is link-local is refused besides.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def find_refusal(text: str, *, is_private_host: bool, is_tls: bool) -> str | None:
    """Why we do not call an address; None when we may."""
    try:
        address = _inner(ipaddress.ip_address(text))
    except ValueError:  # with a zone, say: fe80::1%eth0
        return "it has an address that cannot be read"
    if address in METADATA or address.is_link_local:
        return "it has an address where clouds keep keys"
    if address.is_multicast or address.is_unspecified:
        return "it has an address that is nobody's"
    if address.is_global:
        return None if is_tls else "plain http would cross the open net"
    return None if is_private_host else "it has a private address"


def _inner(address: Address) -> Address:
    """The IPv4 address that a wrapped one leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
