"""Other searches on the same articles: PostgreSQL full text in French, tantivy, BM25. Each gets its usual best setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import bm25s
import psycopg
import Stemmer
import tantivy

from knowledge.articles import Article
from nlu.normalisation import fold

Search = Callable[[str], list[str]]  # a query → article ids, best first
TOP = 5
_WORD = re.compile(r"\w+")


def bm25(articles: Sequence[Article]) -> Search:
    """bm25s, French stems by PyStemmer, French stop words; question, phrasings and answer in one text."""
    stemmer = Stemmer.Stemmer("french")
    corpus = bm25s.tokenize([whole(a) for a in articles], stopwords="fr", stemmer=stemmer, show_progress=False)
    index = bm25s.BM25()
    index.index(corpus, show_progress=False)

    def search(query: str) -> list[str]:
        tokens = bm25s.tokenize([query], stopwords="fr", stemmer=stemmer, show_progress=False)
        rows, _ = index.retrieve(tokens, k=min(TOP, len(articles)), show_progress=False)
        return [articles[int(i)].id for i in rows[0]]

    return search


def tantivy_french(articles: Sequence[Article]) -> Search:
    """tantivy in memory: its French stems and stop words, accents folded, the question counting three times."""
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("french"))
        .filter(tantivy.Filter.stemmer("french"))
        .build()
    )
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("question", tokenizer_name="francais")
    schema.add_text_field("rest", tokenizer_name="francais")
    index = tantivy.Index(schema.build())
    index.register_tokenizer("francais", analyzer)
    writer = index.writer(num_threads=1)
    for article in articles:
        rest = " ".join([*(p.text for p in article.phrasings), article.answer])
        writer.add_document(tantivy.Document(id=article.id, question=article.question, rest=rest))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> list[str]:
        words = " ".join(_WORD.findall(fold(query)))
        if not words:
            return []
        asked = index.parse_query(words, ["question", "rest"], field_boosts={"question": 3.0})
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(asked, TOP).hits]

    return search


@contextmanager
def postgres_french(articles: Sequence[Article], url: str) -> Iterator[Search]:
    """PostgreSQL, configuration `french`, weights A, B, C, ts_rank_cd over a GIN index, any word of the query."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE faq (id text, vector tsvector)")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO faq VALUES (%s, setweight(to_tsvector('french', %s), 'A')"
                " || setweight(to_tsvector('french', %s), 'B') || setweight(to_tsvector('french', %s), 'C'))",
                [(a.id, a.question, " ".join(p.text for p in a.phrasings), a.answer) for a in articles],
            )
        connection.execute("CREATE INDEX ON faq USING gin (vector)")
        connection.execute("ANALYZE faq")

        def search(query: str) -> list[str]:
            found = connection.execute(
                "SELECT id FROM faq, (SELECT replace(plainto_tsquery('french', %s)::text, '&', '|')::tsquery AS q) asked"
                f" WHERE vector @@ q ORDER BY ts_rank_cd(vector, q, 1) DESC LIMIT {TOP}",
                (query,),
                prepare=True,
            )
            return [row[0] for row in found.fetchall()]

        yield search


def whole(article: Article) -> str:
    """All the words of an article."""
    return "\n".join([article.question, *(p.text for p in article.phrasings), article.answer])
