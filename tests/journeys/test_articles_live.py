"""A publication reaches every running process at once (-s prints how fast); whoever asks meanwhile gets a whole answer."""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.db.session import create_engine, create_sessions
from api.operators import service as operators
from api.operators.signed_in import COOKIE, form_token
from tests.api.articles.conftest import body, fields
from tests.conftest import PASSWORD, new_database
from tests.journeys.conftest import answers, await_until, free_port

ROOT = Path(__file__).parents[2]
PUBLICATIONS = 200
ARTICLE = "preuve_inscription"
PEOPLE = {"anne": "editeur", "bruno": "editeur", "chloe": "conseiller"}


@dataclass(frozen=True, slots=True)
class TwoProcesses:
    """Where they answer, and the session of each person."""

    urls: tuple[str, str]
    tokens: dict[str, str]
    database_url: str

    def client(self, person: str, process: int) -> httpx.Client:
        return httpx.Client(base_url=self.urls[process], cookies={COOKIE: self.tokens[person]}, timeout=30)


@pytest.fixture(scope="module")
def two(server_url: str) -> Iterator[TwoProcesses]:
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        ports = [free_port(), free_port()]
        command = [sys.executable, "-m", "tests.journeys.articles_process", url]
        processes = [subprocess.Popen([*command, str(port)], cwd=ROOT) for port in ports]
        try:
            urls = (f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
            for address in urls:
                await_until(lambda address=address: answers(f"{address}/healthz"), "the process answers")
            with ThreadPoolExecutor(1) as apart:  # the browser's own loop may run in this thread
                tokens = apart.submit(lambda: asyncio.run(_people(url))).result()
            yield TwoProcesses(urls, tokens, url)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=20)


async def _people(url: str) -> dict[str, str]:
    database = create_engine(url, pool_size=1)
    tokens = {}
    async with create_sessions(database)() as session:
        for login, role in PEOPLE.items():
            await operators.create_operator(
                session=session, login=login, name=login.title(), role=role, password=PASSWORD
            )  # type: ignore[arg-type]
            signed = await operators.sign_in(session=session, login=login, password=PASSWORD, lasts=timedelta(hours=2))
            assert isinstance(signed, operators.SignedIn)
            tokens[login] = signed.token
        await session.commit()
    await database.dispose()
    return tokens


class Desk:
    """Anne writes and Bruno publishes, one version after the other."""

    def __init__(self, two: TwoProcesses) -> None:
        self._two = two
        self._anne, self._bruno = two.client("anne", 0), two.client("bruno", 0)
        self.version = 0

    def publish(self, n: int) -> None:
        """The article says n in its question, its phrasings and its answer."""
        answer = body()["answer"] + f" Nous sommes au passage numéro{n}."
        given = body(
            question=f"Comment prouver mon inscription numéro{n} ?", answer=answer, word=f"justifier numéro{n}"
        )
        path = "nouveau" if self.version == 0 else f"{ARTICLE}/modifier"
        more = {"identifiant": ARTICLE} if self.version == 0 else {}
        self._post(self._anne, "anne", path, fields(given, self.version, **more))
        self.version += 1
        number = {"version": str(self.version)}
        self._post(self._anne, "anne", f"{ARTICLE}/relecture", number)
        self._post(self._bruno, "bruno", f"{ARTICLE}/publier", number)

    def _post(self, http: httpx.Client, who: str, path: str, data: dict[str, str | list[str]] | dict[str, str]) -> None:
        jeton = form_token(self._two.tokens[who])
        answer = http.post(f"/console/articles/{path}", data={"jeton": jeton, **data})
        assert answer.status_code == 303, answer.text
        assert "fait=" in answer.headers["location"]


@pytest.fixture(scope="module")
def desk(two: TwoProcesses) -> Desk:
    return Desk(two)


def found(http: httpx.Client, n: int) -> bool:
    """Whether a search by words that only version n has gives version n, text and all."""
    results = http.get("/v1/faq/search", params={"q": f"justifier numéro{n} inscription", "limit": 1}).json()["results"]
    return bool(results) and results[0]["id"] == ARTICLE and f"numéro{n}." in results[0]["answer"]


def test_two_processes_and_one_publication(two: TwoProcesses, desk: Desk) -> None:
    took: list[float] = []
    with two.client("chloe", 0) as first, two.client("chloe", 1) as second:
        for n in range(1, 9):
            desk.publish(n)
            began = time.monotonic()
            for http in (first, second):
                await_until(lambda http=http, n=n: found(http, n), f"version {n} is found", within_s=10)
            took.append(time.monotonic() - began)
            page = second.post("/crc/resultats", data={"q": f"prouver inscription numéro{n}", "pose": "1"})
            assert f"numéro{n}." in page.text
            assert f"numéro{n}." in second.get(f"/faq/{ARTICLE}").text
    print(f"searchable in both processes after {statistics.median(took):.2f} s (median), {max(took):.2f} s (longest)")


@pytest.mark.timeout(300)
def test_two_hundred_publications_under_load(two: TwoProcesses, desk: Desk) -> None:
    """Two people look up without a pause, one a process. Each answer is whole, of one version, and none is older than
    the one before."""
    first_number = desk.version + 1
    stop = threading.Event()
    counts: Counter[str] = Counter()
    wrong: list[str] = []

    def look_up(process: int) -> None:
        last = 0
        with two.client("chloe", process) as http:
            while not stop.is_set():
                answer = http.post(
                    "/crc/resultats", data={"q": "prouver mon inscription", "pose": "1", "sequence": "7"}
                )
                hit = re.search(rf'data-article="{ARTICLE}".*?</details>', answer.text, re.DOTALL)
                numbers = set(re.findall(r"numéro(\d+)", hit[0])) if hit else set()
                counts[f"process {process}"] += 1
                if answer.status_code != 200 or len(numbers) != 1:
                    wrong.append(f"{answer.status_code} {sorted(numbers)}")
                elif (n := int(numbers.pop())) < last:
                    wrong.append(f"{n} after {last}")
                else:
                    last = n

    people = [threading.Thread(target=look_up, args=(p,)) for p in (0, 1)]
    for person in people:
        person.start()
    try:
        began = time.monotonic()
        for n in range(first_number, first_number + PUBLICATIONS):
            desk.publish(n)
        spent = time.monotonic() - began
        last = first_number + PUBLICATIONS - 1
        with two.client("chloe", 1) as http:
            await_until(lambda: found(http, last), "the last version is found", within_s=10)
    finally:
        stop.set()
        for person in people:
            person.join(timeout=30)
    print(f"{PUBLICATIONS} publications in {spent:.0f} s, {sum(counts.values())} look-ups: {dict(counts)}")
    assert wrong == []
    assert min(counts.values()) > PUBLICATIONS / 2
