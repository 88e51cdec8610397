"""OpenFisca as a process of its own: run by the Python of ``var/bench/venv``, it imports nothing of the engine.

Reads one JSON object a line and answers with one. ``load`` reads the facts (not timed) in the dtype of
their Variables, so that ``set_input`` neither converts nor copies them. ``run`` is what a user of
OpenFisca does with arrays: declare persons and households, join them, set every input for the month,
calculate every outcome and payment; it answers with the seconds of building and of calculating, and
the processor's seconds of both.
"""

from __future__ import annotations

import gc
import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from peak import peak


class Peer:
    """One rule module and one population at a time."""

    def __init__(self, rules: Path, period: str) -> None:
        person = build_entity(key="person", plural="persons", label="", is_person=True)
        household = build_entity(
            key="household", plural="households", label="", roles=[{"key": "member", "plural": "members"}]
        )
        names: dict[str, Any] = {
            "np": np, "Variable": Variable, "MONTH": MONTH, "Person": person, "Household": household,
            "__name__": "rules",
        }  # fmt: skip
        exec(compile(rules.read_text(encoding="utf-8"), str(rules), "exec"), names)
        self.system = TaxBenefitSystem([person, household])
        self.dtypes: dict[str, str] = names["DTYPES"]
        self.outputs: list[str] = names["OUTPUTS"]
        for name, dtype in self.dtypes.items():
            self.system.add_variable(names[name])
            self.system.variables[name].dtype = np.dtype(dtype)
        self.period = period
        self.inputs: dict[str, np.ndarray] = {}
        self.owner = np.zeros(0, np.int64)
        self.count = 0
        self.results: dict[str, np.ndarray] = {}

    def load(self, folder: Path) -> dict[str, Any]:
        """Take the facts of a folder, one .npy a fact."""
        self.results = {}
        offsets = np.load(folder / "offsets.npy")
        self.count = len(offsets) - 1
        self.owner = np.repeat(np.arange(self.count), np.diff(offsets))
        self.inputs = {}
        for path in sorted([*folder.glob("household.*.npy"), *folder.glob("member.*.npy")]):
            name = path.name.split(".")[1]
            if name in self.dtypes:
                self.inputs[name] = np.load(path).astype(self.dtypes[name])
        return {"households": self.count}

    def run(self) -> dict[str, Any]:
        """The full run, in its two parts."""
        self.results = {}
        gc.collect()
        start, before = time.perf_counter(), time.process_time()
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        builder.declare_person_entity("person", np.arange(len(self.owner)))
        households = builder.declare_entity("household", np.arange(self.count))
        builder.join_with_persons(households, self.owner, np.zeros(len(self.owner), np.int64))
        simulation = builder.build(self.system)
        for name, array in self.inputs.items():
            simulation.set_input(name, self.period, array)
        built = time.perf_counter()
        self.results = {name: simulation.calculate(name, self.period) for name in self.outputs}
        stop = time.perf_counter()
        return {"build": built - start, "calculate": stop - built, "cpu": time.process_time() - before}

    def save(self, folder: Path) -> dict[str, Any]:
        """Give back what the last run answered."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self.results.items():
            np.save(folder / f"{name}.npy", array)
        return {"saved": len(self.results)}


def main() -> None:
    """Serve until standard input ends."""
    peer = Peer(Path(sys.argv[1]), sys.argv[2])
    versions = {name: version(name) for name in ("openfisca-core", "numpy")}
    _answer({"versions": versions, "python": platform.python_version(), "variables": len(peer.dtypes)})
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "load":
                _answer(peer.load(Path(asked["folder"])))
            case "run":
                _answer(peer.run())
            case "save":
                _answer(peer.save(Path(asked["folder"])))
            case "peak":
                _answer({"bytes": peak()})


def _answer(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
