"""Django's own commands, on the database of this checkout unless DATABASE_URL names another."""

import os
import sys

from django.core.management import execute_from_command_line

from launcher import environment

# What changes tables is run by their owner; everything else as the web is, whom both locks bind.
OF_THE_OWNER = {"lock", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}


def main() -> None:
    """Run the command; the server is started for it, and stopped after it if nobody else is using it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    is_of_the_owner = not OF_THE_OWNER.isdisjoint(sys.argv[1:2])
    if os.environ.get("DATABASE_URL"):
        owner = os.environ.pop("DATABASE_OWNER_URL", "")
        if owner and is_of_the_owner:
            os.environ["DATABASE_URL"] = owner
        execute_from_command_line(sys.argv)
        return
    with environment.database() as database:
        os.environ.update(environment.environment(database.owner if is_of_the_owner else database.web))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
