"""How long teams took to answer lately, measured from time to time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class MeasuredDelay(Base):
    """The median of the first answers of a team. A team that is not here answered too few requests to say anything."""

    __tablename__ = "measured_delays"

    team: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    answers: Mapped[int]  # how many first answers it was measured on
    measured_at: Mapped[datetime] = mapped_column(server_default=func.now())
