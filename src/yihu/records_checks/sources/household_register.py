"""公安户籍: where somebody is registered, and whether he lives."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

HOUSEHOLD_REGISTER = Source(
    name="household_register",
    label="公安户籍",
    basis="民发〔2021〕57号 第十七条；社会救助法 第四十一条",
    not_found=_("多半是号码或姓名不一致，请核对证件；户籍按家庭申报。"),
    columns=(
        Column("hukou", "户籍所在区县代码", Kind.DIVISION, fact="hukou"),
        # A death changes who belongs to the family: an officer records it, nothing does so by itself.
        Column("died_on", "死亡注销日期", Kind.DATE),
    ),
)
