"""The command ``yihu``: what needs no database answers at once, the rest is one of Django's commands."""

import os
import sys
from collections.abc import Sequence

from policy_files import cli

MANAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "manage.py")
# Of Django's commands, those that a reader of the manual should find here.
NEED_DATABASE = {"replay": "按当时的事实和政策再算一遍认定"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is that of whoever does the work."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] and given[0] in NEED_DATABASE:
        # Another program in place of this one: only manage.py knows how to find, or start, the checkout's database.
        os.execv(sys.executable, [sys.executable, MANAGE, *given])
    return cli.main(given, besides=NEED_DATABASE)


if __name__ == "__main__":
    sys.exit(main())
