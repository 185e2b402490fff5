"""The queue of files between processes: nothing is lost, nothing is read half."""

import subprocess
import sys
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import filequeue

MESSAGES = 600
WRITER = """
import sys
from kombu import Connection
import filequeue
filequeue.use()
folder, start, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
options = {"data_folder_in": folder + "/m", "data_folder_out": folder + "/m", "control_folder": folder + "/c"}
with Connection("filesystem://", transport_options=options) as connection:
    queue = connection.SimpleQueue("work")
    for n in range(start, start + count):
        queue.put({"n": n, "filler": "x" * 2000})
"""


@pytest.mark.timeout(120)
def test_every_message_of_two_writers_is_read_once_and_whole_while_they_write(tmp_path: Path) -> None:
    for name in ("m", "c"):
        (tmp_path / name).mkdir()
    filequeue.use()
    options = {"data_folder_in": str(tmp_path / "m"), "data_folder_out": str(tmp_path / "m"), "control_folder": str(tmp_path / "c")}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(start), str(MESSAGES)]) for start in (0, MESSAGES)]
    with Connection("filesystem://", transport_options=options) as connection:
        assert isinstance(connection.transport, filequeue.Transport)
        queue, seen = connection.SimpleQueue("work"), []
        while len(seen) < 2 * MESSAGES:
            try:
                message = queue.get(timeout=10)
            except Empty:
                break
            seen.append(message.payload["n"])
            message.ack()
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert sorted(seen) == list(range(2 * MESSAGES))


def test_a_message_is_seen_by_no_reader_before_it_is_whole(tmp_path: Path) -> None:
    class Watching:
        """A payload that looks into the folder while it is written."""

        seen: list[str] | None = None

        def __json__(self) -> str:
            self.seen = [path.name for path in tmp_path.glob("*.msg")]
            return "whole"

    payload = Watching()
    filequeue.use()
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path)}
    with Connection("filesystem://", transport_options=options) as connection, connection.channel() as channel:
        channel._put("work", {"body": payload})
        assert payload.seen == []
        assert channel._get("work") == {"body": "whole"}
