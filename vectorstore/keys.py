"""Keys of paragraphs, ids of their vectors, rows in the word index, and content hashes.

A paragraph's key is `08BEIJING1488.2`. Its first vector has the key as its id, further ones `08BEIJING1488.2#1`, `#2`.
The word indexes know paragraphs and cables by a row, an integer.
"""

from hashlib import blake2b


def row_of(key: str) -> int:
    """The integer by which a word index knows a paragraph or a cable: 63 bits of a hash of its key or id."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) >> 1


def window_id(key: str, window: int) -> str:
    """The id of a paragraph's n-th vector."""
    return f"{key}#{window}" if window else key


def key_of(window: str) -> str:
    """The paragraph's key in a vector's id."""
    return window.partition("#")[0]


def cable_of(key: str) -> str:
    """The cable's id in a paragraph's key."""
    return key.partition(".")[0]


def text_hash(*parts: str) -> str:
    """A content hash of texts, 32 hexadecimal digits."""
    return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()
