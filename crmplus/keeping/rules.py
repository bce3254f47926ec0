"""The rules of the product that data can break, with the statements that find rows which do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crmplus.domain.message import Message, say
from crmplus.store import restore

Sentence = Callable[[str], Message]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, the tables it is about, and a sentence for what each statement finds."""

    about: Message
    tables: tuple[str, ...]
    sentences: Mapping[str, Sentence]


def _known(*statements: str) -> dict[str, Sentence]:
    """Rules that a workspace brought back from files is held against too."""
    return {statement: restore.RULES[statement] for statement in statements}


_SETTINGS = ("account_type", "phase", "closing_reason")

RULES = (
    Rule(
        say("There is one workspace, and no data without it."),
        ("workspace",),
        {
            "workspace_missing": lambda found: say(
                "There are customers, people or leads, and {found} workspaces where one belongs.", found=found
            )
        },
    ),
    Rule(
        say("Account types, phases and reasons have a code, a description and an order number (A1, P1, C1)."),
        _SETTINGS,
        {
            "code_malformed": lambda found: say(
                "{found} has a code, a description or an order number that can't be.", found=found
            )
        },
    ),
    Rule(
        say("Codes and numbers are unique, whatever their case (A1, P1, C1, U1)."),
        (*_SETTINGS, "customer"),
        _known("code_held_twice"),
    ),
    Rule(say("At most one account type is the default (A3)."), ("account_type",), _known("second_default")),
    Rule(say("No funnel has a second qualification phase (P3)."), ("phase",), _known("second_qualification")),
    Rule(
        say("People in use have e-mail addresses of their own."),
        ("person",),
        {
            "email_held_twice": lambda found: say(
                "The e-mail address {found} belongs to two people in use.", found=found
            )
        },
    ),
    Rule(
        say("Customers have a number and a name, and are active while leads are open (U1, U5)."),
        ("customer",),
        {
            "customer_unnamed": lambda found: say("Customer {found} lacks a number or a name.", found=found),
            "customer_idle_with_open_lead": lambda found: say(
                "Customer {found} is not active, and has an open lead.", found=found
            ),
        },
    ),
    Rule(
        say("Open leads go through the funnel of their customer's account type (A2, U4)."),
        ("lead",),
        {
            "lead_of_another_type": lambda found: say(
                "Lead {found} is open in a funnel that its customer does not go through.", found=found
            )
        }
        | _known("lead_outside_its_funnel"),
    ),
    Rule(
        say("Scores are 1 to 100 and amounts 0 or more, now and ever before (L1)."),
        ("lead", "phase_record", "lead_version"),
        _known("lead_values_out_of_range"),
    ),
    Rule(
        say("Visits to phases follow one another, and the newest is the lead as it stands (L2, L3)."),
        ("lead", "phase_record"),
        {
            "lead_visits_out_of_order": lambda found: say(
                "The visits of lead {found} to phases do not follow one another.", found=found
            ),
            "lead_times_out_of_order": lambda found: say(
                "Lead {found} was closed, or left a phase, before that began.", found=found
            ),
        }
        | _known("lead_unlike_its_record"),
    ),
    Rule(
        say("Closed leads have a closing phase, a reason and a date; open ones have none (C2, L4, L5)."),
        ("lead",),
        _known("lead_half_closed"),
    ),
    Rule(
        say("Targets are 0 or more, of whole months, one an owner and month."),
        ("target",),
        {
            "target_malformed": lambda found: say(
                "Target {found} is below 0, of no whole month, or beside another of its owner and month.",
                found=found,
            )
        },
    ),
    Rule(
        say("Every lead's states are kept, one a version, and the newest is the lead as it stands (L7)."),
        ("lead", "lead_version"),
        {
            "lead_versions_missing": lambda found: say(
                "The history of lead {found} lacks a version, or has one too many.", found=found
            ),
            "lead_changes_unlogged": lambda found: say(
                "Lead {found} has a state that the change log does not tell of.", found=found
            ),
        }
        | _known("lead_unlike_its_history"),
    ),
    Rule(
        say("The change log can be read, and tells of nothing twice (L7)."),
        ("change_log",),
        {
            "history_malformed": lambda found: say("Change {found} can't be read.", found=found),
            "change_logged_twice": lambda found: say(
                "The change log tells twice of a version of {found}.", found=found
            ),
        },
    ),
)
