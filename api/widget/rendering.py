"""The templates of these pages, and the failures that a page answers itself so that nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

from psycopg import OperationalError as PostgresDown
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.pages import templates

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates")
DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeout, PostgresDown)
