"""The way out for HTTP, with real servers behind TLS: where it goes, where it never goes, and how it ends."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest

from journal.calling import Address, Answer, Caller, NoAnswer, NotReached, is_public
from tests.web_server import Authority, WebServer, drips, floods, hangs, says, writes

URL = "https://push.example/send/abc"
HOME = IPv4Address("127.0.0.1")


def is_home(address: Address) -> bool:
    return address == HOME


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(authority: Authority) -> Iterator[WebServer]:
    with WebServer(authority.context("push.example")) as server:
        yield server


@pytest.fixture
def caller(authority: Authority, server: WebServer) -> Caller:
    return Caller(may_reach=is_home, resolve=server.resolve, ca_file=authority.file)


def hurried(authority: Authority, server: WebServer) -> Caller:
    """One that gives a whole call a third of a second."""
    return Caller(may_reach=is_home, resolve=server.resolve, ca_file=authority.file, total_s=0.3)


def post(caller: Caller, url: str = URL) -> Answer:
    return caller.post(url, body=b"hello", headers={"TTL": "60"})


def test_what_is_handed_over_arrives_whole(caller: Caller, server: WebServer) -> None:
    caller.post(URL + "?to=me", body=b"\x00\xff", headers={"TTL": "60", "Content-Type": "text/x"})
    (asked,) = server.requests
    assert asked.line == "POST /send/abc?to=me HTTP/1.1"
    assert asked.body == b"\x00\xff"
    assert asked.headers == {
        "host": "push.example",
        "ttl": "60",
        "content-type": "text/x",
        "content-length": "2",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_the_answer_comes_back_as_it_is(caller: Caller, server: WebServer) -> None:
    server.next.append(says(429, b"slow down", Retry_After="7"))
    answer = post(caller)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (429, b"slow down", "7")


def test_an_answer_in_pieces_is_put_together(caller: Caller, server: WebServer) -> None:
    server.next.append(
        writes(b"HTTP/1.1 201 Told\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    )
    assert post(caller).body == b"abc"


def test_a_redirect_is_not_followed(caller: Caller, server: WebServer, authority: Authority) -> None:
    with WebServer(authority.context("push.example")) as canary:
        server.next.append(says(307, Location=f"https://push.example:{canary.port}/"))
        assert post(caller).status == 307
        assert canary.connections == 0
    assert server.connections == 1


def test_proxies_of_the_environment_are_not_used(
    caller: Caller, server: WebServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebServer(authority.context("push.example")) as canary:
        for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
        assert post(caller).status == 200
        assert canary.connections == 0


# --- where it may go -------------------------------------------------------------------------------------------------

FORBIDDEN = [
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.9.9"),
    *("192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.254", "192.0.0.1"),
    *("192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1"),
    *("2001:db8::1", "2001::1", "2001:0:7f00:1::", "2002:7f00:1::1", "2002:a9fe:a9fe::", "fc00::1"),
    *("fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "4000::1"),
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_is_no_machine_on_the_public_internet_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "142.250.1.95", "2a00:1450:4001::5f", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_machine_on_the_public_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


def addresses(port: int) -> list[str]:
    """Three hundred and more ways to say "this machine", "this network" or nothing that can be called."""
    hosts = [
        *("localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "127.000.000.001", "0177.0.0.1"),
        *("0x7f.1", "0x7f000001", "2130706433", "017700000001", "0", "0.0.0.0", "127.0.0.1."),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
        *("[0:0:0:0:0:0:0:1]", "[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fd00:ec2::254]"),
        *(
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "[::ffff:169.254.169.254]",
            "10.0.0.1",
            "192.168.0.1",
        ),
        *("172.16.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "metadata.google.internal"),
        *(
            "user@127.0.0.1",
            "user:secret@127.0.0.1",
            "fcm.googleapis.com@127.0.0.1",
            "push.example:443@127.0.0.1",
        ),
        *("①②⑦.⓪.⓪.①", "ⓛocalhost", "127。0。0。1", "local\thost", "127.0.0.1\\@fcm.googleapis.com", ""),
        *("127.0.0.1#", "127.0.0.1?", "[127.0.0.1]", "[::1", "a" * 64 + ".example", "%6c%6f%63alhost"),
    ]
    schemes = ("https://", "http://", "https:\\\\", "HTTPS://", " https://", "ftp://")
    ends = (f":{port}/x", "/x", f":{port}")
    every = [scheme + host + end for host, scheme, end in itertools.product(hosts, schemes, ends)]
    return [
        *every,
        "file:///etc/passwd",
        "https:",
        "//127.0.0.1/",
        "",
        f"https://127.0.0.1:{port}:443/",
        "https://x:0/",
    ]


def test_three_hundred_addresses_of_this_machine_and_this_network_are_never_called(
    authority: Authority,
) -> None:
    with WebServer(authority.context("localhost")) as canary:
        caller = Caller(ca_file=authority.file, resolve=as_this_machine_would)
        urls = addresses(canary.port)
        assert len(urls) > 300
        for url in urls:
            with pytest.raises(NotReached):
                post(caller, url)
        assert canary.connections == 0


def test_the_canary_hears_a_caller_who_may_go_there(authority: Authority) -> None:
    """The fault that the test above must catch: the same addresses, without the rule."""
    with WebServer(authority.context("localhost")) as canary:
        caller = Caller(
            may_reach=lambda _address: True, ca_file=authority.file, resolve=as_this_machine_would
        )
        assert post(caller, f"https://localhost:{canary.port}/x").status == 200
        for host in ("127.1", "0x7f.1", "2130706433"):
            with pytest.raises(NotReached):  # reached, and then its certificate is for another name
                post(caller, f"https://{host}:{canary.port}/x")
        assert canary.connections == 4


def as_this_machine_would(host: str, port: int) -> list[tuple[Address, int]]:
    """The system's own way with numbers; names it would have to ask another machine about do not exist."""
    if host.rstrip(".") == "localhost":
        return [(HOME, port)]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [(ip_address(place[0]), int(place[1])) for *_kind, place in found]


