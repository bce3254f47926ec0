"""Owners side by side on screen: the answer, the bars, the figures of each."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import streamlit as st

from crmplus.analytics.figures.owners import OwnerBar, owner_bars
from crmplus.analytics.owners import OwnerFigures, Owners
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.cards import Card, change_in_points, change_of, show_cards
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.pickers import owner_code
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name

"""What the URL calls the owner of leads of nobody."""

EVERYBODY = "*"
"""What it calls all owners together."""

_DASH = "–"
_CLICKABLE = {
    "open_count": "open",
    "weighted_value": "open",
    "ageing_count": "ageing",
    "won": "won",
    "won_value": "won",
    "lost": "lost",
    "win_rate": "decided",
    "mean_days": "decided",
}


def show_totals(owners: Owners, before: Owners | None, won_by_month: Sequence[Decimal | int]) -> None:
    """All owners together, against the period before; won value of the last twelve months, too."""
    words, total = language(), owners.total
    then = before.total if before else None
    won = total.closed.won.value
    show_cards(
        [
            Card(
                _("Won value"),
                words.short_money(won),
                change_of(won, then.closed.won.value if then else None),
                series=won_by_month,
                behind=f"won:{EVERYBODY}",
            ),
            Card(
                _("Of target"),
                _share(total.share_of_target),
                beside=_("so far {amount}", amount=words.short_money(total.target))
                if total.target is not None
                else _("no target here"),
                help=_(
                    "Targets are for whole months, or months up to today, and for all account types together."
                ),
            ),
            Card(
                _("Win rate"),
                _share(total.closed.win_rate),
                change_in_points(total.closed.win_rate, then.closed.win_rate if then else None),
                behind=f"decided:{EVERYBODY}",
            ),
            Card(
                _("Weighted value"),
                words.short_money(total.open.weighted_value),
                beside=_n("{count} open lead", "{count} open leads", total.open.open_count),
                behind=f"open:{EVERYBODY}",
            ),
            Card(
                _("Ageing"),
                words.number(total.open.ageing_count),
                beside=_("beyond their limit"),
                help=_("Open leads that stand longer in their phase than its limit in days."),
                behind=f"ageing:{EVERYBODY}",
            ),
        ]
    )


def say_who(owners: Owners) -> None:
    """The answer in words: who won most, and who is furthest from the target."""
    named = [(owner_name(owner_id), figures) for owner_id, figures in owners.by_owner if owner_id]
    if len(named) < 2:
        return
    sentences = []
    most = max((figures.closed.won.value for _name, figures in named), default=Decimal(0))
    if most:
        best = [name for name, figures in named if figures.closed.won.value == most]
        amount = language().round_money(most)
        sentences.append(
            _("{owner} won most: {amount}.", owner=best[0], amount=amount)
            if len(best) == 1
            else _("{owners} won most: {amount} each.", owners=", ".join(best), amount=amount)
        )
    shares = {name: share for name, figures in named if (share := figures.share_of_target) is not None}
    if shares and (least := min(shares.values())) < 1:
        last = [name for name, share in shares.items() if share == least]
        reached = language().percent(least, 0)
        sentences.append(
            _("Furthest from the target is {owner}, at {share} of it.", owner=last[0], share=reached)
            if len(last) == 1
            else _(
                "Furthest from the target are {owners}, at {share} of it.",
                owners=", ".join(last),
                share=reached,
            )
        )
    if sentences:
        st.write(plain(" ".join(sentences)))


def show_chart(owners: Owners) -> None:
    """Won and weighted open value of each owner, against the target."""
    title = _("Won and open value by owner")
    bars = [_bar(owner_id, figures) for owner_id, figures in owners.by_owner]
    st.subheader(title, anchor=False)
    st.plotly_chart(
        owner_bars(
            bars,
            _("Won value"),
            _("Weighted value of open leads"),
            _("Target"),
            is_dark=st.context.theme.type == "dark",
        ),
        key="owners-chart",
        on_select=chart_clicked("owners-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(f"{bar.name}: {bar.hover}" for bar in bars),
    )
    how_counted(
        _(
            "Won: the expected value of leads won, closed in the period, of the owner they have now. "
            "Weighted: expected value × score / 100 of the leads that are open now. Target: what was to be "
            "won in the months of the period, up to the present one, all account types together."
        )
    )


def show_table(owners: Owners) -> None:
    """Every figure of every owner."""
    columns = [
        Column("owner", _("Owner")),
        Column("open_count", _("Open"), Kind.NUMBER),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("ageing_count", _("Ageing"), Kind.NUMBER),
        Column("won", _("Won"), Kind.NUMBER),
        Column("lost", _("Lost"), Kind.NUMBER),
        Column("win_rate", _("Win rate"), Kind.SHARE),
        Column("won_value", _("Won value"), Kind.MONEY),
        Column("target", _("Target"), Kind.MONEY),
        Column("share_of_target", _("Of target"), Kind.SHARE),
        Column("mean_days", _("Mean days"), Kind.DECIMAL),
    ]
    rows = [_row(owner_name(owner_id), figures) for owner_id, figures in owners.by_owner]
    codes = [*(owner_code(owner_id) for owner_id, _figures in owners.by_owner), EVERYBODY]

    def behind(row: int, column: str) -> str | None:
        if column not in _CLICKABLE:
            return None
        return f"{_CLICKABLE[column]}:{codes[row]}"

    total = _row(_("Total"), owners.total)
    figure_table("owners", _("Owners side by side"), columns, [*rows, total], behind)
    how_counted(
        _(
            "Open, weighted and ageing are of the leads that are open now; ageing leads stand longer in "
            "their phase than its limit. Won, lost, win rate = won / (won + lost) and mean days from "
            "opening to closing are of the leads closed in the period. Of target = won value / target."
        ),
        _n(
            "It rests on {count} closed lead.",
            "It rests on {count} closed leads.",
            owners.total.closed.closed_count,
        ),
    )


def _row(name: str, figures: OwnerFigures) -> dict[str, object]:
    return {
        "owner": name,
        "open_count": figures.open.open_count,
        "weighted_value": figures.open.weighted_value,
        "ageing_count": figures.open.ageing_count,
        "won": figures.closed.won.lead_count,
        "lost": figures.closed.lost.lead_count,
        "win_rate": figures.closed.win_rate,
        "won_value": figures.closed.won.value,
        "target": figures.target,
        "share_of_target": figures.share_of_target,
        "mean_days": figures.closed.decided.mean_days,
    }


def _bar(owner_id: UUID | None, figures: OwnerFigures) -> OwnerBar:
    words, won, weighted = language(), figures.closed.won.value, figures.open.weighted_value
    code, share = owner_code(owner_id), figures.share_of_target
    reached = f" · {words.percent(share, 0)}" if share is not None else ""
    said = _("won {won}, open and weighted {weighted}", won=words.money(won), weighted=words.money(weighted))
    if figures.target is not None:
        said = _("{said}, target {amount}", said=said, amount=words.money(figures.target))
    label = f"✓ {words.short_money(won)}{reached}"
    name = owner_name(owner_id)
    return OwnerBar(name, won, weighted, figures.target, label, said, f"won:{code}", f"open:{code}")


def _share(share: Decimal | None) -> str:
    return _DASH if share is None else language().percent(share, 1)
