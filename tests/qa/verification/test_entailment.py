"""The local reader, with a tiny classifier made on the spot."""

from pathlib import Path

import pytest

from qa.verification.entailment import EntailmentReader, EntailmentUnavailable
from qa.verification.reading import Claim
from tests.qa.verification.conftest import MakeSource

LABELS = {
    "nli": ["contradiction", "entailment", "neutral"],
    "supported": ["unsupported", "supported"],
    "score": ["consistent"],
    "silent": ["good", "bad"],
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random classifier for each set of labels, on one tiny body."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("classifiers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "china", "refused", "japan", "s", "bid", "."]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab_file=str(folder / "vocab.txt"))
    for name, labels in LABELS.items():
        config = BertConfig(
            vocab_size=len(words),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
            max_position_embeddings=64,
            id2label=dict(enumerate(labels)),
            label2id={label: n for n, label in enumerate(labels)},
        )
        BertForSequenceClassification(config).save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)
    return folder


@pytest.mark.parametrize("name", ["nli", "supported", "score"])
def test_classifiers_of_each_kind_give_a_chance(models: Path, source: MakeSource, name: str) -> None:
    claims = [Claim("China refused.", (source("China refused Japan's bid."),)), Claim("Japan.", (source(),))]
    readings = EntailmentReader(str(models / name)).read(claims)
    assert all(reading.score is not None and 0 < reading.score < 1 for reading in readings)


def test_a_chance_below_one_half_refutes_nothing(models: Path, source: MakeSource) -> None:
    claims = [
        Claim(text, (source(),)) for text in ("China refused.", "Japan refused China.", "bid bid bid .")
    ]
    for reading in EntailmentReader(str(models / "nli")).read(claims):
        assert reading.supported is (True if reading.score is not None and reading.score >= 0.5 else None)


def test_labels_that_say_nothing_and_folders_that_are_none_are_told(models: Path) -> None:
    with pytest.raises(EntailmentUnavailable, match="good, bad"):
        EntailmentReader(str(models / "silent"))
    with pytest.raises(EntailmentUnavailable, match=r"REFTEL_NLI=.*nowhere"):
        EntailmentReader(str(models / "nowhere"))
