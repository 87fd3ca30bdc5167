"""Somebody asks for information: from the receipt to the answer (依申请公开)."""
