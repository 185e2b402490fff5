"""A 64-bit fingerprint of a text (simhash over shingles of four words): equal for copies, close for edited copies.

Charikar, "Similarity estimation techniques from rounding algorithms", 2002.
"""

import hashlib
import re

_WORD = re.compile(r"\w+")
SHINGLE = 4
BITS = 64


def fingerprint(text: str) -> int:
    """The simhash of `text` as a signed 64-bit integer, which is what databases store; 0 for a text without words."""
    words = _WORD.findall(text.lower())
    shingles = {" ".join(words[i:i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))} if words else set()
    weights = [0] * BITS
    for shingle in shingles:
        digest = int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        for bit in range(BITS):
            weights[bit] += 1 if digest >> bit & 1 else -1
    value = sum(1 << bit for bit, weight in enumerate(weights) if weight > 0)
    return value - (1 << BITS) if value >= 1 << (BITS - 1) else value


def distance(one: int, two: int) -> int:
    """In how many of the 64 bits two fingerprints differ."""
    return ((one ^ two) & ((1 << BITS) - 1)).bit_count()
