"""Which part of a page's tree is its content: what is hidden, what is around it, where it stands."""

from __future__ import annotations

import re
from typing import Any

from index.html.tags import is_box, is_twin, words_of

HEADINGS = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"

_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])"
    r"|font-size\s*:\s*1px|(?<![\w-])color\s*:\s*transparent|content-visibility\s*:\s*hidden|scale\(\s*0\s*\)"
    r"|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01]|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|^(?=.*overflow\s*:\s*hidden)(?:.*[;\s])?(?:max-)?(?:height|width)\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:px)?(?![.\d])", re.IGNORECASE)
"""Hides words, but not those of elements inside, which have a size of their own: so the white space of a grid is closed."""
_FADED = re.compile(r"(?:visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))", re.IGNORECASE)
_FADES_IN = re.compile(r"(?:^|[\s_-])(?:aos|wow|fade\w*|reveal|animate\w*)(?:$|[\s_-])", re.IGNORECASE)
_UNSEEN_CLASS = frozenset(
    "hidden d-none is-hidden invisible sr-only fr-sr-only visually-hidden visuallyhidden screen-reader-text "
    "element-invisible fr-hidden show-for-sr print-only mw-editsection".split()
)
_SEEN_WHERE_WIDE = re.compile(r"^(?:(?:\w+:|d-\w\w-)(?:block|flex|grid|inline|table|contents)|fr-unhidden)")


def _named(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.IGNORECASE)


