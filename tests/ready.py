"""Databases in which something has already happened, so that a test of a late step does not walk there itself."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import LazySettings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.databases import Template

T = TypeVar("T")


@dataclass
class Ready:
    """What one worker has led to a step: a database for each, made when a test first asks for it."""

    template: Template
    worker: str
    blocker: DjangoDbBlocker
    folder: Path
    made: dict[str, object] = field(default_factory=dict)

    @contextmanager
    def at(self, step: str, lead: Callable[[], T], settings: LazySettings) -> Iterator[T]:
        """What ``lead`` gave when it led there, in a database that holds what it left; nothing done in it stays.

        ``lead`` runs once, without a transaction around it, in an empty database. Whoever uses this uses no other
        database: not the fixture ``db``.
        """
        with self._led(step, lead, settings), transaction.atomic():
            yield cast(T, copy.deepcopy(self.made[step]))
            transaction.set_rollback(True)

    def open(self, step: str, lead: Callable[[], T], settings: LazySettings) -> T:
        """The same, in a database that the web may write: for whoever uses `transactional_db`, in the place of whose
        database a copy is put.
        """
        usual = connection.settings_dict["NAME"]
        with self._led(step, lead, settings):
            pass
        self.template.copy_to(usual, of=self._name(step))
        return cast(T, copy.deepcopy(self.made[step]))

    @contextmanager
    def _led(self, step: str, lead: Callable[[], T], settings: LazySettings) -> Iterator[None]:
        folder = self.folder / step
        settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = folder / "documents", folder / "exchange"
        with self.blocker.unblock(), self._connected(step):
            if step not in self.made:
                self.made[step] = lead()
            yield

    def _name(self, step: str) -> str:
        return f"{self.template.copies}{self.worker}_{step}"

    @contextmanager
    def _connected(self, step: str) -> Iterator[None]:
        name = self._name(step)
        if step not in self.made:
            self.template.copy_to(name)
        usual: dict[str, Any] = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(self.template.settings(name))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(usual)
