"""chancery: the working rules of a local government, running.

The common library of the six services: events, the store they live in, the bus that carries them,
the rule engine, working days, and the web edge. It knows no service and no government.
"""
