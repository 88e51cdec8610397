"""Pictures are in proportion, say what they leave out, and are drawn without money too."""

import re

import pytest

from tests.web import samples
from tests.web.parts import render
from yihu.web import pictures

pytestmark = pytest.mark.urls("tests.web.parts")


def widths(html: str, style: str) -> list[tuple[int, int]]:
    found = re.findall(rf'<rect class="{style}" x="(-?\d+)" y="\d+" width="(-?\d+)"', html)
    return [(int(x), int(width)) for x, width in found]


def test_the_income_bar_is_in_proportion() -> None:
    below = pictures.income_bar(58500, 117000, "低保标准")
    assert widths(below, "under") == [(0, 300)]
    assert not widths(below, "over")
    assert "人均 ¥585.00，比低保标准 ¥1,170.00 低 ¥585.00" in below
    above = pictures.income_bar(234000, 117000, "低保标准")
    assert widths(above, "under") == [(0, 300)]
    assert widths(above, "over") == [(300, 300)]
    assert "高 ¥1,170.00" in above


def test_the_income_bar_stands_losses_and_what_is_not_known() -> None:
    assert widths(pictures.income_bar(-5000, 117000, "低保标准"), "under") == [(0, 0)]
    assert widths(pictures.income_bar(0, 0, "低保标准"), "under") == [(0, 0)]
    unknown = pictures.income_bar(None, 117000, "低保标准")
    assert "<svg" not in unknown
    assert "还不知道" in unknown


def heights(html: str) -> list[tuple[str, int, int]]:
    found = re.findall(r'<rect class="(\w+)" x="\d+" y="(\d+)" width="\d+" height="(\d+)"', html)
    return [(style, int(top), int(height)) for style, top, height in found]


def test_the_waterfall_leads_from_one_total_to_the_other() -> None:
    before, new, gone, less, late, after = heights(pictures.waterfall(samples.CHANGE))
    assert [each[0] for each in (before, new, gone, less, late, after)] == [
        "before", "rise", "fall", "fall", "rise", "after",
    ]  # fmt: skip
    assert new[1] + new[2] == before[1]
    assert gone[1] == new[1]
    assert less[1] == gone[1] + gone[2]
    assert late[1] == after[1]
    assert new[2] / gone[2] == pytest.approx(61420 / 19804, rel=0.05)
    assert samples.CHANGE.unexplained == 0


def test_totals_that_are_cut_are_drawn_as_cut() -> None:
    assert samples.CHANGE.is_cut
    assert pictures.waterfall(samples.CHANGE).count('class="cut"') == 2
    first = pictures.Change("8 月", 0, "9 月", 5000, (pictures.Cause("新增", 5000, 1),))
    assert not first.is_cut
    assert 'class="cut"' not in pictures.waterfall(first)
    assert heights(pictures.waterfall(first))[0] == ("before", pictures.FLOOR, 0)


def test_a_run_without_causes_or_money_is_still_a_picture() -> None:
    for change in (pictures.Change("8 月", 0, "9 月", 0, ()), pictures.Change("8 月", 7, "9 月", 7, ())):
        assert pictures.waterfall(change).startswith("<svg")


def test_what_no_cause_explains_is_said() -> None:
    change = pictures.Change("8 月", 1000, "9 月", 1500, (pictures.Cause("新增", 400, 1),))
    html = render("{% waterfall change %}", change=change)
    assert "没有归到原因" in html
    assert "+¥1.00" in html
    assert "没有归到原因" not in render("{% waterfall change %}", change=samples.CHANGE)
