"""Invented families that are on file before a journey begins, and the money that they have to be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from demo.accounts import COMMUNITY
from tests import rooms
from yihu.households import actions
from yihu.households.actions import NewFact, NewMember
from yihu.households.enums import FactSource
from yihu.households.models import Household
from yihu.organisations.models import Division
from yihu.payments.actions import open_account
from yihu.policy.labels import parse_fact

HUKOU = "110102"
NOTHING = {
    "counted_member": "是",
    "disabilities": "无",
    "wage": "0",
    "business_income": "0",
    "property_income": "0",
    "pension": "0",
    "transfer_income": "0",
    "serious_illness": "否",
    "medical_self_paid": "0",
    "school_stage": "不在学",
    "tuition": "0",
}
MODEST_HOME = {
    "monetary_assets": "3200.00",
    "homes": "1",
    "non_residential": "0",
    "cars": "0",
    "has_heating": "是",
    "emergency_need": "0",
    "current_awards": "无",
}
BANK = "虚构银行月坛支行"


@dataclass(frozen=True)
class Someone:
    """A member, with what is declared of him, by the names of the facts. ``code`` is that of the relation."""

    name: str
    relation: str
    code: int
    born: date
    sequence: int
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def number(self) -> str:
        """The number of his identity card."""
        return rooms.identity_number(self.born, self.sequence)


def on_file(
    *members: Someone, on: date, account: str = "", found: Mapping[str, str] | None = None, **facts: str
) -> Household:
    """A family of the community of the demonstration, the head first, with all that it declared, what was ``found`` of
    it as a whole, and where its money goes; ``account`` is a number.
    """
    with rooms.everywhere() as by:
        household = actions.open_household(
            division=Division.objects.get(pk=COMMUNITY),
            address="虚构胡同 12 号",
            members=[NewMember(each.name, each.code, each.number) for each in members],
            by=by,
            on=on,
        )
        people = {each.name: each for each in household.people.all()}
        declared = [NewFact(name, parse_fact(name, text)) for name, text in {**MODEST_HOME, **facts}.items()]
        declared += [
            NewFact(name, parse_fact(name, text), person=people[each.name])
            for each in members
            for name, text in {"hukou": HUKOU, **each.facts}.items()
        ]
        actions.record_facts(household=household, facts=declared, source=FactSource.DECLARED, by=by, on=on)
        if found:
            said = [NewFact(name, parse_fact(name, text)) for name, text in found.items()]
            actions.record_facts(household=household, facts=said, source=FactSource.VERIFIED, by=by, on=on)
        if account:
            open_account(household=household, holder=people[members[0].name], bank=BANK, number=account, by=by, on=on)
    return household
