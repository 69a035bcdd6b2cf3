"""Whether the files of a graph that Chroma has saved belong together, seen in chromadb 1.5.9 (hnswlib's format).

Chroma's core loads them without looking and follows the links they hold, so that it crashes over files of two times or
over a damaged one.
"""

import math
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np

_HEADER_FORMAT = "<IQQQQQQiIQQQdQ"
_LEVEL_BYTES = 4
"""Before each node's links above level 0 stands how many bytes they take."""
MAX_EF = 10_000
"""Of what a graph is built with; Reftel's is 60."""
_COUNT_MASK = 0xFFFF
"""The number of a node's links; above it stands whether the node was deleted."""


class _Header(NamedTuple):
    version: int
    level0_offset: int
    capacity: int
    nodes: int
    node_bytes: int
    label_offset: int
    vector_offset: int
    top_level: int
    entry: int
    max_links: int
    max_level0_links: int
    m: int
    multiplier: float
    ef_construction: int


def graph_fault(folder: Path) -> str | None:
    """What is wrong with the graph in a folder; None where nothing is, or no graph has been saved."""
    path = folder / "header.bin"
    if not path.exists() or not path.stat().st_size:
        return None
    content = path.read_bytes()
    if len(content) < struct.calcsize(_HEADER_FORMAT):
        return "header.bin is cut off"
    header = _Header(*struct.unpack_from(_HEADER_FORMAT, content))
    try:
        return _header_fault(header) or _level0_fault(header, folder) or _levels_fault(header, folder)
    except (OSError, ValueError, struct.error) as error:
        return str(error)


def _header_fault(header: _Header) -> str | None:
    sizes = header.vector_offset == 4 * (1 + header.max_level0_links) and (
        header.vector_offset <= header.label_offset == header.node_bytes - 8
    )
    links = (
        header.m == header.max_links
        and header.max_level0_links == 2 * header.m
        and (
            math.isclose(header.multiplier, 1 / math.log(max(header.m, 2)))
            and header.ef_construction <= MAX_EF
        )
    )
    if not (sizes and links) or header.nodes > header.capacity or header.level0_offset:
        return "header.bin holds sizes that cannot be"
    return (
        None if header.entry < header.nodes or not header.nodes else "header.bin names a node that is missing"
    )


def _level0_fault(header: _Header, folder: Path) -> str | None:
    """Of the links between all nodes."""
    if not header.nodes:
        return None
    path = folder / "data_level0.bin"
    if path.stat().st_size != header.nodes * header.node_bytes:
        return "data_level0.bin has another number of nodes than header.bin"
    rows = np.memmap(path, np.uint8, "r", shape=(header.nodes, header.node_bytes))
    words = np.ascontiguousarray(rows[:, : header.vector_offset]).view(np.uint32)
    counts, links = words[:, 0] & _COUNT_MASK, words[:, 1:]
    used = np.arange(links.shape[1]) < counts[:, None]
    if (counts > links.shape[1]).any() or (links[used] >= header.nodes).any():
        return "data_level0.bin links to nodes that are missing"
    return None


def _levels_fault(header: _Header, folder: Path) -> str | None:
    """Of the links on the levels above: each leads to a node that has that level."""
    content = (folder / "link_lists.bin").read_bytes() if header.nodes else b""
    row_bytes = 4 * (1 + header.max_links)
    starts, levels, place = [], np.zeros(header.nodes, np.int64), 0
    for node in range(header.nodes):
        (size,) = struct.unpack_from("<I", content, place)
        place += _LEVEL_BYTES
        if size:
            starts.append((node, place))
            levels[node] = size // row_bytes
        if size % row_bytes:
            return "link_lists.bin is cut wrongly"
        place += size
    if place != len(content) or (header.nodes and levels[header.entry] != header.top_level):
        return "link_lists.bin is not of the same time as header.bin"
    for node, start in starts:
        for level in range(levels[node]):
            count, *links = struct.unpack_from(f"<{row_bytes // 4}I", content, start + level * row_bytes)
            used = links[: count & _COUNT_MASK]
            if count & _COUNT_MASK > header.max_links or any(
                link >= header.nodes or levels[link] <= level for link in used
            ):
                return "link_lists.bin links to nodes that are missing"
    return None
