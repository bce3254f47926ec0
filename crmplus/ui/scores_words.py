"""What calibration says in words: the answer, and how each part reads."""

from decimal import Decimal

from crmplus.analytics.calibration import BANDS, ENOUGH, Calibration, Leaning, Scored
from crmplus.ui.session import _, _n, language


def answer(calibration: Calibration) -> str:
    """Whether scores can be believed, with the band that shows it best."""
    total, place = calibration.total, calibration.most_telling
    leaning = total.leaning()
    if leaning is Leaning.UNKNOWN:
        return _n(
            "Too few leads to judge scores by: {count} lead, and it takes {enough}.",
            "Too few leads to judge scores by: {count} leads, and it takes {enough}.",
            total.lead_count,
            enough=ENOUGH,
        )
    if place is None:
        return _about_all(leaning, _whole(total.mean_score), in_100(total))
    band, won = band_name(place), in_100(calibration.bands[place])
    match leaning:
        case Leaning.HIGH:
            return _("Scores are too high: leads scored {band} won {won} times in 100.", band=band, won=won)
        case Leaning.LOW:
            return _("Scores are too low: leads scored {band} won {won} times in 100.", band=band, won=won)
        case Leaning.UNCLEAR:
            return _("Scores are not even: leads scored {band} won {won} times in 100.", band=band, won=won)
    return _(
        "Scores are right on average, but leads scored {band} won {won} times in 100.", band=band, won=won
    )


def _about_all(leaning: Leaning, mean: str, won: str) -> str:
    match leaning:
        case Leaning.HIGH:
            return _(
                "Scores are too high: leads were scored {mean} on average and won {won} times in 100.",
                mean=mean,
                won=won,
            )
        case Leaning.LOW:
            return _(
                "Scores are too low: leads were scored {mean} on average and won {won} times in 100.",
                mean=mean,
                won=won,
            )
        case Leaning.UNCLEAR:
            return _(
                "Scores may be right: leads were scored {mean} on average and won {won} times in 100, "
                "which chance explains of so few.",
                mean=mean,
                won=won,
            )
    return _(
        "Scores are about right: leads were scored {mean} on average and won {won} times in 100.",
        mean=mean,
        won=won,
    )


def against_guessing(total: Scored) -> str:
    """The Brier score beside that of one score for all leads; empty where there are too few."""
    brier, constant, share = total.brier, total.brier_of_a_constant, total.share_won
    if not total.is_enough or brier is None or constant is None or share is None:
        return ""
    words = language()
    found, guess, given = words.decimal(brier, 3), words.percent(share, 0), words.decimal(constant, 3)
    if brier < constant:
        return _(
            "The Brier score, {brier}, is better than always guessing {share}, which gives {constant}.",
            brier=found,
            share=guess,
            constant=given,
        )
    return _(
        "The Brier score, {brier}, is no better than always guessing {share}, which gives {constant}.",
        brier=found,
        share=guess,
        constant=given,
    )


def reading(part: Scored) -> str:
    """How the line of a band, an owner or all leads reads."""
    return {
        Leaning.UNKNOWN: _("under ten leads"),
        Leaning.HIGH: _("too high"),
        Leaning.LOW: _("too low"),
        Leaning.RIGHT: _("about right"),
        Leaning.UNCLEAR: _("may be chance"),
    }[part.leaning()]


def band_name(place: int) -> str:
    """The scores of a band, first and last."""
    return "{}–{}".format(*BANDS[place])


def in_100(part: Scored) -> str:
    """Of 100 leads, how many were won."""
    return _whole(None if part.share_won is None else 100 * part.share_won)


def _whole(number: Decimal | None) -> str:
    return "–" if number is None else language().decimal(number, 0)
