"""Holding a delivery while it lasts: the lease is short, and renewed for as long as the process that sends is alive.

A mail server may take ten minutes to answer the final dot (RFC 5321 4.5.3.2.6), and a process may die at any moment. A
lease long enough for the first would leave an alert untouched for as long after the second; so the lease is as short as
recovery should be, and a thread prolongs it. It writes nothing in a delivery that is quicker than a third of the lease.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

LONGEST_SECONDS = 3600.0  # no attempt lasts longer; a thread that hangs beyond reason lets go of its alert

log = structlog.get_logger()


@contextmanager
def held(renew: Callable[[], bool], lease_seconds: float, *, longest_seconds: float = LONGEST_SECONDS) -> Iterator[None]:
    """Call `renew` every third of the lease until the block ends, `renew` answers False, or `longest_seconds` are over."""
    ended = threading.Event()

    def keep() -> None:
        until = time.monotonic() + longest_seconds
        while not ended.wait(lease_seconds / 3) and time.monotonic() < until:
            try:
                if not renew():
                    return
            except Exception:  # the database may be away for a moment: the next turn tries again, and the log says so
                log.warning("lease_not_renewed", exc_info=True)

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()  # a renewal that comes after the mark would hold what is already let go
