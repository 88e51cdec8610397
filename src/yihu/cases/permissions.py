"""Who may do what in a case: the procedure says by post, the register of relatives says who may not at all."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.posts import labels_of
from yihu.cases.case import Case, CaseStep
from yihu.cases.people import require_applicant
from yihu.cases.procedures import Standing
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.organisations import queries as organisations
from yihu.organisations.models import Relative
from yihu.policy.procedures import Closing, StepKind


def relatives_in(household: Household, *, on: date) -> list[Relative]:
    """The members of a family who are close relatives of someone who works here."""
    members = Person.objects.filter(memberships__household=household, memberships__period__contains=on)
    return list(organisations.relatives_among(members.order_by().values("identity_digest"), on=on))


def require_no_conflict(household: Household, by: Actor, *, on: date) -> None:
    """Raise Refused if a member of the family is a close relative of whoever acts (民发〔2021〕57号 第十一条)."""
    for relative in relatives_in(household, on=on):
        if relative.staff_id == by.staff:
            raise Refused(
                _("{name}是您申报的近亲属（{kinship}），这一户的事须由其他人办理。").format(
                    name=relative.name, kinship=relative.get_kinship_display()
                )
            )


def why_not(standing: Standing, row: CaseStep, by: Actor, *, on: date) -> str:
    """Why someone may not do an open step, apart from relatives; empty if he may."""
    case = standing.case
    stands_in = by.may(Capability.STAND_IN_FOR_STREETS) and standing.left_to_the_district(row, on=on)
    if by.post not in row.posts and not stands_in:
        return _("“{step}”由{posts}办理。").format(step=row.label, posts=labels_of(row.posts))
    if not by.reaches(case.division_id):
        return _("这件案子不在您负责的区域内。")
    if by.staff in standing.who_did(standing.procedure.steps[row.name].not_by):
        before = [standing.procedure.steps[name].label for name in standing.procedure.steps[row.name].not_by]
        return _("您已经办过这件案子的“{before}”，“{step}”须由另一个人办理。").format(
            before="、".join(before), step=row.label
        )
    return ""


def may_close(standing: Standing, way: Closing, by: Actor, *, on: date) -> bool:
    """Whether someone may end a case in this way: at one of its posts, or as the one whose step it ends with."""
    row = standing.open.get(way.until or "")
    return by.post in way.posts or (row is not None and not why_not(standing, row, by, on=on))


def require_may_do(standing: Standing, name: str, by: Actor, *, on: date) -> CaseStep:
    """The open step of this name, if this person may do it now. Raises Refused saying why not."""
    row = standing.open.get(name)
    if row is None:
        raise Refused(_not_open(standing, name))
    reason = why_not(standing, row, by, on=on)
    if reason:
        raise Refused(reason)
    require_no_conflict(standing.case.household, by, on=on)
    require_applicant(standing, on=on)
    if on < row.opened_on:
        raise Refused(_("“{step}”从 {day} 起才能办理。").format(step=row.label, day=row.opened_on))
    return row


def require_step(
    standing: Standing, name: str, kinds: StepKind | Collection[StepKind], by: Actor, *, on: date
) -> CaseStep:
    """The open step, if it is of a kind that the action does and this person may do it. Raises Refused."""
    wanted = (kinds,) if isinstance(kinds, StepKind) else kinds
    if name not in standing.procedure.steps or standing.procedure.steps[name].kind not in wanted:
        raise Refused(_("这件案子没有这一步，请从案件页面的当前步骤办理。"))
    return require_may_do(standing, name, by, on=on)


def require_running(case: Case) -> None:
    """Raise Refused if the case has ended."""
    if case.closed_on is not None:
        raise Refused(
            _("案件 {number} 已于 {day} 结案（{state}）。").format(
                number=case.number, day=case.closed_on, state=case.get_state_display()
            )
        )


def _not_open(standing: Standing, name: str) -> str:
    step = standing.procedure.steps[name]
    if name in standing.done:
        return _("“{step}”已经办结。").format(step=step.label)
    waiting = [standing.procedure.steps[each].label for each in step.after if each in standing.open]
    if waiting:
        return _("先办“{waiting}”，再办“{step}”。").format(waiting="、".join(waiting), step=step.label)
    return _("这件案子现在没有“{step}”这一步。").format(step=step.label)
