"""Figures held against a recount: what pages show must follow from the history."""

from decimal import Decimal

from crmplus.analytics.bridge import measure_bridge, measure_standing
from crmplus.analytics.bridge_figures import Measure
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import UTC_ZONE, midnight, months_before
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.message import Message, say
from crmplus.store.connection import Connection
from crmplus.store.database import Database

_M1 = ("lead_count", "expected_value", "expected_times_score", "recurring_value", "recurring_times_score")
_ALL = {
    "account_type_id": None,
    "owner_id": None,
    "of_nobody": False,
    "opened_from_utc": None,
    "opened_before_utc": None,
}
_MONTHS = 11
"""As many ends of months as a bridge has in its course, beside its closing."""


def lead_count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM lead")[0][0])


def funnel_gaps(connection: Connection) -> tuple[Message, ...]:
    """Phases whose figures (M1) are not those of the newest states in the history."""
    shown = _by_phase(connection, "pipeline_by_phase", **_ALL)
    recounted = _by_phase(connection, "recount_by_phase")
    nothing = (0, *[Decimal(0)] * 4)
    return tuple(
        say(
            "Phase {phase} shows {shown} open leads worth {value}; the history, {count} worth {recount}.",
            phase=phase,
            shown=shown.get(phase, nothing)[0],
            value=str(shown.get(phase, nothing)[1:]),
            count=recounted.get(phase, nothing)[0],
            recount=str(recounted.get(phase, nothing)[1:]),
        )
        for phase in sorted(shown.keys() | recounted.keys())
        if shown.get(phase, nothing) != recounted.get(phase, nothing)
    )


def _by_phase(connection: Connection, statement: str, **values: object) -> dict[str, tuple[object, ...]]:
    rows = connection.rows(statement, **values)
    return {str(row["phase_id"]): tuple(row[name] for name in _M1) for row in rows}


def bridge_gaps(database: Database, connection: Connection) -> tuple[Message, ...]:
    """Ends of months at which the steps of the bridge (M10) do not lead to what stood open then.

    Looked at are the year before the newest change, and the beginning, when nothing stood open.
    """
    newest = connection.value("newest_moment")
    if newest is None:
        return ()
    last = newest.date()
    bridge = measure_bridge(database, LOCAL_ADMIN, Choice(), last)
    months = [months_before(last, count) for count in reversed(range(_MONTHS))]
    found = []
    if any(bridge.opening.of(measure) for measure in Measure):
        found.append(say("Before the first lead the bridge does not begin with nothing."))
    for month, course in zip(months, bridge.course, strict=False):
        standing, _ = measure_standing(database, LOCAL_ADMIN, Choice(), midnight(month, UTC_ZONE))
        if standing != course:
            found.append(
                say("At the beginning of {day} the bridge does not end at what stood open.", day=month)
            )
    return tuple(found)
