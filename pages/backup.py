"""Settings: backups of the whole database."""

from crmplus.domain.actor import Permission
from crmplus.keeping.schedule import the_place
from crmplus.ui.backups import find_them, list_them, make_one, say_how_to_restore, show_state
from crmplus.ui.session import _
from crmplus.ui.shell import guard, page_title

guard(Permission.ADMINISTER)

place = the_place()
action = page_title(_("Backup"), _("A copy of the whole database, to bring back after the worst day."))
with action:
    make_one(place)
found = find_them(place)
show_state(place, found)
list_them(place, found)
say_how_to_restore(place, found)
