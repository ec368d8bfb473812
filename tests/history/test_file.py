"""The history's file: made late, private, shared, migrated, refused where it is not ours, never lost."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from inspector.delivery.events import AttemptStart
from inspector.history import History, HistoryError
from inspector.history.owner import process_started
from inspector.history.schema import APPLICATION_ID, MIGRATIONS
from tests.history.deliveries import delivered, new_delivery, record

CHILD = """
import os, signal, sys
from pathlib import Path
from inspector.history import History
from tests.history.deliveries import delivered, new_delivery, record

history = History(Path(sys.argv[1]))
"""


def child(path: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + textwrap.dedent(code), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


class TestOpening:
    def test_making_one_touches_nothing(self, path: Path) -> None:
        History(path).close()
        assert not path.parent.exists()

    def test_importing_it_imports_no_sqlite_utils(self) -> None:
        code = "import sys, inspector.history; sys.exit('sqlite_utils' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_folder_and_files_are_private(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"))
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}

    def test_is_in_wal_mode_and_opens_again_after_close(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"))
        history.close()
        assert history.count() == 1
        history.close()
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


class TestMigrations:
    def test_an_older_file_keeps_what_it_holds(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"), delivered("d-1"))
        history.close()
        connection = sqlite3.connect(path)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for index in ("events_text", "deliveries_text", "attempts_text"):
            connection.execute(f"DROP TABLE {index}")
            connection.execute(f"DROP VIEW {index}_source")
        connection.execute("DROP TABLE batch_items")
        connection.execute("DROP TABLE batches")
        connection.execute("ALTER TABLE attempts DROP COLUMN dns_ms")
        connection.execute("DROP INDEX deliveries_replay_of")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
        connection.close()
        assert history.count("ord-1") == 1
        assert history.count("refused") == 1
        history.close()
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)

    @pytest.mark.parametrize("version", range(len(MIGRATIONS)))
    def test_every_older_schema_is_migrated(self, history: History, path: Path, version: int) -> None:
        path.parent.mkdir()
        database = Database(sqlite3.connect(path), execute_plugins=False)
        for migration in MIGRATIONS[:version]:
            migration(database)
        database.conn.execute(f"PRAGMA user_version = {version}")
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.conn.commit()
        database.conn.close()
        record(history, new_delivery("d-1"), delivered("d-1"))
        assert history.count("ord-1 state:delivered") == 1

    def test_a_newer_file_is_refused_and_left_alone(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"))
        history.close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        before = path.read_bytes()
        with pytest.raises(HistoryError, match=r"newer inspector \(schema 99; this one knows") as caught:
            history.page()
        assert "update" in caught.value.hint
        assert path.read_bytes() == before


class TestFailing:
    def test_another_programs_database_is_left_alone(self, history: History, path: Path) -> None:
        path.parent.mkdir()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (a)")
        with pytest.raises(HistoryError, match="another program's database"):
            history.begin(new_delivery("d-1"))
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]

    def test_a_file_that_is_no_database(self, history: History, path: Path) -> None:
        path.parent.mkdir()
        path.write_text("{}" * 1000)
        with pytest.raises(HistoryError, match="is no SQLite database") as caught:
            history.page()
        assert "--db" in caught.value.hint
        assert path.read_text() == "{}" * 1000

    @pytest.mark.parametrize("blocked", ["file/history.sqlite3", "folder"])
    def test_a_place_where_no_file_can_be(self, tmp_path: Path, blocked: str) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "folder").mkdir()
        with pytest.raises(HistoryError, match="cannot be opened") as caught:
            History(tmp_path / blocked).page()
        assert caught.value.hint

    def test_damaged_pages(self, history: History, path: Path) -> None:
        for number in range(20):
            record(history, new_delivery(f"d-{number}"), delivered(f"d-{number}"))
        history.close()
        data = bytearray(path.read_bytes())
        data[4096 * 2 :] = b"\xa5" * (len(data) - 4096 * 2)
        path.write_bytes(data)
        with pytest.raises(HistoryError, match="is damaged") as caught:
            history.page()
        assert ".recover" in caught.value.hint

    def test_a_full_disk_is_named(self, history: History) -> None:
        record(history, new_delivery("d-1"))
        assert history._writer is not None
        history._writer.conn.execute("PRAGMA max_page_count = 1")

        def fill() -> None:
            for number in range(100):
                record(history, new_delivery(f"e-{number}"), delivered(f"e-{number}"))

        with pytest.raises(HistoryError, match="the disk is full") as caught:
            fill()
        assert "free some space" in caught.value.hint
        assert history.get("d-1").delivery_id == "d-1"

    def test_a_failing_disk_loses_nothing_recorded(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"), delivered("d-1"))
        history.close()
        code = """
            import resource
            history.count()
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
            from inspector.history import HistoryError
            for number in range(1000):
                try:
                    record(history, new_delivery(f"e-{number}"), delivered(f"e-{number}"))
                except HistoryError as error:
                    print(number, error, error.hint)
                    break
            print(history.count("state:delivered"))
        """
        process = child(path, code)
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        first, second = output.splitlines()
        assert "cannot be read or written: the disk reports an error" in first
        assert int(second) == int(first.split()[0]) + 1
        assert history.count("state:delivered") == int(second)

    def test_a_read_only_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.sqlite3"
            store = History(path)
            record(store, new_delivery("d-1"))
            store.close()
            path.chmod(0o444)
            path.parent.chmod(0o777)
            code = """
                from inspector.history import HistoryError
                record(History(Path(sys.argv[1] + "-other")), new_delivery("d-1"))  # imports all it needs
                if os.geteuid() == 0:  # who may write everywhere
                    os.seteuid(65534)
                try:
                    history.begin(new_delivery("d-2"))
                except HistoryError as error:
                    print(error, error.hint)
            """
            output, errors = child(path, code).communicate(timeout=60)
            assert "cannot be written: it is read-only change its permissions" in output, errors
            assert History(path).count() == 1


class TestSharing:
    def test_two_histories_on_one_file(self, history: History, path: Path) -> None:
        other = History(path)
        record(history, new_delivery("d-1"), delivered("d-1"))
        record(other, new_delivery("d-2"))
        assert [summary.delivery_id for summary in history.page()] == ["d-2", "d-1"]
        assert history.page() == other.page()
        other.close()

    def test_threads_read_while_others_write(self, history: History) -> None:
        def write(number: int) -> None:
            record(history, new_delivery(f"d-{number}"), delivered(f"d-{number}"))

        def read(_: int) -> None:
            for summary in history.page("ord-1"):
                # Whatever the writers did meanwhile, what is read of one delivery fits together.
                started = sum(isinstance(e, AttemptStart) for e in history.events_of(summary.delivery_id))
                assert started >= summary.attempts

        with ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(write, n) for n in range(20)] + [pool.submit(read, n) for n in range(20)]
            for job in jobs:
                job.result()
        assert history.count("state:delivered") == 20

    def test_a_reader_sees_a_write_lock_as_nothing(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"))
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            assert history.count() == 1
            connection.execute("ROLLBACK")

    def test_processes_that_open_a_new_file_at_once(self, path: Path) -> None:
        code = """
            sys.stdin.readline()
            record(history, new_delivery(f"d-{os.getpid()}"), delivered(f"d-{os.getpid()}"))
        """
        processes = [child(path, code) for _ in range(3)]
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
        assert History(path).count("state:delivered") == 3


class TestInterruption:
    ATTEMPT_BEGUN = """
        record(history, new_delivery("d-1"), delivered("d-1")[:6])
        print("recorded", flush=True)
        sys.stdin.readline()
        os.kill(os.getpid(), signal.SIGKILL)
    """

    def test_a_kill_in_mid_attempt_leaves_it_interrupted(self, path: Path) -> None:
        process = child(path, self.ATTEMPT_BEGUN)
        assert process.stdout
        assert process.stdout.readline() == "recorded\n"

        alive = History(path)
        assert alive.get("d-1").summary.state == "in-flight", "a live owner's delivery is left alone"
        assert alive.mark_interrupted() == 0
        process.communicate("die\n", timeout=60)
        assert process.returncode == -signal.SIGKILL

        stored = History(path).get("d-1")
        assert (stored.summary.state, stored.interrupted_attempts, stored.outcome) == (
            "interrupted",
            (2,),
            None,
        )
        assert [attempt.number for attempt in stored.attempts] == [1]
        last = alive.events_of("d-1")[-1]
        assert isinstance(last, AttemptStart)
        assert alive.count("state:interrupted") == 1
        assert alive.mark_interrupted() == 0
        alive.close()

    def test_another_process_of_the_same_id_is_not_the_owner(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"), delivered("d-1")[:2])
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE deliveries SET owner_started = 'another time'")
        assert history.mark_interrupted() == 1
        assert history.get("d-1").summary.state == "interrupted"

    def test_a_wrong_interruption_is_set_right_by_the_end(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"), delivered("d-1")[:2])
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE deliveries SET owner_started = 'another time'")
        history.mark_interrupted()
        for each in delivered("d-1")[2:]:
            history.record("d-1", each)
        stored = history.get("d-1")
        assert (stored.summary.state, stored.interrupted_attempts) == ("delivered", ())

    def test_process_start_tells_processes_apart(self) -> None:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        assert process_started(process.pid) not in (None, process_started(os.getpid()))
        process.communicate(b"\n")
        assert process_started(process.pid) is None
