"""What browsers send about files that they give."""

from console.bodies import Body, Name


class UploadName(Body):
    """PATCH /uploads/<id>."""

    name: Name
