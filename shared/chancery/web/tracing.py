"""Traces, where a collector is named: spans go out, and their ids stand in every event and message."""

from opentelemetry import trace
from opentelemetry.propagate import inject

from chancery.refusal import Fault


class NoExporter(Fault):
    """A collector is named, and the package that speaks to it is not there."""


def trace_to(endpoint: str, service: str) -> None:
    """Send spans to a collector over OTLP/HTTP.

    Raises:
        NoExporter: the exporter is not installed; it is a package of its own, for most houses have no collector.
    """
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # pyright: ignore[reportMissingImports]
            OTLPSpanExporter,  # pyright: ignore[reportUnknownVariableType]
        )
    except ImportError as error:
        raise NoExporter("Install opentelemetry-exporter-otlp-proto-http, or unset CHANCERY_OTLP_ENDPOINT.") from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"{service}-svc"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))  # pyright: ignore[reportUnknownArgumentType]
    trace.set_tracer_provider(provider)


def traceparent(received: str | None) -> str | None:
    """The id to carry on: that of the span under way, or the one that came with the request."""
    if not trace.get_current_span().get_span_context().is_valid:
        return received
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent", received)
