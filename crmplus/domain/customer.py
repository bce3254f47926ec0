"""Customers: the organisations and persons we sell to (rules U1 to U5)."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check, is_blank
from crmplus.domain.message import say

_LEGAL_FORM = re.compile(
    r"bv|nv|vof|cv|gmbh|ag|kg|ug|ltd|limited|llc|llp|plc|inc|corp|sa|sas|sarl|srl|spa|oy|ab|as|aps|bvba"
)
_SIGNS = re.compile(r"[^\w\s]")
BESIDE_A_NAME = " .,'’-"
"""What makes no other name of one: Acme BV is Acme B.V., while H&M is not HM."""
_UNLETTERED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def search_key(text: str) -> str:
    """`text` without case and accents, to be found however it is typed."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_UNLETTERED)
    return "".join(c for c in folded if not unicodedata.combining(c))


def name_key(name: str) -> str:
    """A name reduced to what makes two the same: no case, accents, signs or legal form."""
    words = _SIGNS.sub("", search_key(name).replace("&", " ").replace("-", " ")).split()
    return " ".join([word for word in words if not _LEGAL_FORM.fullmatch(word)] or words)


def whole_name_key(name: str) -> str:
    """A name with all its words, however it is typed: no case, accents, spaces or signs beside them."""
    return search_key(name).translate(str.maketrans("", "", BESIDE_A_NAME))


def phone_key(phone: str) -> str:
    """The last nine digits of a phone number: the same with and without a country code."""
    digits = re.sub(r"\D", "", phone)
    return digits[-9:] if len(digits) >= 7 else ""


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """What a form says about a customer. An empty `number` asks for the next free one (U1)."""

    name: str
    account_type_id: UUID
    number: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    remark: str = ""
    owner_id: UUID | None = None
    is_active: bool = True

    def checked(self) -> Self:
        """The draft, cleaned (U1). Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            number=check.text("number", self.number, 30),
            name=check.text("name", self.name, 200, required=True),
            contact=check.text("contact", self.contact, 200),
            email=check.email("email", self.email),
            phone=check.text("phone", self.phone, 50),
            street=check.text("street", self.street, 200),
            postal_code=check.text("postal_code", self.postal_code, 20),
            city=check.text("city", self.city, 100),
            country=check.text("country", self.country, 100),
            remark=check.text("remark", self.remark, 10_000, lines=True),
        )
        if not clean.number.isalnum() and any(is_blank(c) for c in clean.number):
            check.refuse("number", say("Use a number without spaces."))
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class Customer:
    id: UUID
    number: str
    name: str
    account_type_id: UUID
    contact: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str
    remark: str
    owner_id: UUID | None
    is_active: bool
    version: int

    @property
    def keys(self) -> dict[str, str]:
        """What it is searched and matched by, beside its own fields."""
        return {
            "search_text": search_key(
                "\n".join((self.number, self.name, self.contact, self.email, self.city))
            ),
            "name_key": name_key(self.name),
            "email_key": search_key(self.email),
            "phone_key": phone_key(self.phone),
        }
