"""Databases in which something has already happened, so that a test of a late step does not walk there itself."""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from django.conf import LazySettings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from tests.databases import Template

T = TypeVar("T")


@dataclass
class Ready:
    """What one worker has led to a step: a database for each, made when a test first asks for it.

    Each keeps its connection for the tests that follow: what a server process has learnt about tables and their
    policies costs more than many a test.
    """

    template: Template
    worker: str
    blocker: DjangoDbBlocker
    folder: Path
    made: dict[str, object] = field(default_factory=dict)
    used: Iterator[int] = field(default_factory=count)
    connected: dict[str, BaseDatabaseWrapper] = field(default_factory=dict)

    @contextmanager
    def at(self, step: str, lead: Callable[[], T], settings: LazySettings, *, after: str = "") -> Iterator[T]:
        """What ``lead`` gave when it led there, in a database that holds what it left and with a copy of its papers;
        nothing done in it stays. What the database checks only at the end of a transaction, it checks at the end.

        ``lead`` runs once, without a transaction around it, in an empty database, or in a copy of that of the step
        ``after``, which was made before. Whoever uses this uses no other database: not the fixture ``db``.
        """
        self.lead(step, lead, settings, after)
        papers = self.folder / f"{step}-{next(self.used)}"
        shutil.copytree(self.folder / step, papers)
        with self._at_work(step, papers, settings), transaction.atomic():
            yield self.given(step)
            connection.check_constraints()
            transaction.set_rollback(True)

    def open(self, step: str, lead: Callable[[], T], settings: LazySettings) -> T:
        """The same, in a database that the web may write: for whoever uses `transactional_db`, in the place of whose
        database a copy is put.
        """
        usual = connection.settings_dict["NAME"]
        connection.close()
        self.lead(step, lead, settings)
        self._copy(usual, of=step)
        _keep_papers(self.folder / step, settings)
        return self.given(step)

    def lead(self, step: str, lead: Callable[[], object], settings: LazySettings, after: str = "") -> None:
        """Lead to a step, once."""
        if step in self.made:
            return
        papers = self.folder / step
        if after:
            shutil.copytree(self.folder / after, papers)
        else:
            papers.mkdir()
        with self.blocker.unblock():
            self._copy(self._name(step), of=after)
            self.connected[step] = self._connection(step)
            with self._at_work(step, papers, settings):
                self.made[step] = lead()

    def given(self, step: str) -> Any:
        """What ``lead`` gave when it led to a step that was made."""
        return copy.deepcopy(self.made[step])

    def close(self) -> None:
        """Let go of the databases."""
        with self.blocker.unblock():
            for each in self.connected.values():
                each.close()

    @contextmanager
    def _at_work(self, step: str, papers: Path, settings: LazySettings) -> Iterator[None]:
        """In the database of a step."""
        _keep_papers(papers, settings)
        with self.blocker.unblock():
            usual = connections[DEFAULT_DB_ALIAS]
            connections[DEFAULT_DB_ALIAS] = self.connected[step]
            try:
                yield
            finally:
                connections[DEFAULT_DB_ALIAS] = usual

    def _name(self, step: str) -> str:
        return f"{self.template.copies}{self.worker}_{step}"

    def _copy(self, name: str, *, of: str) -> None:
        """A copy of a step's database, which nobody may be connected to meanwhile, or of an empty one."""
        if of:
            self.connected[of].close()
        self.template.copy_to(name, of=self._name(of) if of else "")

    def _connection(self, step: str) -> BaseDatabaseWrapper:
        made = connections.create_connection(DEFAULT_DB_ALIAS)
        made.settings_dict = {**made.settings_dict, **self.template.settings(self._name(step))}
        return made


def _keep_papers(folder: Path, settings: LazySettings) -> None:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = folder / "documents", folder / "exchange"
