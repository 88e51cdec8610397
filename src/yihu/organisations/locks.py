"""Who works where and who is related to whom is remembered; everybody may see whom he works with."""

from yihu.common.locking.declarations import History, NotRemembered, SeenByAll

LOCKS = (
    SeenByAll(table="organisations_division", why="divisions are public"),
    NotRemembered(table="organisations_division", why="brought in line with data kept beside the code"),
    SeenByAll(table="organisations_formercode", why="divisions are public"),
    NotRemembered(table="organisations_formercode", why="brought in line with data kept beside the code"),
    SeenByAll(table="organisations_office", why="offices are public"),
    NotRemembered(table="organisations_office", why="brought in line with data kept beside the code"),
    SeenByAll(table="organisations_staffmember", why="whom one works with, and who did what"),
    History(table="organisations_staffmember", key="principal_id"),
    SeenByAll(table="organisations_organisation", why="organisations are public"),
    History(table="organisations_organisation"),
    SeenByAll(table="organisations_partner", why="whom a family was shown to"),
    History(table="organisations_partner", key="principal_id"),
    SeenByAll(table="organisations_post", why="who may act where"),
    History(table="organisations_post"),
    SeenByAll(table="organisations_appointment", why="who may act where"),
    History(table="organisations_appointment"),
    SeenByAll(
        table="organisations_relative",
        why="a family's officer may be related to someone of another street; numbers are digests",
    ),
    History(table="organisations_relative"),
)
