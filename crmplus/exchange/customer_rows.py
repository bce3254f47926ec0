"""The customers of a file: one row each, as the first good row that names them says."""

from dataclasses import dataclass, field
from typing import Any

from crmplus.domain.customer import CustomerDraft, name_key, phone_key, search_key
from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message, say
from crmplus.exchange.mapping import CustomerKey, ImportMapping
from crmplus.exchange.meanings import Meanings
from crmplus.exchange.problems import CONTACT_AS_NAME, PLACEHOLDER, REPEATED, BadRow, Notes
from crmplus.exchange.staging import RowFile, fingerprint, id_text
from crmplus.store.identity import new_id_text


@dataclass(frozen=True, slots=True)
class SaidCustomer:
    """What a row says of its customer: the draft, cleaned, and the key it is known by.

    A draft lacks neither name nor account type and is active or not; the others tell which of
    these stand in the row.
    """

    draft: CustomerDraft
    key: str
    says_name: bool
    says_account_type: bool
    says_active: bool

    @property
    def details(self) -> tuple[object, ...]:
        """In the order of the file's columns."""
        draft = self.draft
        return (
            draft.number,
            draft.name,
            id_text(draft.account_type_id),
            draft.contact,
            draft.email,
            draft.phone,
            draft.street,
            draft.postal_code,
            draft.city,
            draft.country,
            draft.remark,
            id_text(draft.owner_id),
            draft.is_active,
        )


@dataclass(slots=True)
class CustomerRows:
    """Makes customers of cells, and writes each once."""

    mapping: ImportMapping
    meanings: Meanings
    notes: Notes
    file: RowFile
    used: set[object] = field(default_factory=set)
    """The keys of account types and owners that good rows name."""
    _seen: dict[int, int] = field(default_factory=dict)
    _said: set[int] = field(default_factory=set)

    def read(self, cells: dict[str, Any], line: int) -> SaidCustomer:
        """The customer of a row. Raises: BadRow."""
        names = (cells.get("contact_first_name", ""), cells.get("contact_last_name", ""))
        contact = cells.get("contact", "") or " ".join(filter(None, (part.strip() for part in names)))
        street = " ".join(filter(None, (cells.get(part, "").strip() for part in _ADDRESS)))
        name = cells.get("customer_name", "")
        external_id = cells.get("customer_id", "").strip()
        if not name.strip() and contact.strip():
            name = contact
            if "customer_name" in cells:
                self.notes.add(CONTACT_AS_NAME, line)
        owner = cells.get("customer_owner")
        account_type = cells.get("account_type") or self.meanings.default_type
        draft = CustomerDraft(
            name=name if name.strip() else self._placeholder(line),
            account_type_id=account_type.id,
            number=cells.get("customer_number", ""),
            contact=contact,
            email=cells.get("email", ""),
            phone=cells.get("phone", ""),
            street=street,
            postal_code=cells.get("postal_code", ""),
            city=cells.get("city", ""),
            country=cells.get("country", ""),
            remark=cells.get("remark", ""),
            owner_id=owner.id if owner else None,
            is_active=cells.get("is_active") is not False,
        )
        try:
            clean = draft.checked()
        except Invalid as error:
            raise BadRow(_of_the_file(error.fields)) from None
        return SaidCustomer(
            clean,
            self._key(clean, external_id),
            says_name=bool(name.strip()),
            says_account_type=bool(cells.get("account_type")),
            says_active=cells.get("is_active") is not None,
        )

    def _placeholder(self, line: int) -> str:
        if not self.mapping.placeholder_customer:
            raise BadRow({"customer_name": say("This row names no customer.")})
        self.notes.add(PLACEHOLDER, line)
        return self.mapping.placeholder_customer

    def _key(self, draft: CustomerDraft, external_id: str) -> str:
        """What tells customers apart; where a row has none of that, its name does."""
        match self.mapping.customer_key:
            case CustomerKey.NUMBER if draft.number:
                return "n:" + draft.number.lower()
            case CustomerKey.EXTERNAL_ID if external_id:
                return "x:" + external_id
        return "k:" + (name_key(draft.name) or draft.name)

    def add(self, said: SaidCustomer, line: int) -> int:
        """Write it unless it was; returns the line that it stands on first."""
        earlier = self._seen.setdefault(hash(said.key), line)
        if earlier != line:
            return earlier
        draft, details = said.draft, said.details
        says = (said.says_name, said.says_account_type, said.says_active)
        self._said.add(hash((said.key, details)))
        self.used.update((id_text(draft.account_type_id), id_text(draft.owner_id)))
        self.file.append(
            (
                line,
                said.key,
                fingerprint((*details, *says)),
                new_id_text(),
                *details,
                *says,
                search_key("\n".join((draft.number, draft.name, draft.contact, draft.email, draft.city))),
                name_key(draft.name),
                search_key(draft.email),
                phone_key(draft.phone),
            )
        )
        return line

    def says_otherwise(self, said: SaidCustomer) -> bool:
        """Whether an earlier row of this customer has other details."""
        return hash((said.key, said.details)) not in self._said

    def add_again(self, said: SaidCustomer, line: int, earlier: int) -> None:
        """A further row of a customer: the same again is noted. Raises: BadRow where it says otherwise."""
        if self.says_otherwise(said):
            sentence = say(
                "This customer stands on line {line} already, with other details. "
                "Tell the two apart by name or number, or leave one out.",
                line=earlier,
            )
            raise BadRow({"": sentence})
        self.notes.add(REPEATED, line)


_ADDRESS = ("street", "house_number", "house_number_addition")
_FIELDS_OF_DRAFT = {"name": "customer_name", "number": "customer_number"}


def _of_the_file(problems: dict[str, Message]) -> dict[str, Message]:
    """A draft's fields by the keys of columns."""
    return {_FIELDS_OF_DRAFT.get(name, name): message for name, message in problems.items()}
