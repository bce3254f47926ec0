"""Contact persons: whom one talks to at a customer."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from crmplus.domain.customer import search_key
from crmplus.domain.fields import Check


@dataclass(frozen=True, slots=True)
class ContactPersonDraft:
    """What a form says about a contact person."""

    name: str
    job_title: str = ""
    phone: str = ""
    email: str = ""

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            name=check.text("name", self.name, 200, required=True),
            job_title=check.text("job_title", self.job_title, 100),
            phone=check.text("phone", self.phone, 50),
            email=check.email("email", self.email),
        )
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class ContactPerson:
    id: UUID
    customer_id: UUID
    name: str
    job_title: str
    phone: str
    email: str
    version: int

    @property
    def keys(self) -> dict[str, str]:
        """What it is searched by."""
        return {"search_text": search_key("\n".join((self.name, self.job_title, self.email, self.phone)))}
