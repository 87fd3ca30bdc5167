"""Rehearsal: scenarios anyone can read, run on the real services under the simulated clock."""

from chancery.rehearsal.scenario import Problem, Scenario, load, load_all

__all__ = ["Problem", "Scenario", "load", "load_all"]
