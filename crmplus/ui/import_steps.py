"""The frame of an import's steps: where one is, the way back and the way on."""

from html import escape
from pathlib import Path

import streamlit as st

from crmplus.ui.forms import scroll_to
from crmplus.ui.import_draft import ImportDraft, Step
from crmplus.ui.session import _
from crmplus.ui.text import plain

_DRAWN = "step of the import last drawn"
_STYLE = Path(__file__).with_name("import.css")


def step_name(step: Step) -> str:
    return {
        Step.FILE: _("File"),
        Step.READING: _("Reading"),
        Step.COLUMNS: _("Columns"),
        Step.VALUES: _("Values"),
        Step.CHECK: _("Check"),
        Step.RESULT: _("Result"),
    }[step]


def show_steps(current: Step) -> None:
    """All steps in a row; on a phone the current one in words."""
    st.html(_STYLE)
    if st.session_state.get(_DRAWN, current) is not current:
        scroll_to("h1")
    st.session_state[_DRAWN] = current
    items = "".join(_item(step, current) for step in Step)
    words = _("Step {number} of {count}: {name}", number=current, count=len(Step), name=step_name(current))
    label = escape(_("Steps of the import"))
    st.html(
        f'<ol class="crm-wizard" aria-label="{label}">{items}</ol>'
        f'<p class="crm-wizard-short">{escape(words)}</p>'
    )


def _item(step: Step, current: Step) -> str:
    state = "done" if step < current else "now" if step is current else "ahead"
    mark = "✓" if step < current else str(int(step))
    here = ' aria-current="step"' if step is current else ""
    return f'<li class="{state}"{here}><span>{mark}</span>{escape(step_name(step))}</li>'


def next_step(draft: ImportDraft) -> Step:
    """The step behind this one; Values only where the file uses names."""
    step = Step(draft.step + 1)
    return Step.CHECK if step is Step.VALUES and not draft.has_values else step


def previous_step(draft: ImportDraft) -> Step:
    step = Step(draft.step - 1)
    return Step.COLUMNS if step is Step.VALUES and not draft.has_values else step


def show_ways(draft: ImportDraft, *, can_go_on: bool = True) -> bool:
    """Back and Next; whether Next was pressed. It is drawn last, so that all that was typed is read."""
    with st.container(horizontal=True, horizontal_alignment="distribute", key="import-ways"):
        show_way_back(draft)
        name = step_name(next_step(draft))
        return st.button(
            plain(_("Next: {step}", step=name)),
            type="primary",
            disabled=not can_go_on,
            key=f"import-next-{int(draft.step)}",
        )


def show_way_back(draft: ImportDraft) -> None:
    if st.button(_("Back"), icon=":material/arrow_back:", key=f"import-back-{int(draft.step)}"):
        go(draft, previous_step(draft))


def go(draft: ImportDraft, step: Step) -> None:
    """Show another step."""
    draft.step = step
    st.rerun()
