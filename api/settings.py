"""What can be set from outside: environment variables, all prefixed AIGUILLAGE_ except DATABASE_URL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KIB = 1024


class Settings(BaseSettings):
    """Read once at start. An empty `database_url` means the embedded server."""

    model_config = SettingsConfigDict(env_prefix="AIGUILLAGE_", extra="ignore", frozen=True, populate_by_name=True)

    database_url: str = Field(default="", validation_alias="DATABASE_URL", repr=False)
    postgres_data: Path = Path("var/postgres")
    database_pool_size: int = 10

    host: str = "127.0.0.1"
    port: int = 8000
    service_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = False  # true behind HTTPS: Secure cookies and Strict-Transport-Security
    max_body_bytes: int = 256 * KIB
    max_rasa_body_bytes: int = 16 * 1024 * KIB

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = Field(default="", repr=False)  # shared with Rasa for /rasa/*; empty: those routes refuse everyone
    rasa_timeout_s: float = 5.0

    models: Path | None = None  # None: the models of the project
    content: Path | None = None  # None: knowledge/content
    session_hours: int = 12
    log_level: str = "info"

    live_lost_after_s: float = 45.0  # an agent not heard of for so long is gone: their learners are queued again, first
    live_heartbeat_s: float = 10.0  # how often the agents' page says that it is there
    live_learner_gone_after_s: float = 30.0  # a learner's page not heard of for so long: the agent is told
    live_forget_after_s: float = 600.0  # a learner in the queue not heard of for so long leaves it
    live_nobody_after_s: float = 120.0  # who waits for so long while no agent is online leaves the queue, and is told
    live_sweep_s: float = 2.0  # how often the service looks for those who are gone; 0: never

    public_url: str = ""  # the address people's browsers use, for links in e-mails; empty: http://host:port
    smtp_host: str = ""  # empty: e-mails stay queued
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_login: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_ca_file: Path | None = None  # None: the authorities of the machine
    smtp_timeout_s: float = 20.0
    mail_from: str = ""  # the address that writes; empty: e-mails stay queued
    mail_reply_to: str = ""  # a mailbox that somebody reads; empty: answers to e-mails are not read, and they say so
    mail_retry_s: float = 60.0  # wait after the first failure; doubles at each one
    mail_worker_lost_s: float = 30.0  # a worker silent for that long is dead: its e-mails are taken up again

    @property
    def public_address(self) -> str:
        """The address people's browsers use, without a final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    # Requests a minute, as many at once; 0 takes the limit away. The first two are counted by each process.
    rate_conversation: int = 40  # messages and opinions of one conversation: nobody types faster
    rate_address: int = 1200  # of one address: a school or a company is one address
    rate_openings: int = 240  # new conversations of one address
    rate_sign_ins: int = 60  # tries of staff to sign in, of one address, whatever the logins

    # The measured delays of teams: over how many weeks, on how many first answers at least, how often (0: never).
    delay_weeks: int = 6
    delay_answers: int = 20
    delay_every_s: float = 900.0

    # Sites that may show the assistant in a frame (the widget): origins, with spaces or commas between them.
    widget_origins: str = ""

    @field_validator("widget_origins")
    @classmethod
    def _origins(cls, given: str) -> str:
        """They become a part of a policy: nothing else may be in them."""
        for origin in given.replace(",", " ").split():
            if not re.fullmatch(r"https?://(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?", origin):
                raise ValueError(f"AIGUILLAGE_WIDGET_ORIGINS: {origin} is not an origin (https://www.exemple.fr)")
        return given
