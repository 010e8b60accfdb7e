"""What is asked: small talk, a list, a summary, a definition, yes or no, a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.words import fold, terms
from rag.answer import Kind
from rag.expected import Asks, what_is_asked

MOST_CHARS = 1000

_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_SUMMARY = re.compile(
    r"\b(?:resume[rsz]?|resumes|synthese|synthetise[rz]?|en bref|en resume|l'essentiel (?:de|a|du)|grandes lignes|idees? (?:principales?|cles?|fortes?|essentielles?)|(?:faut-il|dois-je|peut-on|que|a) retenir|en (?:une|deux|trois|quatre|cinq|quelques|\d) (?:phrases?|lignes?|mots)|que raconte|points? cles? de la page|"
    r"de quoi (?:parle|traite|s'agit|il s'agit|est-il question)|quel est le (?:sujet|theme|contenu)|"
    r"(?:dit|contient|raconte|trouve-t-on sur|apprend-on sur|presente) (?:cette|la|ta|votre) page(?! (?:sur|a propos|au sujet|du|des|concernant|quant))|sujet de (?:la|cette) page|"
    r"cette page (?:parle|traite)|(?:donne|dis|livre)[sz]?(?:[- ](?:moi|nous))? l'essentiel|l'essentiel\s*[?.!]*$|"
    r"(?:propos|message|theme|sujet|contenu|objet)(?: principal| central| general)? (?:de |du )(?:la |cette |l'|cet |ce )?(?:page|article|texte|document|site)\b|"
    r"(?:ca|cela) parle de quoi|de quoi (?:ca|cela) parle|topo|apercu|tour d'horizon|compte[- ]rendu|overview|sum up|"
    r"(?:themes?|sujets?|idees?|points?|messages?|informations?) (?:principa(?:le|ux|les)s?|cles?|essentiel(?:le)?s?|abordee?s?|traitee?s?|importante?s?|fort(?:e)?s?|evoquee?s?|majeure?s?)\b|"
    r"(?:explique|raconte|presente|decri[st]|dis)[sz]?[- ](?:moi|nous) (?:ce que (?:dit|raconte|contient) )?(?:la |cette |l'|cet )(?:page|article)|"
    r"(?:contient|raconte|dit) (?:la|cette) (?:section|partie|rubrique)|summari[sz]e|summary|what is (?:this|the) page about|tl;?dr|recapitul\w+)\b"
)
_LIST = re.compile(
    r"\b(?:quel(?:le)?s (?:sont|etaient|seront)|quels|quelles|liste[rz]?|la liste|enumere[rz]?|cite[rz]?(?:-moi)?|donne[rz]?-moi les|"
    r"tou(?:te)?s les|lesquel(?:le)?s|which ones|list|what are|il y a quoi|y a quoi|qu'y a-t-il comme)\b"
)
_DEFINITION = re.compile(
    r"\b(?:qu'est[- ]ce (?:que|qu')|qu est ce que|que?'?est[- ]ce que c'est|c'?e?s?t? ?(?:quoi|koi)|cest (?:quoi|koi)|c koi|c quoi|kesako|que (?:signifie|designe|veut dire|represente)|"
    r"que sont|definition|definis|definir|definissez|qu'entend-on par|qu'appelle-t-on|what (?:is|are)|what's|en quoi consiste|parle-moi de|parlez-moi de|presente[rz]?-moi|explique[rz]?-moi|c'est quoi)(?:\b|$)"
)
_WH = re.compile(
    r"\b(?:qui|que|quoi|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s|quand|ou|comment|combien|pourquoi|who|what|when|where|why|how|which|koi|kan|cb|pk)\b|\bqu'"
)
_EST_CE_QUE = re.compile(
    r"^(?:(?:bonjour|salut|et|alors|mais|donc|svp)[ ,:!.]*)*(?:est[- ]ce qu|esk|is |are |does |do |did |has |have |was |were |can |could )"
)
_INVERTED = re.compile(r"\b[a-z']+-(?:t-)?(?:il|elle|ils|elles|on|ce|je|nous)\b")
# Ahead of the verb, at the head of a clause: "qui" that follows a noun asks nothing.
_WH_AHEAD = re.compile(
    rf"(?:^|,\s*)(?:(?:et|mais|alors|donc|sinon|bonjour|dis-moi)[ ,]+)*(?:(?:a|de|d'|par|avec|pour|en|dans|depuis|sur|jusqu'a|chez|vers|selon|entre|contre|sans|sous|parmi|au bout de|grace a|a partir de) ?)?(?:{_WH.pattern})"
    rf"|(?:{_WH.pattern})(?:\s+(?:se|y|en|l[ea]s?|ne)|\s+[lsn]'|\s+d(?:e\s+|')\w+)?\s*$"
)
_STATED = re.compile(
    r"^(?:(?:donc|alors|et|mais|bonjour|si je comprends bien)[ ,]+)*[^?]*\b(?:est|sont|a (?:ete|eu|\w{3,}[eiu])|ont|etait|etaient|sera|seront|peut|peuvent|doit|doivent|va|vont|"
    r"fait|font|permet(?:tent)?|concerne(?:nt)?|existe(?:nt)?|comprend|comprennent|respecte(?:nt)?|participe(?:nt)?|sert|servent)\b[^?]+\?\s*$"
)
_CLAIM = re.compile(
    r"(?:n'est-ce pas|c'est (?:bien )?(?:vrai|ca)|pas vrai|non|si|right)\s*\?*\s*$|^(?:c'est vrai que|est-il vrai|confirme)"
)
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<=\S\s)(?:[A-Z]\w+ (?:(?:of|and|in|for|the) )?){2,}")
_ENGLISH = re.compile(
    r"\b(?:the|what|when|where|who|which|how|is|are|was|were|does|did|of|and|for|about|this|that|many|why|tell|me|can|you)\b"
)
_FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|de|une?|est|sont|dans|pour|quel(?:le)?s?|qui|que|quand|comment|combien|sur|et|ou|quoi|au|aux|avec|il|elle|ce|cette|je|tu|vous)\b"
)


_THE_PAGE = r"(?:la |le |l['’]|cette |cet |ce |the |this )(?:page|article|texte|document|site)"
_SOURCE = re.compile(
    rf"\s*,?\s*(?:\b(?:d['’]après|selon|dont parlent?|évoqu\w+ par|according to)\s+{_THE_PAGE}\b"
    rf"|\b(?:cit|mentionn|évoqu|nomm|présent|décri)(?:ée?s?|te?s?)\s+(?:dans|sur|par)\s+{_THE_PAGE}\b),?",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"^(?:(?:(?:je suis|nous sommes|en tant qu(?:e\s|['’]))[^,.;:?!]{2,60}(?=[,.]\s+\w)|bonjour|bonsoir|salut|merci|dis|svp|stp|s['’]il (?:vous|te) pla[iî]t|excusez-moi|"
    r"(?:est-ce que )?(?:tu |vous )?(?:peux|pouvez|pourriez|pourrais|sais|savez)(?:-(?:tu|vous))? (?:me dire|m['’]expliquer|m['’]indiquer)|"
    r"(?:tu sais|vous savez|sais-tu|savez-vous)(?=\s+(?:qui|ce qu|quand|où|ou|comment|combien|pourquoi|quel|à|de|dans|par|si)(?:le|les|s)?\b)|"
    r"(?:dis|dites|expliquez?|indiquez?)[- ]moi|(?:j['’]aimerais|je (?:voudrais|veux|souhaite|souhaiterais|cherche à)) (?:bien )?(?:savoir|conna[iî]tre|comprendre))"
    r"(?:[\s,:!.]+|$))+",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:(?:peux-tu|pouvez-vous|tu peux|vous pouvez|merci de|veuillez)\s+)?(?:me\s+|m['’])?"
    r"(?:list|énum[èé]r|enumer|cit|donn|indiqu)(?:e|es|ez|er)(?:[- ]moi)?\s+(?P<rest>.+?)\s*[?.!]*$",
    re.IGNORECASE,
)
_ALL_THAT = re.compile(r"^(?:tout |toutes? )?ce (?P<link>qui\s|que\s|qu['’])(?P<rest>.+)$", re.IGNORECASE)
_ALL_THE = re.compile(r"^(?:tou(?:s|tes) )?les (?P<rest>.+)$", re.IGNORECASE)

# "Fonds Alpin date de création": a reader of sentences knows "date de création de Fonds Alpin" better.
_KEY_WORDS = re.compile(
    r"^(?P<thing>[^\s,:;?]+(?:\s+[^\s,:;?]+){0,4}?)\s+"
    r"(?P<what>(?:date|année|lieu|adresse|budget|prix|coût|durée|nombre|montant|directeur|directrice|président|présidente|responsable)s?"
    r"(?:\s+(?:de|d['’])\s*[\w’'-]+)?)\s*[?.!]*$",
    re.IGNORECASE,
)

_LINKS = frozenset("de du des d la le les l a en et au aux pour".split())


def _is_name(text: str) -> bool:
    """Whether telling words open and close ``text``, with nothing but them and links between them."""
    words = re.findall(r"[^\W_]+", text)
    return bool(
        words and terms(words[0]) and terms(words[-1]) and all(terms(w) or fold(w) in _LINKS for w in words)
    )


class QuestionError(ValueError):
    """The question cannot be asked; the message says why, in French."""


@dataclass(frozen=True)
class Asked:
    """A question with what it asks for."""

    text: str
    kind: Kind
    asks: Asks
    english: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(terms(self.text))

    @property
    def plain(self) -> str:
        """The question as one that is put to a passage: courtesies go, an order becomes a question, what is wanted of a
        thing comes ahead of it."""
        text = " ".join(_SOURCE.sub(" ", self.text).split())
        text = COURTESY.sub("", text) or text
        if order := _ORDER.match(text):
            if all_that := _ALL_THAT.match(order["rest"]):
                return f"Qu’est-ce {all_that['link']}{all_that['rest']} ?"
            if all_the := _ALL_THE.match(order["rest"]):
                return f"Quels sont les {all_the['rest']} ?"
        if (words := _KEY_WORDS.match(text)) and _is_name(words["thing"]):
            return f"{words['what'].capitalize()} de {words['thing']}"
        return text


_OF_NO_SUMMARY = frozenset(
    terms(
        "page article texte document site section partie rubrique peux pouvez pourrais pourriez faire moi nous fais faites "
        "dire savoir donne donner donnez dis dites dit donc court courte rapide rapidement simplement bref propos sujet "
        "parle parler parlez traite traiter début fin contenu essentiel abordé abordés lycéen enfant quel quels quelle quelles the this give short main tell about me please quoi s'agit plait"
    )
)


_BEFORE_TOPIC = re.compile(
    r"^(?:.*?\b(?:sur|concernant|à propos de|au sujet de|about)\s+|(?:[\w’'-]+\s+)*?(?=(?:la |les? |l['’]|du |des |de |d['’])))",
    re.IGNORECASE,
)


def summary_topic(asked: Asked) -> str:
    """What a summary is wanted of ("les formations"), "" where it is the whole page."""
    for clause in re.split(r"[:;]\s|\.\s(?=[A-ZÀ-Þ])|[?!]", asked.text):
        folded = fold(clause)
        if len(folded) != len(clause) or not _SUMMARY.search(folded):
            continue
        rest, at = "", 0
        for found in _SUMMARY.finditer(folded):
            rest += clause[at : found.start()] + " "
            at = found.end()
        rest = _BEFORE_TOPIC.sub("", " ".join(_SOURCE.sub(" ", rest + clause[at:]).split()).strip(" -,."))
        rest = rest.strip(" -,.")
        if re.search(_THE_PAGE, rest, re.IGNORECASE):
            return ""
        return rest if any(t not in _OF_NO_SUMMARY for t in terms(rest)) else ""
    return ""


def clean(question: str) -> str:
    """The question on one line, without characters that cannot be seen.

    Raises:
        QuestionError: nothing is left, or too much.
    """
    text = " ".join(_INVISIBLE.sub("", question.replace("\t", " ")).split())
    if not re.search(r"\w", text):
        raise QuestionError("Posez une question\u00a0: il n’y a rien à lire ici.")
    if len(text) > MOST_CHARS:
        raise QuestionError(
            f"La question est trop longue\u00a0: {len(text)} caractères, {MOST_CHARS} au plus."
        )
    return text


def analyse(question: str) -> Asked:
    """What ``question`` asks for, by its words alone."""
    folded = fold(question)
    english = is_english(question)
    asks = what_is_asked(question)
    if _SUMMARY.search(folded):
        kind: Kind = "summary"
    elif is_yes_no(fold(COURTESY.sub("", question) or question)):
        kind = "yes_no"
    elif asks.expected:
        kind = "fact"
    elif _LIST.search(folded) and not re.search(r"\bquel(?:le)? (?:est|sera)\b", folded):
        kind = "list"
    elif _DEFINITION.search(folded):
        kind = "definition"
    else:
        kind = "fact"
    return Asked(question, kind, asks, english)


def is_yes_no(folded: str) -> bool:
    """Whether a folded question wants "oui" or "non": "est-ce que…", an inversion with no question word."""
    if _EST_CE_QUE.search(folded):
        return True
    inversion = _INVERTED.search(folded)
    if inversion and inversion.group().startswith("qu'"):
        return False
    if inversion and not _WH_AHEAD.search(folded[: inversion.start()]):
        return not folded.startswith(("qu'est", "n'est"))
    if _STATED.search(folded) and not _WH.search(folded):
        return True
    return bool(_CLAIM.search(folded)) and not _WH.search(folded[:12])


def is_english(question: str) -> bool:
    """Whether the question's small words are English rather than French."""
    folded = fold(_QUOTED.sub(" ", question))  # a name in English does not make the question so
    english, french = len(_ENGLISH.findall(folded)), len(_FRENCH.findall(folded))
    return english > french and english >= 1
