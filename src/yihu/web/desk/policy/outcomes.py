"""What the rules may find, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yihu.policy.words import Outcome
from yihu.web.parts import Tone

OUTCOMES: dict[str, tuple[Promise, Tone]] = {
    Outcome.ELIGIBLE: (gettext_lazy("符合条件"), "good"),
    Outcome.NOT_ELIGIBLE: (gettext_lazy("不符合条件"), "bad"),
    Outcome.UNKNOWN: (gettext_lazy("还不知道"), "warn"),
}
