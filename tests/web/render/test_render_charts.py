"""Pictures of evidence and references."""

from dataclasses import replace

from render_examples import answer, evidence

from web.render.charts import network, timeline


def test_the_timeline_fills_the_dots_of_cited_cables() -> None:
    other = replace(
        evidence("Other.", "09ROME90002.1"),
        found=replace(evidence().found, cable_id="09ROME90002", day=20090101),
    )
    page = timeline(answer(evidence=(evidence(), other)))
    assert page.count('class="cited"') == 1
    assert page.count('class="other"') == 1


def test_evidence_of_one_day_has_no_timeline() -> None:
    assert timeline(answer()) == ""


def test_the_network_links_the_cables_on_both_sides() -> None:
    page = network("08ROME90001", ["08PARIS90001"], ["09ROME90003"])
    assert 'data-read="08PARIS90001"' in page
    assert 'data-read="09ROME90003"' in page
