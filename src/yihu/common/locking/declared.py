"""All that the rooms declare, gathered and checked: the whole of the locks, before any database is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.translation import gettext as _

from yihu.common.locking.declarations import (
    VERBS,
    ByMonth,
    Function,
    History,
    Lock,
    NotRemembered,
    Part,
    Policy,
    SeenByAll,
    TableGrant,
    closed_to_outsiders,
)

SAID_OF_TABLES = (SeenByAll, NotRemembered, History, ByMonth)


class BadDeclaration(Exception):
    """What the rooms declare does not fit together; the message says where and what is missing."""


@dataclass(frozen=True)
class Declared:
    """What the database is to have. ``tables`` are those of the rooms, in the rooms' order.

    ``parts`` in the order in which they can be made; ``grants`` holds what the web may do with a table that says so,
    ``by_month`` the column by which a table is partitioned.
    """

    tables: tuple[str, ...]
    parts: dict[tuple[str, str, str], Part]
    grants: dict[str, tuple[str, ...]]
    by_month: dict[str, str]

    @property
    def row_secured(self) -> frozenset[str]:
        """The tables whose rows are shown by policies."""
        return frozenset(table for kind, table, _name in self.parts if kind == "policy")

    def verbs(self, table: str) -> tuple[str, ...]:
        """What the role of the web may do with a table."""
        return self.grants.get(table, VERBS)


def declared() -> Declared:
    """What all rooms declare. Raises BadDeclaration."""
    tables, locks = [], []
    for config in apps.get_app_configs():
        if not config.name.startswith("yihu."):
            continue
        models = [model for model in config.get_models() if model._meta.managed]
        tables += [model._meta.db_table for model in models]
        if find_spec(f"{config.name}.locks"):
            locks += import_module(f"{config.name}.locks").LOCKS
        elif models:
            raise BadDeclaration(_("{room} 有表而没有 locks.py。").format(room=config.name))
    return gather(tables, locks)


def gather(tables: Iterable[str], locks: Iterable[Lock]) -> Declared:
    """The locks of these tables. Raises BadDeclaration, and names every table of which something is not said."""
    tables, locks = tuple(tables), tuple(locks)
    parts: dict[tuple[str, str, str], Part] = {}
    for lock in locks:
        for part in lock.parts():
            if part.key in parts:
                raise BadDeclaration(_("声明了两次：{what}").format(what=" ".join(filter(None, part.key))))
            parts[part.key] = part
    for table in tables:
        closed = closed_to_outsiders(table)
        parts.setdefault(closed.key, closed)
    faults = []
    of = {kind: {lock.table for lock in locks if isinstance(lock, kind)} for kind in SAID_OF_TABLES}
    # A declaration for a table that no room has is a slip of the pen.
    for table in sorted(set().union(*of.values()) - set(tables)):
        faults.append(_("{table} 不是任何一室的表。").format(table=table))
    shown = {lock.table for lock in locks if isinstance(lock, Policy) and lock.verb == "ALL" and not lock.restrictive}
    for table in tables:
        if (table in shown) is (table in of[SeenByAll]):
            faults.append(_("{table}：要么声明谁看得见，要么说明为什么人人看得见。").format(table=table))
        if (table in of[History]) is (table in of[NotRemembered]):
            faults.append(_("{table}：要么记住变更，要么说明为什么不记。").format(table=table))
    if faults:
        raise BadDeclaration("\n".join(faults))
    grants = {lock.table: tuple(lock.verbs) for lock in locks if isinstance(lock, TableGrant)}
    by_month = {lock.table: lock.column for lock in locks if isinstance(lock, ByMonth)}
    return Declared(tables, dict(sorted(parts.items(), key=_order)), grants, by_month)


def _order(named: tuple[tuple[str, str, str], Part]) -> int:
    # Sorting is stable: among functions the rooms' own order holds.
    part = named[1]
    if isinstance(part, Function):
        return 0 if part.returns != "trigger" else 1
    return 2
