"""Pictures drawn on the server as SVG. Style sheets colour them by class, since nothing inline may style a page."""

from dataclasses import dataclass
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def money(fen: int) -> str:
    """Fen as ``¥1,170.00``, a negative amount as ``−¥1,170.00``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"


# ---- income against a standard

BAR = 600


def income_bar(income: int | None, standard: int, standard_label: str) -> SafeString:
    """Income per head against the standard it is held to, in fen a month; beyond it the bar changes colour."""
    words = _("{label} {standard}").format(label=standard_label, standard=money(standard))
    if income is None:
        return format_html(
            '<figure class="income-bar"><figcaption class="bar-words"><span>{}</span><span>{}</span></figcaption>'
            "</figure>",
            _("人均收入还不知道"),
            words,
        )
    margin = standard - income
    against = _("低 {money}") if margin >= 0 else _("高 {money}")
    title = _("人均 {income}，比{label} {against}").format(
        income=money(income), label=words, against=against.format(money=money(abs(margin)))
    )
    widest = max(income, standard, 1)
    mark, end = (BAR * max(each, 0) // widest for each in (standard, income))
    beyond = format_html('<rect class="over" x="{}" y="4" width="{}" height="8"/>', mark, end - mark)
    return format_html(
        '<figure class="income-bar"><svg viewBox="-1 0 {} 16" height="16" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="ground" x="0" y="4" width="{}" height="8"/>'
        '<rect class="under" x="0" y="4" width="{}" height="8"/>{}'
        '<line class="mark" x1="{}" x2="{}" y1="0" y2="16"/></svg>'
        '<figcaption class="bar-words"><span>{}</span><span>{}</span></figcaption></figure>',
        BAR + 3,
        title,
        BAR,
        min(mark, end),
        beyond if end > mark else "",
        mark,
        mark,
        _("人均 {income}").format(income=money(income)),
        words,
    )


# ---- what a run changed


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a change: by how many fen, and of how many families."""

    label: str
    amount: int
    families: int


@dataclass(frozen=True, slots=True)
class Change:
    """Two totals in fen and the causes that lead from the one to the other, in the order in which they are shown."""

    before_label: str
    before: int
    after_label: str
    after: int
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> int:
        """By how many fen the total changed."""
        return self.after - self.before

    @property
    def unexplained(self) -> int:
        """What the causes leave open, in fen: 0 unless a cause was forgotten."""
        return self.difference - sum(cause.amount for cause in self.causes)

    @property
    def levels(self) -> tuple[int, ...]:
        """The total before and after each cause, in fen."""
        return tuple(accumulate((cause.amount for cause in self.causes), initial=self.before))

    @property
    def is_cut(self) -> bool:
        """Whether the totals must be cut off, lest what changed be too small to see."""
        low, high = min(*self.levels, self.after), max(*self.levels, self.after)
        return low > 0 and (high - low) * 2 < high


WIDTH, HEIGHT, FLOOR, TOP = 640, 240, 196, 30
# Below this line the two totals are cut off, so that changes of a hundredth can be seen.
CUT = 150


def waterfall(run: Change) -> SafeString:
    """The change as steps of one scale from one total to the other; totals that are cut off are drawn as cut off."""
    levels = run.levels
    low, high = min(*levels, run.after), max(*levels, run.after)
    base, bottom = (low, CUT) if run.is_cut else (min(low, 0), FLOOR)

    def y(level: int) -> int:
        return bottom - (level - base) * (bottom - TOP) // max(high - base, 1)

    columns = len(run.causes) + 2
    pitch = WIDTH // columns
    bar = min(72, pitch * 2 // 3)
    parts = [_total(run.before_label, run.before, pitch // 2, bar, y(run.before), "before", is_cut=run.is_cut)]
    for position, cause in enumerate(run.causes, start=1):
        start, end = levels[position - 1], levels[position]
        centre = pitch * position + pitch // 2
        parts.append(_step(cause, centre, bar, y(max(start, end)), y(min(start, end))))
        parts.append(_join(centre - pitch + bar // 2, centre - bar // 2, y(start)))
    last = pitch * (columns - 1) + pitch // 2
    parts.append(_join(last - pitch + bar // 2, last - bar // 2, y(levels[-1])))
    parts.append(_total(run.after_label, run.after, last, bar, y(run.after), "after", is_cut=run.is_cut))
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        # A page may hold several: no name of an element stands twice.
        '<svg class="waterfall" viewBox="0 0 {} {}" role="img" aria-label="{}"><desc>{}</desc>{}'
        '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/></svg>',
        WIDTH,
        HEIGHT,
        _("{before} 到 {after} 的变化").format(before=run.before_label, after=run.after_label),
        _("{before} {was}，{after} {now}。各项见旁边的表。").format(
            before=run.before_label, was=money(run.before), after=run.after_label, now=money(run.after)
        ),
        drawn,
        WIDTH,
        FLOOR,
        FLOOR,
    )


def _yuan(fen: int, *, signed: bool = False) -> str:
    """Whole yuan for a label: the table beside the picture is exact."""
    yuan = (abs(fen) + 50) // 100
    sign = "−" if fen < 0 else "+" if signed else ""
    return f"{sign}{yuan:,}"


def _text(x: int, y: int, words: str, style: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>', style, x, y, words)


def _total(label: str, fen: int, centre: int, bar: int, top: int, style: str, *, is_cut: bool) -> SafeString:
    left, right = centre - bar // 2, centre + bar // 2
    cut = format_html(
        '<path class="cut" d="M{} {}L{} {}L{} {}L{} {}"/>',
        left - 4, 178, centre - bar // 6, 170, centre + bar // 6, 178, right + 4, 170,
    )  # fmt: skip
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>{}{}{}',
        style,
        left,
        top,
        bar,
        max(FLOOR - top, 0),
        cut if is_cut else "",
        _text(centre, top - 8, _yuan(fen), "total"),
        _text(centre, FLOOR + 20, label, "name"),
    )


def _step(cause: Cause, centre: int, bar: int, top: int, bottom: int) -> SafeString:
    style = "rise" if cause.amount >= 0 else "fall"
    families = _("{n} 户").format(n=f"{cause.families:,}")
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>{}{}{}',
        style,
        centre - bar // 2,
        top,
        bar,
        max(bottom - top, 2),
        _text(centre, top - 8, _yuan(cause.amount, signed=True), f"{style}-text"),
        _text(centre, FLOOR + 20, cause.label, "name"),
        _text(centre, FLOOR + 36, families, "name"),
    )


def _join(left: int, right: int, y: int) -> SafeString:
    return format_html('<line class="join" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, right, y, y)
