"""What writes and reads office files. Pure builders: they know no service, no request and no database.

A ``Table`` is written as XLSX or CSV and read back; a ``Paper`` as DOCX and PDF; events as an iCalendar.
"""
