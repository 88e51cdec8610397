"""Every address of the desk: who may open it, and which of a family's things it is about.

Whoever adds a page adds a line here; `test_every_route.py` then tries it at every post, with everything foreign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yihu.organisations.enums import PostKind

EVERYBODY = frozenset(PostKind)
AUDITOR, OFFICER, CLERK = PostKind.AUDITOR, PostKind.DISTRICT_OFFICER, PostKind.WINDOW_CLERK
WORKER = PostKind.COMMUNITY_WORKER
MAKER, CHECKER = frozenset({PostKind.FINANCE_MAKER}), frozenset({PostKind.FINANCE_CHECKER})
MONEY = MAKER | CHECKER
SEE_MONEY = MONEY | {OFFICER, AUDITOR}
# Whoever pays needs the award, not the file that led to it.
READERS = EVERYBODY - MONEY
# Those who keep the files of families.
KEEPERS = READERS - {AUDITOR}
SUPERVISORS = frozenset({OFFICER, AUDITOR})
SEE_STAFF = SUPERVISORS | {PostKind.STREET_DIRECTOR}


@dataclass(frozen=True)
class Route:
    """Who may open an address. ``about`` gives each part of it the name of one of the `Things` of `tests.web.things`,
    or a word of its own after "="; without a thing it is about no family in particular. ``typed`` is what a form sends.
    """

    posts: frozenset[PostKind]
    about: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_about_a_family(self) -> bool:
        """Whether the address names something of a family's."""
        return any(not thing.startswith("=") for thing in self.about.values())


FAMILY, CASE, RUN = ({"number": thing} for thing in ("household", "case", "run"))

