"""A tree of hashes over many leaves: its root vouches for all, a short path proves one.

The shape of RFC 6962: leaves and nodes are hashed under different first bytes, so that neither can be
taken for the other, and the left half of a tree is the largest power of two below its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over hashed leaves, in their order; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    row = list(leaves)
    while len(row) > 1:  # pairing neighbours and carrying an odd one up gives the same tree as halving
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = [*pairs, row[-1]] if len(row) % 2 else pairs
    return row[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The neighbours on the way from leaf `index` to the root: which side each stands on, and its hash.

    IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[tuple[str, bytes]] = []
    row, place = list(leaves), index
    while len(row) > 1:
        neighbour = place ^ 1
        if neighbour < len(row):
            path.append(("left" if neighbour < place else "right", row[neighbour]))
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = [*pairs, row[-1]] if len(row) % 2 else pairs
        place //= 2
    return path


def root_by(path: Sequence[tuple[str, bytes]], leaf: bytes) -> bytes:
    """The root that `path` leads to from the hash of a leaf."""
    for side, neighbour in path:
        leaf = node_hash(neighbour, leaf) if side == "left" else node_hash(leaf, neighbour)
    return leaf
