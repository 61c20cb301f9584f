"""`python -m api.grpc_door.generate` writes the Python code of claims.proto beside it."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROTO = "api/grpc_door/claims.proto"
WRITTEN = ("claims_pb2.py", "claims_pb2.pyi", "claims_pb2_grpc.py", "claims_pb2_grpc.pyi")


def generate(into: Path) -> None:
    """Write the code into `into`/api/grpc_door. Needs the development tools; raises RuntimeError where protoc fails."""
    from grpc_tools import protoc

    outputs = [f"--{kind}_out={into}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    plugins = [
        f"--plugin=protoc-gen-{name}={Path(sys.executable).parent / f'protoc-gen-{name}'}"
        for name in ("mypy", "mypy_grpc")
    ]
    quiet = ("--mypy_opt=quiet", "--mypy_grpc_opt=quiet")
    status = protoc.main(["protoc", f"-I{ROOT}", *plugins, *outputs, *quiet, PROTO])
    if status != 0:
        raise RuntimeError(f"protoc ended with {status}")


if __name__ == "__main__":
    generate(ROOT)
