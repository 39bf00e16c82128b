"""The SMTP client. What a server answers may quote an address: it becomes a code, and its words go no further."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage

import aiosmtplib

from api.settings import Settings

PERMANENT = 500


class NotSent(Exception):
    """The message did not leave. `code` names why; `for_good`: trying again would not help."""

    def __init__(self, code: str, *, for_good: bool) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


async def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hand the message to the SMTP server of the settings.

    Raises:
        NotSent: it did not take it.
    """
    try:
        await asyncio.wait_for(_send(message, settings), settings.smtp_timeout_s * 3)
    except aiosmtplib.SMTPRecipientsRefused as error:
        code = error.recipients[0].code
        raise NotSent(f"adresse_{code}", for_good=code >= PERMANENT) from None
    except aiosmtplib.SMTPNotSupported:
        raise NotSent("non_pris_en_charge", for_good=False) from None
    except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused) as error:
        raise NotSent(f"compte_{error.code}", for_good=False) from None  # the fault of our settings, not of this mail
    except aiosmtplib.SMTPDataError as error:
        raise NotSent(f"contenu_{error.code}", for_good=error.code >= PERMANENT) from None
    except aiosmtplib.SMTPResponseException as error:
        raise NotSent(f"serveur_{error.code}", for_good=False) from None
    except ssl.SSLError:
        raise NotSent("certificat", for_good=False) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        raise NotSent("injoignable", for_good=False) from None


async def _send(message: EmailMessage, settings: Settings) -> None:
    await aiosmtplib.send(
        message,
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_login or None,
        password=settings.smtp_password or None,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        cert_bundle=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
        timeout=settings.smtp_timeout_s,
    )
