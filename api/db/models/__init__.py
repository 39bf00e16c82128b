"""Every table of the product, a module a feature. A feature reads and writes only its own tables, through its repository."""

from api.db.models.articles import (
    ArticleHead,
    ArticleProcess,
    ArticlePublication,
    ArticleRecord,
    ArticleReminder,
    ArticleVersion,
    EditorAddress,
)
from api.db.models.base import Base
from api.db.models.conversations import Conversation, Message
from api.db.models.feedback import MessageFeedback
from api.db.models.followup import FollowUpLink, Rating
from api.db.models.live import AgentPresence, Handover, SafetyAlarm
from api.db.models.lookup import Gap, LookupCount, LookupFavourite, LookupRecent
from api.db.models.mail import Mail, MailStop
from api.db.models.measured_delays import MeasuredDelay
from api.db.models.operators import LoginAttempt, Operator, OperatorSession
from api.db.models.rates import RateBucket
from api.db.models.teams import Absence, Referent, StaffNotice, TeamMember
from api.db.models.tickets import Ticket, TicketEvent, TicketMessage, TicketPresence

__all__ = [
    "Absence",
    "AgentPresence",
    "ArticleHead",
    "ArticleProcess",
    "ArticlePublication",
    "ArticleRecord",
    "ArticleReminder",
    "ArticleVersion",
    "Base",
    "Conversation",
    "EditorAddress",
    "FollowUpLink",
    "Gap",
    "Handover",
    "LoginAttempt",
    "LookupCount",
    "LookupFavourite",
    "LookupRecent",
    "Mail",
    "MailStop",
    "MeasuredDelay",
    "Message",
    "MessageFeedback",
    "Operator",
    "OperatorSession",
    "RateBucket",
    "Rating",
    "Referent",
    "SafetyAlarm",
    "StaffNotice",
    "TeamMember",
    "Ticket",
    "TicketEvent",
    "TicketMessage",
    "TicketPresence",
]  # fmt: skip
