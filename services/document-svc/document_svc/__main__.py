"""``python -m document_svc``: the service as a process."""

from chancery.web.serve import serve
from document_svc.wiring import SERVICE

if __name__ == "__main__":
    serve(SERVICE)
