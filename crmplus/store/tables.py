"""The tables of CRM+."""

from crmplus.domain.account_type import AccountType
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.contact_person import ContactPerson
from crmplus.domain.customer import Customer
from crmplus.domain.importing import ImportRun, SavedMapping
from crmplus.domain.invitation import Invitation
from crmplus.domain.lead import Lead, PhaseRecord
from crmplus.domain.next_step import NextStep
from crmplus.domain.note import Note
from crmplus.domain.person import Person
from crmplus.domain.phase import Phase
from crmplus.domain.saved_view import SavedView
from crmplus.domain.session import Session
from crmplus.domain.target import Target
from crmplus.domain.team import Team
from crmplus.domain.workspace import Workspace
from crmplus.store.table import Table

WORKSPACE = Table("workspace", Workspace)
PERSON = Table("person", Person)
ACCOUNT_TYPE = Table("account_type", AccountType)
PHASE = Table("phase", Phase)
CLOSING_REASON = Table("closing_reason", ClosingReason)
CUSTOMER = Table("customer", Customer, derived=lambda customer: customer.keys)
LEAD = Table("lead", Lead, derived=lambda lead: lead.keys)
PHASE_RECORD = Table("phase_record", PhaseRecord, key=("lead_id", "visit_number"))
IMPORT_RUN = Table("import_run", ImportRun)
IMPORT_MAPPING = Table("import_mapping", SavedMapping)
TARGET = Table("target", Target)
NEXT_STEP = Table("next_step", NextStep)
NOTE = Table("note", Note, derived=lambda note: note.keys)
CONTACT_PERSON = Table("contact_person", ContactPerson, derived=lambda person: person.keys)
SAVED_VIEW = Table("saved_view", SavedView)
TEAM = Table("team", Team)
INVITATION = Table("invitation", Invitation)
SESSION = Table("sign_in_session", Session)
