"""银行: what lies in accounts, asked through the platform that passes questions on to the banks of the city."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

BANKS = Source(
    name="banks",
    label="银行存款",
    basis="民发〔2021〕57号 第十七条；社会救助法 第四十一条",
    not_found=_("所查的银行没有此人的账户；现金、证券和别处的存款查不到，不当作没有存款。"),
    columns=(
        # Cash, securities and money at other banks are not seen.
        Column(
            "balance",
            "存款余额合计（元）",
            Kind.MONEY,
            fact="monetary_assets",
            of_household=True,
            at_least=True,
            most=100_000_000_00,
        ),
        Column("accounts", "账户数", Kind.COUNT, most=999),
    ),
)
