"""Which part of a page's tree is its content: what is hidden, what is around it, where it stands."""

from __future__ import annotations

import re
from typing import Any

HEADINGS = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"

_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|font-size\s*:\s*[01]px|(?<![\w-])color\s*:\s*transparent|content-visibility\s*:\s*hidden|scale\(\s*0\s*\)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01]|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|^(?=.*overflow\s*:\s*hidden)(?:.*[;\s])?(?:max-)?(?:height|width)\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_UNSEEN_CLASS = frozenset(
    "hidden d-none is-hidden invisible sr-only fr-sr-only visually-hidden visuallyhidden screen-reader-text "
    "element-invisible fr-hidden show-for-sr print-only mw-editsection".split()
)
_SEEN_WHERE_WIDE = re.compile(r"^(?:\w+:|d-\w\w-)(?:block|flex|grid|inline)")
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|rgpd|gdpr|tarteaucitron\w*|axeptio\w*|didomi\w*|onetrust\w*|cookiebot\w*|cmp|addtoany\w*|share|sharing|partager?|social|socials|breadcrumbs?|ariane"
    r"|skip-?links?|skiplinks|pagination|pager|navbar|(?:main|top|side|mega)-?menu|back-?to-?top|comments?-?(?:list|area|form))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_STYLE_BLOCK = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[\w-]*[.#]([\w-]+)")
_OPENERS = ".//*[@aria-controls or @aria-expanded or @data-toggle or @data-bs-toggle]"
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
    if get("hidden") is not None or get("aria-hidden") == "true":
        return True
    if (style := get("style")) and _UNSEEN_STYLE.search(style):
        return True
    names = get("class", "").split()
    return not _UNSEEN_CLASS.isdisjoint(names) and not any(_SEEN_WHERE_WIDE.match(name) for name in names)


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
    return node.getnext() if node.tag == "button" and node.get("aria-expanded") else None


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
            panels[target] = " ".join("".join(node.itertext()).split()) if node.get("role") == "tab" else ""
    return openers, panels


def unseen_names(tree: Any) -> frozenset[str]:
    """Classes and ids that the page's own style sheet hides, each by a rule of its own."""
    names: set[str] = set()
    for style in tree.iter("style"):
        for selectors, rules in _STYLE_RULE.findall(_STYLE_BLOCK.sub("", style.text or "")):
            if _UNSEEN_STYLE.search(rules):
                found = (_SIMPLE.fullmatch(selector.strip()) for selector in selectors.split(","))
                names |= {match[1] for match in found if match}
    return frozenset(names)


def drop_unseen(tree: Any, body: Any) -> None:
    """Take out what the page's style sheet hides, but not what something on the page opens."""
    names = unseen_names(tree)
    if not names:
        return
    _, panels = opened_panels(body)
    scripts = " ".join(body.xpath(".//@onclick")) + " ".join(body.xpath(".//@href"))
    for node in list(body.iter()):
        if not isinstance(node.tag, str) or node.getparent() is None or node in panels:
            continue
        own = node.get("id", "")
        if not names.isdisjoint((own, *node.get("class", "").split())) and not (own and own in scripts):
            node.drop_tree()


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
        inside = next(node.iterancestors("main", "article"), None) is not None
        if not inside and not (node.tag == "header" and node.xpath("following-sibling::p")):
            return True
    named = f"{node.get('class', '')} {node.get('id', '')}"
    return bool(named.strip()) and _AROUND.search(named) is not None


def standfirst(body: Any) -> list[Any]:
    """The paragraphs beside the page's only ``h1``: many pages have both above their ``main``."""
    titles = body.xpath(".//h1")
    if len(titles) != 1 or titles[0].xpath(".//a|ancestor::header//nav"):
        return []
    beside = titles[0].xpath("following-sibling::p")
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
