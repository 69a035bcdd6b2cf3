"""What the codes, names and abbreviations of cables mean: data files with their lookups."""

from cables.glossary.acronyms import AcronymMeaning, acronym, acronyms
from cables.glossary.countries import Country, countries, country_code, find_countries
from cables.glossary.posts import Post, find_post, find_routing, post_label, posts, squeeze
from cables.glossary.tags import tag_name

__all__ = [
    "AcronymMeaning",
    "Country",
    "Post",
    "acronym",
    "acronyms",
    "countries",
    "country_code",
    "find_countries",
    "find_post",
    "find_routing",
    "post_label",
    "posts",
    "squeeze",
    "tag_name",
]
