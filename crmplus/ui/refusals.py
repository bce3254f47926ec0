"""Refusals are told: each to the log, by its kind, and what a role does not allow to the audit too."""

from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import CrmError, NotPermitted
from crmplus.logs import log_refusal
from crmplus.services.audit import record
from crmplus.ui.session import actor, database, is_let_in, now


def tell_refusal(error: CrmError) -> None:
    """Of who is there; somebody signed out meanwhile is nobody to tell of."""
    log_refusal(error)
    if isinstance(error, NotPermitted) and is_let_in():
        record(database(), actor(), AuditAction.ACTION_REFUSED, now())
