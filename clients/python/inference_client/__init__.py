"""A client for the Inference server over gRPC, with errors that are types."""

from . import messages
from .client import InferenceClient, Service
from .details import ErrorDetails, FieldViolation, HelpLink, PreconditionViolation, QuotaViolation, Resource
from .errors import (
    AlreadyExistsError,
    CancelledError,
    DataLossError,
    DeadlineExceededError,
    FailedPreconditionError,
    InferenceError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
)
from .retry import retry_stream_when_told, retry_when_told

__all__ = [
    "AlreadyExistsError", "CancelledError", "DataLossError", "DeadlineExceededError", "ErrorDetails", "FailedPreconditionError",
    "FieldViolation", "HelpLink", "InferenceClient", "InferenceError", "InternalError", "InvalidArgumentError", "NotFoundError",
    "PermissionDeniedError", "PreconditionViolation", "QuotaViolation", "Resource", "ResourceExhaustedError", "Service",
    "UnauthenticatedError", "UnavailableError", "UnimplementedError", "messages", "retry_stream_when_told", "retry_when_told",
]
