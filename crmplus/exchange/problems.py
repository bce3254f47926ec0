"""What is wrong with a row, and what was read otherwise than it stands there."""

from dataclasses import dataclass, field

from crmplus.domain.message import Message, say

LONGEST_VALUE = 200
"""Characters of a cell that a problem quotes; a file can have very many problems, and very long cells."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: `column` as the file names it, empty where the whole row is meant."""

    line: int
    column: str
    value: str
    reason: Message

    def __post_init__(self) -> None:
        if len(self.value) > LONGEST_VALUE:
            object.__setattr__(self, "value", self.value[: LONGEST_VALUE - 1] + "…")


class BadRow(Exception):
    """A row breaks a rule; `problems` maps a field's key, or "" for the row, to a sentence."""

    def __init__(self, problems: dict[str, Message]) -> None:
        super().__init__(str(next(iter(problems.values()))))
        self.problems = problems


@dataclass(slots=True)
class Note:
    """A way of reading that applied to `count` rows, first on `first_line`."""

    message: Message
    count: int
    first_line: int


@dataclass(slots=True)
class Notes:
    """What was read otherwise than it stands there."""

    found: dict[str, Note] = field(default_factory=dict)

    def add(self, message: Message, line: int) -> None:
        note = self.found.setdefault(message.text, Note(message, 0, line))
        note.count += 1


ROUNDED = say("The score is read as a whole percentage; 0 is taken as not recorded.")
MORE_THAN_AN_ADDRESS = say("Of a cell with more than an e-mail address, the first address is kept.")
MORE_THAN_A_NUMBER = say("Of a cell with more than a phone number, the first number is kept.")
LINES_JOINED = say("Line breaks and tabs in a cell for one line are read as spaces.")
REPEATED = say("A row that says the same of a customer as an earlier one is imported once.")
EXPECTED_CLOSE = say("The lead is open, so its closing date is read as the expected one.")
NO_OPENING = say("An open lead without an opening date counts as opened at the import.")
NO_OPENING_CLOSED = say(
    "A closed lead without an opening date counts as opened on its closing date: its cycle is 0 days."
)
NO_CLOSING = say("A closed lead without a closing date counts as closed at the import.")
CONTACT_AS_NAME = say("A row that names a contact and no customer: the contact is the customer.")
PLACEHOLDER = say("A row without a customer's name goes to the customer you chose for such rows.")
NAMESAKES = say("A new customer has the name of another, but another key: both are kept.")
OTHER_DETAILS = say("Of a customer on more than one row, the details of the first row are kept.")
ALIKE = say("Leads without an id that share customer, title and opening are told apart by their order.")
CLOSED_YET_OPEN = say(
    "A lead has a closing date that has passed, but its phase is open: look whether that phase closes it."
)
TOTALS = say("A line with totals is left out.")
FOREIGN_CURRENCY = say(
    "An amount bears the sign of another currency than the workspace's. Nothing is converted."
)
