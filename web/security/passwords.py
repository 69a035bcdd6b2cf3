"""Passwords that anybody would try first."""

import re

COMMON_WORDS = """
abc access admin administrator amber angel archive asdf baby baseball basketball batman bonjour cable cables
changeme charlie cheese chocolate computer cowboy daniel default demo diplomat dragon embassy flower football
freedom guest hallo hello hockey iloveyou internet jordan killer letmein login london love lovely manager master
michael michelle monkey mustang mypassword office pass passw password passwort princess qwer qwert qwerty reftel
root secret server shadow soccer spring state starwars summer sunshine superman superuser system telegram temp
test testing trustno trustnoone user usuario washington welcome wikileaks winter autumn zxcv zxcvbn my the is
"""
"""Of which common passwords consist; taken from general knowledge of what people choose, no list of leaked ones."""
WORDS = frozenset(COMMON_WORDS.split())
SEQUENCES = (
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfv",
)
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
MIN_DISTINCT_CHARS = 5
MIN_SEQUENCE_CHARS = 4
MIN_OWN_CHARS = 2
"""Letters beside common words and sequences that a password needs."""
MAX_WORD_CHARS = max(map(len, WORDS))
MAX_JUDGED_CHARS = 200
"""Of a longer password the beginning is judged: looking for sequences takes time that grows as the square."""


def is_common(password: str, name: str = "") -> bool:
    """Whether nothing is left of a password without common words, runs of keys and figures, or only its name."""
    lowered = password[:MAX_JUDGED_CHARS].lower()
    if len(set(lowered)) < MIN_DISTINCT_CHARS:
        return True
    plain = re.sub(r"[\W\d_]+$", "", _without_sequences(lowered))
    texts = (plain, plain.translate(LOOKALIKES))
    letters = [re.sub(r"[\W\d_]+", " ", text) for text in texts]
    only_name = bool(name) and not letters[0].replace(name.lower(), "").strip()
    return only_name or min(map(_own_chars, letters)) < MIN_OWN_CHARS


def _without_sequences(text: str) -> str:
    """The text without runs of neighbours on a keyboard, in the alphabet or among figures."""
    kept, at = "", 0
    while at < len(text):
        length = max(_sequence_length(text[at:], sequence) for sequence in SEQUENCES)
        kept += text[at] if length < MIN_SEQUENCE_CHARS else " "
        at += 1 if length < MIN_SEQUENCE_CHARS else length
    return kept


def _sequence_length(text: str, sequence: str) -> int:
    length = 0
    while length < len(text) and text[: length + 1] in sequence:
        length += 1
    return length


def _own_chars(text: str) -> int:
    """How many letters stand outside of common words, of which the longest at each place counts."""
    own, at = 0, 0
    while at < len(text):
        ends = range(min(len(text), at + MAX_WORD_CHARS), at, -1)
        end = next((end for end in ends if text[at:end] in WORDS), at)
        own += end == at and text[at] != " "
        at = max(end, at + 1)
    return own
