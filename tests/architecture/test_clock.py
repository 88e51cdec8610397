"""The day is handed on: only the web and the jobs read the clock."""

import re

from tests.architecture.test_rooms import SRC, imports

CLOCK = SRC / "yihu/common/clock.py"
# The age of a file in the exchange folder is no day of any rule, nor is the moment that the database itself writes
# beside a row, whoever asks for it.
READS_THE_CLOCK = (
    r"\b(date|datetime|timezone)\.(today|now|utcnow)\(|\blocal(date|time)\(\)|CURRENT_DATE"
    r"|(?<!db_default=)(?<!db_default=django\.db\.models\.functions\.datetime\.)\bNow\(\)"
)


def test_one_file_reads_the_clock() -> None:
    readers = [
        path for path in SRC.joinpath("yihu").rglob("*.py") if re.search(READS_THE_CLOCK, path.read_text("utf-8"))
    ]

    assert readers == [CLOCK]


def test_only_the_web_and_the_jobs_ask_it() -> None:
    asking = {
        path.relative_to(SRC / "yihu")
        for path in SRC.joinpath("yihu").rglob("*.py")
        if any(module.startswith("yihu.common.clock") for module in imports(path))
    }

    assert asking
    assert all(path.parts[0] == "web" or path.name == "jobs.py" for path in asking)
