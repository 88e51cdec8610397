"""人力社保: what employers pay in, and what is paid out."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

MOST_A_MONTH = 1_000_000_00

SOCIAL_INSURANCE = Source(
    name="social_insurance",
    label="人力社保",
    basis="民发〔2021〕57号 第十七条；社会救助法 第四十一条",
    not_found=_("没有参保或不在本市参保，不说明没有收入；按家庭申报和入户调查。"),
    columns=(
        Column("employed", "在职参保", Kind.FLAG, fact="employed"),
        Column("wage", "月工资（元）", Kind.MONEY, fact="wage", monthly=True, most=MOST_A_MONTH),
        Column("pension", "月养老金（元）", Kind.MONEY, fact="pension", monthly=True, most=MOST_A_MONTH),
        Column(
            "resident_basic_pension",
            "其中中央基础养老金（元）",
            Kind.MONEY,
            fact="resident_basic_pension",
            monthly=True,
            most=100_000_00,
        ),
        # Kin may give more than the insurance knows of.
        Column(
            "benefits",
            "失业金和遗属待遇等（元/月）",
            Kind.MONEY,
            fact="transfer_income",
            monthly=True,
            at_least=True,
            most=MOST_A_MONTH,
        ),
    ),
)
