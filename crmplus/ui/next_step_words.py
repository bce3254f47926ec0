"""When next steps are due, in words: yesterday, today 14:00, in three days."""

from datetime import date, time, timedelta

from crmplus.domain.next_step import NextStep
from crmplus.ui.session import _, _n, language, now, workspace


def today() -> date:
    """The day it is in the workspace's zone, which days due are days of."""
    return now().astimezone(workspace().zone).date()


def quick_days(day: date) -> dict[str, date]:
    """The days that are chosen most: today, tomorrow and the Monday of next week."""
    return {
        "today": day,
        "tomorrow": day + timedelta(days=1),
        "week": day + timedelta(days=7 - day.weekday()),
    }


def quick_day_names() -> dict[str, str]:
    """What they are called."""
    return {"today": _("Today"), "tomorrow": _("Tomorrow"), "week": _("Next week")}


def due_words(due_date: date, due_time: time | None, day: date) -> str:
    """When something is due, seen from a day: the nearer, the plainer."""
    words = _day_words(due_date, day)
    return words if due_time is None else f"{words} {due_time:%H:%M}"


def step_words(step: NextStep) -> str:
    """A step and when it is due, on one line."""
    day = due_words(step.due_date, step.due_time, today())
    return f"{step.description} · {_('due {day}', day=day)}"


def _day_words(due_date: date, day: date) -> str:
    days, words = (due_date - day).days, language()
    match days:
        case -1:
            return _("yesterday")
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
    if days < 0:
        return _n("{count} day ago", "{count} days ago", -days)
    return f"{words.weekday(due_date.weekday())} {words.day(due_date)}"
