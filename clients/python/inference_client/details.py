"""What a failed call says besides its code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Iterable, Mapping, Optional

from . import messages

_STATUS = messages.message("google.rpc.Status")


@dataclass(frozen=True)
class FieldViolation:
    """A field that is wrong, by its path in proto names."""

    field: str
    description: str
    reason: str


@dataclass(frozen=True)
class PreconditionViolation:
    """What must be changed before such a call can succeed."""

    type: str
    subject: str
    description: str


@dataclass(frozen=True)
class QuotaViolation:
    """What is used up."""

    subject: str
    description: str


@dataclass(frozen=True)
class Resource:
    """What is absent or damaged."""

    type: str
    name: str
    description: str


@dataclass(frozen=True)
class HelpLink:
    """Where people read on."""

    description: str
    url: str


@dataclass(frozen=True)
class ErrorDetails:
    """The details of ``google.rpc.Status``, by type. What was not sent is empty."""

    reason: str = ""
    """An ``ErrorReason`` without its prefix, for example ``MODEL_NOT_FOUND``; empty where the failure is not the server's own."""
    domain: str = ""
    """Who gives the reason its meaning: ``inference``."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Every variable part of the message, under the keys that the reason has in ``errors.proto``."""
    field_violations: tuple[FieldViolation, ...] = ()
    precondition_violations: tuple[PreconditionViolation, ...] = ()
    quota_violations: tuple[QuotaViolation, ...] = ()
    resource: Optional[Resource] = None
    help_links: tuple[HelpLink, ...] = ()
    retry_delay: Optional[timedelta] = None
    """How long to wait before the same call may succeed. None: do not retry."""
    request_id: Optional[str] = None
    """What the server's log knows the call by."""


def read(trailers: Iterable[tuple[str, Any]], headers: Iterable[tuple[str, Any]] = ()) -> ErrorDetails:
    """Reads them from the trailers of a call, and its id also from the headers."""
    trailing, leading = _first(trailers), _first(headers)
    found = _unpack(trailing.get("grpc-status-details-bin"))
    info, resource = found.get("ErrorInfo"), found.get("ResourceInfo")
    retry, request = found.get("RetryInfo"), found.get("RequestInfo")
    return ErrorDetails(
        reason=info.reason if info else "",
        domain=info.domain if info else "",
        metadata=dict(info.metadata) if info else {},
        # Newer than the field_violations of some installed googleapis packages.
        field_violations=tuple(FieldViolation(v.field, v.description, getattr(v, "reason", "")) for v in _of(found, "BadRequest", "field_violations")),
        precondition_violations=tuple(PreconditionViolation(v.type, v.subject, v.description) for v in _of(found, "PreconditionFailure", "violations")),
        quota_violations=tuple(QuotaViolation(v.subject, v.description) for v in _of(found, "QuotaFailure", "violations")),
        resource=Resource(resource.resource_type, resource.resource_name, resource.description) if resource else None,
        help_links=tuple(HelpLink(link.description, link.url) for link in _of(found, "Help", "links")),
        retry_delay=_wait(trailing.get("grpc-retry-pushback-ms"), retry.retry_delay.ToTimedelta() if retry and retry.HasField("retry_delay") else None),
        request_id=(request.request_id if request else None) or trailing.get("x-request-id") or leading.get("x-request-id"),
    )


def _first(metadata: Optional[Iterable[tuple[str, Any]]]) -> dict[str, Any]:
    """The first value of each key. grpc's own mapping is iterated as pairs."""
    found: dict[str, Any] = {}
    for key, value in metadata or ():
        found.setdefault(key, value)
    return found


def _unpack(sent: Optional[bytes]) -> dict[str, Any]:
    """The first of each type, by its name in google.rpc; those that this client does not know are left out."""
    found: dict[str, Any] = {}
    for any_ in _STATUS.FromString(sent).details if sent else ():
        name = any_.type_url.rpartition("/")[2]
        short = name.rpartition(".")[2]
        if name == f"google.rpc.{short}" and short not in found:
            try:
                found[short] = messages.message(name).FromString(any_.value)
            except KeyError:
                pass
    return found


def _of(found: dict[str, Any], name: str, rows: str) -> Iterable[Any]:
    return getattr(found[name], rows) if name in found else ()


def _wait(pushback: Optional[str], told: Optional[timedelta]) -> Optional[timedelta]:
    """As gRPC's retry design reads the trailer: what is no number, or below zero, says not to retry."""
    if pushback is None:
        return told
    if not re.fullmatch("[0-9]+", pushback):
        return None
    return told if told is not None else timedelta(milliseconds=int(pushback))
