"""Every address of the desk: what it needs, spelled out, and which of a family's things it is about.

Whoever adds a page adds a line here; `test_gates.py` then tries its gate, and `test_every_route.py` opens the page with
everything foreign: once in every run, at every post in the slow one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yihu.access.capabilities import Capability
from yihu.access.posts import holding


@dataclass(frozen=True)
class Route:
    """What an address needs. ``about`` gives each part of it the name of one of the `Things` of `tests.web.things`,
    or a word of its own after "="; without a thing it is about no family in particular. ``typed`` is what a form sends.
    """

    capability: Capability
    about: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def posts(self) -> tuple[str, ...]:
        """The kinds of posts that hold it."""
        return holding(self.capability)

    @property
    def is_about_a_family(self) -> bool:
        """Whether the address names something of a family's."""
        return any(not thing.startswith("=") for thing in self.about.values())


FAMILY, CASE, RUN = ({"number": thing} for thing in ("household", "case", "run"))

ROUTES: dict[str, Route] = {
    "": Route(Capability.SEE_INBOX),
    "search/": Route(Capability.FIND_FAMILIES, typed={"q": "甄"}),
    "check/": Route(Capability.TRY_POLICY),
    # Cases
    "cases/": Route(Capability.READ_CASES),
    "cases/export/": Route(Capability.READ_CASES),
    "cases/<str:number>/": Route(Capability.READ_CASES, CASE),
    "cases/<str:number>/notices/<int:pk>/": Route(Capability.READ_CASES, CASE | {"pk": "notice"}),
    "cases/<str:number>/<str:name>/": Route(Capability.READ_CASES, CASE | {"name": "=object"}),
    "checks/": Route(Capability.READ_CHECKS),
    "checks/export/": Route(Capability.READ_CHECKS),
    "checks/files/": Route(Capability.READ_CHECKS),
    "checks/files/<int:pk>/": Route(Capability.READ_CHECKS, {"pk": "refused_file"}),
    "letters/<int:pk>/": Route(Capability.READ_LETTERS, {"pk": "letter"}),
    "awards/deliveries/": Route(Capability.DELIVER_HELP),
    "awards/proposals/": Route(Capability.DECIDE_PROPOSALS),
    "awards/proposals/<path:work>/": Route(Capability.DECIDE_PROPOSALS, {"work": "=old_age_allowance"}),
    "awards/determinations/<int:determination>/": Route(Capability.READ_FILES, {"determination": "determination"}),
    # Families
    "families/": Route(Capability.FIND_FAMILIES),
    "families/export/": Route(Capability.FIND_FAMILIES),
    "families/register/": Route(Capability.KEEP_FAMILIES),
    "families/check-number/": Route(Capability.KEEP_FAMILIES),
    "families/<str:number>/": Route(Capability.OPEN_FAMILIES, FAMILY),
    "families/<str:number>/why/<str:key>/": Route(Capability.READ_FILES, FAMILY | {"key": "=subsistence_allowance"}),
    "families/<str:number>/number/<int:person>/": Route(Capability.SEE_IDENTITY_NUMBERS, FAMILY | {"person": "person"}),
    "families/<str:number>/telephone/": Route(Capability.SEE_TELEPHONES, FAMILY),
    "families/<str:number>/purpose/": Route(Capability.OPEN_FAMILIES, FAMILY),
    "families/<str:number>/facts/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/differences/<int:declared>/<int:other>/": Route(
        Capability.SETTLE_DIFFERENCES, FAMILY | {"declared": "declared", "other": "received"}
    ),
    "families/<str:number>/members/add/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/members/leave/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/members/death/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/members/head/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/members/correct/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/members/correct/<int:person>/": Route(
        Capability.KEEP_FAMILIES, FAMILY | {"person": "person"}
    ),
    "families/<str:number>/contact/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/move/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/close/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/apply/": Route(Capability.TAKE_APPLICATIONS, FAMILY),
    # Papers
    "papers/<int:pk>/": Route(Capability.READ_FILES, {"pk": "paper"}),
    "families/<str:number>/papers/": Route(Capability.READ_FILES, FAMILY),
    "families/<str:number>/papers/add/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/consents/add/": Route(Capability.KEEP_FAMILIES, FAMILY),
    "families/<str:number>/consents/<int:person>/withdraw/": Route(
        Capability.KEEP_FAMILIES, FAMILY | {"person": "person"}
    ),
    # Money
    "awards/": Route(Capability.SEE_AWARDS),
    "awards/export/": Route(Capability.SEE_AWARDS),
    "awards/<int:award>/end/": Route(Capability.END_AWARDS, {"award": "award"}),
    "awards/opening/": Route(Capability.LOAD_OPENING_LISTS),
    "awards/opening/template/": Route(Capability.LOAD_OPENING_LISTS),
    "awards/opening/<int:opening>/": Route(Capability.LOAD_OPENING_LISTS, {"opening": "opening"}),
    "awards/opening/lists/<int:pk>/": Route(Capability.LOAD_OPENING_LISTS, {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/take-over/": Route(Capability.LOAD_OPENING_LISTS, {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/again/": Route(Capability.LOAD_OPENING_LISTS, {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/drop/": Route(Capability.LOAD_OPENING_LISTS, {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/bad-rows/": Route(Capability.LOAD_OPENING_LISTS, {"pk": "opening_list"}),
    "families/<str:number>/account/": Route(Capability.SEE_ACCOUNTS, FAMILY),
    "families/<str:number>/account/<int:account>/": Route(
        Capability.SEE_ACCOUNT_NUMBERS, FAMILY | {"account": "account"}
    ),
    "runs/": Route(Capability.SEE_RUNS),
    "runs/new/": Route(Capability.MAKE_RUNS),
    "runs/new/<path:key>/": Route(Capability.MAKE_RUNS, {"key": "=subsistence_allowance/2026-04"}),
    "runs/<str:number>/": Route(Capability.SEE_RUNS, RUN),
    "runs/<str:number>/export/": Route(Capability.SEE_RUNS, RUN),
    "runs/<str:number>/bank-files/<slug:profile>/": Route(Capability.MAKE_BANK_FILES, RUN | {"profile": "profile"}),
    "runs/<str:number>/submit/": Route(Capability.MAKE_RUNS, RUN),
    "runs/<str:number>/approve/": Route(Capability.CHECK_RUNS, RUN),
    "runs/<str:number>/refresh/": Route(Capability.MAKE_RUNS, RUN),
    "runs/<str:number>/verify/": Route(Capability.SEE_RUNS, RUN),
    "runs/<str:number>/send-back/": Route(Capability.CHECK_RUNS, RUN),
    "runs/<str:number>/cancel/": Route(Capability.MAKE_RUNS, RUN),
    "runs/<str:number>/bank-files/": Route(Capability.MAKE_BANK_FILES, RUN),
    "runs/<str:number>/lines/<int:line>/hold/": Route(Capability.MAKE_RUNS, RUN | {"line": "line"}),
    "runs/<str:number>/lines/<int:line>/write-off/": Route(Capability.MAKE_RUNS, RUN | {"line": "line"}),
    "runs/<str:number>/lines/<int:line>/put-back/": Route(Capability.MAKE_RUNS, RUN | {"line": "line"}),
    # Supervision
    "supervision/": Route(Capability.READ_TRAILS),
    "supervision/families/<str:number>/": Route(Capability.READ_TRAILS, FAMILY),
    "supervision/families/<str:number>/export/": Route(Capability.READ_TRAILS, FAMILY),
    # Those who work here
    "staff/": Route(Capability.SEE_STAFF),
    "staff/export/": Route(Capability.SEE_STAFF),
    "staff/new/": Route(Capability.KEEP_STAFF),
    "staff/<int:staff>/": Route(Capability.SEE_STAFF, {"staff": "staff"}),
    "staff/<int:staff>/appointments/<int:appointment>/end/": Route(
        Capability.KEEP_STAFF, {"staff": "staff", "appointment": "appointment"}
    ),
    "staff/<int:staff>/password/": Route(Capability.KEEP_STAFF, {"staff": "staff"}),
    "relatives/": Route(Capability.DECLARE_OWN_RELATIVES),
}
