"""The exceptions that say no to what a person gave or asked for."""

from zhunsheng.kernel.problem import Problem


class Rejected(Exception):  # noqa: N818 - the input is rejected, the program is fine
    """The input has errors; `problems` lists all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("rejected")
        self.problems = problems


class WrongRequest(LookupError):  # noqa: N818 - what was asked for is wrong, not the program
    """What was asked for is not there or cannot be had; the text says so in Chinese, as a whole sentence."""
