"""Who a proxy says is there: believed only with the secret that it shares with this server.

A session is good only as long as the way it came by is one.
"""

import os
from dataclasses import dataclass
from secrets import compare_digest

from crmplus.configuration import Configuration
from crmplus.domain.person import Person
from crmplus.domain.session import Session, Way
from crmplus.services.users import find_user
from crmplus.store.database import the_database
from crmplus.web.asked import Asked

SECRET_HEADER = "x-crmplus-secret"


@dataclass(frozen=True, slots=True)
class Arrival:
    """`is_required` where a proxy is the way in, so that a session holds only while it says the same."""

    is_required: bool
    person: Person | None

    def contradicts(self, session: Session) -> bool:
        if session.way is Way.PROXY and not self.is_required:
            return True
        if session.way is Way.OIDC and not Configuration.of(os.environ).oidc:
            return True
        return self.is_required and (self.person is None or self.person.id != session.person_id)


def identify(asked: Asked) -> Arrival:
    """Whom the proxy names, nobody where none is configured or the secret is not right."""
    configuration = Configuration.of(os.environ)
    if not configuration.proxy_secret:
        return Arrival(False, None)
    told = asked.headers.get(SECRET_HEADER, "")
    if not compare_digest(told.encode("latin-1"), configuration.proxy_secret.encode()):
        return Arrival(True, None)
    email = asked.headers.get(configuration.proxy_header.lower(), "")
    return Arrival(True, find_user(the_database(), email))