def test_a_name_that_changes_its_mind_is_asked_once(authority: Authority, server: WebServer) -> None:
    """DNS rebinding: a public address when it is judged, this machine when it is called."""
    answers = iter([IPv4Address("127.0.0.1"), IPv4Address("10.0.0.1")])
    asked = []

    def rebinding(host: str, _port: int) -> list[tuple[Address, int]]:
        asked.append(host)
        return [(next(answers), server.port)]

    caller = Caller(may_reach=is_home, resolve=rebinding, ca_file=authority.file)
    assert post(caller).status == 200
    assert asked == ["push.example"]
    with pytest.raises(NotReached, match="address not allowed"):
        post(caller)


def test_a_name_that_leads_to_a_public_and_to_an_inner_address_is_not_called(
    authority: Authority, server: WebServer
) -> None:
    both: list[tuple[Address, int]] = [(IPv4Address("8.8.8.8"), 443), (HOME, server.port)]
    with pytest.raises(NotReached, match="address not allowed"):
        post(Caller(resolve=lambda _host, _port: both, ca_file=authority.file))
    assert server.connections == 0


def test_without_tls_a_gateway_in_ones_own_network_can_be_called() -> None:
    with WebServer(None) as server:
        caller = Caller(may_reach=is_home, resolve=server.resolve)
        assert post(caller, f"http://gateway.example:{server.port}/sms").status == 200
        assert server.requests[0].headers["host"] == f"gateway.example:{server.port}"


def test_without_tls_nobody_on_the_public_internet_is_called() -> None:
    public: list[tuple[Address, int]] = [(IPv4Address("8.8.8.8"), 80)]
    caller = Caller(may_reach=lambda _address: True, resolve=lambda _host, _port: public)
    with pytest.raises(NotReached, match="http to a public address"):
        post(caller, "http://gateway.example/sms")


# --- before anything was handed over ---------------------------------------------------------------------------------


def test_a_name_that_does_not_exist_was_not_reached() -> None:
    def nowhere(_host: str, _port: int) -> list[tuple[Address, int]]:
        raise socket.gaierror

    with pytest.raises(NotReached, match="name: gaierror"):
        post(Caller(resolve=nowhere))


def test_a_look_up_that_hangs_was_not_reached() -> None:
    over = threading.Event()

    def hanging(_host: str, _port: int) -> list[tuple[Address, int]]:
        over.wait()
        return []

    try:
        with pytest.raises(NotReached, match="name: TimeoutError"):
            post(Caller(resolve=hanging, total_s=0.1))
    finally:
        over.set()


