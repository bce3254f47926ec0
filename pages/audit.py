"""Settings: who did what, and when; nothing here can be changed."""

from crmplus.domain.actor import Permission
from crmplus.ui.audit_view import choose_lines, show_lines
from crmplus.ui.privacy import gone_customers
from crmplus.ui.session import _
from crmplus.ui.shell import guard, page_title

guard(Permission.ADMINISTER)

page_title(
    _("Audit"), _("Every change, sign-in and file that was taken along, refused ones too. Nothing edits it.")
)
show_lines(choose_lines())
gone_customers()
