"""What the list's component says; the braces are filled in the browser."""

from crmplus.ui.session import _


def list_words() -> dict[str, str]:
    """Sentences by the names that the script knows them by."""
    return {
        "table": _("Open leads"),
        "pick": _("Select {customer}, {title}", customer="{customer}", title="{title}"),
        "pickAll": _("Select all on this page"),
        "picked": _("{count} selected", count="{count}"),
        "bulk": _("With the selected leads"),
        "owner": _("Owner"),
        "step": _("Next step"),
        "move": _("Move"),
        "close": _("Close"),
        "clear": _("Clear selection"),
        "cell": _("{field}, {customer}", field="{field}", customer="{customer}"),
        "sortBy": _("Sort by {field}", field="{field}"),
        "saved": _("Saved: {cell}", cell="{cell}"),
        "notSaved": _("Not saved: {cell}. {why}", cell="{cell}", why="{why}"),
        "halfADate": _("This date is not complete."),
        "onTop": _("Save mine on top"),
        "theirs": _("Take theirs"),
        "putBack": _("Put back"),
    }
