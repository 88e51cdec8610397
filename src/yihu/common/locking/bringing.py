"""Compares a database with what the rooms declare, and brings it there."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yihu.common.locking import catalog
from yihu.common.locking.catalog import Cursor, Found
from yihu.common.locking.declarations import WEB_ROLE, Function
from yihu.common.locking.declared import Declared

KINDS = {"function": _("函数"), "policy": _("行策略"), "trigger": _("触发器")}
# How the functions of the tables of work begin, which are not ours.
OF_THE_QUEUE = "procrastinate"
# What depends on others goes before them.
DROPPED_FIRST = ("trigger", "policy", "function")


class NotBrought(Exception):
    """The database is still not as declared; the message says in what."""


def differences(cursor: Cursor, wanted: Declared) -> list[str]:
    """In what a database differs from what is declared, in words; nothing where they agree. It reads only."""
    found = catalog.objects(cursor, wanted.tables)
    told = [
        _("多余：{what}").format(what=_called(key[:3])) for key, each in found.items() if _is_odd(key, each, wanted)
    ]
    told += [
        _("改动过：{what}").format(what=_called(key[:3])) for key, each in found.items() if _differs(key, each, wanted)
    ]
    there = {key[:3] for key in found}
    told += [_("缺少：{what}").format(what=_called(key)) for key in wanted.parts if key not in there]
    laid = catalog.partitioned(cursor)
    told += [
        _("没有按月分区：{table}。这张表要由它的迁移（PartitionByMonth）建成。").format(table=table)
        for table, column in wanted.by_month.items()
        if laid.get(table) != f"RANGE ({column})"
    ]
    told += [words for words, _statement in _openness(cursor, wanted)]
    return told


def bring(cursor: Cursor, wanted: Declared) -> list[str]:
    """Bring a database to what is declared, within the transaction of the cursor; what was changed, in words.

    Must run as the owner of the tables. Raises NotBrought where it did not succeed.
    """
    told = differences(cursor, wanted)
    if not told:
        return []
    found = catalog.objects(cursor, wanted.tables)
    wrong = [(key, each) for key, each in found.items() if _is_odd(key, each, wanted) or _differs(key, each, wanted)]
    # What stands on a function that goes, goes with it, and is missing afterwards like everything else.
    for key, each in sorted(wrong, key=lambda one: DROPPED_FIRST.index(one[0][0])):
        kind = key[0].upper()
        cursor.execute(f"DROP {kind} IF EXISTS {each.address.removeprefix(f'{kind} ')} CASCADE")
    there = {key[:3] for key in catalog.objects(cursor, wanted.tables)}
    made = {key: part for key, part in wanted.parts.items() if key not in there}
    if made:
        # An extension is loaded when it is first used, and its settings may not be set before.
        cursor.execute("SELECT show_limit()")
        cursor.execute("\n".join(part.sql for part in made.values()))
        remarks = [
            f"COMMENT ON {each.address} IS '{each.comment_for(made[key[:3]].sql)}';"
            for key, each in catalog.objects(cursor, wanted.tables).items()
            if key[:3] in made
        ]
        cursor.execute("\n".join(remarks))
    for statement in [statement for _words, statement in _openness(cursor, wanted) if statement]:
        cursor.execute(statement)
    left = differences(cursor, wanted)
    if left:
        raise NotBrought("\n".join(left))
    return told


def _is_odd(key: tuple[str, str, str, str], found: Found, wanted: Declared) -> bool:
    """Whether nobody declares it any more. A function that this system did not make is left to whoever made it."""
    return key[:3] not in wanted.parts and (key[0] != "function" or found.is_ours)


def _differs(key: tuple[str, str, str, str], found: Found, wanted: Declared) -> bool:
    part = wanted.parts.get(key[:3])
    return part is not None and not found.is_as_made_by(part.sql)


def _called(key: tuple[str, str, str]) -> str:
    kind, table, name = key
    return f"{KINDS[kind]} {name}（{table}）" if table else f"{KINDS[kind]} {name}"


def _openness(cursor: Cursor, wanted: Declared) -> Iterator[tuple[str, str]]:
    """Row security and grants that are not as declared, in words and with the statement that mends them; an empty one
    where that is not the owner's to do.
    """
    has_web = catalog.has_web_role(cursor, WEB_ROLE)
    for name, table in sorted(catalog.tables(cursor, WEB_ROLE).items()):
        if name in wanted.tables and table.row_security is not (name in wanted.row_secured):
            verb = "ENABLE" if name in wanted.row_secured else "DISABLE"
            yield (
                _("行级安全：{table}").format(table=name),
                f'ALTER TABLE "{name}" {verb} ROW LEVEL SECURITY',
            )
        if table.is_public:
            yield _("对所有角色开放：{table}").format(table=name), f'REVOKE ALL ON "{name}" FROM PUBLIC'
        if has_web and table.verbs != set(wanted.verbs(name)):
            verbs = ", ".join(wanted.verbs(name))
            yield (
                _("网页角色的权限：{table}").format(table=name),
                f'REVOKE ALL ON "{name}" FROM {WEB_ROLE}; GRANT {verbs} ON "{name}" TO {WEB_ROLE}',
            )
    for name, whose in catalog.open_partitions(cursor):
        yield (
            _("分区单独对人开放：{table}（{role}）").format(table=name, role=whose),
            f'REVOKE ALL ON "{name}" FROM {whose}',
        )
    for name, address, roles in catalog.callers(cursor):
        allowed = _callers(name, roles, wanted, has_web)
        if roles != allowed:
            statements = [f"REVOKE ALL ON FUNCTION {address} FROM {role}" for role in sorted(roles - allowed)]
            statements += [f"GRANT EXECUTE ON FUNCTION {address} TO {role}" for role in sorted(allowed - roles)]
            yield _("谁可以调用：{function}").format(function=address), "; ".join(statements)
    if has_web:
        if catalog.may_use_large_objects(cursor, WEB_ROLE):
            yield (
                _(
                    "网页角色可以存取大对象（lo_…），那里没有行级安全，也不记变更。这些函数属于数据库的管理员，"
                    "请他照 docs/how-to/two-database-roles.md 收回。"
                ),
                "",
            )
        for name in catalog.closed_sequences(cursor, WEB_ROLE):
            yield (
                _("网页角色取不到号：{sequence}").format(sequence=name),
                f'GRANT USAGE, SELECT ON SEQUENCE "{name}" TO {WEB_ROLE}',
            )


def _callers(name: str, found: frozenset[str], wanted: Declared, has_web: bool) -> frozenset[str]:
    """Who may call a function besides its owner. One that this system did not make is left to whoever made it, but
    that everybody may; those of the tables of work are called by the worker.
    """
    part = wanted.parts.get(("function", "", name))
    if part is None and not name.startswith(OF_THE_QUEUE):
        return found - {"PUBLIC"}
    declared = part.callers if isinstance(part, Function) else (WEB_ROLE,)
    return frozenset(declared if has_web else ())
