"""The messages of the contract, made from its descriptor set when this is imported.

There is no generated code, which would be bound to one version of protobuf: every attribute is a message or an enum of
``inference.v1`` by its name, for example ``messages.ChatRequest``.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal import enum_type_wrapper

PACKAGE = "inference.v1"

_pool = descriptor_pool.Default()


def _descriptor_set() -> Path:
    """Beside this file in an installed package; in the repository where the build puts it."""
    installed = Path(__file__).with_name("inference.binpb")
    if installed.exists():
        return installed
    named = os.environ.get("INFERENCE_DESCRIPTOR_SET")
    built = Path(named) if named else Path(__file__).parents[3] / "src/Inference.Contracts/obj/inference.binpb"
    if built.exists():
        return built
    raise ImportError(f"{built} is not there yet: dotnet build src/Inference.Contracts")


def _load() -> None:
    files = descriptor_pb2.FileDescriptorSet.FromString(_descriptor_set().read_bytes())
    for file in files.file:
        if file.name.startswith("google/"):
            # Those that Python packages bring are to be theirs: a message may come from either side.
            try:
                importlib.import_module(file.name[: -len(".proto")].replace("/", ".") + "_pb2")
                continue
            except ImportError:
                pass
        try:
            _pool.FindFileByName(file.name)
        except KeyError:
            _pool.AddSerializedFile(file.SerializeToString())


def message(full_name: str) -> type:
    """The class of a message by its full name."""
    descriptor = _pool.FindMessageTypeByName(full_name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(_pool).GetPrototype(descriptor)  # protobuf 4.21


def service(name: str) -> Any:
    """The descriptor of a service of ``inference.v1``."""
    return _pool.FindServiceByName(f"{PACKAGE}.{name}")


def __getattr__(name: str) -> Any:
    for found in (lambda: message(f"{PACKAGE}.{name}"), lambda: enum_type_wrapper.EnumTypeWrapper(_pool.FindEnumTypeByName(f"{PACKAGE}.{name}"))):
        try:
            globals()[name] = found()
            return globals()[name]
        except KeyError:
            pass
    raise AttributeError(name)


_load()
