"""A model on the processor: the shorter number format where it agrees, and no thread before the first inference."""

import json
import logging
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from vectorstore.embedding.backends.openvino import agreeing_precision, compiled
from vectorstore.interfaces import Vectors


class Processor:
    """Gives vectors that are `off` by so much in bfloat16, and notes what it was asked for."""

    def __init__(self, off: float) -> None:
        self.off = off
        self.asked: list[str] = []

    def __call__(self, precision: str) -> Vectors:
        self.asked.append(precision)
        vectors = np.eye(4, dtype=np.float32)
        turned = np.roll(vectors, 1, axis=1) * np.float32(self.off)
        return vectors if precision == "f32" else (vectors + turned) / np.sqrt(1 + self.off**2)


def test_bfloat16_is_taken_where_it_agrees_and_checked_once(tmp_path: Path) -> None:
    processor, verdicts = Processor(off=0.01), tmp_path / "precision.json"
    assert [agreeing_precision("A processor", verdicts, processor) for _ in range(2)] == ["bf16", "bf16"]
    assert processor.asked == ["f32", "bf16"]


def test_bfloat16_that_gives_other_vectors_is_not_taken_and_the_user_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    verdicts = tmp_path / "precision.json"
    with caplog.at_level(logging.WARNING):
        assert agreeing_precision("A processor", verdicts, Processor(off=0.2)) == "f32"
    assert "more slowly" in caplog.text
    assert json.loads(verdicts.read_text()) == {"A processor": False}


def test_a_model_has_been_run_by_one_thread_before_others_may() -> None:
    """Two threads that meet in OpenVINO's first inference block each other for good."""
    ran: list[tuple[threading.Thread, list[tuple[int, ...]]]] = []
    read: list[int] = []

    def output(number: int) -> Any:
        read.append(number)
        return SimpleNamespace(data=np.zeros(1))

    def infer(inputs: list[np.ndarray], share_inputs: bool) -> None:
        ran.append((threading.current_thread(), [each.shape for each in inputs]))

    request = SimpleNamespace(infer=infer, get_output_tensor=output)
    model = SimpleNamespace(create_infer_request=lambda: request)
    core = SimpleNamespace(compile_model=lambda graph, device, hints: model)
    assert compiled(core, SimpleNamespace(outputs=[0, 1]), {}) is model
    assert ran == [(threading.current_thread(), [(1, 1), (1, 1)])]
    assert read == [0, 1]
