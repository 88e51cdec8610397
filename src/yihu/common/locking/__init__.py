"""What the database itself refuses, shows and remembers: each room's ``locks.py`` declares it, `lock` makes it so."""
