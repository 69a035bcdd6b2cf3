"""What the codes, names and abbreviations of cables mean: data files with their lookups."""

from cables.glossary.posts import Post, find_post, find_routing, post_label, posts, squeeze

__all__ = ["Post", "find_post", "find_routing", "post_label", "posts", "squeeze"]
