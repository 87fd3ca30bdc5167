"""Somebody acts for an absent holder (代行、主持工作): begun and ended by event."""
