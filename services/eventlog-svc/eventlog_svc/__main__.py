"""``python -m eventlog_svc``: the service as a process."""

from chancery.web.serve import serve
from eventlog_svc.wiring import SERVICE

if __name__ == "__main__":
    serve(SERVICE)
