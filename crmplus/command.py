"""The command line, `python -m crmplus COMMAND`: what each room adds to it, in one place.

Exit codes: 0 done, or nothing to do; 1 refused, or something found, with the reason; 2 the command is wrong.
"""

import argparse
from collections.abc import Sequence

from crmplus.exchange import command as exchange
from crmplus.keeping import command as keeping
from crmplus.store.modes import for_the_owner_only
from crmplus.web import command as web


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m crmplus",
        description="CRM+ without a browser. One program at a time has the database: stop the server first, "
        "but for backup and check, which ask it for a copy.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    exchange.add_commands(commands)
    keeping.add_commands(commands)
    web.add_commands(commands)
    asked = parser.parse_args(arguments)
    for_the_owner_only()
    code: int = asked.run(asked)
    return code
