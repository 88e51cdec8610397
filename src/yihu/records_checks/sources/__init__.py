"""The departments that are asked. A new one is a file beside these and a line here."""

from django.utils.translation import gettext as _

from yihu.common.refusals import Refused
from yihu.records_checks.sources.banks import BANKS
from yihu.records_checks.sources.columns import Column, Kind
from yihu.records_checks.sources.disability import DISABILITY
from yihu.records_checks.sources.household_register import HOUSEHOLD_REGISTER
from yihu.records_checks.sources.real_estate import REAL_ESTATE
from yihu.records_checks.sources.social_insurance import SOCIAL_INSURANCE
from yihu.records_checks.sources.source import Source
from yihu.records_checks.sources.vehicles import VEHICLES

SOURCES = (HOUSEHOLD_REGISTER, SOCIAL_INSURANCE, BANKS, REAL_ESTATE, VEHICLES, DISABILITY)

__all__ = ["SOURCES", "Column", "Kind", "Source", "label_of", "source_of"]


def source_of(name: str) -> Source:
    """The source of that name. Raises Refused."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise Refused(_("没有“{name}”这个核对来源。").format(name=name), field="sources")


def label_of(name: str) -> str:
    """What a source is called; its name where it is no longer asked."""
    return next((source.label for source in SOURCES if source.name == name), name)
