"""Thin routes: the log as data."""
