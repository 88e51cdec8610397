"""A determination is seen with its family and never changes; facts of many families are handed out by columns."""

from yihu.common.locking.declarations import WEB, Frozen, Function, History, reaches, with_household

# Under row security each fact would be looked up with its person and his household: 6,000 families took a second and a
# half, and take four tenths so. The function keeps to the same areas: once for a person, not once for a fact.
FACTS_AS_COLUMNS = f"""
    WITH candidate AS (
        SELECT f.household_id AS subject, false AS of_member, f.*
        FROM households_fact f JOIN households_household h ON h.id = f.household_id
        WHERE f.household_id = ANY (households) AND {reaches("h.division_id")}
        UNION ALL
        SELECT f.person_id, true, f.*
        FROM households_fact f
            JOIN households_person p ON p.id = f.person_id
            JOIN households_household h ON h.id = p.household_id
        WHERE f.person_id = ANY (people) AND {reaches("h.division_id")}
    ), chosen AS (
        SELECT DISTINCT ON (of_member, subject, name) of_member, subject, name, value
        FROM candidate
        WHERE period @> on_day AND known_on <= known_by
        ORDER BY of_member, subject, name,
            array_position(ARRAY['declared', 'received', 'verified'], source::text) DESC, known_on DESC, id DESC
    )
    SELECT i.number,
        array_send(array_agg(c.subject)),
        array_send(array_agg((c.value ->> i.engine_name IS NOT NULL)::int::bigint)),
        array_send(array_agg(coalesce((c.value ->> i.engine_name)::bigint, 0)))
    FROM chosen c
        JOIN unnest(names, of_members, engine_names) WITH ORDINALITY AS i (name, of_member, engine_name, number)
            ON i.name = c.name AND i.of_member = c.of_member
    GROUP BY i.number
"""

LOCKS = (
    with_household("policy_determination"),
    Frozen(table="policy_determination", message="认定一经作出不能改动，请重新认定。"),
    History(table="policy_determination", household="r.household_id"),
    Function(
        name="policy_facts_as_columns",
        callers=WEB,
        arguments="households bigint[], people bigint[], on_day date, known_by date,"
        " names text[], of_members boolean[], engine_names text[]",
        returns="TABLE (number bigint, subjects bytea, known bytea, integers bytea)",
        language="sql",
        volatility="STABLE",
        definer=True,
        body=FACTS_AS_COLUMNS,
    ),
)