_AROUND = _named(
    r"tarteaucitron\w*|axeptio\w*|didomi\w*|onetrust\w*|cookiebot\w*|addtoany\w*|skip-?links?|skiplinks|back-?to-?top"
    r"|comments?-?(?:list|area|form)"
)
_AROUND_OF_LINKS = _named(
    r"share|sharing|partager?|socials?|breadcrumbs?|ariane|pagination|pager|navbar|(?:main|top|side|mega)-?menu"
)
"""Around the content where no sentence stands beside the links: « logement-social » and « partage-des-biens » are sections."""
_AROUND_THAT_ASKS = _named(r"cookies?|consent|rgpd|gdpr|cmp")
"""Around it where something is to be pressed."""
_BANNER = re.compile(r"banner|bandeau|notice|popup|modal", re.IGNORECASE)
_SENTENCE = re.compile(r"\w[^.!?]{15,}\.(?:\s|$)")
_TO_PRESS = (
    ".//button|.//input|.//a[@role='button' or contains(@class, 'btn') or contains(@class, 'button')"
    " or starts-with(@href, '#') or starts-with(@href, 'javascript')]"
)
_STYLE_BLOCK = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[\w-]*[.#]([\w-]+)")
_OPENERS = ".//*[@aria-controls or @aria-expanded or @data-toggle or @data-bs-toggle]|.//button[following-sibling::*[1][self::div]]"
_FOLDS = re.compile(r"accordi|collaps|toggle|faq", re.IGNORECASE)
_LEAST_SHARE = 0.6
"""Least share of the body's words that the chosen part must hold; the page's own ``main`` is right with less."""
_LEAST_SHARE_OF_MAIN = 0.3


def is_hidden(node: Any, panels: dict[Any, str]) -> bool:
    """Whether a reader of the page never sees ``node``. A panel that a button opens is seen."""
    if node.tag == "dialog" and node.get("open") is None and node not in panels:
        return True
    if not node.attrib:
        return False
    if node in panels or node.get("role") == "tabpanel" or node.get("hidden") == "until-found":
        return False
    get = node.get
    if get("hidden") is not None or (get("aria-hidden") == "true" and not _is_read_otherwise(node)):
        return True
    if (style := get("style")) and _hides(style, node):
        return True
    return _is_unseen_class(node) and not any(_SEEN_WHERE_WIDE.match(name) for name in get("class", "").split())


def _hides(style: str, node: Any) -> bool:
    """Whether ``style`` hides ``node`` for good, not only until it is scrolled to."""
    if _NO_SIZE.search(style) and not len(node):
        return True
    if _FADES_IN.search(" ".join((node.get("class", ""), *node.attrib))):
        style = _FADED.sub("", style)
    return _UNSEEN_STYLE.search(style) is not None


def _is_unseen_class(node: Any) -> bool:
    return not _UNSEEN_CLASS.isdisjoint(node.get("class", "").split())


def _is_read_otherwise(node: Any) -> bool:
    """Whether ``node`` has words for the eye, beside which a neighbour says the same to whoever listens; signs have none."""
    if node.tag not in ("span", "div", "p", "time") or "icon" in node.get("class", ""):
        return False
    beside = (
        other for other in (node.getprevious(), node.getnext()) if other is not None and isinstance(other.tag, str)
    )
    return any(_is_unseen_class(other) for other in beside)


def repeats(node: Any, panels: dict[Any, str]) -> bool:
    """Whether the neighbour before ``node``, which is read, says the same words."""
    before = node.getprevious()
    if before is None or not isinstance(before.tag, str) or (node.tail or "").strip():
        return False
    return is_twin(node, before) and not is_hidden(before, panels)


def opener_target(node: Any, by_id: dict[str, Any]) -> Any:
    """The element that a button or tab opens; ``None`` for what opens nothing."""
    if node.tag in ("input", "select", "textarea", "form"):
        return None
    for name in (
        node.get("aria-controls"),
        node.get("data-target"),
        node.get("data-bs-target"),
        node.get("href"),
    ):
        if name and (target := by_id.get(name.lstrip("#").split()[0] if name.strip("# ") else "")) is not None:
            return target
    folds = node.get("aria-expanded") or _FOLDS.search(node.get("class", ""))
    return node.getnext() if node.tag == "button" and folds else None


def opened_panels(root: Any) -> tuple[dict[Any, Any], dict[Any, str]]:
    """Openers with their panels, and panels with the title that they show (empty but for tabs)."""
    openers: dict[Any, Any] = {}
    panels: dict[Any, str] = {}
    found = root.xpath(_OPENERS)
    if not found:
        return openers, panels
    by_id = {node.get("id"): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    for node in found:
        target = opener_target(node, by_id)
        if target is not None and isinstance(target.tag, str) and target is not node:
            openers[node] = target
            panels[target] = words_of(node) if node.get("role") == "tab" else ""
    return openers, panels


def sheet_styles(tree: Any) -> dict[str, str]:
    """What the page's own style sheet says of a class or an id, by a rule of its own."""
    styles: dict[str, str] = {}
    for style in tree.iter("style"):
        for selectors, rules in _STYLE_RULE.findall(_STYLE_BLOCK.sub("", style.text or "")):
            found = (_SIMPLE.fullmatch(selector.strip()) for selector in selectors.split(","))
            for match in filter(None, found):
                styles[match[1]] = f"{styles.get(match[1], '')};{rules}"
    return styles


def apply_sheet(tree: Any, body: Any) -> None:
    """Take out what the page's style sheet hides, but not what something on the page opens; write the other styles on the
    elements that they are for."""
    styles = sheet_styles(tree)
    if not styles:
        return
    _, panels = opened_panels(body)
    scripts = " ".join(body.xpath(".//@onclick")) + " ".join(body.xpath(".//@href"))
    for node in list(body.iter()):
        if not isinstance(node.tag, str) or node.getparent() is None:
            continue
        own = node.get("id", "")
        style = ";".join(styles[name] for name in (own, *node.get("class", "").split()) if name in styles)
        if not style:
            continue
        if not _hides(style, node):
            node.set("style", f"{style};{node.get('style', '')}")
        elif node not in panels and not (own and own in scripts) and not _is_folded(node):
            node.drop_tree()


def _is_folded(node: Any) -> bool:
    """Whether ``node`` is what the button or the heading just before it opens: a script says so, no attribute."""
    before = node.getprevious()
    return (
        before is not None and before.tag in ("button", "summary", "h2", "h3", "h4", "h5", "h6") and node.tag == "div"
    )


def prune(body: Any) -> None:
    """Take out of the tree what stands around the content: menus, banners, share buttons.

    A page's own header and footer go, not those of an article in it. What is named like a banner
    but holds most of the words stays.
    """
    words = _size(body)
    for node in list(body.iter("nav", "header", "footer", "aside", "div", "section", "ul", "ol", "p")):
        if node.getparent() is not None and _is_around(node) and _size(node) < words / 3:
            node.drop_tree()


def _is_around(node: Any) -> bool:
    role = node.get("role")
    if node.tag == "nav" or role in (
        "navigation",
        "search",
        "banner",
        "contentinfo",
        "menu",
        "menubar",
        "dialog",
        "alertdialog",
    ):
        return True
    if node.tag in ("header", "footer", "aside"):
        inside = next(node.iterancestors("main", "article", "section"), None) is not None or is_box(node)
        if not inside and not (node.tag == "header" and node.xpath("following-sibling::p")):
            return True
    named = f"{node.get('class', '')} {node.get('id', '')}"
    if not named.strip():
        return False
    return bool(
        _AROUND.search(named)
        or (_AROUND_OF_LINKS.search(named) and not _SENTENCE.search(_beside_links(node)))
        or (_AROUND_THAT_ASKS.search(named) and (node.xpath(_TO_PRESS) or _BANNER.search(named)))
    )


def _beside_links(node: Any) -> str:
    return " ".join(" ".join(node.xpath(".//text()[not(ancestor::a or ancestor::button)]")).split())


def standfirst(body: Any) -> list[Any]:
    """The paragraphs beside the page's only ``h1``: many pages have both above their ``main``."""
    titles = body.xpath(".//h1")
    if len(titles) != 1 or titles[0].xpath(".//a|ancestor::header//nav"):
        return []
    beside = titles[0].xpath("following-sibling::p|ancestor::header/*[not(.//h1)]//p")
    return [p for p in beside if not p.xpath("ancestor::main|ancestor::*[@role='main']") and not is_hidden(p, {})]


def main_content(body: Any) -> Any:
    """The part of the tree that a reader came for, the whole body where nothing tells it apart.

    That is the page's own ``main``. Where there is none, trafilatura is asked; of its choices and
    the only ``article``, the first is taken that keeps the headings and most of the words.
    """
    whole, headings = _size(body), len(_sections(body))
    own = body.xpath(".//main|.//*[@role='main']")
    if len(own) == 1 and _size(own[0]) >= _LEAST_SHARE_OF_MAIN * whole:
        return own[0]
    for choice in _choices(body):
        if _size(choice) >= _LEAST_SHARE * whole and len(_sections(choice)) >= 0.7 * headings:
            return choice
    return body


def _choices(body: Any) -> list[Any]:
    from trafilatura.xpaths import BODY_XPATH

    articles = body.xpath(".//article")
    asked = [found[0] for expression in BODY_XPATH if (found := expression(body))]
    return [*asked, *(articles if len(articles) == 1 else [])]


def _sections(node: Any) -> list[Any]:
    return [heading for heading in node.xpath(HEADINGS) if heading.tag != "h1"]


def _size(node: Any) -> int:
    return len("".join(node.itertext()))
