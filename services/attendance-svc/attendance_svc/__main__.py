"""``python -m attendance_svc``: the service as a process."""

from attendance_svc.wiring import SERVICE
from chancery.web.serve import serve

if __name__ == "__main__":
    serve(SERVICE)
