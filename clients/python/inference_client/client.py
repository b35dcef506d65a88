"""The services of one server."""

from __future__ import annotations

import time
from typing import Any, AsyncIterator, Mapping, Optional

import grpc
import grpc.aio

from . import messages
from .errors import typed


class Service:
    """The calls of one service, by their names in the contract. What fails, fails as an ``InferenceError``."""

    def __init__(self, channel: grpc.aio.Channel, name: str) -> None:
        self._calls: dict[str, Any] = {}
        for method in messages.service(name).methods:
            asks, answers = ("stream" if streaming else "unary" for streaming in (method.client_streaming, method.server_streaming))
            make = getattr(channel, f"{asks}_{answers}")
            self._calls[method.name] = make(
                f"/{messages.PACKAGE}.{name}/{method.name}",
                request_serializer=messages.message(method.input_type.full_name).SerializeToString,
                response_deserializer=messages.message(method.output_type.full_name).FromString,
            )

    async def unary(self, name: str, request: Any, *, deadline: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> Any:
        """Makes a call with one answer; UploadBlob takes an iterator of requests. ``deadline`` is a moment of ``time.monotonic``."""
        try:
            return await self._calls[name](request, timeout=_left(deadline), metadata=tuple((headers or {}).items()))
        except grpc.aio.AioRpcError as failure:
            raise typed(failure) from failure

    async def stream(self, name: str, request: Any, *, deadline: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> AsyncIterator[Any]:
        """Makes a call with a stream of answers. To close it ends the call."""
        call = self._calls[name](request, timeout=_left(deadline), metadata=tuple((headers or {}).items()))
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as failure:
            raise typed(failure) from failure
        finally:
            call.cancel()


class InferenceClient:
    """The services of one server. Whatever fails, fails as an ``InferenceError``.

    ``async with InferenceClient("127.0.0.1:11434") as client``
    """

    def __init__(self, target: str, *, credentials: Optional[grpc.ChannelCredentials] = None, options: Any = None) -> None:
        self._channel = grpc.aio.secure_channel(target, credentials, options) if credentials else grpc.aio.insecure_channel(target, options)
        self.inference = Service(self._channel, "InferenceService")
        self.models = Service(self._channel, "ModelService")
        self.server = Service(self._channel, "ServerService")

    def generate(self, request: Any, **options: Any) -> AsyncIterator[Any]:
        """Continues a prompt. To close the iterator ends the call."""
        return self.inference.stream("Generate", request, **options)

    def chat(self, request: Any, **options: Any) -> AsyncIterator[Any]:
        """Answers a conversation. To close the iterator ends the call."""
        return self.inference.stream("Chat", request, **options)

    def embed(self, request: Any, **options: Any) -> AsyncIterator[Any]:
        """Turns texts into vectors. To close the iterator ends the call."""
        return self.inference.stream("Embed", request, **options)

    async def close(self) -> None:
        await self._channel.close()

    async def __aenter__(self) -> "InferenceClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()


def _left(deadline: Optional[float]) -> Optional[float]:
    return None if deadline is None else max(0.0, deadline - time.monotonic())
