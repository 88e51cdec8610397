"""Counting in the days on which offices work; in years without published holidays, from Monday to Friday."""

from datetime import date, timedelta

from yihu.common.working_days import WorkingDays, seed_from_chinesecalendar

_KNOWN = WorkingDays({day: worked for day, worked, _name in seed_from_chinesecalendar(range(2004, 2100))})
_DAY = timedelta(days=1)


def after(day: date, count: int) -> date:
    """The working day ``count`` working days later, earlier where negative; 0 moves a day off on to the next."""
    if count >= 0:
        return _KNOWN.add(day, count).date
    for _ in range(-count):
        day = worked_by(day - _DAY)
    return day


def worked_by(day: date) -> date:
    """The day itself if it is worked, else the last one before it that was."""
    while not _KNOWN.is_working(day):
        day -= _DAY
    return day


def after_notice(posted: date, length: int) -> date:
    """The working day after a notice of some days of the calendar has run."""
    return after(_KNOWN.add_calendar(posted, length).date, 1)


def before_notice(ended: date, length: int) -> date:
    """When a notice was posted after which the first working day is a given one."""
    return worked_by(after(ended, -1) - length * _DAY)
