"""The families of failures, by gRPC code."""

from __future__ import annotations

from datetime import timedelta
from typing import Mapping, Optional

import grpc
import grpc.aio

from . import details as _details
from .details import ErrorDetails, FieldViolation, PreconditionViolation, QuotaViolation, Resource


class InferenceError(Exception):
    """A call failed.

    Its class is the family: catch the family that you can do something about, and look at ``reason`` where that tells more. A reason that
    is not known to you needs nothing else.
    """

    def __init__(self, code: grpc.StatusCode, message: str, details: ErrorDetails) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    @property
    def reason(self) -> str:
        """Why, for a program: for example ``MODEL_NOT_FOUND``."""
        return self.details.reason

    @property
    def metadata(self) -> Mapping[str, str]:
        """The variable parts of the message."""
        return self.details.metadata

    @property
    def retry_delay(self) -> Optional[timedelta]:
        """How long to wait before the same call may succeed. None: do not retry."""
        return self.details.retry_delay

    @property
    def request_id(self) -> Optional[str]:
        """What the server's log knows the call by."""
        return self.details.request_id


class NotFoundError(InferenceError):
    """A model, adapter or blob is not there: pull it, or correct the name."""

    @property
    def resource(self) -> Optional[Resource]:
        return self.details.resource


class AlreadyExistsError(InferenceError):
    """What was to be made is there already."""

    @property
    def resource(self) -> Optional[Resource]:
        return self.details.resource


class InvalidArgumentError(InferenceError):
    """The request is wrong, whatever the state of the server."""

    @property
    def field_violations(self) -> tuple[FieldViolation, ...]:
        return self.details.field_violations


class FailedPreconditionError(InferenceError):
    """The request is right, and this model or server cannot do it: another one may."""

    @property
    def violations(self) -> tuple[PreconditionViolation, ...]:
        return self.details.precondition_violations


class ResourceExhaustedError(InferenceError):
    """The queue, the memory or the disk is full. Retry if there is a ``retry_delay``; else ask for less."""

    @property
    def violations(self) -> tuple[QuotaViolation, ...]:
        return self.details.quota_violations


class UnavailableError(InferenceError):
    """The server cannot be reached, or not now. With a ``retry_delay`` it said so itself."""


class CancelledError(InferenceError):
    """The call was cancelled. To cancel the task that makes it raises asyncio's own error instead, as everywhere."""

    @property
    def phase(self) -> Optional[str]:
        """How far the call was, if the server could still say it."""
        return self.metadata.get("phase")


class DeadlineExceededError(InferenceError):
    """The deadline passed."""

    @property
    def phase(self) -> Optional[str]:
        """How far the call was, if the server could still say it."""
        return self.metadata.get("phase")


class DataLossError(InferenceError):
    """A file of a model is damaged: pull or create it again."""

    @property
    def resource(self) -> Optional[Resource]:
        return self.details.resource


class UnauthenticatedError(InferenceError):
    """A remote wants an account."""

    @property
    def signin_url(self) -> Optional[str]:
        return self.metadata.get("signin_url")


class PermissionDeniedError(InferenceError):
    """Not allowed here, whoever asks or whoever is signed in."""


class UnimplementedError(InferenceError):
    """This server cannot do that at all."""

    @property
    def feature(self) -> Optional[str]:
        return self.metadata.get("feature")


class InternalError(InferenceError):
    """The server failed, or a code came that has no family. Report it with its ``request_id``."""


_FAMILIES = {
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExistsError,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgumentError,
    grpc.StatusCode.OUT_OF_RANGE: InvalidArgumentError,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPreconditionError,
    grpc.StatusCode.ABORTED: FailedPreconditionError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhaustedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.CANCELLED: CancelledError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.DATA_LOSS: DataLossError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDeniedError,
    grpc.StatusCode.UNIMPLEMENTED: UnimplementedError,
}


def typed(failure: grpc.aio.AioRpcError) -> InferenceError:
    """The typed form of what grpc raised, to be raised from it."""
    details = _details.read(failure.trailing_metadata(), failure.initial_metadata())
    return _FAMILIES.get(failure.code(), InternalError)(failure.code(), failure.details() or "", details)
