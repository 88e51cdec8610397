"""Letters are seen with their family; their words never change."""

from yihu.common.locking.declarations import Frozen, History, with_household

LOCKS = (
    with_household("letters_letter"),
    Frozen(
        table="letters_letter",
        but=("delivered_on", "delivery", "received_by"),
        message="通知书一经发出不能改动。",
    ),
    History(table="letters_letter", household="r.household_id"),
)
