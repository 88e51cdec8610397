"""Several people doing something at the same moment, each on a connection of his own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from yihu.access.actor import Actor
from yihu.access.scope import acting


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each of them gives or raises, all of them beginning together on connections of their own."""
    found: list[object] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(at: int) -> None:
        try:
            barrier.wait(10)
            found[at] = works[at]()
        except Exception as error:
            found[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def scoped(actor: Actor, work: Callable[..., object], **options: Any) -> Callable[[], object]:
    """What someone does, within his areas."""

    def run() -> object:
        with acting(actor):
            return work(by=actor, **options)

    return run
