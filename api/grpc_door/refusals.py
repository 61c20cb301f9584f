"""Problems as statuses of gRPC, with details in the standard model of errors (google.rpc)."""

import grpc
from aiohttp import hdrs
from google.protobuf import any_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from api.problems import Problem

DOMAIN = "claims-engine"
# By the status of REST. What depends on the state of a claim fails a precondition: sending it again does not help.
STATUSES = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    408: grpc.StatusCode.DEADLINE_EXCEEDED,
    409: grpc.StatusCode.FAILED_PRECONDITION,
    412: grpc.StatusCode.FAILED_PRECONDITION,
    413: grpc.StatusCode.INVALID_ARGUMENT,
    415: grpc.StatusCode.INVALID_ARGUMENT,
    422: grpc.StatusCode.INVALID_ARGUMENT,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    503: grpc.StatusCode.UNAVAILABLE,
}


def code_of(problem: Problem) -> grpc.StatusCode:
    """The status of a problem."""
    return STATUSES.get(problem.status, grpc.StatusCode.UNKNOWN)


def status_of(problem: Problem, correlation: str) -> status_pb2.Status:
    """The problem with its stable code, each mistake, and when to try again."""
    reason = problem.code.upper()
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata={"correlationId": correlation})
    ]
    if problem.mistakes:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=m.place, description=m.text, reason=m.code.upper())
            for m in problem.mistakes
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if hdrs.RETRY_AFTER in problem.headers:
        wait = Duration(seconds=int(problem.headers[hdrs.RETRY_AFTER]))
        details.append(error_details_pb2.RetryInfo(retry_delay=wait))
    number: int = code_of(problem).value[0]
    return status_pb2.Status(code=number, message=problem.detail, details=[_packed(detail) for detail in details])


def _packed(detail: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(detail)
    return packed
