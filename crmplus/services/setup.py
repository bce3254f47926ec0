"""First start: a workspace from the starter, and the way back out of a demo."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.errors import Refused
from crmplus.domain.message import say
from crmplus.domain.phase import PhaseDraft, PhaseType
from crmplus.domain.workspace import WORKSPACE_ID, RecurringPeriod, Workspace, WorkspaceDraft
from crmplus.services import rows
from crmplus.services.account_types import add_account_type
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.phases import add_phase
from crmplus.services.users import has_users
from crmplus.store.database import Database
from crmplus.store.erase import erase_everything
from crmplus.store.tables import WORKSPACE

DATA = Path(__file__).resolve().parents[2] / "data"


@cache
def starter() -> dict[str, Any]:
    """The starter funnels, as `data/starter.json` describes them."""
    content: dict[str, Any] = json.loads((DATA / "starter.json").read_text(encoding="utf-8"))
    return content


def create_workspace(
    database: Database,
    actor: Actor,
    draft: WorkspaceDraft,
    at: datetime,
    *,
    is_demo: bool = False,
) -> Workspace:
    """A workspace with the starter's account types, phases and closing reasons.

    Descriptions are in the workspace's language. Made twice, it is made once.
    Raises: NotPermitted, Invalid.
    """
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        if made := WORKSPACE.get(connection, WORKSPACE_ID):
            return made
        row = Workspace(WORKSPACE_ID, **rows.as_values(clean), is_demo=is_demo, version=1)
        rows.make(connection, actor, at, WORKSPACE, row)
        _add_starter(database, actor, clean.language, at)
        return row


def default_workspace(language: str, time_zone: str) -> WorkspaceDraft:
    """What a new workspace starts with; all of it can be changed later."""
    return WorkspaceDraft(
        company_name="",
        currency="EUR",
        recurring_period=RecurringPeriod.MONTH,
        language=language,
        first_weekday=0,
        time_zone=time_zone,
    )


def erase_demo(database: Database, actor: Actor) -> None:
    """Erase a demo workspace with its history; the next visit is a first start again.

    Raises: NotPermitted, Refused where the workspace is no demo, or people sign in to it.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(actor.sight) as connection:
        workspace = WORKSPACE.get(connection, WORKSPACE_ID)
        if workspace is None or not workspace.is_demo:
            raise Refused(say("This workspace holds no demo data, so nothing was erased."))
        require_erasable(database)
        erase_everything(connection)


def require_erasable(database: Database) -> None:
    """Raises: Refused where people sign in: passwords and audit would go, and sign-in be off again."""
    if has_users(database):
        raise Refused(
            say(
                "People sign in here, and erasing would take away who may come in and what they did. "
                "For your own customers, start the server with another database file."
            )
        )


def _add_starter(database: Database, actor: Actor, language: str, at: datetime) -> None:
    content = starter()
    for number, described in enumerate(content["account_types"], 1):
        account_type = add_account_type(
            database,
            actor,
            AccountTypeDraft(
                code=described["code"],
                description=described["description"][language],
                order_number=number * 10,
                uses_phases=described["uses_phases"],
                is_default=described["is_default"],
            ),
            at,
        )
        for place, phase in enumerate(content["phases"] if account_type.uses_phases else [], 1):
            add_phase(
                database,
                actor,
                PhaseDraft(
                    account_type_id=account_type.id,
                    code=f"{account_type.code}-{phase['code']}",
                    description=phase["description"][language],
                    phase_type=PhaseType(phase["phase_type"]),
                    order_number=place * 10,
                    limit_days=phase["limit_days"],
                ),
                at,
            )
    for number, reason in enumerate(content["closing_reasons"], 1):
        add_closing_reason(
            database,
            actor,
            ClosingReasonDraft(
                code=reason["code"],
                description=reason["description"][language],
                order_number=number * 10,
                outcome=Outcome(reason["outcome"]),
            ),
            at,
        )
