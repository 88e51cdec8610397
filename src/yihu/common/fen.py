"""Money: integer fen inside, yuan where people read and write it. No float anywhere."""

import re
import unicodedata

import cn2an
from django.utils.translation import gettext as _

from yihu.common.refusals import Refused

MINUS = "−"
# Digits with or without commas in groups of three, and at most two decimals.
WRITTEN = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
# Digits of yuan. Ninety such amounts can still be summed in a BIGINT of fen.
MOST_DIGITS = 15


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals and a true minus sign: ``1,170.00``, ``−0.05``."""
    whole, rest = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}{whole:,}.{rest:02d}"


def parse_yuan(text: str, *, field: str = "") -> int:
    """Fen from what someone wrote: ``1,170.5``, ``￥1170``, ``1170 元``. Raises Refused, naming what is wrong."""
    # Full-width digits and signs become plain ones.
    plain = unicodedata.normalize("NFKC", text).replace(MINUS, "-").strip()
    plain = re.sub(r"^([+-]?)¥|元$|\s", r"\1", plain)
    if not plain:
        raise Refused(_("请填写金额。没有的填 0。"), field=field)
    written = WRITTEN.fullmatch(plain)
    if not written:
        raise Refused(_fault(text, plain), field=field)
    sign, whole, decimals = written.groups()
    whole = whole.replace(",", "").lstrip("0")
    if len(whole) > MOST_DIGITS:
        raise Refused(_("金额“{text}”太大，请核对位数。").format(text=text.strip()), field=field)
    fen = int(f"{whole}{(decimals or '').ljust(2, '0')}")
    return -fen if sign == "-" else fen


def capitals(fen: int) -> str:
    """Fen as papers of payment write it, by the rules of the People's Bank: ``壹仟壹佰柒拾元整``, ``负伍分``."""
    whole, rest = divmod(abs(fen), 100)
    written = cn2an.an2cn(f"{whole}.{rest:02d}", "rmb")
    return f"负{written}" if fen < 0 else written


def _fault(text: str, plain: str) -> str:
    text = text.strip()
    if re.fullmatch(r"[+-]?[0-9,]+\.[0-9]{3,}", plain):
        return _("金额“{text}”的小数多于两位。金额到分为止，例如 1170.50。").format(text=text)
    if re.fullmatch(r"[+-]?[0-9,]+(\.[0-9]{1,2})?", plain):
        return _("金额“{text}”的逗号位置不对。每三位一个逗号，或不写逗号，例如 1,170.50。").format(text=text)
    if plain.endswith("万"):
        return _("金额“{text}”请写成以元为单位的数字，例如 1.2 万写成 12000。").format(text=text)
    return _("“{text}”不是金额。请只写数字，以元为单位，最多两位小数，例如 1170.50。").format(text=text)
