"""Import, step 4: what the names in the file mean, of account types, phases, reasons and people."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from crmplus.domain.closing_reason import Outcome
from crmplus.domain.errors import CrmError
from crmplus.exchange.columns import field_name
from crmplus.exchange.mapping import Action, Choice
from crmplus.ui.import_choices import OWNERS, choices_of, may_make, settle_values
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.import_steps import go, next_step, show_ways
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain, shortened
from crmplus.ui.words import outcome_name

_ORDER = ("account_type", "phase", "status", "closing_reason", "lead_owner", "customer_owner")
_SHOWN_AT_ONCE = 12
_NAMED_AT_ONCE = 8
_MOST_DRAWN = 200
_LONGEST_NAME = 60


def show_values(draft: ImportDraft) -> None:
    """A part for each column of names; what needs a decision stands out."""
    try:
        with st.spinner(_("Looking for names …")):
            named = draft.named()
        settle_values(draft, named)
    except CrmError as error:
        st.error(plain(language().message(error.message)), icon=":material/error:")
        show_ways(draft, can_go_on=False)
        return
    st.caption(plain(_("These names stand in the file. Say what each of them is here.")))
    for field_key in sorted(named, key=_ORDER.index):
        _show_part(draft, field_key, named[field_key])
    if show_ways(draft):
        go(draft, next_step(draft))


def _show_part(draft: ImportDraft, field_key: str, counts: Mapping[str, int]) -> None:
    column = shortened(draft.column_of(field_key), 40)
    name = language().message(field_name(field_key))
    st.subheader(plain(_("{field} (column {column})", field=name, column=column)), anchor=False)
    if not counts:
        st.caption(plain(_("No row names one.")))
        return
    choices = choices_of(draft, field_key)
    asked = draft.asked.setdefault(field_key, set())
    asked |= {text for text in counts if draft.values[field_key][text] not in choices}
    open_ones = [text for text in counts if text in asked]  # they stay where they are once decided
    if len(counts) <= _SHOWN_AT_ONCE and field_key not in OWNERS:
        _show_names(draft, field_key, list(counts), counts, choices)
        return
    rest = [text for text in counts if text not in open_ones]
    if field_key in OWNERS and may_make(field_key):
        _decide_about_people(draft, field_key, rest)
    _show_names(draft, field_key, open_ones, counts, choices)
    if rest:
        _show_outcomes_made(draft, field_key, rest)
        words = _summary(draft, field_key, rest)
        folded = st.expander(plain(words), on_change="rerun", key=f"import-{draft.turn}-rest-{field_key}")
        if folded.open:
            with folded:
                _show_names(draft, field_key, rest[:_MOST_DRAWN], counts, choices)
                if more := len(rest[_MOST_DRAWN:]):
                    st.caption(plain(_("and {count} more", count=more)))


def _summary(draft: ImportDraft, field_key: str, texts: Sequence[str]) -> str:
    """How many names there are, and what becomes of them; of closing reasons with their outcomes."""
    choices = [choice for text in texts if (choice := draft.values[field_key][text])]
    chosen = [choice.action for choice in choices]
    words = [_n("{count} name", "{count} names", len(texts))]
    if found := chosen.count(Action.USE):
        words.append(_n("{count} is here", "{count} are here", found))
    if made := chosen.count(Action.MAKE):
        words.append(_n("{count} will be made", "{count} will be made", made) + _outcomes_made(choices))
    if empty := chosen.count(Action.EMPTY):
        words.append(_n("{count} is left empty", "{count} are left empty", empty))
    if refused := chosen.count(Action.REFUSE):
        words.append(_n("{count} is refused", "{count} are refused", refused))
    return f"{words[0]}: {', '.join(words[1:])}"


def _outcomes_made(choices: Sequence[Choice]) -> str:
    """How many of the closing reasons that are made count as what; empty where none is."""
    counts = Counter(choice.outcome for choice in choices if choice.action is Action.MAKE)
    words = [f"{counts[outcome]} {outcome_name(outcome)}" for outcome in Outcome if counts[outcome]]
    return f" ({', '.join(words)})" if words else ""


def _show_outcomes_made(draft: ImportDraft, field_key: str, texts: Sequence[str]) -> None:
    """Which of the folded names become a reason for what: one that is taken for won counts as a sale."""
    for outcome in Outcome:
        made_so = Choice(Action.MAKE, outcome=outcome)
        if made := [text for text in texts if draft.values[field_key][text] == made_so]:
            names = [shortened(text, _LONGEST_NAME) for text in made[:_NAMED_AT_ONCE]]
            if more := len(made) - len(names):
                names.append(_("and {count} more", count=more))
            listed = ", ".join(names)
            st.caption(
                plain(_("Will be made as {outcome}: {names}", outcome=outcome_name(outcome), names=listed))
            )


def _decide_about_people(draft: ImportDraft, field_key: str, texts: Sequence[str]) -> None:
    """Who is not here yet: make all of them, or leave their rows without an owner."""
    choices = draft.values[field_key]
    new = [text for text in texts if choices[text] in (Choice(Action.MAKE), Choice(Action.EMPTY))]
    if not new:
        return
    words = {
        Action.MAKE: _("make them, as reps"),
        Action.EMPTY: _("leave without an owner"),
    }
    made = [text for text in new if choices[text] == Choice(Action.MAKE)]
    kept = Action.MAKE if len(made) == len(new) else Action.EMPTY if not made else None
    chosen = st.radio(
        _("People who are not here yet"),
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=draft.key(f"people-{field_key}-{len(made)}-{len(new)}", kept),
        horizontal=True,
    )
    if chosen and chosen is not kept:
        choices |= {text: Choice(chosen) for text in new}
        draft.turn += 1
        st.rerun()


def _show_names(
    draft: ImportDraft,
    field_key: str,
    texts: Sequence[str],
    counts: Mapping[str, int],
    choices: Mapping[Choice, str],
) -> None:
    with st.container(key=f"import-rows-{field_key}-{'-'.join(map(str, (len(texts), len(counts))))}"):
        for text in texts:
            place = list(counts).index(text)
            with st.container(border=True, key=f"import-row-{field_key}-{place}"):
                _show_name(draft, field_key, text, counts[text], choices, place)


def _show_name(
    draft: ImportDraft,
    field_key: str,
    text: str,
    count: int,
    choices: Mapping[Choice, str],
    place: int,
) -> None:
    name, rows, choice = st.columns([4, 2, 5], vertical_alignment="center")
    shown = shortened(text, _LONGEST_NAME)
    name.markdown(f"**{plain(shown)}**")
    rows.markdown(plain(_n("{count} row", "{count} rows", count)))
    kept = draft.values[field_key][text]
    with choice:
        chosen: Choice | None = st.selectbox(
            plain(_("What {name} is", name=shown)),
            list(choices),
            index=0 if kept in choices else None,
            format_func=choices.__getitem__,
            key=draft.key(f"value-{field_key}-{place}", kept if kept in choices else None),
            placeholder=_("Choose what it is"),
            label_visibility="collapsed",
        )
        if chosen is None:
            warning = _("Until you choose, its rows are refused.")
            st.markdown(f":red[:material/error: {plain(warning)}]")
    draft.values[field_key][text] = chosen
