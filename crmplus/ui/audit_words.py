"""The audit in words: what each event and each change is called."""

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.audit import AuditAction, AuditLine
from crmplus.domain.message import say
from crmplus.ui.session import _, language
from crmplus.ui.words import field_name, value_words

_EVENTS = {
    AuditAction.SIGNED_IN: say("Signed in"),
    AuditAction.SIGN_IN_REFUSED: say("Sign-in refused"),
    AuditAction.SIGNED_OUT: say("Signed out"),
    AuditAction.SESSION_ENDED: say("Session ended"),
    AuditAction.SIGN_IN_TURNED_ON: say("Sign-in turned on"),
    AuditAction.PASSWORD_CHANGED: say("Password changed"),
    AuditAction.INVITED: say("Invited"),
    AuditAction.RESET_LINK_MADE: say("Link for another password made"),
    AuditAction.INVITATION_WITHDRAWN: say("Link withdrawn"),
    AuditAction.INVITATION_ACCEPTED: say("Password chosen by a link"),
    AuditAction.ACTION_REFUSED: say("Not permitted"),
    AuditAction.WORKSPACE_EXPORTED: say("Whole workspace exported"),
    AuditAction.CUSTOMER_EXPORTED: say("All of a customer exported"),
    AuditAction.LIST_EXPORTED: say("List exported"),
    AuditAction.BACKUP_MADE: say("Backup made"),
    AuditAction.BACKUP_FAILED: say("Backup failed"),
    AuditAction.BACKUP_DOWNLOADED: say("Backup downloaded"),
    AuditAction.BACKUP_RESTORED: say("Backup restored"),
}
_ENTITIES = {
    "workspace": say("Workspace"),
    "person": say("Person"),
    "team": say("Team"),
    "account_type": say("Account type"),
    "phase": say("Lead phase"),
    "closing_reason": say("Closing reason"),
    "customer": say("Customer"),
    "lead": say("Lead"),
    "next_step": say("Next step"),
    "note": say("Note"),
    "contact_person": say("Contact person"),
    "saved_view": say("Saved view"),
    "target": say("Target"),
    "targets": say("Targets"),
    "import_run": say("Import"),
    "import_mapping": say("Mapping"),
}
_VERBS = {
    "made": say("made"),
    "changed": say("changed"),
    "archived": say("archived"),
    "restored": say("brought back"),
    "deleted": say("removed"),
    "erased": say("erased"),
    "imported": say("imported"),
    "import_undone": say("import undone"),
    "undone": say("undone"),
    "started": say("started"),
    "saved": say("values recorded"),
    "completed": say("phase completed"),
    "moved": say("moved"),
    "closed": say("closed"),
    "reopened": say("reopened"),
    "described": say("title or owner changed"),
    "transferred": say("went on in another funnel"),
    "relocated": say("moved, its phase was archived"),
    "done": say("done"),
    "set": say("set"),
    "deactivated": say("deactivated"),
    "handed_over": say("handed over"),
}


def what_happened(line: AuditLine) -> str:
    """The event, or the kind of row and what became of it."""
    if line.before is None and line.action in _EVENTS:
        return language().message(_EVENTS[AuditAction(line.action)])
    entity = _ENTITIES.get(line.entity)
    deed = line.action.removeprefix(f"{line.entity}_").removeprefix("phase_")
    verb = _VERBS.get(deed)
    if entity is None or verb is None:
        return line.action.replace("_", " ")
    return _("{row}: {deed}", row=language().message(entity), deed=language().message(verb))


def who_did_it(line: AuditLine) -> str:
    if line.actor_id or line.actor_name not in ("", LOCAL_ADMIN.name):
        return line.actor_name
    return _("nobody known") if not line.actor_name else _("Local administrator")


def what_differs(line: AuditLine) -> str:
    """Each field with its value before and after; of an event, what is known beside."""
    if line.before is None:
        return "; ".join(
            f"{field_name(detail) or detail}: {value_words(detail, value)}"
            for detail, value in line.after.items()
        )
    told = []
    for field in {**line.before, **line.after}:
        if name := field_name(field, line.entity):
            old, new = (value_words(field, state.get(field)) for state in (line.before, line.after))
            is_new = old == "–"
            told.append(
                f"{name} {new}" if is_new else _("{field} {old} to {new}", field=name, old=old, new=new)
            )
    return "; ".join(told)
