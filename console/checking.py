"""What came in against the shape that it must have; what is wrong is told with its place."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from console.refusals import BadRequest

B = TypeVar("B", bound=BaseModel)


def checked(shape: type[B], tree: Any) -> B:
    """The tree as that shape. Raises BadRequest with every problem."""
    try:
        return shape.model_validate(tree)
    except ValidationError as error:
        problems = [
            {"at": ".".join(map(str, found["loc"])), "message": found["msg"]}
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise BadRequest(problems=problems) from error
