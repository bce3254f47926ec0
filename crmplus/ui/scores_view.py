"""Calibration on screen: the answer, the cards, the reliability of bands and of owners (M9)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from uuid import UUID

import streamlit as st

from crmplus.analytics.calibration import BANDS, STANDARD_ERRORS, Calibration, Scored
from crmplus.analytics.figures.calibration import BandPoint, reliability_diagram
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.cards import Card, Change, change_in_points, change_of, show_cards
from crmplus.ui.chosen import chart_clicked, choose
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.scores_leads import SCORED_LEADS, WITHOUT_SCORE, WON_LEADS, band_code, owner_code
from crmplus.ui.scores_words import against_guessing, answer, band_name, in_100, reading
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name


def show_answer(calibration: Calibration) -> None:
    """The answer before any figure, and what it leaves out."""
    st.markdown(f"**{plain(answer(calibration))}** {plain(against_guessing(calibration.total))}")
    _show_left_out(calibration)


def say_what_is_missing(calibration: Calibration) -> None:
    """Instead of empty figures."""
    if calibration.without_score:
        sentence = _(
            "None of the leads won and lost in this period had a score. Once reps record one in the "
            "phases of a lead, this page shows how it compares with what came of it."
        )
    else:
        sentence = _(
            "No lead was won or lost in this period with these filters. This page compares scores "
            "with what came of them: close leads on the customer card, or choose a longer period."
        )
    st.info(sentence, icon=":material/inbox:")
    _show_left_out(calibration)


def _show_left_out(calibration: Calibration) -> None:
    sentences = []
    if calibration.unrecorded:
        sentences.append(
            _n(
                "{count} lead without a score is left out.",
                "{count} leads without a score are left out.",
                calibration.unrecorded,
            )
        )
    if calibration.never_there:
        sentences.append(
            _n(
                "{count} lead was never in this phase and is left out.",
                "{count} leads were never in this phase and are left out.",
                calibration.never_there,
            )
        )
    if sentences:
        st.button(
            plain(" ".join(sentences)),
            key="without-score",
            type="tertiary",
            icon=":material/list:",
            on_click=choose,
            args=(WITHOUT_SCORE,),
        )


def show_figures(calibration: Calibration) -> None:
    """Four figures with their change against the period before."""
    words, now, then = language(), calibration.total, calibration.before
    compared = then if then.is_enough else Scored()
    months = [part if part.is_enough else Scored() for _month, part in calibration.by_month]
    mean, share, brier = now.mean_score, now.share_won, now.brier
    show_cards(
        [
            Card(
                _("Leads with a score"),
                words.number(now.lead_count),
                change_of(now.lead_count, then.lead_count, None),
                series=[part.lead_count for _month, part in calibration.by_month],
                behind=SCORED_LEADS if now.lead_count else None,
            ),
            Card(
                _("Share won"),
                _written(share, lambda value: words.percent(value, 1)),
                change_in_points(share, compared.share_won),
                series=_series([part.share_won for part in months]),
                behind=WON_LEADS if now.won_count else None,
            ),
            Card(
                _("Mean score"),
                _written(mean, lambda value: words.decimal(value, 1)),
                change_in_points(_hundredth(mean), _hundredth(compared.mean_score), None),
                series=_series([part.mean_score for part in months]),
            ),
            Card(
                _("Brier score"),
                _written(brier, lambda value: words.decimal(value, 3)),
                _change_of_brier(brier, compared.brier),
                _("lower is better"),
                _series([part.brier for part in months]),
                help=_(
                    "0 where every lead won was scored 100 and every lead lost next to nothing; "
                    "0.25 where all were scored 50. The line shows months with ten leads or more."
                ),
            ),
        ]
    )


def show_diagram(calibration: Calibration) -> None:
    """Mean score of each band against the share won."""
    title = _("Scored and won")
    points = [_point(place, band) for place, band in enumerate(calibration.bands) if band.is_enough]
    st.subheader(title, anchor=False)
    if points:
        st.plotly_chart(
            reliability_diagram(
                points,
                (_("Mean score"), _("Won, of 100 leads")),
                (_("scored too low"), _("scored too high")),
                is_dark=st.context.theme.type == "dark",
            ),
            key="bands-chart",
            on_select=chart_clicked("bands-chart"),
            selection_mode="points",
            config=picture_of(title),
            alt=f"{title}: " + "; ".join(point.hover for point in points),
        )
    if few := [_few(place, band) for place, band in enumerate(calibration.bands) if _is_few(band)]:
        st.caption(plain(_("Not drawn, with fewer than ten leads: {bands}.", bands=", ".join(few))))
    how_counted(
        _(
            "Each point is a band of scores, with the number of leads it rests on: how high they were "
            "scored on average, and how many of 100 were won. On the dashed line both are the same. Points "
            "below it (triangles that point down) were scored too high, above it too low. The upright line "
            "through a point is two standard errors long each way: where it touches the dashed one, "
            "chance explains the difference."
        ),
        _rests_on(calibration),
    )


def show_bands(calibration: Calibration) -> None:
    """The same bands in numbers, with their total."""
    lines = [*enumerate(calibration.bands)]
    rows = [{"part": band_name(place)} | _values(band) for place, band in lines]
    rows.append({"part": _("Total")} | _values(calibration.total))

    def behind(row: int, column: str) -> str:
        is_won = column == "won_count"
        if row == len(BANDS):
            return WON_LEADS if is_won else SCORED_LEADS
        return band_code(row, is_won)

    figure_table("bands", _("By score"), [Column("part", _("Score")), *_columns()], rows, behind)
    how_counted(
        _(
            "Leads closed as won or lost in the period, by the day they were closed on, that had a score. "
            "Difference: mean score − leads won of 100. Too high or too low: by two points or more, and "
            "by more than two standard errors. About right: within that. May be chance: ten points or "
            "more, which so few leads can differ by chance. Fewer than ten leads are not judged."
        ),
        _rests_on(calibration),
    )


def show_owners(calibration: Calibration) -> None:
    """Whose scores can be believed."""
    codes = [owner_code(owner_id) for owner_id, _part in calibration.by_owner]
    rows = [_owner_values(owner_id, part) for owner_id, part in calibration.by_owner]
    columns = [Column("part", _("Owner")), *_columns()]
    columns.insert(-1, Column("brier", _("Brier score"), Kind.RATIO))
    figure_table("owners", _("By owner"), columns, rows, lambda row, column: codes[row])
    how_counted(
        _(
            "Each lead counts for the owner it has now; who closed most is at the top. Brier score: "
            "the mean of (score / 100 − 1)² over leads won and (score / 100)² over leads lost, so "
            "lower is better. Owners with fewer than ten leads are not judged."
        )
    )


def _columns() -> list[Column]:
    return [
        Column("lead_count", _("Leads"), Kind.NUMBER),
        Column("won_count", _("Won"), Kind.NUMBER),
        Column("share_won", _("Share won"), Kind.SHARE),
        Column("mean_score", _("Mean score"), Kind.DECIMAL),
        Column("difference", _("Difference"), Kind.DECIMAL),
        Column("reading", _("Scores are")),
    ]


def _values(part: Scored) -> dict[str, object]:
    """Shares and means of enough leads only."""
    shown = part if part.is_enough else Scored()
    return {
        "lead_count": part.lead_count,
        "won_count": part.won_count,
        "share_won": shown.share_won,
        "mean_score": shown.mean_score,
        "difference": shown.difference,
        "reading": reading(part),
    }


def _owner_values(owner_id: UUID | None, part: Scored) -> Mapping[str, object]:
    brier = part.brier if part.is_enough else None
    return {"part": owner_name(owner_id), "brier": brier} | _values(part)


def _point(place: int, band: Scored) -> BandPoint:
    """A band with ten leads or more, so it has a mean and a share."""
    count = language().number(band.lead_count)
    mean, share = band.mean_score or Decimal(0), band.share_won or Decimal(0)
    hover = _n(
        "{band}: mean score {mean}, won {won} of 100 ({count} lead)",
        "{band}: mean score {mean}, won {won} of 100 ({count} leads)",
        band.lead_count,
        band=band_name(place),
        mean=language().decimal(mean, 1),
        won=in_100(band),
    )
    spread = STANDARD_ERRORS * band.deviation
    return BandPoint(band_code(place), mean, 100 * share, spread, band.leaning(), count, hover)


def _few(place: int, band: Scored) -> str:
    return _n("{band} ({count} lead)", "{band} ({count} leads)", band.lead_count, band=band_name(place))


def _is_few(band: Scored) -> bool:
    return bool(band.lead_count) and not band.is_enough


def _rests_on(calibration: Calibration) -> str:
    return _n(
        "It rests on {count} lead won or lost with a score.",
        "It rests on {count} leads won or lost with a score.",
        calibration.total.lead_count,
    )


def _change_of_brier(now: Decimal | None, then: Decimal | None) -> Change | None:
    if now is None or then is None:
        return None
    sign = ("+", "±", "−")[1 - ((now > then) - (now < then))]
    return change_of(now, then, False, sign + language().decimal(abs(now - then), 3))


def _hundredth(score: Decimal | None) -> Decimal | None:
    return None if score is None else score / 100


def _series(values: list[Decimal | None]) -> list[Decimal | None]:
    """Nothing to draw where no month has enough leads."""
    return values if any(value is not None for value in values) else []


def _written(value: Decimal | None, write: Callable[[Decimal], str]) -> str:
    return "–" if value is None else write(value)
