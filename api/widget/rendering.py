"""The templates of these pages, and the failures that a page answers itself so that nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

from psycopg import OperationalError as PostgresDown
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.pages import templates
from api.widget.assets import own_address, style_addresses

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates")
TEMPLATES.globals |= {"style_addresses": style_addresses, "own_address": own_address}
DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeout, PostgresDown)
