"""The demonstration: real matters as scenarios, told step by step."""
