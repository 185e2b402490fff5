"""Email by SMTP: one message to one recipient in one session, each step with its own time and its own meaning.

The steps are told apart because they fail differently (RFC 5321). Until the final dot nothing can have been delivered; after
it the server may have taken the message although its answer was lost; once it answered 250 nothing that follows matters.
A refusal of this message (4xx, 5xx to MAIL, RCPT, DATA) is told apart from trouble with the session (no connection, no
TLS, no login), which is the operator's to mend and never costs an alert.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import structlog

from alerts.channels import Undelivered
from alerts.cleaning import one_line
from alerts.message import Message
from alerts.recipient import mail_address

COMMAND_SECONDS = 60.0      # RFC 5321 4.5.3.2 asks for five minutes; a worker that waits so long helps nobody, and we retry
FINAL_DOT_SECONDS = 600.0   # 4.5.3.2.6: giving up sooner is what makes duplicates
QUIT_SECONDS = 5.0          # the message is delivered by then
SUBJECT_LIMIT = 200         # characters; an inbox shows fewer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the mail server."""

    user: str
    password: str

    def __repr__(self) -> str:
        """Say who, never the password."""
        return f"Login(user={self.user!r})"


class EmailChannel:
    """Sends mail through one server. Holds no connection: each message opens its own."""

    def __init__(self, host: str, port: int, *, sender: str, security: str = "starttls", login: Login | None = None,
                 tls: ssl.SSLContext | None = None, command_seconds: float = COMMAND_SECONDS,
                 final_dot_seconds: float = FINAL_DOT_SECONDS) -> None:
        """`security` is `none`, `starttls` or `tls`; `sender` an address, with a name in front if there is one.

        Certificates are verified against the system's authorities unless `tls` brings its own. ValueError where a value
        cannot work, with what to write instead.
        """
        if security not in {"none", "starttls", "tls"}:
            raise ValueError(f"mail security is none, starttls or tls, not {security!r}")
        if login is not None and security == "none":
            raise ValueError("a password is not sent in the clear: set the mail security to starttls or tls, or set no user")
        name, address = parseaddr(sender)
        try:
            self._sender = mail_address(address if one_line(sender) == sender.strip(" ") else "")
        except ValueError as error:
            raise ValueError(f"the sender {one_line(sender, 80)!r} is {error}") from None
        self._from = Address(display_name=_phrase(name, 80) or "Sayso", addr_spec=self._sender)
        self._host, self._port, self._security, self._login = host, port, security, login
        self._tls = tls or ssl.create_default_context()
        self._command_seconds, self._final_dot_seconds = command_seconds, final_dot_seconds

    def send(self, message: Message, address: str, alert_id: str) -> None:
        """Deliver `message` to one mail address; raises Undelivered."""
        try:
            recipient = mail_address(address)
        except ValueError as error:
            raise Undelivered(str(error), retry=False, address_gone=True) from None
        content = self.composed(message, recipient, alert_id)
        session = self._open()
        try:
            self._transmit(session, recipient, content)
            self._part(session)
        finally:
            session.close()

    def composed(self, message: Message, recipient: str, alert_id: str) -> bytes:
        """The mail as it goes out: the same bytes in every attempt, under a Message-ID made of the alert's id."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+", alert_id):
            raise ValueError(f"{alert_id!r} cannot be part of a Message-ID")
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._from
        mail["To"] = Address(addr_spec=recipient)
        mail["Subject"] = _phrase(message.subject, SUBJECT_LIMIT)
        mail["Date"] = format_datetime(message.written_at)
        mail["Message-ID"] = f"<{alert_id}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
        mail.set_content(message.text, cte="quoted-printable")
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{alert_id}")  # "=_" never occurs in quoted-printable text (RFC 2045 6.7)
        # A subject in ASCII stays on its line: some readers take one that begins with a fold for empty. Encoded words are
        # folded at 78 as ever, because each may have 75 characters (RFC 2047 2).
        return mail.as_bytes(policy=SMTP.clone(max_line_length=SUBJECT_LIMIT + 50) if message.subject.isascii() else SMTP)

    def _open(self) -> smtplib.SMTP:
        """A session that is ready for a message: connected, encrypted as asked, logged in."""
        greeting = self._sender.rpartition("@")[2]  # our name in EHLO; asking the system for it may hang in a look-up
        try:
            if self._security == "tls":
                session: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._host, self._port, greeting, timeout=self._command_seconds, context=self._tls)
            else:
                session = smtplib.SMTP(self._host, self._port, greeting, timeout=self._command_seconds)
        except (OSError, smtplib.SMTPException) as error:
            raise self._unready("cannot be reached", error) from None
        try:
            if self._security == "starttls":
                session.starttls(context=self._tls)
            session.ehlo_or_helo_if_needed()
            if self._login is not None:
                session.login(self._login.user, self._login.password)
        except (OSError, smtplib.SMTPException) as error:
            session.close()
            if isinstance(error, smtplib.SMTPNotSupportedError) and self._security == "starttls" and self._login is None:
                raise Undelivered("the mail server offers no STARTTLS: set SAYSO_SMTP_SECURITY to tls, or to none on a network "
                                  "you trust", retry=True) from None
            raise self._unready("does not let us in", error) from None
        return session

    def _transmit(self, session: smtplib.SMTP, recipient: str, content: bytes) -> None:
        """MAIL, RCPT, DATA, the message and its dot; returns once the server answered 250."""
        try:
            _accepted("the sender", session.mail(self._sender))
            _accepted("the recipient", session.rcpt(recipient))
            _accepted("the message", session.docmd("DATA"), expected=3)
            session.send(re.sub(rb"(?m)^\.", b"..", content))  # RFC 5321 4.5.2
            if session.sock is not None:
                session.sock.settimeout(self._final_dot_seconds)
            session.send(b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
        except (OSError, smtplib.SMTPException) as error:
            raise self._unready("broke off before it had the message", error) from None
        try:
            reply = session.getreply()
        except (OSError, smtplib.SMTPException) as error:
            reason = f"the mail server had the whole message and did not answer: {_told(error)}"
            raise Undelivered(reason, retry=True, ambiguous=True) from None
        if not 200 <= reply[0] < 600:
            raise Undelivered("the mail server had the whole message and answered nonsense", retry=True, ambiguous=True)
        _accepted("the message", reply)

    def _part(self, session: smtplib.SMTP) -> None:
        """Say goodbye; whatever comes of it, the message was accepted."""
        try:
            if session.sock is not None:
                session.sock.settimeout(QUIT_SECONDS)
            session.quit()
        except (OSError, smtplib.SMTPException) as error:
            log.info("mail_server_left_without_goodbye", error=_told(error))

    def _unready(self, what: str, error: Exception) -> Undelivered:
        return Undelivered(f"the mail server {self._host}:{self._port} {what}: {_told(error)}", retry=True)


def _phrase(text: str, limit: int) -> str:
    """Text for a header. "=?" would be read as the beginning of an encoded word, and what that holds as a header's text."""
    return one_line(text, limit).replace("=?", "= ?")


def _accepted(what: str, reply: tuple[int, bytes], expected: int = 2) -> None:
    """Return where the reply's first digit is the expected one; otherwise raise what RFC 5321 4.2.1 says of it."""
    code, text = reply
    if code // 100 != expected:
        permanent = 500 <= code < 600
        raise Undelivered(f"the mail server refused {what}: {code} {_words(text)}", retry=not permanent)


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {_words(text) if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__


def _words(reply: bytes) -> str:
    return one_line(reply.decode("utf-8", "replace"), 200)
