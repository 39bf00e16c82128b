"""Every table of the product, a module a feature. A feature reads and writes only its own tables, through its repository."""

from api.db.models.base import Base
from api.db.models.conversations import Conversation, Message
from api.db.models.live import AgentPresence, Handover, SafetyAlarm
from api.db.models.operators import LoginAttempt, Operator, OperatorSession
from api.db.models.tickets import Ticket

__all__ = [
    "AgentPresence", "Base", "Conversation", "Handover", "LoginAttempt", "Message", "Operator", "OperatorSession",
    "SafetyAlarm", "Ticket",
]  # fmt: skip
