"""How an action says no."""


class Refused(Exception):
    """What was asked cannot be done; nothing was changed.

    The message is for the person who asked, in Chinese: what is wrong, where, and how to mend it. ``field`` names the
    entry of a form that it belongs to, empty when it belongs to the whole.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
