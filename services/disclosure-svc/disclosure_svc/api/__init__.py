"""Thin routes: translate, hand over, answer."""
