"""What the board says, in the reader's language; the script fills what stands in braces."""

from crmplus.ui.session import _


def board_words() -> dict[str, str]:
    return {
        "how": _(
            "Arrow keys go from card to card. Space picks a card up, left and right choose the phase, "
            "Enter drops it, Escape leaves it where it was."
        ),
        "look": _("Arrow keys go from card to card."),
        "phase": _("Phase"),
        "previous": _("Previous phase"),
        "next": _("Next phase"),
        "expected": _("expected"),
        "weighted": _("weighted"),
        "noLeads": _("No leads"),
        "more": _("Show more ({count})", count="{count}"),
        "score": _("score {score}", score="{score}"),
        "noScore": _("no score"),
        "inPhase": _("{age} in phase", age="{age}"),
        "ageing": _("ageing"),
        "overdue": _("overdue").capitalize(),
        "today": _("Today"),
        "noStep": _("No next step"),
        "nobody": _("nobody"),
        "owner": _("owner {name}", name="{name}"),
        "menu": _("What to do with the lead of {customer}", customer="{customer}"),
        "complete": _("Complete phase: {next}", next="{phase}"),
        "moveTo": _("Move to {phase}", phase="{phase}"),
        "closeIn": _("Close lead: {phase} …", phase="{phase}"),
        "plan": _("Plan next step …"),
        "done": _("Next step done"),
        "putOff": _("Put off …"),
        "picked": _("{customer} picked up, in {phase}.", customer="{customer}", phase="{phase}"),
        "aim": _(
            "{customer}: to {phase}. Enter drops it there, Escape leaves it.",
            customer="{customer}",
            phase="{phase}",
        ),
        "left": _("{customer} stays in {phase}.", customer="{customer}", phase="{phase}"),
        "dropHere": _("Drop here: {phase}", phase="{phase}"),
        "here": _("{phase}: is here now", phase="{phase}"),
    }
