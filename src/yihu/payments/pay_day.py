"""The day by which the money of a month arrives."""

from datetime import date, timedelta

from yihu.common.calendar import working_days

# 民发〔2012〕220号 第三十一条: "每月10日前". 民发〔2021〕57号 第二十五条 says since 2021-07 only "按月". The day is
# kept after it as well: it is never against the law to be on time, and families plan by it.
DAY = 10
# A run that is made after it is still to be checked, and the bank wants a day.
LATE_BY = 2


def default_pay_on(month: date, *, on: date) -> date:
    """The 10th of the month paid for, or the last working day before it; once it went by, in two working days."""
    days = working_days()
    wanted = month.replace(day=DAY)
    while not days.is_working(wanted):
        wanted -= timedelta(days=1)
    return wanted if wanted >= on else days.add(on, LATE_BY).date
