"""What backends share: the texts in which two number formats are compared."""

from vectorstore.embedding.backends.base import PRECISION_TEXTS


def test_the_check_has_short_and_long_texts() -> None:
    lengths = sorted(len(text.split()) for text in PRECISION_TEXTS)
    assert lengths[0] < 10
    assert lengths[-1] > 100
