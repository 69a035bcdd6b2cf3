"""The optional second opinion, with a tiny classifier made on the spot."""

from pathlib import Path

import pytest

from qa.verification.checker import Checker, CitedParagraph
from qa.verification.entailment import Entailment, EntailmentUnavailable
from tests.qa.conftest import Make
from vectorstore.embedding.embedder import SentenceEmbedder

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
            vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
            intermediate_size=8, max_position_embeddings=64,
            id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
        )  # fmt: skip
        BertForSequenceClassification(config).save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)
    return folder


@pytest.mark.parametrize("name", ["nli", "supported", "score"])
def test_classifiers_of_each_kind_give_a_chance(models: Path, name: str) -> None:
    chance = Entailment(str(models / name)).chance("China refused.", ["China refused Japan's bid.", "Japan."])
    assert 0 < chance < 1


def test_labels_that_say_nothing_and_folders_that_are_none_are_told(models: Path) -> None:
    with pytest.raises(EntailmentUnavailable, match="good, bad"):
        Entailment(str(models / "silent"))
    with pytest.raises(EntailmentUnavailable, match=r"REFTEL_NLI=.*nowhere"):
        Entailment(str(models / "nowhere"))


@pytest.mark.parametrize(("chance", "verified"), [(0.9, True), (0.1, False)])
def test_its_no_strikes_a_sentence_that_the_words_let_pass(
    embedder: SentenceEmbedder,
    paragraph: Make,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    chance: float,
    verified: bool,
) -> None:
    opinion = Entailment(str(models / "nli"))
    monkeypatch.setattr(opinion, "chance", lambda sentence, texts: chance)
    cited = [CitedParagraph(paragraph("China refused Japan's bid in April."))]
    check = Checker(embedder, opinion).check("China refused Japan's bid in April.", cited)
    assert (check.verified, "checking model" in check.reason) == (verified, not verified)
