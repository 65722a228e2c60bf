"""GitHub's refusals: status, message and errors[] as the REST documentation words them."""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.github.com/rest"


class ApiError(Exception):
    """An answer that is not a success. Raised anywhere below a route, turned into JSON at the door."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[Any] | None = None,
        headers: dict[str, str] | None = None,
        docs: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers or {}
        self.docs = docs

    def body(self, docs: str) -> dict[str, Any]:
        data: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            data["errors"] = self.errors
        return data | {"documentation_url": self.docs or f"{DOCS}/{docs}".rstrip("/"), "status": str(self.status)}


class GraphQLError(Exception):
    """GraphQL answers 200 with errors[]; its types are words of their own."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.data = {"type": kind, "message": message}


def not_found(message: str = "Not Found") -> ApiError:
    return ApiError(404, message)


def forbidden(message: str) -> ApiError:
    return ApiError(403, message)


def invalid(message: str = "Validation Failed", *errors: Any) -> ApiError:
    return ApiError(422, message, list(errors) if errors else None)


def invalid_field(resource: str, field: str, code: str, message: str | None = None) -> ApiError:
    error = {"resource": resource, "code": code, "field": field}
    return invalid("Validation Failed", error | ({"message": message} if message else {}))


def failed(resource: str, message: str) -> ApiError:
    """The 422 with a custom message (docs: Troubleshooting the REST API, "Validation failed")."""
    return invalid("Validation Failed", {"resource": resource, "code": "custom", "message": message})
