"""Faults that people meet, each made on purpose and tried on the program: they end in help, with nothing left half."""

from benchmarks.faults.attempt import Outcome, attempt
from benchmarks.faults.case import Case
from benchmarks.faults.cases import CASES

__all__ = ["CASES", "Case", "Outcome", "attempt"]
