"""The one exception that means: the input is wrong, and here is where and what to do."""


class InputError(ValueError):
    """A problem in the user's input, told in one sentence that names the place and the fix.

    Parameters
    ----------
    problem : str
        What is wrong, and what was expected instead.
    place : str
        File, ``file:line``, identifier or configuration key where it was seen.
    fix : str
        What the user can do about it.
    """

    def __init__(self, problem: str, *, place: str, fix: str):
        self.problem, self.place, self.fix = problem, place, fix
        super().__init__(f"{place}: {problem} Fix: {fix}")

    def __reduce__(self):
        """How it passes from one process to another."""
        return _again, (self.problem, self.place, self.fix)


def _again(problem: str, place: str, fix: str) -> InputError:
    return InputError(problem, place=place, fix=fix)
