"""The one way out: what it refuses, and that it goes where it looked."""

import ast
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.addresses import find_refusal
from bot.egress import Egress, EgressFailed, EgressRefused

HOUSE = Path(__file__).parent.parent.parent
CALLERS = {"http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "socket"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HOST = "encoder.example"
SOON_S = 0.3


class Answering:
    """A server that answers as it is told; `calls` is how often somebody asked."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.answer = answer
        self.calls = 0
        self.last = b""
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            try:
                while asked := _request(peer):
                    self.last = asked
                    self.calls += 1
                    self.answer(peer)
            except OSError:
                pass  # the other side has hung up


def _request(peer: socket.socket) -> bytes:
    """One whole request: head and body come one after the other."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = peer.recv(65_536)
        if not more:
            return b""
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += peer.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def answering(answer: Callable[[socket.socket], None] | bytes = OK) -> Iterator[Answering]:
    told = answer if callable(answer) else lambda peer: peer.sendall(answer)
    server = Answering(told)
    try:
        yield server
    finally:
        server.listener.close()


def to(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: addresses


def egress(*addresses: str, **more: int) -> Egress:
    return Egress(frozenset({HOST}), resolve=to(*(addresses or ("127.0.0.1",))), **more)


def post(out: Egress, port: int, timeout_s: float = 5.0, host: str = HOST) -> bytes:
    return out.post(f"http://{host}:{port}/v1?a=1", b"{}", {}, timeout_s).body


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00::1"),
        *("169.254.169.254", "224.0.0.1", "fe80::1%lo", "255.255.255.255", "::"),
    ],
)
def test_no_address_of_our_own_net_is_called_for_a_host_that_is_not_named_for_it(
    address: str,
) -> None:
    assert find_refusal(address, is_private_host=False, is_tls=True) is not None
    assert find_refusal("93.184.215.14", is_private_host=False, is_tls=True) is None
    assert find_refusal("2606:4700::1111", is_private_host=False, is_tls=True) is None


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254"),
        *("100.100.100.200", "168.63.129.16", "192.0.0.192", "169.254.170.2", "fe80::1"),
    ],
)
def test_where_clouds_keep_keys_nobody_is_let(address: str) -> None:
    assert find_refusal(address, is_private_host=True, is_tls=True) is not None
    assert find_refusal("10.0.0.1", is_private_host=True, is_tls=False) is None


def test_plain_http_never_crosses_the_open_net() -> None:
    assert find_refusal("93.184.215.14", is_private_host=True, is_tls=False) is not None
    assert find_refusal("93.184.215.14", is_private_host=True, is_tls=True) is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "[::1]", "localhost"]
)
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    with answering() as server, pytest.raises(EgressRefused):
        Egress().post(f"https://{host}:{server.port}/", b"", {}, 1.0)
    with answering() as server:
        assert post(egress(), server.port) == b"ok"
    assert server.calls == 1


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://other.example/",
            "file:///etc/passwd",
            "ftp://encoder.example/",
            "encoder.example",
        ),
        *("https://user:secret@encoder.example/", "https://", "https://encoder.example:port/"),
        *("https://日本.example/", "https://encoder.example/\u3042", "http://encoder.example\\@x/"),
        *("http://encoder.example.other.example/", "http://xencoder.example/", "https://[::1/"),
    ],
)
def test_an_address_of_another_kind_or_host_is_refused_before_anything_is_looked_up(
    url: str,
) -> None:
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with pytest.raises(EgressRefused):
        Egress(frozenset({HOST}), resolve=resolve).post(url, b"", {}, 1.0)
    assert looked_up == []


def test_one_bad_address_among_good_ones_refuses_the_host() -> None:
    with answering() as server:
        out = Egress(resolve=to("93.184.215.14", "127.0.0.1"))
        with pytest.raises(EgressRefused, match="private"):
            out.post(f"https://{HOST}:{server.port}/", b"", {}, 1.0)
    assert server.connections == 0


