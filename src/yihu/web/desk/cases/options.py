"""What a family can ask for today, with what the rules say of each and what it has or asked for already."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.awards.queries import held_by
from yihu.cases.claims import open_to_application
from yihu.cases.models import Case
from yihu.cases.queries import running_of
from yihu.households import queries
from yihu.households.models import Household, Person
from yihu.policy.facts import Held, Holdings
from yihu.policy.labels import ProgrammeLabel
from yihu.policy.outlook import Offer, outlook
from yihu.policy.procedures import Procedure, procedure_for
from yihu.policy.words import Outcome
from yihu.web.desk.families.family import chip_of, held_in_words
from yihu.web.parts import Chip

MOST_MISSING = 3
MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks for or against asking: a word, the amount, why in brief.

    ``is_likely``: neither had nor asked for already, nor refused by what is on file. ``is_met``: the rules say yes
    today.
    """

    chip: Chip
    amount: str = ""
    why: str = ""
    is_likely: bool = True
    is_met: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """What can be asked for: a programme, and of a person's the member for whom. ``key`` stands in addresses."""

    label: ProgrammeLabel
    person: Person | None
    procedure: Procedure
    verdict: Verdict

    @property
    def key(self) -> str:
        """The programme, with the number of the person."""
        return f"{self.label.name}/{self.person.pk}" if self.person else self.label.name

    @property
    def title(self) -> str:
        """In words."""
        title = self.label.title
        return _("{title}（{name}）").format(title=title, name=self.person.name) if self.person else title


def options_of(household: Household, *, on: date) -> list[Option]:
    """What a family can ask for on a day, a person's programme once for each member; what it can get comes first."""
    queries.gather(household)
    people = [each.person for each in queries.members_on(household, on)]
    held = held_by([household.pk], on)[household.pk]
    said = queries.said_of(household, on=on)
    seen = outlook(household, on=on, known_on=on, held=held, facts=queries.counting(said))
    offers = {(each.programme, person): each for each in seen.offers for person in each.people}
    running = {(case.programme, case.person_id): case for case in running_of(household)}
    found = []
    for label in open_to_application(household.division_id, on=on):
        procedure = procedure_for(label.name, on, division=household.division_id)
        for person in people if label.of_member else (None,):
            subject = (label.name, person.pk if person else None)
            verdict = _verdict(offers.get(subject), person, _held(held, subject), running.get(subject), seen.problem)
            found.append(Option(label, person, procedure, verdict))
    return sorted(found, key=lambda each: (not each.verdict.is_likely, not each.verdict.is_met))


def notes_on(chosen: list[Option], offered: list[Option]) -> list[str]:
    """What should be said before an application is taken; none of it keeps anyone from asking."""
    notes = []
    for each in chosen:
        if not each.verdict.is_likely:
            said = _("{title}：{word}。").format(title=each.title, word=each.verdict.chip.text)
            notes.append(said + (_("{why}。").format(why=each.verdict.why.rstrip("。")) if each.verdict.why else ""))
    if notes or any(each.label.is_status for each in chosen):
        met = [each for each in offered if each.verdict.is_met and each.verdict.amount and each not in chosen]
        if met:
            better = "、".join(f"{each.title} {each.verdict.amount}" for each in met)
            notes.append(_("按现有事实，这一户今天符合而没有选的：{better}。").format(better=better))
    return notes


def _held(held: Holdings, subject: tuple[str, int | None]) -> Held | None:
    programme, person = subject
    return next((each for each in held.get(programme, ()) if each.person == person), None)


def _verdict(
    offer: Offer | None, person: Person | None, held: Held | None, running: Case | None, problem: str
) -> Verdict:
    card = offer.card if offer else None
    amount = _amount(offer) if offer else ""
    if running:
        why = _("已有一件正在办理：{number}").format(number=running.number)
        return Verdict(Chip(_("申请中"), "info"), amount, why, is_likely=False)
    if held:
        return Verdict(chip_of(offer, True) if offer else Chip(_("在享"), "good"), amount, held_in_words(held), False)
    if offer is None or card is None:
        return Verdict(Chip(_("还不知道"), "warn"), why=problem)
    is_met = card.outcome == Outcome.ELIGIBLE
    why = card.later or _why(offer, person) if not is_met else card.mark
    return Verdict(
        chip_of(offer, False), amount, why, is_met or bool(card.first) or card.outcome == Outcome.UNKNOWN, is_met
    )


def _amount(offer: Offer) -> str:
    card = offer.card
    if not card.amount:
        return card.form if card.outcome == Outcome.ELIGIBLE else ""
    most = _("最多 ") if card.is_ceiling else _("至少 ") if card.is_least else ""
    return f"{most}{card.amount}{card.per} {card.form}".strip()


def _why(offer: Offer, person: Person | None) -> str:
    """In brief: what is missing, or what speaks against it."""
    if offer.missing:
        missing = [str(each) for each in offer.missing if person is None or each.person in (None, person.pk)]
        more = _("等 {n} 项").format(n=len(missing)) if len(missing) > MOST_MISSING else ""
        return _("缺 {what}").format(what="、".join(missing[:MOST_MISSING]) + more) if missing else ""
    said = [each.text for each in offer.card.reasons if _is_about(each.who, person)]
    # One reason of the rules names each condition that fails.
    failing = [part for text in said for part in text.split("；")]
    more = _("等 {n} 条").format(n=len(failing)) if len(failing) > MOST_REASONS else ""
    return "；".join(failing[:MOST_REASONS]) + more


def _is_about(who: str, person: Person | None) -> bool:
    return not who or person is None or person.name in who.split("、")
