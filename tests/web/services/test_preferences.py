"""What readers have chosen for themselves."""

from pathlib import Path

from qa.export.citation_style import CitationStyle
from web.services.preferences import PreferenceStore


def test_a_choice_is_kept_for_who_made_it(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path / "conversations.sqlite", CitationStyle.SHORT)
    store.choose_citation_style("reader", CitationStyle.RIS)
    store.choose_citation_style("reader", CitationStyle.BIBTEX)
    again = PreferenceStore(store.path, CitationStyle.SHORT)
    assert again.citation_style("reader") is CitationStyle.BIBTEX
    assert again.citation_style("other") is CitationStyle.SHORT
    assert again.model("reader") == ""
    again.choose_model("reader", "quotes")
    assert again.model("reader") == "quotes"
    assert again.citation_style("reader") is CitationStyle.BIBTEX


def test_a_file_that_cannot_be_read_costs_nobody_a_cable(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_text("no database at all, but long enough to be looked at")
    assert (
        PreferenceStore(tmp_path / "conversations.sqlite").citation_style("reader") is CitationStyle.CHICAGO
    )
