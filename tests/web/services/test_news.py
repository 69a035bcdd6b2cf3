"""What is new for a reader since they last looked."""

from pathlib import Path

from archives import cable_text

from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.indexing.indexer import Indexer
from web.services.news import MAX_TOPICS, mark_looked, news_for
from web.services.preferences import PreferenceStore


def test_what_comes_after_the_first_look_is_new_until_it_was_seen(
    own_archive: Archive, tmp_path: Path
) -> None:
    store, view = PreferenceStore(tmp_path / "own.sqlite"), own_archive.view(EVERYTHING)
    assert news_for(store, "una", view) is None  # the first time
    assert news_for(store, "una", view) is None
    file = tmp_path / "ferry.txt"
    file.write_text(
        cable_text("09LISBON91001", ["(U) The ferry to Sardinia was cancelled."]), encoding="utf-8"
    )
    Indexer(own_archive).run([file])
    news = news_for(store, "una", view)
    assert news is not None
    assert news.cables == ("09LISBON91001",)
    assert 0 < len(news.topics) <= MAX_TOPICS
    assert news_for(store, "cora", view) is None  # who comes for the first time
    mark_looked(store, "una", view)
    assert news_for(store, "una", view) is None
