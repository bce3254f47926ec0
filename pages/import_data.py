"""Import: customers and leads from a spreadsheet, in six steps that can be gone back from."""

from crmplus.domain.actor import Permission
from crmplus.ui.import_check import show_check
from crmplus.ui.import_columns import show_columns
from crmplus.ui.import_draft import Step, the_draft
from crmplus.ui.import_file import show_file
from crmplus.ui.import_reading import show_reading
from crmplus.ui.import_result import show_result
from crmplus.ui.import_steps import show_steps
from crmplus.ui.import_values import show_values
from crmplus.ui.session import _
from crmplus.ui.shell import guard, page_title

guard(Permission.CONFIGURE)

draft = the_draft()
page_title(_("Import"), _("Customers and leads from a spreadsheet or from another system."))
show_steps(draft.step)
match draft.step:
    case Step.FILE:
        show_file(draft)
    case Step.READING:
        show_reading(draft)
    case Step.COLUMNS:
        show_columns(draft)
    case Step.VALUES:
        show_values(draft)
    case Step.CHECK:
        show_check(draft)
    case Step.RESULT:
        show_result(draft)
