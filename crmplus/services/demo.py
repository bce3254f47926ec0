"""A demo: a sales team, its customers and 18 months of leads, made as if people had worked."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor, Permission, Role
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.customer import Customer, CustomerDraft
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import Lead
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.workspace import WorkspaceDraft
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import add_closing_reason, list_closing_reasons
from crmplus.services.customers import add_customer, change_customer
from crmplus.services.demo_days import Desk, introduce, share_views, tend
from crmplus.services.demo_lives import Stage, live
from crmplus.services.demo_plan import OLDEST, Act, Life, office_moments, plan_lives
from crmplus.services.demo_targets import add_targets
from crmplus.services.demo_words import Words, demo_content
from crmplus.services.leads import list_leads_of_customer, start_lead
from crmplus.services.people import add_person
from crmplus.services.phases import get_funnel
from crmplus.services.rows import as_values
from crmplus.services.setup import create_workspace
from crmplus.services.workspace import find_workspace
from crmplus.store.database import Database

SEED = 20_240_229
_WITH_TWO_LEADS, _WITH_THREE_LEADS, _WITHOUT_FUNNEL = 58, 12, 12


@dataclass(frozen=True, slots=True)
class _Team:
    """Who sells, and what: funnels and account types in the order of the settings pages."""

    owners: dict[UUID, Person]
    manager: Person
    funnels: dict[UUID, Funnel]
    without_funnel: UUID


def make_demo(
    database: Database,
    actor: Actor,
    draft: WorkspaceDraft,
    at: datetime,
    progress: Callable[[float], None] = lambda fraction: None,
    seed: int = SEED,
) -> None:
    """A demo workspace whose newest deeds were done the working day before `at`.

    All of it is kept or nothing; where `progress`, called with 0 to 1, raises, nothing is. The
    same `seed`, `draft` and `at` make the same demo, but for the keys of the rows. Where a
    workspace is there already, nothing happens. Raises: NotPermitted, Invalid.
    """
    actor.require(Permission.ADMINISTER)
    rng = random.Random(seed)
    with database.transaction(actor.sight):
        if find_workspace(database):
            return
        named = replace(draft, company_name=draft.company_name or demo_content()["company_name"])
        zone = ZoneInfo(named.checked().time_zone)
        first_day = office_moments(rng, [OLDEST + 5] * 5, at, zone)
        create_workspace(database, actor, named, first_day[0], is_demo=True)
        _add_closing_reason(database, actor, draft.language, first_day[1])
        team = _add_team(database, actor, first_day[2])
        words = Words(rng, draft.language)
        stage = Stage(database, rng, words, list_closing_reasons(database, actor))
        beside = random.Random(seed)
        desk = Desk(database, beside, Words(beside, draft.language), at, zone)
        _fill(stage, desk, team, first_day[3], progress)
        add_targets(database, actor, team.owners, at, zone, rng)
        share_views(desk, team.manager.seeing(EVERYTHING), draft.language)
        progress(1.0)


def _add_closing_reason(database: Database, actor: Actor, language: str, at: datetime) -> None:
    described = demo_content()["closing_reason"]
    reason = ClosingReasonDraft(
        described["code"], described["description"][language], 40, Outcome(described["outcome"])
    )
    add_closing_reason(database, actor, reason, at)


def _add_team(database: Database, actor: Actor, at: datetime) -> _Team:
    content = demo_content()
    owners = [add_person(database, actor, PersonDraft(**rep, role=Role.REP), at) for rep in content["reps"]]
    manager = add_person(database, actor, PersonDraft(**content["manager"], role=Role.MANAGER), at)
    add_person(database, actor, PersonDraft(**content["viewer"], role=Role.VIEWER), at)
    account_types = list_account_types(database, actor)
    return _Team(
        owners={owner.id: owner for owner in owners},
        manager=manager,
        funnels={t.id: get_funnel(database, actor, t.id) for t in account_types if t.uses_phases},
        without_funnel=next(t.id for t in account_types if not t.uses_phases),
    )


def _fill(
    stage: Stage, desk: Desk, team: _Team, first_day: datetime, progress: Callable[[float], None]
) -> None:
    """All customers and leads, in the order in which the leads are opened."""
    lives = plan_lives(stage.rng)
    drafts = _drafts(stage, team, len(lives))
    for draft in drafts[:_WITHOUT_FUNNEL]:
        customer = add_customer(stage.database, _owner(team, draft), draft, first_day)
        introduce(desk, _owner(team, draft), customer, first_day)
    places = _places(stage.rng, len(lives))
    customers: dict[int, Customer] = {}
    for done, (life, place) in enumerate(zip(lives, places, strict=True)):
        moments = office_moments(stage.rng, life.days_ago, desk.at, desk.zone)
        draft = drafts[_WITHOUT_FUNNEL + place]
        is_new, is_last = place not in customers, place not in places[done + 1 :]
        customers[place], lead = _sell(stage, team, draft, customers.get(place), life, moments)
        if is_new:
            introduce(desk, _owner(team, draft), customers[place], moments[0])
        tend(desk, _owner(team, draft), lead, life.deeds[-1].place, life, moments[-1])
        if is_last and places.count(place) == 1 and life.deeds[-1].outcome is Outcome.WON:
            _settle(stage, team, customers[place], life, desk)
        progress((done + 1) / (len(lives) + 1))


def _drafts(stage: Stage, team: _Team, lead_count: int) -> list[CustomerDraft]:
    """Those of the type without a funnel, then those with leads: a third in the second funnel."""
    count = lead_count - _WITH_TWO_LEADS - 2 * _WITH_THREE_LEADS
    funnels, owners = list(team.funnels), list(team.owners)
    types = [team.without_funnel] * _WITHOUT_FUNNEL
    types += stage.rng.choices(funnels[:2], (2, 1), k=count)
    # Some sell twice as much as others.
    owned = stage.rng.choices(owners, [2 + number % 3 for number in range(len(owners))], k=len(types))
    return stage.words.customers(types, owned)


def _places(rng: random.Random, lead_count: int) -> list[int]:
    """For each lead the customer it belongs to, counted from 0."""
    customers = list(range(lead_count - _WITH_TWO_LEADS - 2 * _WITH_THREE_LEADS))
    more = customers[:_WITH_TWO_LEADS]
    most = customers[_WITH_TWO_LEADS : _WITH_TWO_LEADS + _WITH_THREE_LEADS] * 2
    places = customers + more + most
    rng.shuffle(places)
    return places


def _sell(
    stage: Stage,
    team: _Team,
    draft: CustomerDraft,
    customer: Customer | None,
    life: Life,
    moments: list[datetime],
) -> tuple[Customer, Lead]:
    """One lead of a customer, who is added with it unless known."""
    actor = _owner(team, draft)
    if customer is None:
        customer = add_customer(stage.database, actor, draft, moments[0])
        (lead,) = list_leads_of_customer(stage.database, actor, customer.id)
    else:
        title = stage.words.title() if any(deed.act is Act.TITLE for deed in life.deeds) else ""
        lead = start_lead(stage.database, actor, customer.id, moments[0], title)
    return customer, live(stage, actor, lead, team.funnels[customer.account_type_id], life, moments)


def _settle(stage: Stage, team: _Team, customer: Customer, life: Life, desk: Desk) -> None:
    """Some of those won become a customer of the type without a funnel, days later."""
    days_ago = life.days_ago[-1] - stage.rng.randint(3, 20)
    if days_ago < 1 or stage.rng.random() < 0.6:
        return
    (moment,) = office_moments(stage.rng, [days_ago], desk.at, desk.zone)
    own = {name: value for name, value in as_values(customer).items() if name not in ("id", "version")}
    bought = CustomerDraft(**own | {"account_type_id": team.without_funnel})
    change_customer(stage.database, _owner(team, bought), customer.id, customer.version, bought, moment)


def _owner(team: _Team, draft: CustomerDraft) -> Actor:
    assert draft.owner_id, "everybody in the demo has an owner"
    return team.owners[draft.owner_id].seeing(EVERYTHING)
