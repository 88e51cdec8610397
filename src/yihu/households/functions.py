"""Functions of the database around families: people are found as one types, within one's areas alone, and whoever is on
file anywhere is not registered twice.
"""

from yihu.common.locking.declarations import WEB, Function, reaches, refuse
from yihu.households.enums import HEAD


def prefix(of: str, typed: str) -> tuple[str, str]:
    """What begins with a text, and its order: a range in the order of characters, usable in any collation."""
    return f'{of} COLLATE "C" >= {typed} AND {of} COLLATE "C" < {typed} || chr(1114111)', f'{of} COLLATE "C"'


JOINED_PINYIN = "replace(p.pinyin, ' ', '')"

# The kinds of text that someone may type, each searched in its ways; what fits best comes first.
WAYS_TO_A_PERSON = (
    ("identity", "p.identity_digest = identity", "p.id"),
    ("tail", "p.identity_tail = tail AND p.identity_tail <> ''", "p.id"),
    ("name", *prefix("p.name", "name")),
    ("name", *prefix("substr(p.name, 2)", "name")),
    ("pinyin", *prefix(JOINED_PINYIN, "pinyin")),
    ("pinyin", *prefix("split_part(p.pinyin, ' ', 2)", "pinyin")),
    ("initials", *prefix("p.initials", "initials")),
    # Only where nothing else fits: a slip of the fingers.
    ("likeness", f"n = 0 AND {JOINED_PINYIN} % likeness", f"{JOINED_PINYIN} <-> likeness, p.id"),
)
WAYS_TO_A_FAMILY = (
    ("telephone", "h.telephone_digest = telephone", "h.number"),
    ("number", *prefix("h.number", "number")),
    ("serial", "right(h.number, 6) = serial", "h.number"),
)
# What is handed to the search, by name and type.
TYPED = {
    "areas": "text[]",
    "most": "integer",
    "identity": "bytea",
    "telephone": "bytea",
    "number": "text",
    "tail": "text",
    "serial": "text",
    "name": "text",
    "pinyin": "text",
    "initials": "text",
    "likeness": "text",
}

