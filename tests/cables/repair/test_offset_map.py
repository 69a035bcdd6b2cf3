from cables.repair.offset_map import Edit, OffsetMap


def test_edits_keep_the_way_back_through_several_rounds() -> None:
    text = OffsetMap("aa&para;bb cc").edit([Edit(2, 8, "¶")]).edit([Edit(0, 2), Edit(5, 6, "--")])
    assert text.text == "¶bb--cc"
    assert text.span(0, 1) == (span := text.span(0, 1))
    assert (span.start, span.end) == (2, 8)
    tail = text.span(5, 7)
    assert text.text[5:7] == "aa&para;bb cc"[tail.start : tail.end] == "cc"