def test_a_name_that_points_elsewhere_a_moment_later_is_asked_once() -> None:
    looked_up: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["169.254.169.254"]

    with answering(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    ) as server:
        out = Egress(frozenset({HOST}), resolve=rebinding)
        assert post(out, server.port) == b"ok"
        assert looked_up == [HOST]
        with pytest.raises(EgressRefused, match="keys"):
            post(out, server.port)
    assert server.calls == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with answering() as other:
        leads = (
            f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{other.port}/\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        with answering(leads.encode()) as server, pytest.raises(EgressRefused, match="another"):
            post(egress(), server.port)
    assert (server.calls, other.calls) == (1, 0)


@pytest.mark.parametrize("head", [b"Content-Length: 3000\r\n\r\n", b"Connection: close\r\n\r\n"])
def test_a_long_answer_is_not_read_to_its_end(head: bytes) -> None:
    def answer(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"x" * 3000)
        peer.shutdown(socket.SHUT_WR)

    with answering(answer) as server:
        with pytest.raises(EgressRefused, match="2999 bytes"):
            post(egress(most_bytes=2999), server.port)
        assert len(post(egress(most_bytes=3000), server.port)) == 3000


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_slow_drip_ends_at_the_deadline_and_not_with_its_last_drop(head: bytes) -> None:
    def answer(peer: socket.socket) -> None:
        peer.sendall(head)
        for _ in range(40):
            peer.sendall(b"H")
            time.sleep(0.05)

    with answering(answer) as server:
        began = time.monotonic()
        with pytest.raises(EgressFailed, match="TimeoutError"):
            post(egress(), server.port, SOON_S)
        assert time.monotonic() - began < 1.0


def test_what_is_cut_off_and_who_is_not_there_are_failures_and_a_refusal_is_an_answer() -> None:
    def cut_off(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")
        peer.shutdown(socket.SHUT_WR)

    with answering(cut_off) as server, pytest.raises(EgressFailed):
        post(egress(), server.port, SOON_S)
    with pytest.raises(EgressFailed):
        post(egress(), server.port, SOON_S)  # nobody listens there any more
    with answering(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n") as server:
        answer = egress().post(f"http://{HOST}:{server.port}/", b"", {}, 1.0)
    assert (answer.status, answer.body) == (503, b"")


def test_an_address_that_swallows_everything_leaves_the_next_its_share_of_the_time() -> None:
    with answering() as server, socket.socket() as full:
        full.bind(("127.0.0.2", server.port))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:  # until the queue is full, and nobody takes anyone out of it
            each.settimeout(0)
            each.connect_ex(("127.0.0.2", server.port))
        assert post(egress("127.0.0.2", "127.0.0.1"), server.port, 2.0) == b"ok"
        for each in waiting:
            each.close()


def test_a_connection_is_used_again_and_replaced_when_it_was_closed_meanwhile() -> None:
    def answer_twice(peer: socket.socket) -> None:
        peer.sendall(OK)
        if server.calls == 2:
            peer.close()

    with answering(answer_twice) as server:
        out = egress()
        assert [post(out, server.port) for _ in range(2)] == [b"ok"] * 2
        assert server.connections == 1
        assert post(out, server.port) == b"ok"
        assert server.connections == 2
        out.close()


def test_the_deadline_holds_on_a_connection_that_was_kept_too() -> None:
    def answer_once(peer: socket.socket) -> None:
        if server.calls == 1:
            peer.sendall(OK)

    with answering(answer_once) as server:
        out = egress()
        assert post(out, server.port) == b"ok"
        with pytest.raises(EgressFailed, match="TimeoutError"):
            post(out, server.port, SOON_S)
        assert server.connections == 1


def test_a_name_that_no_name_can_be_is_refused_and_one_that_nobody_has_is_a_failure() -> None:
    def nobody(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(EgressRefused, match="read"):
        Egress().post(f"https://{'a' * 64}.example/", b"", {}, 1.0)
    with pytest.raises(EgressFailed, match="gaierror"):
        Egress(resolve=nobody).post(f"https://{HOST}/", b"", {}, 1.0)
    with pytest.raises(EgressFailed):
        Egress(resolve=to()).post(f"https://{HOST}/", b"", {}, 1.0)


def test_the_host_is_told_as_the_address_names_it() -> None:
    heard: list[bytes] = []

    def answer(peer: socket.socket) -> None:
        heard.append(server.last)
        peer.sendall(OK)

    with answering(answer) as server:
        post(egress(), server.port)
    assert f"\r\nHost: {HOST}:{server.port}\r\n".encode() in heard[0]
    assert heard[0].startswith(b"POST /v1?a=1 HTTP/1.1\r\n")
    assert b"identity" in heard[0]


def test_tls_is_for_the_name_and_the_connection_for_the_address(tmp_path: Path) -> None:
    served, trusted = _certificates(tmp_path, HOST)

    with _tls_answering(served) as port:
        out = Egress(frozenset({HOST, "other.example"}), resolve=to("127.0.0.1"), tls=trusted)
        assert out.post(f"https://{HOST}:{port}/", b"{}", {}, 5.0).body == b"ok"
        with pytest.raises(EgressFailed, match="SSLCertVerificationError"):
            out.post(f"https://other.example:{port}/", b"{}", {}, 5.0)
        with pytest.raises(EgressFailed, match="SSLCertVerificationError"):
            egress().post(f"https://{HOST}:{port}/", b"{}", {}, 5.0)  # nobody vouches for it


def test_nothing_else_of_the_product_calls_out() -> None:
    found = {
        file.relative_to(HOUSE).as_posix()
        for room in ("bot", "console", "flows", "storage")
        for file in (HOUSE / room).rglob("*.py")
        if "node_modules" not in file.parts and _imports(file) & CALLERS
    }

    assert found == {
        *("bot/egress.py", "bot/timed_socket.py"),
        *("bot/line_client.py", "bot/media.py"),  # LINE alone
        *("bot/simulator/faults.py", "bot/simulator/webhooks.py"),  # no part of the product
        "console/cli/demo_staff.py",  # speaks to the demo's own console
        "console/cli/demo_talks.py",  # speaks to the demo's own simulator
        "console/cli/lock.py",  # asks for this machine's name
    }


def _imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return named | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@contextmanager
def _tls_answering(context: ssl.SSLContext) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(raw, server_side=True) as peer:
                    _request(peer)
                    peer.sendall(OK)
            except OSError:
                raw.close()  # the other side does not trust us

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _certificates(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate that vouches for itself: as its server has it, and as who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "sample.pem"
    file.write_bytes(pem + secret)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    return served, ssl.create_default_context(cadata=pem.decode())
