"""What the invented departments do by themselves while the demonstration runs."""

from procrastinate.contrib.django import app

from demo import departments
from yihu.common.clock import today


@app.periodic(cron="* * * * *")
@app.task(name="demo.answer", queueing_lock="demo.answer")
def answer(timestamp: int) -> None:
    """Answer what was asked today."""
    departments.drop_answers(on=today())
