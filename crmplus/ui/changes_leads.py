"""The changes behind a step of the bridge, and the leads behind its ends (M10)."""

from crmplus.analytics.bridge import list_bridge_leads
from crmplus.analytics.bridge_figures import Business, End, Kind, Measure
from crmplus.analytics.choice import Choice
from crmplus.exchange.table_files import Column
from crmplus.exchange.table_files import Kind as Cell
from crmplus.ui.changes_words import Which, measure_name, step_name
from crmplus.ui.chosen import chosen
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.session import _, _n

_KINDS: tuple[type[Kind] | type[Business] | type[End], ...] = (Kind, Business, End)


def show_leads(choice: Choice, measure: Measure) -> None:
    """Those of the bar or the cell that the URL names; nothing where it names none."""
    which = _asked()
    if which is None:
        return
    title = _("{step} ({measure})", step=step_name(which), measure=measure_name(measure))
    is_end = isinstance(which, End)
    show_leads_behind(
        title,
        list_bridge_leads,
        choice,
        measure,
        which,
        more=_columns(measure, which),
        at=("title", "phase", "owner"),
        heading=None if is_end else lambda total: _heading(title, total),
    )


def _asked() -> Which | None:
    code = chosen()
    return next((kinds(code) for kinds in _KINDS if code in list(kinds)), None)


def _heading(title: str, total: int) -> str:
    return _n(
        "{title}: {count} change", "{title}: {count} changes, each on a line of its own", total, title=title
    )


def _columns(measure: Measure, which: Which) -> list[Column]:
    """What was added or taken, when, and what stood before and after it."""
    is_end = isinstance(which, End)
    has_before = not is_end and which is not Kind.NEW
    amount = Column("amount", _("Worth then") if is_end else _("Difference"), Cell.MONEY)
    field = "recurring" if measure in (Measure.RECURRING, Measure.WEIGHTED_RECURRING) else "expected"
    heads = {
        "score_before": (_("Score before"), Cell.SCORE),
        "score_after": (_("Score then") if is_end else _("Score after"), Cell.SCORE),
        "expected_before": (_("Expected before"), Cell.MONEY),
        "expected_after": (_("Expected then") if is_end else _("Expected after"), Cell.MONEY),
        "recurring_before": (_("Recurring before"), Cell.MONEY),
        "recurring_after": (_("Recurring then") if is_end else _("Recurring after"), Cell.MONEY),
    }
    is_weighted = measure in (Measure.WEIGHTED, Measure.WEIGHTED_RECURRING)
    fields = [*(["score"] if is_weighted else []), field]
    keys = [f"{name}_{when}" for name in fields for when in (["before"] if has_before else []) + ["after"]]
    return [
        *([] if measure is Measure.LEADS else [amount]),
        Column("day", _("Since") if is_end else _("On"), Cell.DATE),
        *(Column(key, *heads[key]) for key in keys),
    ]
