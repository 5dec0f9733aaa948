"""The exceptions of the record store. Each carries a problem that can be shown to a user as it is."""

from zhunsheng.kernel.problem import Problem


class StoreFault(Exception):  # noqa: N818 # the word of the domain; every fault of a store is one
    """The store cannot do what was asked: it is locked, damaged, absent, or was asked for something it lacks.

    Attributes:
        problem: what is wrong, where, and what to do, in Chinese.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what}。{problem.remedy}")
        self.problem = problem


class Misuse(ValueError):  # noqa: N818 # says what the caller did
    """A caller in this program broke the contract of a function; not for users."""
