"""First answer of a process: from starting Python to the explanation of one family, printed.

Pack loaded and checked, plan of the day resolved, family assessed and explained. Beside it Python
that does nothing, and Python that imports NumPy, which is the least that any peer would need.
"""

from __future__ import annotations

from bench import fresh
from bench.report import Options, Report, alone, interleaved, seconds

_PROGRAM = """
from datetime import date
import policy_packs
from policy_engine import Family, assess, explain, render_text
plan = policy_packs.load({pack!r}).plan(date.fromisoformat({day!r}))
facts = {{scope: {{n.name: max(n.low, min(n.high, 0)) for n in plan.input_nodes if n.of == scope}}
         for scope in ("household", "member")}}
for result in assess(plan, Family(facts["household"], [facts["member"]])).results:
    print(render_text(explain(result)))
"""


def run(options: Options, report: Report) -> None:
    """Fresh processes, taking turns."""
    program = _PROGRAM.format(pack=options.pack, day=options.day.isoformat())
    sides = {
        "answer": seconds(lambda: fresh.run(["-c", program])),
        "bare": seconds(lambda: fresh.run(["-c", "pass"])),
        "numpy": seconds(lambda: fresh.run(["-c", "import numpy"])),
    }
    for side in sides.values():
        side()
    took = interleaved(sides, 3 if options.quick else 9)
    report.add("进程的第一个结论", took["answer"], "秒", "python -c pass", took["bare"])
    report.add("进程的第一个结论", took["answer"], "秒", "import numpy", took["numpy"])


if __name__ == "__main__":
    alone(run)
