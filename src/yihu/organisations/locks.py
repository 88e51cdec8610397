"""Who works where and who is related to whom is remembered; everybody may see whom he works with; and of two posts that
exclude each other nobody holds both at once, whatever writes it.
"""

from yihu.access.posts import posts
from yihu.common.locking.declarations import Frozen, History, NotRemembered, SeenByAll, Trigger
from yihu.organisations.enums import OWN_BODIES


def apart() -> str:
    """The pairs of posts that exclude each other, both ways, with the reason: rows of SQL from ``posts.yaml``."""
    pairs = [
        (kind.kind, other, kind.label, posts()[other].label, why)
        for kind in posts().values()
        for other, why in (kind.never_with or {}).items()
    ]
    # Without any there is yet a row, which is of no post.
    return ", ".join(
        "({})".format(", ".join("'{}'".format(word.replace("'", "''")) for word in pair))
        for pair in pairs or [("",) * 5]
    )


LOCKS = (
    # At the end of the transaction, so that a post may be given up and another taken in any order.
    Trigger(
        table="organisations_appointment",
        name="appointment_keeps_posts_apart",
        when="AFTER INSERT OR UPDATE OF post_id, staff_id, period",
        deferred=True,
        definer=True,
        body=f"""
        DECLARE clash record;
        BEGIN
            -- Two that are written at the same time would not see each other.
            PERFORM FROM organisations_staffmember s WHERE s.principal_id = NEW.staff_id FOR NO KEY UPDATE;
            SELECT n.name, x.label, x.other_label, x.why INTO clash
            FROM organisations_appointment a
                JOIN organisations_post p ON p.id = a.post_id
                JOIN (VALUES {apart()}) AS x (kind, other, label, other_label, why) ON x.kind = p.kind
                JOIN organisations_post q ON q.kind = x.other
                JOIN organisations_appointment b ON b.post_id = q.id AND b.staff_id = a.staff_id
                    AND b.period && a.period
                JOIN access_principal n ON n.id = a.staff_id
            WHERE a.id = NEW.id LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '% 不能同时担任%和%：%。', clash.name, clash.label, clash.other_label, clash.why
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END
        """,
    ),
    # What it may is by its kind: another kind is another post.
    Frozen(table="organisations_post", message="岗位的类别和所在不能改，也不能删除。请另设岗位。"),
    # Where the posts of an office may act is where it is.
    Frozen(
        table="organisations_office",
        message="机构所属的单位和所在的区划不能改，也不能删除。请另设机构。",
        but=("name", "telephone", "source_document", "source_clause", "source_date"),
    ),
    Frozen(table="organisations_organisation", message="单位的类别不能改，也不能删除。请另行登记。", but=("name",)),
    # Else a division would have two bodies of its own, and each post twice.
    Trigger(
        table="organisations_office",
        name="office_of_own_body_is_one",
        when="AFTER INSERT",
        definer=True,
        body=f"""
        DECLARE own text;
        BEGIN
            -- Two that are written at the same time would not see each other.
            PERFORM FROM organisations_division d WHERE d.path = NEW.division_id FOR NO KEY UPDATE;
            SELECT o.kind INTO own FROM organisations_organisation o WHERE o.id = NEW.organisation_id;
            IF own IN ({", ".join(f"'{kind.value}'" for kind in OWN_BODIES.values())}) AND EXISTS (
                SELECT FROM organisations_office f JOIN organisations_organisation o ON o.id = f.organisation_id
                WHERE f.division_id = NEW.division_id AND f.id <> NEW.id AND o.kind = own
            ) THEN
                RAISE EXCEPTION '这个区划已有同类单位的机构，不能再设一个。' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END
        """,
    ),
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
