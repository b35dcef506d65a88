"""Calls again where the server says that it helps.

Only after a failure with a ``retry_delay``, after that delay, and never once a stream has begun. A wait that would outlast the deadline is
not begun: the failure is raised instead. The deadline, a moment of ``time.monotonic``, is for all attempts together.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, AsyncIterator, Awaitable, Callable, Optional, TypeVar

from .errors import InferenceError

T = TypeVar("T")


async def retry_when_told(call: Callable[[], Awaitable[T]], *, deadline: Optional[float] = None, attempts: int = 5, wait: Callable[[float], Awaitable[Any]] = asyncio.sleep) -> T:
    """Makes a call with one answer, ``attempts`` times at most. ``wait`` is for tests."""
    attempt = 1
    while True:
        try:
            return await call()
        except InferenceError as failure:
            delay = failure.retry_delay
            if delay is None or attempt >= attempts or (deadline is not None and time.monotonic() + delay.total_seconds() >= deadline):
                raise
        await wait(delay.total_seconds())
        attempt += 1


async def retry_stream_when_told(call: Callable[[], AsyncIterator[T]], **options: Any) -> AsyncIterator[T]:
    """The same for a stream of answers."""

    async def begin() -> tuple[AsyncIterator[T], list[T]]:
        stream = call().__aiter__()
        try:
            return stream, [await stream.__anext__()]
        except StopAsyncIteration:
            return stream, []

    stream, first = await retry_when_told(begin, **options)
    try:
        for message in first:
            yield message
        async for message in stream:
            yield message
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
