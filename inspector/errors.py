"""The root of every error that the inspector raises on purpose."""


class InspectorError(Exception):
    """Something a person can understand and act on.

    `str(error)` is one sentence for her to read; `hint`, when not empty, says what to do.
    The command line prints both and exits with 2; the screen shows both where the cause is.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
