"""Paragraphs as the networks read them: windows of tokens, each token with its sentence."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from cables import Cable, Paragraph
from cables.text import sentences
from vectorstore.embedding.chunking import sentence_of_words, windows
from vectorstore.embedding.late_interaction import LateInteraction, content_tokens, words_from_end

SENTENCES = 24
"""Of a paragraph that are told apart; those behind count as the last."""
AT_ONCE = 128
"""Windows that the stock network reads at once on a GPU; on a processor an eighth."""


class Pool:
    """Paragraphs by number, and their windows by number, cut and tokenized as the indexer does it."""

    def __init__(self, model: SentenceTransformer, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(model.max_seq_length)
        self._tokenizer.no_padding()
        self._telling = content_tokens(folder)
        self._known: dict[str, int] = {}
        self.texts: list[str] = []
        self.windows: list[list[int]] = []
        """Numbers of each paragraph's windows."""
        self.ids: list[np.ndarray] = []
        """Each window's tokens."""
        self.sentences: list[np.ndarray] = []
        """For each token of a window the number of its sentence, -1 for the header."""
        self.kept: list[np.ndarray] = []
        """Whether a token is compared with questions."""

    def add(self, cable: Cable, paragraph: Paragraph) -> int:
        """The paragraph's number; it is cut and tokenized the first time."""
        if paragraph.key in self._known:
            return self._known[paragraph.key]
        ends = np.cumsum([len(piece.text.split()) for piece in sentences(paragraph.text)])
        self.windows.append([])
        for n, text in enumerate(windows(cable, paragraph)):
            encoding = self._tokenizer.encode(text)
            ids = np.array(encoding.ids)
            of = sentence_of_words(paragraph.text, n, words_from_end(text, encoding), ends)
            self.windows[-1].append(len(self.ids))
            self.ids.append(ids)
            self.sentences.append(np.minimum(of, SENTENCES - 1))
            self.kept.append(self._telling[ids])
        self.texts.append(paragraph.text)
        self._known[paragraph.key] = len(self.texts) - 1
        return len(self.texts) - 1

    def window_with(self, paragraph: int, answers: Sequence[int]) -> int:
        """That window of the paragraph in which most of these sentences stand."""
        return max(self.windows[paragraph], key=lambda w: len(set(answers) & set(self.sentences[w].tolist())))


class Tokens:
    """All windows' tokens on the device: what the teacher reads."""

    def __init__(self, pool: Pool, device: torch.device) -> None:
        shape = len(pool.ids), max(map(len, pool.ids))
        ids, of = np.zeros(shape, np.int32), np.full(shape, -1, np.int8)
        for row, (own, numbers) in enumerate(zip(pool.ids, pool.sentences)):
            ids[row, : len(own)], of[row, : len(own)] = own, numbers
        self._ids, self._sentences = torch.from_numpy(ids).to(device), torch.from_numpy(of).to(device)

    def __call__(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens of windows, 0 behind their end, and their sentences: both of shape (windows, longest)."""
        ids = self._ids[windows].long()
        longest = int((ids > 0).sum(1).max())
        return ids[:, :longest], self._sentences[windows, :longest].long()


class States:
    """What the stock network makes of all windows, once: what the student compares questions with."""

    @torch.no_grad()
    def __init__(self, pool: Pool, model: SentenceTransformer, device: torch.device) -> None:
        encoder = model[0].auto_model.to(device).eval()
        tokens = Tokens(pool, device)
        self._starts = torch.tensor([0, *np.cumsum([kept.sum() for kept in pool.kept])], device=device)
        of = np.concatenate([own[kept] for own, kept in zip(pool.sentences, pool.kept)])
        self._sentences = torch.from_numpy(of).to(device)
        width = encoder.config.hidden_size
        size = len(of), width * len(LateInteraction.layers)
        self._states = torch.empty(size, dtype=torch.float16, device=device)
        self.vectors = torch.empty(len(pool.ids), width, device=device)
        step = AT_ONCE if device.type == "cuda" else AT_ONCE // 8
        for numbers in torch.arange(len(pool.ids), device=device).split(step):
            ids, _ = tokens(numbers)
            found = encoder(input_ids=ids, attention_mask=(ids > 0).long(), output_hidden_states=True)
            deep = torch.cat([found.hidden_states[layer] for layer in LateInteraction.layers], -1)
            for row, number in enumerate(numbers.tolist()):
                start, end = self._starts[number], self._starts[number + 1]
                kept = torch.from_numpy(pool.kept[number]).to(device)
                self._states[start:end] = deep[row, : len(kept)][kept].half()
                mean = found.last_hidden_state[row, : len(kept)].mean(0)
                self.vectors[number] = torch.nn.functional.normalize(mean, dim=-1)

    def __call__(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of each window's kept tokens the states (windows, longest, layers x width), which are there, and
        their sentences."""
        starts, counts = self._starts[windows], self._starts[windows + 1] - self._starts[windows]
        place = torch.arange(max(1, int(counts.max())), device=windows.device)
        there = place < counts[:, None]
        at = torch.where(there, starts[:, None] + place, 0)
        return self._states[at], there, self._sentences[at]
