"""Spreadsheets as colleagues send them, of an invented country, and the way from each to tables for a report."""

from benchmarks.spreadsheets.journey import Journey, journey
from benchmarks.spreadsheets.make import SPREADSHEETS

__all__ = ["SPREADSHEETS", "Journey", "journey"]
