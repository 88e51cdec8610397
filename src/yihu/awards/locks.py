"""Awards are seen with their family or their person; what was set down of them never changes; what is due of them."""

from yihu.awards import due
from yihu.common.locking.declarations import (
    WEB,
    Frozen,
    Function,
    History,
    Policy,
    Signed,
    Trigger,
    by_area,
    reaches,
    refuse,
    with_row,
)

LOCKS = (
    # A person takes his claim along; where his file is now, it is seen and can be taken up again.
    Policy(
        table="awards_award",
        name="by_area",
        using="EXISTS (SELECT FROM households_household o WHERE o.id = awards_award.household_id)"
        " OR EXISTS (SELECT FROM households_person o WHERE o.id = awards_award.person_id)",
    ),
    Frozen(table="awards_award", but=("household_id",), message="待遇的项目和归属不能改动。"),
    History(table="awards_award", household="r.household_id"),
    with_row("awards_awardterm", "award_id", "awards_award"),
    Frozen(table="awards_awardterm", message="待遇一经定下不能改动，请重新认定或者终止。"),
    # What the form refuses, an import and whatever else writes a term are refused too.
    Trigger(
        table="awards_awardterm",
        name="check_award_term",
        when="BEFORE INSERT",
        body=f"""
        DECLARE
            kind text;
            form text;
            born date;
            died date;
        BEGIN
            SELECT a.kind, a.form, p.birth_date, p.died_on INTO kind, form, born, died
            FROM awards_award a LEFT JOIN households_person p ON p.id = a.person_id WHERE a.id = NEW.award_id;
            IF kind IS NULL THEN
                {refuse("没有这笔待遇，或者它不在您负责的区域。")}
            END IF;
            IF kind = 'month' AND (
                extract(day FROM lower(NEW.period)) <> 1 OR coalesce(extract(day FROM upper(NEW.period)), 1) <> 1
            ) THEN
                {refuse("按月的待遇从月初起，到月初止。")}
            END IF;
            IF NEW.stops THEN
                IF NOT EXISTS (SELECT FROM awards_awardterm t WHERE t.award_id = NEW.award_id AND NOT t.stops) THEN
                    {refuse("没有开始过的待遇不能终止。")}
                END IF;
                RETURN NEW;
            END IF;
            IF form = 'money' AND (NEW.amount IS NULL OR NEW.help <> '')
                OR form = '' AND (NEW.amount IS NOT NULL OR NEW.help <> '')
                OR form NOT IN ('', 'money') AND NEW.help = '' THEN
                {refuse("发钱的要有金额，身份没有金额，别的帮助要写明内容。")}
            END IF;
            IF NEW.opening_id IS NOT NULL AND (kind <> 'month' OR form <> 'money') THEN
                {refuse("在册名单只载入按月发的钱，别的待遇请在这里认定。")}
            END IF;
            IF lower(NEW.period) < date_trunc('month', born)::date OR lower(NEW.period) > died THEN
                {refuse("待遇不能从出生以前或者去世以后起。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    History(table="awards_awardterm", household="(SELECT a.household_id FROM awards_award a WHERE a.id = r.award_id)"),
    Function(
        name="awards_due",
        callers=WEB,
        arguments=due.ARGUMENTS,
        returns=due.FOUND,
        language="sql",
        volatility="STABLE",
        body=due.FUNCTION,
    ),
    # Whoever is to be counted by an award is held until the end of the transaction, by the rows of the people: of two
    # who grant at the same moment, in two districts, the second waits and then finds what the first has granted.
    Function(
        name="awards_hold",
        callers=WEB,
        arguments="whom bigint[]",
        returns="void",
        language="sql",
        volatility="VOLATILE",
        definer=True,
        body="""
        SELECT FROM households_person WHERE id = ANY (whom) AND NOT app_is_outside() ORDER BY id FOR NO KEY UPDATE
        """,
    ),
    # Whom a term counts: the person whose award it is, those whom its determination counted, and of an opening balance,
    # which names nobody, whoever lived there when it came in.
    Function(
        name="awards_counted_by",
        callers=WEB,
        arguments="household bigint, person bigint, determination bigint, opening bigint",
        returns="bigint[]",
        language="sql",
        volatility="STABLE",
        body="""
        SELECT CASE
            WHEN person IS NOT NULL THEN ARRAY[person]
            WHEN determination IS NOT NULL THEN (
                SELECT coalesce(array_agg(counted.person), '{}')
                FROM policy_determination d, unnest(d.people) WITH ORDINALITY AS counted (person, nth)
                WHERE d.id = determination
                    AND coalesce(d.record->'members'->(nth::int - 1)->>'counted_member', '1') <> '0'
            )
            ELSE (
                SELECT coalesce(array_agg(m.person_id), '{}')
                FROM awards_openingimport o, households_member m
                WHERE o.id = opening AND m.household_id = household AND m.period @> o.imported_on
            )
        END
        """,
    ),
    # The terms of other awards by which somebody is counted in a period, and who: as far as whoever asks sees them.
    Function(
        name="awards_counting",
        callers=WEB,
        arguments="whom bigint[], programmes text[], months daterange, besides bigint",
        returns="TABLE (term bigint, who bigint[])",
        language="sql",
        volatility="STABLE",
        body="""
        SELECT t.id, ARRAY(SELECT unnest(whom) INTERSECT SELECT unnest(counted.people))
        FROM awards_award a
        JOIN awards_awardterm t ON t.award_id = a.id AND NOT t.stops AND t.period && months,
        LATERAL (
            SELECT awards_counted_by(a.household_id, a.person_id, t.determination_id, t.opening_id)
        ) AS counted (people)
        WHERE a.id <> besides AND a.programme = ANY (programmes)
            -- Whoever is counted in a family was a member of it.
            AND (a.person_id = ANY (whom) OR a.person_id IS NULL AND a.household_id IN (
                SELECT m.household_id FROM households_member m WHERE m.person_id = ANY (whom)
            ))
            -- What ended before, or was replaced as a whole, is in nobody's way.
            AND NOT EXISTS (
                SELECT FROM awards_awardterm l
                WHERE l.award_id = t.award_id AND l.id > t.id AND l.period && t.period
                    AND lower(l.period) <= greatest(lower(months), lower(t.period))
            )
            AND counted.people && whom
        """,
    ),
    # Whether somebody is counted by help that lies out of sight of whoever asks: in another district, or in a family
    # that is kept from him. It says yes or no, and neither who nor where.
    Function(
        name="awards_counted_elsewhere",
        callers=WEB,
        arguments="whom bigint[], programmes text[], months daterange, besides bigint",
        returns="boolean",
        language="sql",
        volatility="STABLE",
        definer=True,
        body=f"""
        SELECT NOT app_is_outside() AND EXISTS (
            SELECT FROM awards_counting(whom, programmes, months, besides) c
            JOIN awards_awardterm t ON t.id = c.term
            JOIN awards_award a ON a.id = t.award_id
            JOIN households_household h ON h.id = a.household_id
            WHERE ({reaches("h.division_id")}) IS NOT TRUE OR h.id = ANY (app_kept())
        )
        """,
    ),
    # Nobody is granted to for a month for which the same programme counts him in another family, whoever writes the row
    # and wherever. What older books brought is taken as it was; payments holds back what it would pay twice.
    Trigger(
        table="awards_awardterm",
        name="count_once",
        when="BEFORE INSERT",
        condition="NOT NEW.stops AND NEW.determination_id IS NOT NULL",
        definer=True,
        body=f"""
        DECLARE
            claim awards_award;
            counted bigint[];
        BEGIN
            SELECT * INTO claim FROM awards_award a WHERE a.id = NEW.award_id;
            IF claim.kind <> 'month' OR claim.form <> 'money' OR claim.person_id IS NOT NULL THEN
                RETURN NEW;
            END IF;
            counted := awards_counted_by(claim.household_id, NULL, NEW.determination_id, NULL);
            PERFORM awards_hold(counted);
            IF EXISTS (
                SELECT FROM awards_counting(counted, ARRAY[claim.programme::text], NEW.period, claim.id) c
                JOIN awards_awardterm t ON t.id = c.term
                JOIN awards_award a ON a.id = t.award_id AND a.household_id <> claim.household_id
            ) THEN
                {refuse("这一户有人同一个月已算在另一户的同一项待遇里，不能再算。请先在那里终止。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    with_row("awards_delivery", "term_id", "awards_awardterm"),
    Frozen(
        table="awards_delivery",
        but=("received_on", "received_by", "receipt", "recorded_by_id", "refused_on", "refused_because"),
        message="交付的内容不能改动。",
    ),
    # Given out by one and taken down by another: each writes his own name.
    Signed(table="awards_delivery", column="delivered_by_id", message="送出只能登记在正在登记的人名下。"),
    Signed(table="awards_delivery", column="recorded_by_id", message="交付的结果只能登记在正在登记的人名下。"),
    # Only what is not money is delivered, and what became of it stays so.
    Trigger(
        table="awards_delivery",
        name="check_delivery",
        when="BEFORE INSERT OR UPDATE",
        body=f"""
        BEGIN
            IF TG_OP = 'UPDATE' AND (OLD.received_on IS NOT NULL OR OLD.refused_on IS NOT NULL) THEN
                {refuse("这一次交付已经登记过结果，不能再改。")}
            END IF;
            IF NOT EXISTS (
                SELECT FROM awards_awardterm t JOIN awards_award a ON a.id = t.award_id
                WHERE t.id = NEW.term_id AND NOT t.stops AND a.form NOT IN ('', 'money')
            ) THEN
                {refuse("只有实物、名额、券卡、减免和服务才有交付。")}
            END IF;
            IF NOT EXISTS (
                SELECT FROM awards_awardterm t JOIN awards_award a ON a.id = t.award_id
                WHERE t.id = NEW.term_id AND NEW.what = t.help AND NEW.period = CASE a.kind
                    WHEN 'month' THEN date_trunc('month', NEW.delivered_on)::date
                    ELSE coalesce(a.pay_period, lower(t.period)) END
            ) THEN
                {refuse("交付的内容和所属期要和待遇一致。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    History(
        table="awards_delivery",
        household="(SELECT a.household_id FROM awards_awardterm t JOIN awards_award a ON a.id = t.award_id"
        " WHERE t.id = r.term_id)",
    ),
    Policy(
        table="awards_proposal",
        name="by_area",
        using="EXISTS (SELECT FROM households_household o WHERE o.id = awards_proposal.household_id)"
        " OR EXISTS (SELECT FROM households_person o WHERE o.id = awards_proposal.person_id)",
    ),
    Frozen(
        table="awards_proposal",
        but=("state", "decided_on", "decided_by_id", "because", "term_id"),
        message="提议的内容不能改动。",
    ),
    # What was decided stays so.
    Trigger(
        table="awards_proposal",
        name="keep_decided_proposal",
        when="BEFORE UPDATE",
        body=f"""
        BEGIN
            IF OLD.state <> 'waiting' THEN
                {refuse("这一件已经办理，不能再改。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    History(table="awards_proposal", household="r.household_id"),
    by_area("awards_calendarlook"),
    Frozen(table="awards_calendarlook", message="查看的记录不能改动。"),
    History(table="awards_calendarlook"),
    by_area("awards_openingimport"),
    Frozen(table="awards_openingimport", message="期初名单一经载入不能改动。"),
    History(table="awards_openingimport"),
    by_area("awards_openinglist"),
    History(table="awards_openinglist"),
)
