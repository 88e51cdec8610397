"""Django's own commands, on the database of this checkout unless DATABASE_URL names another."""

import os
import sys

from django.core.management import execute_from_command_line

from launcher import environment


def main() -> None:
    """Run the command; the server is started for it, and stopped after it if nobody else is using it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    with environment.database() as database:
        os.environ.update(environment.environment(database.owner))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
