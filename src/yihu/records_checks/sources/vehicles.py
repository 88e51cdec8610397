"""公安交管: motor vehicles by their owner."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

VEHICLES = Source(
    name="vehicles",
    label="车辆登记",
    basis="民发〔2021〕57号 第十七条；社会救助法 第四十一条",
    not_found=_("名下没有登记的机动车。家庭没有申报的，按 0 辆；家庭申报了船舶、农机具或未过户车辆的，按申报。"),
    columns=(
        # Ships, farm machines and what was never registered are not seen.
        Column(
            "cars",
            "机动车辆数（残疾人代步车不计）",
            Kind.COUNT,
            fact="cars",
            of_household=True,
            at_least=True,
            settles=True,
            most=50,
        ),
        Column("last_registered", "最近一次登记日期", Kind.DATE),
    ),
)
