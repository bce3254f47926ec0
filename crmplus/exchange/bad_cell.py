"""What is raised where a cell holds what it can't."""

from crmplus.domain.message import Message


class BadCell(Exception):
    """A cell holds what it can't; `message` is the sentence to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
