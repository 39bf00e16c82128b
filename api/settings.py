"""What can be set from outside: environment variables, all prefixed AIGUILLAGE_ except DATABASE_URL."""

from __future__ import annotations

import re
from pathlib import Path

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

    # Requests a minute, as many at once; 0 takes the limit away. In one process.
    rate_conversation: int = 40  # messages and opinions of one conversation: nobody types faster
    rate_address: int = 1200  # of one address: a school or a company is one address
    rate_openings: int = 240  # new conversations of one address

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