def test_a_server_that_refuses_was_not_reached(authority: Authority) -> None:
    with WebServer(None) as server:
        pass
    caller = Caller(may_reach=is_home, resolve=server.resolve, ca_file=authority.file)
    with pytest.raises(NotReached, match="connection: ConnectionRefusedError"):
        post(caller)


def test_the_next_address_of_a_name_is_tried_when_the_first_refuses(
    authority: Authority, server: WebServer
) -> None:
    with WebServer(None) as closed:
        pass
    both: list[tuple[Address, int]] = [(HOME, closed.port), (HOME, server.port)]
    caller = Caller(may_reach=is_home, resolve=lambda _host, _port: both, ca_file=authority.file)
    assert post(caller).status == 200


def test_a_certificate_of_another_name_was_not_reached(authority: Authority) -> None:
    with WebServer(authority.context("other.example")) as server:
        caller = Caller(may_reach=is_home, resolve=server.resolve, ca_file=authority.file)
        with pytest.raises(NotReached, match="SSLCertVerificationError"):
            post(caller)
        assert server.requests == []


def test_an_authority_that_nobody_knows_was_not_reached(server: WebServer) -> None:
    with pytest.raises(NotReached, match="SSLCertVerificationError"):
        post(Caller(may_reach=is_home, resolve=server.resolve))
    assert server.requests == []


def test_a_server_that_says_nothing_to_the_greeting_was_not_reached(
    authority: Authority, server: WebServer
) -> None:
    server.deaf = True
    with pytest.raises(NotReached, match="connection: TimeoutError"):
        post(hurried(authority, server))


# --- after all of it was handed over ---------------------------------------------------------------------------------

CUT = [
    b"",
    b"HTTP/1.1 20",
    b"HTTP/1.1 200 Told\r\nContent-Length: 9\r\n\r\nhalf",
    b"HTTP/1.1 200 Told\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
    b"HTTP/1.1 200 Told\r\nContent-Length: 9000000000000\r\n\r\nhalf",
    b"HTTP/1.1 200 Told\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\nhalf",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 200 Told\r\n" + b"X: y\r\n" * 300 + b"\r\n",
]


@pytest.mark.parametrize("answer", CUT)
def test_half_an_answer_is_none(caller: Caller, server: WebServer, answer: bytes) -> None:
    server.next.append(writes(answer))
    with pytest.raises(NoAnswer):
        post(caller)
    assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", [hangs, drips])
def test_silence_and_dripping_end_with_the_time_for_the_whole_call(
    authority: Authority, server: WebServer, behaviour: Callable[..., None]
) -> None:
    server.next.append(behaviour)
    with pytest.raises(NoAnswer, match="TimeoutError"):
        post(hurried(authority, server))


def test_thirty_megabytes_are_not_read(caller: Caller, server: WebServer) -> None:
    server.next.append(floods)
    with pytest.raises(NoAnswer, match="too large"):
        post(caller)


def test_an_answer_is_read_up_to_the_limit_and_not_a_byte_further(
    authority: Authority, server: WebServer
) -> None:
    head = len(b"HTTP/1.1 200 Told\r\nContent-Length: 1000\r\n\r\n")
    caller = Caller(may_reach=is_home, resolve=server.resolve, ca_file=authority.file, most_bytes=head + 1000)
    server.next.append(says(200, bytes(1000)))
    assert len(post(caller).body) == 1000
    server.next.append(says(200, bytes(1001)))
    with pytest.raises(NoAnswer, match="too large"):
        post(caller)


def test_what_went_wrong_is_told_without_the_address(caller: Caller, server: WebServer) -> None:
    server.next.append(writes(b""))
    with pytest.raises(NoAnswer) as fault:
        post(caller)
    assert "abc" not in str(fault.value)
    assert "push.example" not in str(fault.value)


@pytest.mark.parametrize("header", [{"A\r\nB": "c"}, {"A": "b\r\nC: d"}])
def test_a_header_cannot_smuggle_another_one(
    caller: Caller, server: WebServer, header: dict[str, str]
) -> None:
    with pytest.raises(NotReached, match="sending: ValueError"):
        caller.post(URL, body=b"", headers=header)
    assert server.requests == []


def test_a_file_of_authorities_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Caller(ca_file=tmp_path / "missing.pem")
