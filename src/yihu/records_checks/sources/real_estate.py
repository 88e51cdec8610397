"""不动产登记 and the public housing of the city: homes owned, homes rented from the state, and other rooms."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

REAL_ESTATE = Source(
    name="real_estate",
    label="不动产登记",
    basis="民发〔2021〕57号 第十七条；社会救助法 第四十一条",
    not_found=_(
        "本市没有登记在他名下的房屋和直管公房；单位自管公房、外地房屋和宅基地查不到，住房不当作没有。"
        "家庭没有申报非居住用房的，按 0 套。"
    ),
    columns=(
        # Homes elsewhere, and those that employers let, are not seen.
        Column(
            *("owned_homes", "自有住房（套）", Kind.COUNT),
            fact="homes", of_household=True, at_least=True, most=50,
        ),
        Column(
            *("rented_homes", "承租直管公房（套）", Kind.COUNT),
            fact="homes", of_household=True, at_least=True, most=50,
        ),
        Column(
            *("floor_area", "以上住房面积合计（平方米）", Kind.AREA),
            fact="floor_area_m2", of_household=True, at_least=True, most=10_000_00,
        ),
        Column(
            *("non_residential", "非居住用房（套）", Kind.COUNT),
            fact="non_residential", of_household=True, at_least=True, settles=True, most=50,
        ),
    ),
)  # fmt: skip
