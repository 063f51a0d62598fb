"""The libraries of Go that speak the protocols in the real service."""

from enum import Enum


class Library(Enum):
    """Each writes errors and headers in its own way."""

    GRPC_GO = "grpc-go"
    CONNECT_GO = "connect-go"
