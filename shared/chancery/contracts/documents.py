"""Schemas and the AsyncAPI document, made from the declarations alone."""

from typing import Any

from chancery.events import REGISTRY, Event

Schema = dict[str, Any]

SERVICES = ("attendance", "meeting", "document", "supervision", "disclosure", "eventlog")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

EXTENSIONS: dict[str, Schema] = {
    "tenant": {"type": "string", "description": "The government. 所属政府"},
    "streamversion": {
        "type": "integer",
        "minimum": 1,
        "description": "Place within its stream, from 1. 在本事项中的序号",
    },
    "schemaversion": {"type": "integer", "minimum": 1, "description": "Version of the event's shape. 事件格式版本"},
    "position": {"type": "integer", "minimum": 1, "description": "Place in the service's log, without gaps. 总序号"},
    "recordedtime": {"type": "string", "format": "date-time", "description": "When it was stored. 记录时间"},
    "commandid": {"type": "string", "format": "uuid", "description": "The command that led to it. 命令编号"},
    "correlationid": {"type": "string", "format": "uuid", "description": "The matter. 事项编号"},
    "causationid": {"type": "string", "format": "uuid", "description": "The event it follows from. 起因事件"},
    "clauses": {"type": "string", "description": "Clause ids it rests on, joined by spaces. 依据条款"},
    "leaf": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the stored fields. 存证散列"},
    "traceparent": {"type": "string", "description": "W3C trace context. 跟踪上下文"},
    "chancerymeta": {"type": "string", "description": "The stored meta, byte for byte, as JSON. 原始元数据"},
}


def schema_of(cls: type[Event]) -> Schema:
    """The JSON Schema (2020-12) of one event's body in its present version."""
    body = cls.model_json_schema(mode="serialization")
    return {
        "$schema": DIALECT,
        "$id": f"urn:chancery:{cls.event_name}:{cls.event_version}",
        **body,
    }


def event_schemas() -> dict[str, Schema]:
    """Present schemas by file stem: ``meeting.minutes_issued.v1``."""
    found: dict[str, Schema] = {}
    for name in REGISTRY.names():
        cls = REGISTRY.of(name)
        found[f"{name}.v{cls.event_version}"] = schema_of(cls)
    return found


def emitters(name: str) -> tuple[str, ...]:
    """The services that tell an event: its own, or every one for what the house itself tells."""
    family = name.partition(".")[0]
    return (family,) if family in SERVICES else SERVICES


def asyncapi() -> Schema:
    """The AsyncAPI 3.0 document of the whole house."""
    channels: Schema = {}
    operations: Schema = {}
    messages: Schema = {}
    for name in REGISTRY.names():
        cls = REGISTRY.of(name)
        local = name.partition(".")[2]
        key = name.replace(".", "_")
        summary = (cls.__doc__ or "").strip().splitlines()[0]
        messages[key] = {
            "name": name,
            "title": cls.__name__,
            "summary": summary,
            "contentType": "application/cloudevents+json",
            "payload": _envelope(name, cls.event_version),
        }
        for service in emitters(name):
            channel = f"{service}_{local}"
            channels[channel] = {
                "address": f"evt.{{tenant}}.{service}.{local}",
                "parameters": {"tenant": {"description": "The government whose event it is. 所属政府"}},
                "messages": {key: {"$ref": f"#/components/messages/{key}"}},
            }
            operations[f"tell_{channel}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel}"},
                "messages": [{"$ref": f"#/channels/{channel}/messages/{key}"}],
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "chancery events 政务工作规则事件",
            "version": "1",
            "description": (
                "Every service keeps one JetStream stream whose sequence equals the position in its log. "
                "Payloads are CloudEvents 1.0 in structured JSON.\n\n"
                "每个服务一条 JetStream 流，流序号即日志位置；内容为 CloudEvents 1.0 结构化 JSON。"
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _envelope(name: str, version: int) -> Schema:
    return {
        "$schema": DIALECT,
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "tenant", "position", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"type": "string", "description": "The service that tells it. 发布服务"},
            "type": {"const": name},
            "subject": {"type": "string", "format": "uuid", "description": "The stream: which thing. 事物编号"},
            "time": {"type": "string", "format": "date-time", "description": "When it happened. 发生时间"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"const": f"urn:chancery:{name}:{version}"},
            **EXTENSIONS,
            "data": {"$ref": f"./events/{name}.v{version}.json"},
        },
    }
