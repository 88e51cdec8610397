"""Forms of the desk, and how what an action refuses comes back into them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm

from yihu.common.refusals import Refused


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """What is refused inside stands at its field, or over the form; what was typed stays."""
    try:
        yield
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
