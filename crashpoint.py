"""Named crash points: `SAYSO_CRASH_AT=judge_before_commit:2` ends the process with SIGKILL the second time it passes there.

Nothing happens unless the variable is set. Fault tests set it to kill a real worker at a chosen moment.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable

VARIABLE = "SAYSO_CRASH_AT"
_passed: Counter[str] = Counter()


def crash_hook(wanted: str | None) -> Callable[[str], None]:
    """The hook for a value of the variable; one that does nothing for None. A flag file `<point>` in the folder named after
    a second colon makes the crash happen once only, however often the process is started again."""
    if not wanted:
        return lambda _point: None
    point_wanted, _, rest = wanted.partition(":")
    times, _, folder = rest.partition(":")

    def crash(point: str) -> None:
        if point != point_wanted:
            return
        _passed[point] += 1
        if _passed[point] < int(times or 1):
            return
        if folder:
            flag = os.path.join(folder, point)
            if os.path.exists(flag):
                return
            with open(flag, "w", encoding="ascii"):
                pass
        os.kill(os.getpid(), signal.SIGKILL)

    return crash
