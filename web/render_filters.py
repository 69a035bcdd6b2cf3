"""The filters as HTML: chips for those that are set, and a panel with counts beside every choice. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from cables import Level, Role
from cables.glossary import tag_name
from vectorstore.view import Filters, View
from web.markup import NOTHING, fill, join
from web.render_pictures import histogram
from web.words import ROLES, month_words

TAGS_LISTED = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of the panel: the form's value, its words, how many cables (or paragraphs) it would leave."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """Everything that can be chosen under the filters that are set; months as (200804, cables)."""

    months: Sequence[tuple[int, int]]
    posts: Sequence[Choice]
    levels: Sequence[Choice]
    tags: Sequence[Choice]
    roles: Sequence[Choice]


def facets_of(view: View, filters: Filters) -> Facets:
    """Counts for every choice; a group's own choices do not narrow its counts."""
    posts = view.tally("post", replace(filters, posts=()))
    levels = view.tally("level", replace(filters, classifications=()))
    tags = view.tally("tag", replace(filters, tags=()))
    months = view.tally("month", Filters())  # the whole archive, so that the drag keeps its place
    roles = view.roles(replace(filters, roles=()))
    listed = [pair for n, pair in enumerate(tags) if n < TAGS_LISTED or pair[0] in filters.tags]
    return Facets(
        months=sorted(months),
        posts=[Choice(post, post, n, post in filters.posts) for post, n in posts],
        levels=[
            Choice(str(level), Level(level).label, n, level in filters.classifications)
            for level, n in sorted(levels)
        ],
        tags=[Choice(tag, f"{tag} {tag_name(tag) or ''}", n, tag in filters.tags) for tag, n in listed],
        roles=[Choice(role.value, ROLES[role], n, role in filters.roles) for role, n in roles],
    )


def render_chips(filters: Filters) -> str:
    """The button that opens the panel, and a chip to remove for each filter that is set."""
    chips = join(
        fill(
            '<li><button type="button" class="chip" data-do="unfilter" data-what="{}" data-value="{}" '
            'aria-label="Remove the filter {}">{} <span aria-hidden="true">×</span></button></li>',
            what,
            value,
            words,
            words,
        )
        for what, value, words in filter_words(filters)
    )
    clear = Markup(
        '<li><button type="button" class="tool" data-do="unfilter" data-what="all">Clear</button></li>'
    )
    return fill(
        '<ul class="chips"><li><button type="button" class="tool filter-toggle" data-do="filters" '
        'aria-expanded="false" aria-controls="panel">Filters</button></li>{}{}</ul>',
        chips,
        clear if filters else "",
    )


def filter_words(filters: Filters) -> list[tuple[str, str, str]]:
    """(kind, value, words) of each filter that is set."""
    words = [("posts", post, post) for post in filters.posts]
    if filters.since or filters.until:
        words.append(("period", "", period_words(filters.since, filters.until)))
    words += [("classifications", str(int(level)), level.label) for level in filters.classifications]
    words += [("tags", tag, f"TAGS {tag}") for tag in filters.tags]
    words += [("roles", role.value, ROLES[role]) for role in filters.roles]
    return words + [("cables", cable_id, cable_id) for cable_id in filters.cables]


def period_words(since: int | None, until: int | None) -> str:
    """From April 2008 to May 2008; since April 2008; until May 2008."""
    if since and until:
        first, last = month_words(since // 100), month_words(until // 100)
        return first if first == last else f"{first} to {last}"
    return f"since {month_words(since // 100)}" if since else f"until {month_words((until or 0) // 100)}"


def render_panel(facets: Facets, filters: Filters) -> str:
    """The panel: period with its histogram, posts, classification, TAGS and roles."""
    groups = join(
        [
            _group("Posts", "posts", facets.posts, searchable=True),
            _group("TAGS", "tags", facets.tags, searchable=True),
            _group("Classification", "classifications", facets.levels),
            _group("Who speaks (paragraphs)", "roles", facets.roles),
        ]
    )
    return fill(
        '<form class="filter-form" id="filter-form" aria-label="Filters">{}'
        '<div class="groups">{}</div></form>',
        _period(facets.months, filters),
        groups,
    )


def _group(title: str, name: str, choices: Sequence[Choice], searchable: bool = False) -> Markup:
    if not choices:
        return NOTHING
    search = fill('<input type="search" class="narrow" placeholder="Find" aria-label="Find in {}">', title)
    boxes = join(
        fill(
            '<li><label><input type="checkbox" name="{}" value="{}"{}>'
            "<span>{}</span> <b>{:,}</b></label></li>",
            name,
            choice.value,
            " checked" if choice.chosen else "",
            choice.words,
            choice.count,
        )
        for choice in choices
    )
    found = search if searchable and len(choices) > 8 else ""
    return fill("<fieldset><legend>{}</legend>{}<ul>{}</ul></fieldset>", title, found, boxes)


def _period(months: Sequence[tuple[int, int]], filters: Filters) -> Markup:
    if not months:
        return NOTHING
    return fill(
        '<fieldset class="period"><legend>Period</legend>{}<div class="ends">{}</div></fieldset>',
        histogram(months),
        render_ends(months, filters),
    )


def render_ends(months: Sequence[tuple[int, int]], filters: Filters) -> Markup:
    """The fields for the first and the last month; a drag over the form's histogram fills them in."""
    if not months:
        return NOTHING
    field = '<label>{} <input type="month" name="{}" value="{}" min="{}" max="{}"></label>'
    ends = (dashed(months[0][0]), dashed(months[-1][0]))
    since = dashed(filters.since // 100) if filters.since else ""
    until = dashed(filters.until // 100) if filters.until else ""
    return fill(field, "From", "since", since, *ends) + fill(field, "to", "until", until, *ends)


def dashed(month: int) -> str:
    """200804 -> 2008-04, as month fields want it."""
    return f"{month // 100:04}-{month % 100:02}"


def chosen(form: dict[str, object]) -> Filters:
    """The filters that the panel's form says; what makes no sense is left out."""

    def several(name: str) -> list[str]:
        values = form.get(name)
        return [str(value) for value in values] if isinstance(values, list) else []

    return Filters(
        posts=tuple(several("posts")),
        since=_day(form.get("since"), 1),
        until=_day(form.get("until"), 31),
        classifications=tuple(
            Level(int(v)) for v in several("classifications") if v in {"0", "1", "2", "3", "4"}
        ),
        tags=tuple(several("tags")),
        roles=tuple(Role(value) for value in several("roles") if value in set(Role)),
    )


def _day(month: object, day: int) -> int | None:
    try:
        then = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return then.year * 10000 + then.month * 100 + day


def without(filters: Filters, what: str, value: str) -> Filters:
    """The filters without one of them."""
    if what == "all":
        return Filters()
    if what == "period":
        return replace(filters, since=None, until=None)
    levels = filters.classifications
    return replace(
        filters,
        posts=tuple(post for post in filters.posts if (what, post) != ("posts", value)),
        classifications=tuple(
            level for level in levels if (what, str(int(level))) != ("classifications", value)
        ),
        tags=tuple(tag for tag in filters.tags if (what, tag) != ("tags", value)),
        roles=tuple(role for role in filters.roles if (what, role.value) != ("roles", value)),
        cables=tuple(cable_id for cable_id in filters.cables if (what, cable_id) != ("cables", value)),
    )
