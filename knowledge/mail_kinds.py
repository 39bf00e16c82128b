"""The e-mails that the institution writes about a request."""

from __future__ import annotations

from typing import Literal

MailKind = Literal["confirmation", "reply", "reminder", "resolved"]
