"""What we promise to listeners: a JSON Schema per event version, one AsyncAPI document, and a guard.

The promise is kept in ``docs/contracts``; ``python -m chancery.contracts check`` fails when the code no longer
keeps it, ``… write`` renews it where the change breaks nobody.
"""

from chancery.contracts.compare import Change, compare
from chancery.contracts.documents import asyncapi, event_schemas, schema_of

__all__ = ["Change", "asyncapi", "compare", "event_schemas", "schema_of"]
