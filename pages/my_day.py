"""My day."""

from crmplus.domain.actor import Permission
from crmplus.ui.session import _
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)
page_title(_("My day"))
