"""Letters: made of an edition, and sent by SMTP. The only module that speaks to a mail server."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from gazetteer.config import MailSettings
from gazetteer.errors import ConfigError, MailError

TIMEOUT = 30.0
"""Seconds that a server may take to answer."""


def letter(*, subject: str, text: str, html: str, sender: str, to: Sequence[str], at: datetime) -> EmailMessage:
    """Make a letter of plain text with HTML beside it; raises `ConfigError` where an address is none."""
    for address in (sender, *to):
        if "@" not in parseaddr(address)[1]:
            raise ConfigError(f"[mail]: {address!r} is no address to write from or to")
    message = EmailMessage(policy=SMTP)
    try:
        message["Subject"], message["From"] = " ".join(subject.split()), sender
        if to:
            message["To"] = ", ".join(to)
    except (ValueError, MessageError) as error:
        raise ConfigError(f"[mail]: an address cannot be written: {error}") from error
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def send(message: EmailMessage, settings: MailSettings) -> None:
    """Send a letter; raises `MailError`, and `ConfigError` where no server is set."""
    if settings.host is None or not settings.sender or not settings.to:
        raise ConfigError("mail is not set up: set host, sender and to under [mail]")
    try:
        with _connected(settings, settings.host) as server:
            if settings.user is not None:
                server.login(settings.user, settings.password or "")
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(f"the mail server {settings.host} did not take the letter: {error}") from error


def _connected(settings: MailSettings, host: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.security == "tls":
        return smtplib.SMTP_SSL(host, settings.port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, settings.port, timeout=TIMEOUT)
    if settings.security == "starttls":
        server.starttls(context=context)
    elif settings.security != "none":
        raise ConfigError("[mail] security must be tls, starttls or none")
    return server
