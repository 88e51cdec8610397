"""Who acts and how he gets in is remembered; whoever works here may see whom he works with."""

from yihu.common.locking.declarations import History, SeenByAll

LOCKS = (
    SeenByAll(table="access_principal", why="whom one works with, and who did what"),
    History(table="access_principal"),
    SeenByAll(table="access_login", why="names of accounts; whoever logs in is found here before anybody acts"),
    History(table="access_login", key="principal_id"),
)
