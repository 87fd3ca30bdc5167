"""``python -m tests.web.serve_trial``: the trial service as a process, to be killed."""

from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.serve import run
from tests.web.trial import SERVICE

if __name__ == "__main__":
    settings = Settings()
    run(create_app(SERVICE, settings), settings, settings.port or 0)
