"""The names, towns, titles and sentences of the demo, drawn from `data/demo.json`."""

import json
import random
import re
import string
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID

from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import Customer, CustomerDraft, search_key
from crmplus.services.setup import DATA


@cache
def demo_content() -> dict[str, Any]:
    """All inputs of the demo, as `data/demo.json` lists them."""
    content: dict[str, Any] = json.loads((DATA / "demo.json").read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True, slots=True)
class Words:
    """Draws text in one language."""

    rng: random.Random
    language: str

    def title(self) -> str:
        return str(self.rng.choice(demo_content()["lead_titles"][self.language]))

    def note(self, mood: str) -> str:
        """A sentence of one of the kinds under `notes`."""
        return str(self.rng.choice(demo_content()["notes"][mood][self.language]))

    def next_step(self, place: int) -> str:
        """What is done next in a phase, counted from 0."""
        return str(self.rng.choice(demo_content()["next_steps"][place][self.language]))

    def contact_persons(self, customer: Customer, count: int) -> list[ContactPersonDraft]:
        """Some of a customer's people, reached under its domain and the phone numbers of its country."""
        content, rng = demo_content(), self.rng
        (country,) = [
            each for each in content["countries"] if each["name"][self.language] == customer.country
        ]
        domain = customer.email.partition("@")[2]
        names = zip(
            rng.sample(content["first_names"], count), rng.sample(content["last_names"], count), strict=True
        )
        return [
            ContactPersonDraft(
                name=f"{first} {last}",
                job_title=rng.choice(content["job_titles"][self.language]) if self._often(0.9) else "",
                phone=country["phone"].format(serial=rng.randrange(1000, 10_000))
                if self._often(0.85)
                else "",
                email=f"{_local_part(first)}@{domain}" if domain and self._often(0.8) else "",
            )
            for first, last in names
        ]

    def customers(self, account_type_ids: list[UUID], owner_ids: list[UUID]) -> list[CustomerDraft]:
        """A customer for each account type and owner, with names and phone numbers all different."""
        content = demo_content()
        count = len(account_type_ids)
        names = self.rng.sample(list(product(content["company_trades"], content["company_stems"])), count)
        serials = self.rng.sample(range(1000, 10_000), count)
        return [
            self._customer(f"{trade} {stem}", str(serial), type_id, owner_id)
            for (trade, stem), serial, type_id, owner_id in zip(
                names, serials, account_type_ids, owner_ids, strict=True
            )
        ]

    def _customer(self, name: str, serial: str, type_id: UUID, owner_id: UUID) -> CustomerDraft:
        content, rng = demo_content(), self.rng
        countries = content["countries"]
        country = rng.choices(countries, [each["weight"] for each in countries])[0]
        town = rng.choice(country["towns"])
        first, last = rng.choice(content["first_names"]), rng.choice(content["last_names"])
        domain = re.sub(r"[^a-z]+", "-", search_key(name)).strip("-")
        return CustomerDraft(
            name=f"{name} {rng.choice(country['legal_forms'])}".strip(),
            account_type_id=type_id,
            contact=f"{first} {last}",
            email=f"{_local_part(first)}@{domain}.example" if self._often(0.9) else "",
            phone=country["phone"].format(serial=serial) if self._often(0.85) else "",
            street=f"{rng.choice(country['streets'])} {rng.randint(1, 180)}",
            postal_code=self._filled(town["postal_code"]),
            city=town["city"],
            country=country["name"][self.language],
            remark=rng.choice(content["remarks"][self.language]) if self._often(0.12) else "",
            owner_id=owner_id,
        )

    def _often(self, share: float) -> bool:
        return self.rng.random() < share

    def _filled(self, pattern: str) -> str:
        """A postal code: # becomes a digit, ? a letter."""
        kinds = {"#": string.digits, "?": string.ascii_uppercase}
        return "".join(self.rng.choice(kinds[sign]) if sign in kinds else sign for sign in pattern)


def _local_part(first_name: str) -> str:
    """What stands before the @ in the e-mail address of somebody."""
    return re.sub("[^a-z]", "", search_key(first_name))
