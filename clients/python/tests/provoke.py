"""Makes the calls that come in, one JSON object a line, and prints how each ended: for a test that compares them over all languages."""

import asyncio
import json
import sys
import time

import grpc
from google.protobuf import json_format

from inference_client import InferenceClient, InferenceError, messages
from inference_client.errors import typed

SERVICES = {"InferenceService": "inference", "ModelService": "models", "ServerService": "server"}


async def main():
    clients = {}
    for line in sys.stdin:
        asked = json.loads(line)
        address = asked["address"]
        if address not in clients:
            clients[address] = InferenceClient(address)
        print(json.dumps({"name": asked["name"], **await end(clients[address], asked)}))
    for client in clients.values():
        await client.close()


async def end(client, asked):
    service, call = asked["method"].split("/")
    options = {"deadline": time.monotonic() + asked["timeout_ms"] / 1000, "headers": asked["headers"]}
    count = 0
    try:
        method = messages.service(service).methods_by_name.get(call)
        if method is None:
            await unknown(client, f"/{messages.PACKAGE}.{asked['method']}", asked["headers"])
        request = json_format.ParseDict(asked["request"], messages.message(method.input_type.full_name)())
        calls = getattr(client, SERVICES[service])
        if method.server_streaming:
            async for _ in calls.stream(call, request, **options):
                count += 1
        else:
            await calls.unary(call, request, **options)
            count += 1
        return {"messages": count, "failure": None}
    except InferenceError as error:
        return {"messages": count, "failure": decoded(error)}


async def unknown(client, path, headers):
    """A method that the contract lacks."""
    try:
        await client._channel.unary_unary(path)(b"", metadata=tuple(headers.items()))
    except grpc.aio.AioRpcError as failure:
        raise typed(failure) from failure


def decoded(error):
    d = error.details
    return {
        "family": type(error).__name__[: -len("Error")],
        "code": error.code.value[0],
        "message": error.message,
        "reason": error.reason,
        "domain": d.domain,
        "metadata": error.metadata,
        "field_violations": [[v.field, v.description, v.reason] for v in d.field_violations],
        "precondition_violations": [[v.type, v.subject, v.description] for v in d.precondition_violations],
        "quota_violations": [[v.subject, v.description] for v in d.quota_violations],
        "resource": [d.resource.type, d.resource.name, d.resource.description] if d.resource else None,
        "help_links": [[link.description, link.url] for link in d.help_links],
        "retry_delay_ms": error.retry_delay.total_seconds() * 1000 if error.retry_delay is not None else None,
        "request_id": error.request_id,
    }


asyncio.run(main())
