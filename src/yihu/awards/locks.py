"""Awards are seen with their family; what one pays and rests on never changes."""

from yihu.common.locking.declarations import Frozen, History, Trigger, by_area, refuse, with_household

LOCKS = (
    with_household("awards_award"),
    Frozen(
        table="awards_award",
        but=("period", "ended_by_id", "end_reason"),
        message="待遇的金额和依据不能改动，请重新认定。",
    ),
    # Its start never moves, and what has ended does not run on: that takes a new award. One that is ended in the month
    # from which it was to run never runs; what came in running has begun, and is never without its period.
    Trigger(
        table="awards_award",
        name="keep_award_start",
        when="BEFORE UPDATE OF period",
        body=f"""
        BEGIN
            IF NOT NEW.period <@ OLD.period OR (
                lower(NEW.period) IS DISTINCT FROM lower(OLD.period)
                AND NOT (isempty(NEW.period) AND NEW.opening_id IS NULL)
            ) THEN
                {refuse("待遇的起始月份不能改动，停发的待遇不能接着发，请重新认定。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    History(table="awards_award", household="r.household_id"),
    by_area("awards_openingimport"),
    Frozen(table="awards_openingimport", message="期初名单一经载入不能改动。"),
    History(table="awards_openingimport"),
    by_area("awards_openinglist"),
    History(table="awards_openinglist"),
)
