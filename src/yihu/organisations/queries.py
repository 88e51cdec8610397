"""What other rooms ask about divisions, offices and the people who work here."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.enums import PrincipalKind
from yihu.access.models import Principal
from yihu.access.posts import actor_at, holding
from yihu.organisations.enums import OWN_BODIES, DivisionLevel, OrganisationKind
from yihu.organisations.models import Appointment, Division, FormerCode, Office, Post, Relative, StaffMember
from yihu.organisations.paths import chain

# What leads from an appointment to the area of its post, which is where the post's office is.
AREA = "post__office__division_id"


def within(actor: Actor, field: str = "division_id") -> Q:
    """Rows that lie within someone's areas; nothing for whoever has none.

    ``field`` leads to the division, such as ``household__division_id``; ``path`` for divisions themselves.
    """
    found = Q(pk__in=())
    for area in filter(None, actor.areas):
        found |= lying_in(area, field)
    return found


def lying_in(area: str, field: str = "division_id") -> Q:
    """Rows that lie within the division of this path; the column itself is compared, without a join."""
    path = field.removesuffix("_id") + "__path" if field.endswith("_id") else field
    return Q(**{f"{path}__startswith": area})


def divisions_by_code(*, on: date, inside: str = "", codes: Collection[str] | None = None) -> dict[str, Division]:
    """What official codes mean that are written on a day: what they meant then, though a division may bear another code
    by now, else what bears them, else what became of that which bore them before.

    Of all codes or of some, for what lies in the division of a path. Whatever comes in from outside by code is looked
    up here, a county as `Counties` has it; a code that is not found is refused by whoever reads it.
    """
    now = Division.objects.filter(path__startswith=inside)
    # What lies in no division of this register is not found.
    former = FormerCode.objects.filter(division__path__startswith=inside)
    if codes is not None:
        now, former = now.filter(code__in=codes), former.filter(code__in=codes)
    rows = former.select_related("division").order_by("period", "id")
    known = [(each.code, each.period, each.division) for each in rows if each.division]
    before = {code: division for code, period, division in known if period.lower is None or period.lower <= on}
    then = {code: division for code, period, division in known if on in period}
    return before | {each.code: each for each in now.order_by("path")} | then


def own_offices() -> QuerySet[Office]:
    """The office of each district's, street's and community's own body, where posts stand, in the order of paths."""
    own = Q(pk__in=())
    for level, kind in OWN_BODIES.items():
        own |= Q(division__level=level, organisation__kind=kind)
    return Office.objects.filter(own).select_related("division", "organisation").order_by("division_id")


def office_of(division: Division) -> Office | None:
    """The office of a division's own body in it, None where none is on file."""
    return own_offices().filter(division=division).first()


def street_windows() -> QuerySet[Office]:
    """The office of each street where a family applies, in the order of the streets' paths."""
    return own_offices().filter(organisation__kind=OrganisationKind.STREET_OFFICE)


def window_of(division: str) -> Office | None:
    """The office of the street that a division lies in, None where none is on file."""
    return street_windows().filter(division__in=chain(division)).first()


def communities(street: str = "") -> QuerySet[Division]:
    """The communities of a street, by its path, or all of them, in the order of their paths."""
    return Division.objects.filter(level=DivisionLevel.COMMUNITY, path__startswith=street).order_by("path")


def appointments_of(staff: StaffMember | int, *, on: date) -> QuerySet[Appointment]:
    """The posts that someone holds on a day, in the order of his appointments."""
    held = Appointment.objects.filter(staff=staff, period__contains=on)
    return held.select_related("post__office__division").order_by("id")


def appointments_within(actor: Actor) -> QuerySet[Appointment]:
    """Who holds or held a post within someone's areas, or will, each with the post and where it is."""
    return Appointment.objects.filter(within(actor, AREA)).select_related("post__office__division")


def posts_within(actor: Actor) -> QuerySet[Post]:
    """The posts within someone's areas."""
    return Post.objects.filter(within(actor, "office__division_id"))


def holders(kinds: Collection[str], areas: Collection[str], *, on: date) -> QuerySet[Appointment]:
    """Who can act on a day at posts of these kinds whose area is one of these."""
    at = Appointment.objects.filter(**{f"{AREA}__in": areas}, post__kind__in=kinds)
    return at.filter(period__contains=on, staff__is_active=True)


