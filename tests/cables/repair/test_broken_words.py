from cables.repair import broken_words
from cables.repair.offset_map import OffsetMap


def test_a_hyphen_stays_where_the_joined_word_is_unknown() -> None:
    damaged = OffsetMap("a US-\nPortuguese plan")
    assert broken_words.join_hyphen_wraps(damaged) is damaged
