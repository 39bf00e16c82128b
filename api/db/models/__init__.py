"""Every table of the product, a module a feature. A feature reads and writes only its own tables, through its repository."""

from api.db.models.base import Base
from api.db.models.conversations import Conversation, Message
from api.db.models.feedback import MessageFeedback
from api.db.models.operators import LoginAttempt, Operator, OperatorSession
from api.db.models.tickets import Ticket

__all__ = [
    "Base",
    "Conversation",
    "LoginAttempt",
    "Message",
    "MessageFeedback",
    "Operator",
    "OperatorSession",
    "Ticket",
]