def with_relatives(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """The same, each with ``relatives``: the digests of whom its holder declares at present."""
    declared = relatives_of(OuterRef("staff")).order_by("id").values("identity_digest")
    return appointments.annotate(relatives=ArraySubquery(declared))


def colleagues(division: str, *, may: Capability, on: date) -> QuerySet[Appointment]:
    """Who can act in a division on a day, at a post that may do this, such as going along on a home visit:
    the division is theirs or lies within theirs. In the order of people, once for each post.
    """
    found = holders(holding(may), chain(division), on=on)
    return found.select_related("staff", "post__office__division").order_by("staff_id", "id")


def staff_of(actor: Actor, *, on: date) -> QuerySet[StaffMember]:
    """Those whom someone sees: who holds a post in his areas on a day. Some posts also see who held one there or was
    never appointed anywhere.
    """
    held = Appointment.objects.filter(staff=OuterRef("pk"))
    here = held.filter(within(actor, AREA))
    if actor.may(Capability.SEE_FORMER_STAFF):
        # Who works elsewhere by now is no longer theirs.
        now, here_now = held.filter(period__contains=on), here.filter(period__contains=on)
        return StaffMember.objects.filter((Exists(here) & (~Exists(now) | Exists(here_now))) | ~Exists(held))
    return StaffMember.objects.filter(Exists(here.filter(period__contains=on)))


def others_at(appointment: Appointment, *, on: date) -> QuerySet[Appointment]:
    """Who else can act at the same post on a day: whoever holds it and can log in."""
    same = Appointment.objects.filter(post=appointment.post_id, period__contains=on, staff__is_active=True)
    others = same.exclude(staff=appointment.staff_id)
    return others.exclude(staff__login__password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("id")


def relatives_of(staff: StaffMember | int | OuterRef) -> QuerySet[Relative]:
    """Whom someone declares at present."""
    return Relative.objects.filter(staff=staff, withdrawn_on__isnull=True)


def relatives_among(digests: QuerySet[Any, Any], *, on: date) -> QuerySet[Relative]:
    """Which people of a family someone who works here has declared as his relatives, as of a day.

    ``digests`` finds those of their identity numbers. A case of theirs is registered apart and kept from that officer.
    """
    known = Relative.objects.filter(identity_digest__in=digests, declared_on__lte=on)
    return known.exclude(withdrawn_on__lte=on).select_related("staff").order_by("id")


def service_everywhere(name: str, *, may: Iterable[Capability] = ()) -> Actor:
    """The service at work in every district that is on file, as nightly jobs are; ``may`` what this work needs."""
    districts = Division.objects.filter(level=DivisionLevel.DISTRICT).order_by("path")
    return service(name, *districts.values_list("path", flat=True), may=may)


def actor_of(staff: Principal, *, post: int | None = None, on: date) -> Actor | None:
    """Someone at the post that he chose, else at his first; None for whoever holds none on that day."""
    return actor_among(list(appointments_of(staff.pk, on=on)), staff, post=post)


def actor_among(held: Sequence[Appointment], staff: Principal, *, post: int | None) -> Actor | None:
    """The same of someone whose appointments are known."""
    if not held:
        return None
    acting = next((appointment.post for appointment in held if appointment.post_id == post), held[0].post)
    return actor_at(staff.pk, staff.name, acting.kind, (acting.office.division_id,))


def actor_again(staff: Principal, *, to: Capability, division: str, on: date) -> Actor | None:
    """Someone as he asked for work that is done later, at a post of the division that may do it; None where he no
    longer holds one.
    """
    held = holders(holding(to), [division], on=on).filter(staff=staff.pk)
    appointment = held.select_related("post").order_by("id").first()
    if appointment is None:
        return None
    return actor_at(staff.pk, staff.name, appointment.post.kind, (division,))


def without_post(principal: Principal) -> Actor:
    """Someone who holds no post, or does not work here: he reaches nothing, and what he does with his own account bears
    his name. To the database he is what he is.
    """
    return Actor(PrincipalKind(principal.kind), principal.pk, principal.name, post="", areas=())
