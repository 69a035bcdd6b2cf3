"""A passage's token vectors, as they are kept for the comparison token by token."""

from dataclasses import dataclass

import numpy as np

TOKEN_DIMENSION = 48
TOKEN_SCALE = 254.0
"""Parts of a unit vector lie well within a half of either sign; so many steps are kept of 1."""
_TOKEN_BYTES = TOKEN_DIMENSION + 2


@dataclass(frozen=True, slots=True)
class Tokens:
    """A passage's tokens that say something: unit vectors in bytes, shape (tokens, 48), and the word in which
    each stands, counted from the passage's last word, which is 0 (above it stands a header of any length)."""

    vectors: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    words: np.ndarray[tuple[int], np.dtype[np.uint16]]

    def pack(self) -> bytes:
        """The tokens as `unpack` reads them: 50 bytes each."""
        return self.vectors.tobytes() + self.words.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> "Tokens":
        """Read what `pack` wrote; a few bytes behind it do not matter."""
        count = len(packed) // _TOKEN_BYTES
        vectors = np.frombuffer(packed, np.int8, count * TOKEN_DIMENSION).reshape(count, TOKEN_DIMENSION)
        return cls(vectors, np.frombuffer(packed, np.uint16, count, count * TOKEN_DIMENSION))


def quantized(vectors: np.ndarray) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Unit vectors, shape (tokens, 48), with each number in a byte."""
    return np.clip(np.rint(vectors * TOKEN_SCALE), -127, 127).astype(np.int8)
