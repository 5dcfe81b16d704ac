"""Why something was not done, in words a person can act on."""


class Obstacle(Exception):
    """What stood in the way; its text is shown to the person. `field` names the field at fault, if one is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
