"""Figures for Prometheus: what is counted as it happens, and what is looked up when somebody asks."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Figures:
    """The figures of one service. Nothing in a label names a person or a government."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "chancery_requests", "answered requests", ["operation", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "chancery_request_seconds",
            "time to answer",
            ["operation"],
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        self._commands = Counter(
            "chancery_commands", "commands by what became of them", ["thing", "outcome"], registry=self.registry
        )
        self.restarts = Counter(
            "chancery_task_restarts", "work started again after it failed", ["task"], registry=self.registry
        )
        self.position = Gauge("chancery_position", "last position of the event table", registry=self.registry)
        self.relay_lag = Gauge("chancery_relay_lag", "events stored and not yet told", registry=self.registry)
        self.consumer_lag = Gauge(
            "chancery_consumer_lag", "events told and not yet heard", ["consumer", "source"], registry=self.registry
        )
        self.dead_letters = Gauge("chancery_dead_letters", "parked events", registry=self.registry)
        self.deadlines_due = Gauge("chancery_deadlines_due", "deadlines due and not yet fired", registry=self.registry)
        self.deadlines_running = Gauge("chancery_deadlines_running", "deadlines that run", registry=self.registry)
        self.append_batches = Gauge("chancery_append_batches", "commits of the appender so far", registry=self.registry)
        self.append_commands = Gauge("chancery_append_commands", "commands in them", registry=self.registry)
        self._reloads = Counter(
            "chancery_rules_reloads", "reloads of the rule packs by outcome", ["outcome"], registry=self.registry
        )
        self.rules_stale = Gauge(
            "chancery_rules_stale",
            "1 while the packs in the folder do not load and older ones serve",
            registry=self.registry,
        )
        self.up = Gauge("chancery_up", "the service answers", ["service"], registry=self.registry)
        self.up.labels(service).set(1)
        self._of_request: dict[tuple[str, str, int], Counter] = {}
        self._of_operation: dict[str, Histogram] = {}
        self._of_command: dict[tuple[str, str], Counter] = {}

    def answered(self, operation: str, method: str, status: int, seconds: float) -> None:
        key = (operation, method, status)
        counter = self._of_request.get(key)
        if counter is None:
            counter = self._of_request[key] = self._requests.labels(operation, method, str(status))
        counter.inc()
        histogram = self._of_operation.get(operation)
        if histogram is None:
            histogram = self._of_operation[operation] = self._seconds.labels(operation)
        histogram.observe(seconds)

    def reloaded(self, *, well: bool) -> None:
        self._reloads.labels("loaded" if well else "refused").inc()
        self.rules_stale.set(0 if well else 1)

    def commanded(self, thing: str, outcome: str) -> None:
        key = (thing, outcome)
        counter = self._of_command.get(key)
        if counter is None:
            counter = self._of_command[key] = self._commands.labels(thing, outcome)
        counter.inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
