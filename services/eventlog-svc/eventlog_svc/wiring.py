"""What eventlog-svc is: it hears everybody, keeps what it heard, and shows it."""

from chancery.service import Service
from eventlog_svc.api import log, rules
from eventlog_svc.console import packs, pages
from eventlog_svc.projections.log import LOG, SOURCES

SERVICE = Service(
    name="eventlog",
    title_zh="事件日志服务",
    title_en="Event log",
    port=8106,
    heard=dict.fromkeys(SOURCES, (LOG,)),
    routers=(log.router, rules.router, pages.router, packs.router),
)