# What is kept from whoever acts does not exist for him here either.
IN_REACH = "h.division_id ^@ ANY (areas) AND h.id <> ALL (kept)"
# In a street or a district, the people who fit are gone through until enough live there.
PERSON = f"""
    IF {{typed}} IS NOT NULL AND n < most THEN
        FOR household_id, person_id IN
            SELECT h.id, p.id FROM households_person p JOIN households_household h ON h.id = p.household_id
            WHERE {{fits}} AND {IN_REACH} AND p.id <> ALL (seen)
            ORDER BY {{order}} LIMIT most - n
        LOOP
            way := '{{typed}}'; n := n + 1; seen := seen || person_id;
            RETURN NEXT;
        END LOOP;
    END IF;
"""
# A family is shown by its head, a closed one by whoever was in it.
FAMILY = f"""
    IF {{typed}} IS NOT NULL AND n < most THEN
        FOR household_id, person_id IN
            SELECT h.id, m.person_id FROM households_household h LEFT JOIN LATERAL (
                SELECT m.person_id FROM households_member m WHERE m.household_id = h.id
                ORDER BY upper_inf(m.period) DESC, m.relation = 2 DESC, m.id LIMIT 1
            ) m ON true
            WHERE {{fits}} AND {IN_REACH} ORDER BY {{order}} LIMIT most - n
        LOOP
            way := '{{typed}}'; n := n + 1; seen := seen || person_id;
            RETURN NEXT;
        END LOOP;
    END IF;
"""
# In a community of some hundred families it is quicker to go through all who live there, all ways at once.
NEIGHBOURS = f"""
    RETURN QUERY
    SELECT p.household_id, p.id, (ARRAY{[typed for typed, _, _ in WAYS_TO_A_PERSON]})[fit.at]
    FROM (
        SELECT p.* FROM households_household h JOIN households_person p ON p.household_id = h.id
        WHERE h.division_id = ANY (areas) AND h.id <> ALL (kept) AND p.id <> ALL (seen) OFFSET 0
    ) p
    CROSS JOIN LATERAL (
        SELECT CASE {" ".join(f"WHEN {fits} THEN {at}" for at, (_, fits, _) in enumerate(WAYS_TO_A_PERSON, 1))} END
    ) fit (at)
    WHERE fit.at IS NOT NULL ORDER BY fit.at, p.pinyin COLLATE "C", p.id LIMIT most - n;
"""
# Under row security such ranges and trigrams leave their indexes unused; the function runs as the owner of the tables.
SEARCH_PEOPLE = Function(
    name="search_people",
    callers=WEB,
    arguments=", ".join(f"{name} {kind}" for name, kind in TYPED.items()),
    returns="TABLE (household_id bigint, person_id bigint, way text)",
    volatility="STABLE",
    definer=True,
    settings=("pg_trgm.similarity_threshold = 0.6",),
    body=f"""
#variable_conflict use_variable
DECLARE
    n integer := 0;
    seen bigint[] := '{{}}';
    kept bigint[] := app_kept();
BEGIN
    -- The second lock holds here too: an area that does not lie within those of whoever acts is none.
    areas := ARRAY(SELECT area FROM unnest(areas) area WHERE {reaches("area")});
    {"".join(FAMILY.format(typed=typed, fits=fits, order=order) for typed, fits, order in WAYS_TO_A_FAMILY)}
    IF (
        SELECT bool_and(coalesce(d.level = 'community', false))
        FROM unnest(areas) area LEFT JOIN organisations_division d ON d.path = area
    ) THEN
        {NEIGHBOURS}
        RETURN;
    END IF;
    {"".join(PERSON.format(typed=typed, fits=fits, order=order) for typed, fits, order in WAYS_TO_A_PERSON)}
END
""",
)
# It runs past the areas and tells a window no more than where someone is on file; that file says who asked.
# ``besides`` is a family that he has open already.
# Of one number there is one person; two people of one name and birth date have two, unless one of them has none yet.
PEOPLE_ON_FILE = Function(
    name="people_on_file",
    callers=WEB,
    arguments="digests bytea[], names text[], birth_dates date[], besides bigint",
    returns="TABLE (digest bytea, name text, birth_date date, street text, household_number text)",
    language="sql",
    definer=True,
    body=f"""
    WITH found AS (
        SELECT p.* FROM households_person p WHERE p.identity_digest = ANY (digests) AND NOT app_is_outside()
        UNION
        SELECT p.* FROM unnest(digests, names, birth_dates) AS asked (digest, name, birth_date)
        JOIN households_person p ON p.name COLLATE "C" = asked.name AND p.birth_date = asked.birth_date
        WHERE (asked.digest IS NULL OR p.identity_digest IS NULL) AND NOT app_is_outside()
    ), noted AS (
        INSERT INTO households_fileread (household_id, kind, purpose, detail)
        SELECT p.household_id, 'comparison', 'change',
            left(string_agg(p.name, '、' ORDER BY p.id), 200)
        FROM found p
        WHERE NOT EXISTS (
            SELECT FROM households_household h
            WHERE h.id = p.household_id AND h.id = besides AND {reaches("h.division_id")}
        )
        GROUP BY p.household_id
    )
    SELECT p.identity_digest, p.name, p.birth_date, s.name, h.number
    FROM found p
    JOIN households_household h ON h.id = p.household_id
    JOIN organisations_division c ON c.path = h.division_id
    JOIN organisations_division s ON s.path = c.parent_id
    ORDER BY p.id
""",
)
# A relative is one wherever he lives: whoever moved away has past cases here.
FAMILIES_OF = Function(
    name="families_of",
    callers=WEB,
    arguments="digests bytea[], day date",
    returns="TABLE (household_id bigint, number text)",
    language="sql",
    volatility="STABLE",
    definer=True,
    body="""
    SELECT DISTINCT h.id, h.number
    FROM households_person p
    JOIN households_member m ON m.person_id = p.id AND m.period @> day
    JOIN households_household h ON h.id = m.household_id
    WHERE p.identity_digest = ANY (digests) AND NOT app_is_outside()
    """,
)
# The one door through which a partner sees anything of a family: what a grant of his organisation names, and no more;
# the family's file says who looked and for what. The day is that of the database: who comes in from outside must not
# say what day it is. Where the family moved out of the area of those who granted it, nothing is shown.
DISCLOSED = Function(
    name="disclosed",
    callers=WEB,
    arguments="wanted bigint, wanted_for text",
    returns="jsonb",
    definer=True,
    settings=("timezone = 'Asia/Shanghai'",),
    body=f"""
    DECLARE granted households_grant; whose text; shown jsonb; day date := statement_timestamp()::date;
    BEGIN
        SELECT g.* INTO granted
        FROM organisations_partner p
            JOIN access_principal a ON a.id = p.principal_id AND a.is_active
            JOIN households_grant g ON g.organisation_id = p.organisation_id
            JOIN households_household h ON h.id = g.household_id AND (h.closed_on IS NULL OR h.closed_on > day)
        WHERE p.principal_id = app_actor()
            AND g.household_id = wanted AND g.purpose = wanted_for AND g.period @> day
            AND (g.ended_on IS NULL OR g.ended_on > day) AND h.division_id ^@ g.granted_in_id;
        IF NOT FOUND THEN
            {refuse("没有这一户这项用途的有效授权，不能提供。请向民政部门申请授权。")}
        END IF;
        SELECT o.name INTO whose FROM organisations_organisation o WHERE o.id = granted.organisation_id;
        INSERT INTO households_fileread (household_id, kind, purpose, detail)
        VALUES (wanted, 'disclosure', wanted_for, whose);
        SELECT jsonb_build_object(
            'number', h.number,
            'head', (
                SELECT p.name FROM households_member m JOIN households_person p ON p.id = m.person_id
                WHERE m.household_id = h.id AND m.period @> day AND m.relation = {HEAD}
            ),
            'size', (SELECT count(*) FROM households_member m WHERE m.household_id = h.id AND m.period @> day),
            'community', (SELECT d.name FROM organisations_division d WHERE d.path = h.division_id),
            'address', h.address
        ) INTO shown FROM households_household h WHERE h.id = wanted;
        RETURN (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(shown) e WHERE e.key = ANY (granted.fields));
    END
    """,
)
FUNCTIONS = (SEARCH_PEOPLE, PEOPLE_ON_FILE, FAMILIES_OF, DISCLOSED)
