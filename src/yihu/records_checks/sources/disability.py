"""残联: certificates of disability in force."""

from django.utils.translation import gettext_lazy as _

from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.source import Source

SLIGHTEST = 4


def _grade(part: str, title: str) -> Column:
    # Whoever holds a certificate has the kinds that stand on it and no others; the sheet that explains says so.
    return Column(part, title, Kind.COUNT, fact="disabilities", value=part, blank=0, most=SLIGHTEST)


DISABILITY = Source(
    name="disability",
    label="残联",
    basis="社会救助法 第四十一条、第六十二条",
    not_found=_("没有查到有效的残疾人证，可能是换证或号码不一致；不据此取消家庭申报的等级，请看证件。"),
    columns=(
        _grade("vision_grade", "视力残疾等级"),
        _grade("hearing_grade", "听力残疾等级"),
        _grade("speech_grade", "言语残疾等级"),
        _grade("limb_grade", "肢体残疾等级"),
        _grade("intellectual_grade", "智力残疾等级"),
        _grade("mental_grade", "精神残疾等级"),
        _grade("multiple_grade", "多重残疾等级"),
    ),
)
