"""Processes that the bench starts: awaited until they answer, weighed, and stopped whatever happens."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
READY_S = 120.0
STOP_S = 15.0
PROBE_S = 0.02  # between two questions to a process that starts; its end is noticed at once
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None)


class BenchError(Exception):
    """The measure can't be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes: `rss` counts shared pages in full, `pss` its share of them."""

    rss: float
    pss: float


@dataclass(frozen=True, slots=True)
class Running:
    """A process and its children, and the seconds from its start to its first answer."""

    process: psutil.Process
    cold_start_s: float

    def memory(self) -> Memory:
        """What it holds now."""
        rss = pss = 0
        for one in self._family():
            with suppress(psutil.NoSuchProcess):
                found = one.memory_full_info()
                rss, pss = rss + found.rss, pss + found.pss
        return Memory(rss / 1e6, pss / 1e6)

    def cpu_s(self) -> float:
        """Seconds of processor spent since it started, children that ended included."""
        own = self.process.cpu_times()
        total = own.children_user + own.children_system
        for one in self._family():
            with suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system
        return float(total)

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], *, probe: str, log: Path, env: dict[str, str], cwd: Path = ROOT
) -> Iterator[Running]:
    """Run a command for the time of the block, which begins when `probe` answers 200.

    Raises:
        BenchError: it ended before, or did not answer within two minutes.
    """
    with log.open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=env, cwd=cwd, stdout=output, stderr=output, start_new_session=True, preexec_fn=die_with_parent
        )
    try:
        while not _answers(probe):
            with suppress(subprocess.TimeoutExpired):
                process.wait(PROBE_S)
            if process.returncode is not None or time.perf_counter() - began > READY_S:
                raise BenchError(f"{' '.join(command)} ne répond pas :\n{log.read_text(errors='replace')[-2000:]}")
        yield Running(psutil.Process(process.pid), time.perf_counter() - began)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, then make it."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def finished(command: Sequence[str], *, given: bytes = b"", env: dict[str, str], log: Path, cwd: Path = ROOT) -> bytes:
    """Run a command to its end; what it wrote on its output.

    Raises:
        BenchError: it failed.
    """
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            start_new_session=True, preexec_fn=die_with_parent,
        )  # fmt: skip
    try:
        output, _ = process.communicate(given)
    finally:
        stop(process)
    if process.returncode:
        raise BenchError(f"{' '.join(command)} a échoué :\n{log.read_text(errors='replace')[-2000:]}")
    return output


def die_with_parent() -> None:
    """In the child: the kernel ends it when the bench dies without a word."""
    _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return int(response.status) == 200
    except (urllib.error.URLError, OSError):
        return False
