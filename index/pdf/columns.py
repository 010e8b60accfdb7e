"""The order in which a page of print is read: columns of text side by side one after the other."""

from __future__ import annotations

from itertools import accumulate, islice, takewhile

from index.pdf.printed import SENTENCE_END, Printed, PrintedLine, place_of, size_of

_GUTTER = 6.0
"""Points of white space that part two columns, at least."""
_LEAST_LINES = 2
_MOST_LINES = 250
"""A page of more is no page of text, and would take long."""
_CLOSE = 0.8
"""White space between two lines of a paragraph, in heights of a line."""
_PARAGRAPHS = 1.7
"""The same between two paragraphs, whatever is seen in a column."""
_FILLED = 0.85
"""Share of a column's width that a line of running text fills."""

Column = list[Printed]


def in_columns(printed: Column) -> Column:
    """What is ``printed`` on a page, columns of text put one after the other.

    What stands side by side and is no text (a form's labels beside their values) stays as it was.
    """
    if len(printed) > _MOST_LINES:
        return printed
    waiting = sorted(printed, key=lambda item: (_top(item), _left(item)))
    number = 0
    while number < len(waiting):
        left, right = _columns(waiting, number)
        if _is_text(left) and _is_text(right):
            columns = [*in_columns(left), *in_columns(right)]
            first = min(map(printed.index, columns))
            before, after = printed[:first], printed[first:]
            printed = [*_without(before, columns), *columns, *_without(after, columns)]
            waiting, number = _without(waiting[number:], columns), 0
        else:
            number += 1
    return printed


def _without(items: Column, others: Column) -> Column:
    return [item for item in items if item not in others]


def _columns(items: Column, number: int) -> tuple[Column, Column]:
    """The two columns in which the item of a ``number`` is the first that has another beside it; empty where none has."""
    first = items[number]
    sides = sorted(takewhile(lambda item: _top(item) < _bottom(first), islice(items, number, None)), key=_left)
    ends = list(accumulate(map(_right, sides), max))
    part = next((n for n, item in enumerate(sides[1:], 1) if _left(item) - ends[n - 1] >= _GUTTER), 0)
    left, right = sides[:part], sides[part:]
    if not left:
        return [], []
    widest = 0.0
    last = max(sides, key=_bottom)
    for item in _without(items[number:], sides):
        space = _top(item) - _bottom(last)
        side = _side(item, left, right)
        if side is None or space > max(_PARAGRAPHS * max(size_of(item), size_of(last)), 1.1 * widest):
            break
        side.append(item)
        last = max(last, item, key=_bottom)
        widest = max(widest, space)
    for item in reversed(items[:number]):  # one column may begin higher than the other
        side = _side(item, left, right)
        if side is not None and _leads(item, side[0]):
            side.insert(0, item)
    shared = min(max(map(_bottom, left)), max(map(_bottom, right)))
    return _to(left, shared, _bottom(right[-1])), _to(right, shared, _bottom(left[-1]))


def _side(item: Printed, left: Column, right: Column) -> Column | None:
    """The column in which ``item`` stands, if it leaves the white space between them free."""
    if _right(item) + _GUTTER <= min(map(_left, right)):
        return left
    return right if _left(item) - _GUTTER >= max(map(_right, left)) else None


def _leads(item: Printed, below: Printed) -> bool:
    """Whether ``item`` is the one before ``below`` in its column: of the same paragraph, or its heading."""
    if not isinstance(item, PrintedLine) or not isinstance(below, PrintedLine):
        return False
    heads = item.size > below.size or (item.bold and not below.bold)
    return 0 <= below.top - item.bottom <= (_PARAGRAPHS if heads else _CLOSE) * item.size


def _to(column: Column, shared: float, beside: float) -> Column:
    """A column without what stands below ``shared``, where the shorter one ends, and does not go on this one.

    Text under both columns stands apart from the one ``beside`` too.
    """
    kept = [item for item in column if _top(item) <= shared]
    start, end = min(map(_left, kept)), max(map(_right, kept))
    for item in column[len(kept) :]:
        close = _top(item) - max(_bottom(kept[-1]), beside) <= _CLOSE * size_of(item)
        if not close and not _FILLED < (_right(item) - start) / (end - start) < 2 - _FILLED:
            break
        kept.append(item)
    return kept


def _is_text(column: Column) -> bool:
    """Whether sentences stand in a column, not only labels or values."""
    lines = [item.text for item in column if isinstance(item, PrintedLine)]
    return len(lines) >= _LEAST_LINES and any(SENTENCE_END.search(line) and line[-1] != ":" for line in lines)


def _left(item: Printed) -> float:
    return place_of(item)[0]


def _top(item: Printed) -> float:
    return place_of(item)[1]


def _right(item: Printed) -> float:
    return place_of(item)[2]


def _bottom(item: Printed) -> float:
    return place_of(item)[3]
