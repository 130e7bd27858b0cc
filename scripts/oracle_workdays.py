#!/usr/bin/env python3
"""Writes tests/data/workdays-2018-2026.txt: whether each day was worked, by an independent package.

The calendar in config/calendar/ was made from the holiday notices. This list comes from the PyPI
package `chinesecalendar`, whose authors read the same notices themselves; tests/it/calendar/oracle.rs
compares the two day by day. Run it again when a year is added:

    pip install chinesecalendar
    python3 scripts/oracle_workdays.py > tests/data/workdays-2018-2026.txt
"""

from datetime import date, timedelta
from importlib.metadata import version

import chinese_calendar

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)


def main() -> None:
    print(f"# Made by scripts/oracle_workdays.py from the PyPI package chinesecalendar {version('chinesecalendar')}.")
    print("# One line a day: 1 is a working day, 0 a rest day. Do not edit.")
    day = FIRST
    while day <= LAST:
        print(day.isoformat(), int(chinese_calendar.is_workday(day)))
        day += timedelta(days=1)


if __name__ == "__main__":
    main()
