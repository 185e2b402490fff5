import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels import Undelivered
from alerts.channels.email import EmailChannel, Login
from alerts.message import Message

ALERT = "0a1b2c3d4e5f6071"
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
EVIL = ["x\r\nBcc: evil@example.org", "x\nBcc: evil@example.org", "x\rBcc: evil@example.org", "x\u2028Bcc: evil@example.org",
        "x\x85Bcc: e", "=?utf-8?q?x=0D=0ABcc:_evil@example.org?=", "x\r\n\r\nbody", "x" * 10_000, "ñ" * 10_000, "\ud800", "\x00", "",
        "x\r\n\tBcc: evil@example.org", "a" * 77 + "\r\n Bcc: e", "“Honduras” firmó — ¿o no?"]


def to(port: int, **options: Any) -> EmailChannel:
    return EmailChannel("127.0.0.1", port, **{"sender": "Sayso <sayso@example.org>", "security": "none", "command_seconds": 0.5,
                                              "final_dot_seconds": 0.5} | options)


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_the_mail_is_one_message_in_two_forms(mail: Any, written: Message) -> None:
    to(mail.port).send(written, "reader@example.org", ALERT)
    accepted, = mail.accepted
    assert (accepted.sender, accepted.recipients) == ("sayso@example.org", ["reader@example.org"])
    got = parsed(accepted.content)
    assert got.keys() == HEADERS
    assert got["Subject"] == written.subject
    assert got["From"] == "Sayso <sayso@example.org>"
    assert got["To"] == "reader@example.org"
    assert got["Message-ID"] == f"<{ALERT}@example.org>"
    assert got["Date"].datetime == written.written_at
    text, web = got.iter_parts()
    assert (text.get_content_type(), web.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content() == written.text
    assert web.get_content() == written.html


def test_the_mail_is_the_same_in_every_attempt_to_the_byte(written: Message) -> None:
    assert to(1).composed(written, "a@b.example", ALERT) == to(1).composed(written, "a@b.example", ALERT)


def test_the_mail_goes_through_servers_that_know_only_seven_bits(written: Message) -> None:
    content = to(1).composed(written, "a@b.example", ALERT)
    assert max(content) < 128
    assert max(map(len, content.split(b"\r\n"))) <= 98
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


@pytest.mark.parametrize("subject", EVIL)
def test_no_subject_can_add_a_header_or_a_recipient(mail: Any, written: Message, now: datetime, subject: str) -> None:
    nasty = Message(subject, written.text, written.html, "", (), now)
    to(mail.port).send(nasty, "reader@example.org", ALERT)
    accepted, = mail.accepted
    assert accepted.recipients == ["reader@example.org"]
    assert parsed(accepted.content).keys() == HEADERS
    assert parsed(accepted.content).get_body(("plain",)) is not None


@given(subject=st.text(st.characters(codec=None, categories=None)))
def test_any_subject_leaves_exactly_our_headers(now: datetime, subject: str) -> None:
    content = to(1).composed(Message(subject, "text", "<p>", "", (), now), "reader@example.org", ALERT)
    assert parsed(content).keys() == HEADERS


@given(text=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n.\r=-")))
def test_any_text_arrives_as_it_was(now: datetime, text: str) -> None:
    content = to(1).composed(Message("x", text, "<p>", "", (), now), "reader@example.org", ALERT)
    got = parsed(content)
    assert got.keys() == HEADERS
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content().rstrip("\n") == re.sub(r"\r\n?", "\n", text).rstrip("\n")


def test_a_line_that_is_a_dot_does_not_end_the_message(mail: Any, written: Message, now: datetime) -> None:
    text = "one\n.\nRCPT TO:<evil@example.org>\n..two\n.three\n"
    to(mail.port).send(Message("x", text, written.html, "", (), now), "reader@example.org", ALERT)
    accepted, = mail.accepted
    body = parsed(accepted.content).get_body(("plain",))
    assert body is not None
    assert body.get_content() == text
    assert accepted.recipients == ["reader@example.org"]


def test_the_boundary_cannot_be_forged_by_the_text(now: datetime) -> None:
    text = f"--=_{ALERT}\nContent-Type: text/html\n\n<script>\n--=_{ALERT}--\n"
    got = parsed(to(1).composed(Message("x", text, "<p>", "", (), now), "reader@example.org", ALERT))
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("address", [
    "a@b.example\r\nRCPT TO:<evil@example.org>", "a@b.example, evil@example.org", "<evil@example.org>", "a b@c.example", "a@",
    "\"a b\"@c.example", "a@[127.0.0.1]", "a@b..example", ".a@b.example", "a@-b.example", "a\x00@b.example", "a@b.example\u2028x", "ñ@b.example",
])
def test_an_address_that_could_be_two_is_refused(mail: Any, written: Message, address: str) -> None:
    with pytest.raises(Undelivered, match="mail address"):
        to(mail.port).send(written, address, ALERT)
    assert mail.accepted == []


def test_a_domain_in_its_own_script_is_written_as_the_network_knows_it(mail: Any, written: Message) -> None:
    to(mail.port).send(written, "lectora@español.example", ALERT)
    assert mail.accepted[0].recipients == ["lectora@xn--espaol-zwa.example"]


@pytest.mark.parametrize(("script", "retry"), [
    ({"MAIL": ["451 4.3.0 busy"]}, True), ({"MAIL": ["550 5.7.1 no"]}, False), ({"MAIL": ["421 4.3.2 closing"]}, True),
    ({"RCPT": ["450 4.2.0 greylisted"]}, True), ({"RCPT": ["451 x"]}, True), ({"RCPT": ["550 5.1.1 unknown"]}, False),
    ({"RCPT": ["552 5.2.2 full"]}, False), ({"RCPT": ["554 5.7.1 no"]}, False),
    ({"DATA": ["452 4.3.1 disk full"]}, True), ({"DATA": ["554 5.6.0 spam"]}, False),
])
def test_a_refusal_is_for_now_or_for_good_by_its_first_digit(mail: Any, written: Message, script: dict[str, list[str]],
                                                             retry: bool) -> None:
    reply = next(iter(script.values()))[0]
    mail.script.update(script)
    with pytest.raises(Undelivered, match=reply[:3]) as caught:
        to(mail.port).send(written, "reader@example.org", ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (retry, False)
    assert mail.accepted == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.parametrize("manner", ["stall", "drop"])
def test_a_server_that_goes_silent_before_the_dot_got_nothing(mail: Any, written: Message, step: str, manner: str) -> None:
    mail.script[step] = [manner]
    started = time.monotonic()
    with pytest.raises(Undelivered) as caught:
        to(mail.port, command_seconds=0.2).send(written, "reader@example.org", ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("replies", [
    (), ("554 5.3.2 not today",), ("220 hello", "250 fine", "250 fine", "250 fine", "drop"), ("drop",), ("hello",),
    ("220 hello", "250 fine", "250 fine", "250 fine", "451 no"), ("220 hello", "500 what", "500 what"),
    ("220 hello", "250 fine", "250 fine", "250 fine", "250 strange"), ("220 " + "x" * 10_000,),
])
def test_trouble_with_the_session_is_worth_another_attempt(line_server: Callable[..., Any], written: Message,
                                                           replies: tuple[str, ...]) -> None:
    server = line_server(*replies)
    with pytest.raises(Undelivered) as caught:
        to(server.port, command_seconds=0.2).send(written, "reader@example.org", ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)


def test_the_answer_to_the_dot_is_waited_for_longer_than_any_other(mail: Any, written: Message) -> None:
    mail.script["DATA"] = ["stall"]
    started = time.monotonic()
    with pytest.raises(Undelivered) as caught:
        to(mail.port, command_seconds=0.1, final_dot_seconds=0.6).send(written, "reader@example.org", ALERT)
    assert time.monotonic() - started >= 0.6
    assert caught.value.ambiguous


@pytest.mark.parametrize("reply", ["500 what", "drop", "421 gone"])
def test_trouble_after_the_250_changes_nothing(mail: Any, written: Message, reply: str) -> None:
    mail.script["QUIT"] = [reply]
    to(mail.port).send(written, "reader@example.org", ALERT)
    assert len(mail.accepted) == 1


@pytest.mark.parametrize(("options", "sentence"), [
    ({"security": "ssl"}, "none, starttls or tls"),
    ({"login": Login("sayso", "hunter2")}, "not sent in the clear"),
    ({"sender": "nobody"}, "write it as name@example.org"),
    ({"sender": "a@b.example\r\nBcc: evil@example.org"}, "write it as name@example.org"),
])
def test_a_setting_that_cannot_work_is_refused_with_what_to_write(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        to(1, **options)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for 127.0.0.1, and a client's that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sayso test")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "both.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


@pytest.fixture(params=["starttls", "tls"])
def secure(request: pytest.FixtureRequest, certificates: tuple[ssl.SSLContext, ssl.SSLContext],
           mail: Any) -> Iterator[tuple[Any, str]]:
    def sayso_only(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"sayso", b"hunter2")
        return AuthResult(success=good, handled=False)

    context = certificates[0]
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True, "auth_required": True}
    if request.param == "tls":  # aiosmtpd does not take a session that began encrypted for an encrypted one
        options = {"ssl_context": context, "auth_require_tls": False}
    server = type(mail)(**options, authenticator=sayso_only)
    yield server, request.param
    server.stop()


def test_the_session_is_encrypted_and_logged_in(secure: tuple[Any, str], certificates: tuple[ssl.SSLContext, ssl.SSLContext],
                                                written: Message) -> None:
    server, security = secure
    to(server.port, security=security, login=Login("sayso", "hunter2"), tls=certificates[1], command_seconds=3).send(
        written, "reader@example.org", ALERT)
    assert len(server.accepted) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[Any, str], written: Message) -> None:
    server, security = secure
    with pytest.raises(Undelivered, match=r"(?i)certificate") as caught:
        to(server.port, security=security, login=Login("sayso", "hunter2"), command_seconds=3).send(written, "reader@example.org", ALERT)
    assert caught.value.retry
    assert server.accepted == []


def test_a_wrong_password_waits_for_the_operator_and_is_not_told(secure: tuple[Any, str], written: Message,
                                                                 certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, security = secure
    with pytest.raises(Undelivered, match="535") as caught:
        to(server.port, security=security, login=Login("sayso", "swordfish"), tls=certificates[1], command_seconds=3).send(
            written, "reader@example.org", ALERT)
    assert caught.value.retry
    assert "swordfish" not in caught.value.reason


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear(mail: Any, written: Message) -> None:
    with pytest.raises(Undelivered, match="offers no STARTTLS") as caught:
        to(mail.port, security="starttls").send(written, "reader@example.org", ALERT)
    assert caught.value.retry
    assert mail.accepted == []
