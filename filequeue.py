"""The queue of files: kombu's filesystem transport, made safe for several processes.

Kombu opens a message's file under its final name and writes it afterwards, so that a reader may take it in between, find it
empty and lose it; its tables of queues have the same gap. Here a file gets its name when it is whole.
"""

import fcntl
import os
import uuid
from time import monotonic_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils import json


class Channel(filesystem.Channel):
    """A channel whose files are whole from the moment they are seen."""

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:  # type: ignore[override]     # as its parent does
        _write(os.path.join(self.data_folder_out, f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"), json.dumps(payload))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table = self._exchange_file(exchange)
        self.control_folder.mkdir(exist_ok=True)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with open(self.control_folder / ".lock", "w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            bound = self.get_table(exchange)
            if binding not in bound:
                _write(str(table), json.dumps([binding, *bound]))


class Transport(filesystem.Transport):
    """The transport of `filesystem://` once `use` was called."""

    Channel = Channel


def use() -> None:
    """Let `filesystem://` mean this transport in the running process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


def _write(path: str, text: str) -> None:
    folder, name = os.path.split(path)
    hidden = os.path.join(folder, f".{name}.{uuid.uuid4().hex}")       # no reader takes a name of this form
    with open(hidden, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(hidden, path)