ROUTES: dict[str, Route] = {
    "": Route(EVERYBODY),
    "search/": Route(EVERYBODY, typed={"q": "甄"}),
    "post/": Route(EVERYBODY),
    "check/": Route(EVERYBODY),
    # Cases
    "cases/": Route(READERS),
    "cases/export/": Route(READERS),
    "cases/<str:number>/": Route(READERS, CASE),
    "cases/<str:number>/notices/<int:pk>/": Route(READERS, CASE | {"pk": "notice"}),
    "cases/<str:number>/<str:name>/": Route(READERS, CASE | {"name": "=object"}),
    "checks/": Route(READERS),
    "checks/export/": Route(READERS),
    "checks/files/": Route(READERS),
    "checks/files/<int:pk>/": Route(READERS, {"pk": "refused_file"}),
    "letters/<int:pk>/": Route(READERS, {"pk": "letter"}),
    "awards/determinations/<int:determination>/": Route(READERS, {"determination": "determination"}),
    # Families
    "families/": Route(EVERYBODY),
    "families/export/": Route(EVERYBODY),
    "families/register/": Route(KEEPERS),
    "families/check-number/": Route(KEEPERS),
    "families/<str:number>/": Route(EVERYBODY, FAMILY),
    "families/<str:number>/why/<str:key>/": Route(READERS, FAMILY | {"key": "=subsistence_allowance"}),
    "families/<str:number>/number/<int:person>/": Route(READERS - {WORKER}, FAMILY | {"person": "person"}),
    "families/<str:number>/telephone/": Route(READERS, FAMILY),
    "families/<str:number>/purpose/": Route(EVERYBODY, FAMILY),
    "families/<str:number>/facts/": Route(KEEPERS, FAMILY),
    "families/<str:number>/differences/<int:declared>/<int:other>/": Route(
        KEEPERS - {WORKER, CLERK}, FAMILY | {"declared": "declared", "other": "received"}
    ),
    "families/<str:number>/members/add/": Route(KEEPERS, FAMILY),
    "families/<str:number>/members/leave/": Route(KEEPERS, FAMILY),
    "families/<str:number>/members/death/": Route(KEEPERS, FAMILY),
    "families/<str:number>/members/head/": Route(KEEPERS, FAMILY),
    "families/<str:number>/members/correct/": Route(KEEPERS, FAMILY),
    "families/<str:number>/members/correct/<int:person>/": Route(KEEPERS, FAMILY | {"person": "person"}),
    "families/<str:number>/contact/": Route(KEEPERS, FAMILY),
    "families/<str:number>/move/": Route(KEEPERS, FAMILY),
    "families/<str:number>/close/": Route(KEEPERS, FAMILY),
    "families/<str:number>/apply/": Route(frozenset({WORKER, CLERK}), FAMILY),
    # Papers
    "papers/<int:pk>/": Route(READERS, {"pk": "paper"}),
    "families/<str:number>/papers/": Route(READERS, FAMILY),
    "families/<str:number>/papers/add/": Route(KEEPERS, FAMILY),
    "families/<str:number>/consents/add/": Route(KEEPERS, FAMILY),
    "families/<str:number>/consents/<int:person>/withdraw/": Route(KEEPERS, FAMILY | {"person": "person"}),
    # Money
    "awards/": Route(EVERYBODY),
    "awards/export/": Route(EVERYBODY),
    "awards/<int:award>/end/": Route(frozenset({PostKind.STREET_DIRECTOR, OFFICER}), {"award": "award"}),
    "awards/opening/": Route(frozenset({OFFICER})),
    "awards/opening/template/": Route(frozenset({OFFICER})),
    "awards/opening/<int:opening>/": Route(frozenset({OFFICER}), {"opening": "opening"}),
    "awards/opening/lists/<int:pk>/": Route(frozenset({OFFICER}), {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/take-over/": Route(frozenset({OFFICER}), {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/again/": Route(frozenset({OFFICER}), {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/drop/": Route(frozenset({OFFICER}), {"pk": "opening_list"}),
    "awards/opening/lists/<int:pk>/bad-rows/": Route(frozenset({OFFICER}), {"pk": "opening_list"}),
    "families/<str:number>/account/": Route(EVERYBODY - {PostKind.COMMUNITY_WORKER}, FAMILY),
    "families/<str:number>/account/<int:account>/": Route(SEE_MONEY | {CLERK}, FAMILY | {"account": "account"}),
    "runs/": Route(SEE_MONEY),
    "runs/new/": Route(MAKER),
    "runs/new/<path:key>/": Route(MAKER, {"key": "=subsistence_allowance/2026-04"}),
    "runs/<str:number>/": Route(SEE_MONEY, RUN),
    "runs/<str:number>/export/": Route(SEE_MONEY, RUN),
    "runs/<str:number>/bank-files/<slug:profile>/": Route(MONEY, RUN | {"profile": "profile"}),
    "runs/<str:number>/submit/": Route(MAKER, RUN),
    "runs/<str:number>/approve/": Route(CHECKER, RUN),
    "runs/<str:number>/refresh/": Route(MAKER, RUN),
    "runs/<str:number>/verify/": Route(SEE_MONEY, RUN),
    "runs/<str:number>/send-back/": Route(CHECKER, RUN),
    "runs/<str:number>/cancel/": Route(MAKER, RUN),
    "runs/<str:number>/bank-files/": Route(MONEY, RUN),
    "runs/<str:number>/lines/<int:line>/hold/": Route(MAKER, RUN | {"line": "line"}),
    "runs/<str:number>/lines/<int:line>/write-off/": Route(MAKER, RUN | {"line": "line"}),
    "runs/<str:number>/lines/<int:line>/put-back/": Route(MAKER, RUN | {"line": "line"}),
    # Supervision
    "supervision/": Route(SUPERVISORS),
    "supervision/families/<str:number>/": Route(SUPERVISORS, FAMILY),
    "supervision/families/<str:number>/export/": Route(SUPERVISORS, FAMILY),
    # Those who work here
    "staff/": Route(SEE_STAFF),
    "staff/export/": Route(SEE_STAFF),
    "staff/new/": Route(frozenset({OFFICER})),
    "staff/<int:staff>/": Route(SEE_STAFF, {"staff": "staff"}),
    "staff/<int:staff>/appointments/<int:appointment>/end/": Route(
        frozenset({OFFICER}), {"staff": "staff", "appointment": "appointment"}
    ),
    "staff/<int:staff>/password/": Route(frozenset({OFFICER}), {"staff": "staff"}),
    "relatives/": Route(EVERYBODY),
}
