"""`python -m tests.bench.tickets [--tickets 500000]`: the lists of the console, as an advisor gets them, on many tickets.

The tickets are made in SQL: one in fifty is open, as after a year; the page is the real one, on a real PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from api.app import create_app
from api.db.embedded import embedded_postgres
from api.db.migrate import migrate
from api.operators import service as operators
from api.operators.signed_in import COOKIE
from api.settings import Settings
from tests.bench.timings import timings
from tests.fakes import FakeEngine, catalogue

OUT = Path(__file__).parents[2] / "build" / "bench"
FILL = """
INSERT INTO tickets (id, reference, draft_key, channel, service_type, team, unit, priority, status, subject, fields,
  transcript, triage, contact_email, created_at, updated_at, clock, due_at, due_kind, press_at)
SELECT gen_random_uuid(), upper(substr(md5(n::text), 1, 4)) || '-' || lpad(n::text, 7, '0'), 'bench' || n,
  (ARRAY['chat', 'mail', 'web_form', 'phone'])[1 + n % 4], types.id, types.team,
  (ARRAY['ecole', 'college', 'lycee', 'pro', 'sup_concours', 'langues'])[1 + n % 6],
  CASE WHEN n % 200 = 0 THEN 0 WHEN n % 20 = 0 THEN 1 ELSE 2 END, state.status,
  'Demande ' || n || ' au sujet de ' || (ARRAY['mon bulletin', 'ma convention', 'un colis', 'mon examen'])[1 + n % 4],
  jsonb_build_object('niveau', jsonb_build_object('value', (ARRAY['6e', '4e', 'terminale'])[1 + n % 3], 'origin', 'said')),
  '[]', '{}', 'personne' || n % 300000 || '@exemple.fr', t.at, t.at,
  CASE WHEN state.open THEN 'running' ELSE 'over' END,
  CASE WHEN state.open AND n % 3 > 0 THEN t.at + interval '3 days' END,
  CASE WHEN state.open AND n % 3 > 0 THEN 'answer' END,
  CASE WHEN n % 200 = 0 THEN timestamptz '1970-01-01' WHEN state.open AND n % 3 > 0 THEN t.at + interval '3 days'
    ELSE timestamptz '9999-01-01' END
FROM generate_series(1, :number) AS n
JOIN LATERAL (SELECT now() - (n * interval '63 seconds') AS at) AS t ON true
JOIN LATERAL (SELECT n % 50 = 7 AS open,
  CASE WHEN n % 50 = 7 THEN (ARRAY['nouveau', 'assigne', 'en_attente', 'rouvert'])[1 + (n / 50) % 4]
    WHEN n % 3 = 0 THEN 'resolu' ELSE 'clos' END AS status) AS state ON true
JOIN (SELECT row_number() OVER () - 1 AS rank, id, team FROM jsonb_to_recordset(CAST(:types AS jsonb)) AS x(id text, team text))
  AS types ON types.rank = n % :kinds
"""
LISTS = {
    "ouvertes": "",
    "ouvertes, une équipe": "?equipe=enseignants",
    "ouvertes, équipe et unité": "?equipe=gestion_scolarite&unite=lycee",
    "ouvertes, un service": "?service=suivi_copie",
    "nouvelles": "?etat=nouveau",
    "closes": "?etat=clos",
    "toutes": "?etat=toutes",
    "toutes, une équipe": "?etat=toutes&equipe=dpo",
    "un mot, ouvertes": "?q=convention",
    "un mot rare, toutes": "?etat=toutes&q=introuvable",
    "un courriel, toutes": "?etat=toutes&q=personne12345@exemple.fr",
}


async def measure(url: str, number: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of each list, by name."""
    migrate(url)
    settings = Settings(database_url=url, rasa_url="http://127.0.0.1:9", live_sweep_s=0)
    app = create_app(settings, load=lambda: FakeEngine())  # type: ignore[arg-type, return-value]
    async with app.router.lifespan_context(app):
        token = await _fill(app.state.sessions, number)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=120) as client:
            client.cookies.set(COOKIE, token)
            return {name: await _one(client, f"/console/demandes{query}", rounds) for name, query in LISTS.items()}


async def _fill(sessions: Any, number: int) -> str:
    types = [{"id": t.id, "team": t.team} for t in catalogue().types.values()]
    async with sessions() as session:
        values = {"number": number, "types": json.dumps(types), "kinds": len(types)}
        await session.execute(text(FILL), values)
        await operators.create_operator(
            session=session, login="bench", name="Bench", role="conseiller", password="x" * 20
        )
        signed = await operators.sign_in(session=session, login="bench", password="x" * 20, lasts=timedelta(hours=1))
        await session.commit()
    async with sessions.kw["bind"].connect() as connection:  # as the autovacuum does, sooner
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE tickets"))
    assert isinstance(signed, operators.SignedIn)
    return signed.token


async def _one(client: httpx.AsyncClient, path: str, rounds: int) -> dict[str, Any]:
    """One list: its first page, then the pages that follow it."""
    taken: list[float] = []
    address = path
    for _ in range(rounds):
        began = time.perf_counter()
        response = await client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.status_code
        following = response.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = following.replace("&amp;", "&") if 'rel="next"' in response.text else path
    return timings(taken).to_json()


def main() -> int:
    """Fill, measure, print; the figures go to build/bench/tickets.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tickets")
    parser.add_argument("--tickets", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aiguillage-bench-") as folder:
        if given := os.environ.get("DATABASE_URL"):
            figures = asyncio.run(measure(given, arguments.tickets, arguments.rounds))
        else:
            with embedded_postgres(Path(folder) / "postgres") as url:
                figures = asyncio.run(measure(url, arguments.tickets, arguments.rounds))
    OUT.mkdir(parents=True, exist_ok=True)
    kept = {"tickets": arguments.tickets, "lists": figures}
    (OUT / "tickets.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    for name, taken in figures.items():
        print(f"{name:30} p50 {taken['p50']:7.1f} ms   p95 {taken['p95']:7.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
