"""Every sentence that the assistant says in its own name, French and English side by side.

A slot holds words that stand on the page or above it as they are, or the user's own question, or words of it, in quotes; nothing
else is ever filled in. A no-break space stands before : » and after « (U+00A0), a narrow one before ; ! ? (U+202F).
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from rag.answer import Said
from rag.question.asked import Question


@dataclass(frozen=True)
class Phrase:
    """A fixed sentence. ``strong`` is shown in bold."""

    name: str
    french: str
    english: str
    strong: bool = False

    def say(self, english: bool = False, /, **slots: str) -> Said:
        """The sentence with its slots filled from ``slots``; a heading's last colon is left away."""
        slots = {name: slots[name].rstrip().removesuffix(":").rstrip() for name in self.slots}
        template = self.english if english else self.french
        return Said(self.name, template.format(**slots), tuple(sorted(slots.items())), self.strong)

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.french) if name)


PHRASES: dict[str, Phrase] = {}


def _phrase(name: str, french: str, english: str, *, strong: bool = False) -> Phrase:
    french = french.replace("« ", "«\u00a0")
    for sign in ":»;!?":
        french = french.replace(f" {sign}", f"\u00a0{sign}" if sign in ":»" else f"\u202f{sign}")
    PHRASES[name] = Phrase(name, french.replace("'", "’"), english, strong)
    return PHRASES[name]


FOLLOWS = _phrase("follows", "Suite de : « {question} »", "After: “{question}”")
FOLLOWS_LONG = _phrase(
    "follows_long", "Suite de : « {first} », puis « {question} »", "After: “{first}”, then “{question}”"
)


def follows(question: Question) -> str:
    """What a follow-up leans on, as its reader is told, "" for a question that stands alone: of a long conversation the
    question that began with the subject, and the last."""
    if not question.previous:
        return ""
    first, *last = (" ".join(asked.split()) for asked in question.follows or (question.previous,))
    if last:
        return FOLLOWS_LONG.say(question.english, first=first, question=last[-1]).text
    return FOLLOWS.say(question.english, question=first).text


YES = _phrase("yes", "Oui", "Yes", strong=True)
NO = _phrase("no", "Non", "No", strong=True)
ACCORDING = _phrase("according", "D'après la page :", "According to the page (in French):")
LIKELY = _phrase(
    "likely",
    "La page ne répond peut-être pas directement à cette question. Ce qui s'en approche le plus :",
    "The page may not answer this question directly. What comes closest (in French):",
)
LIKELY_PART = _phrase(
    "likely_part",
    "La page ne répond peut-être qu'à une partie de cette question. Ce qui s'en approche le plus :",
    "The page may answer only a part of this question. What comes closest (in French):",
)
REST = _phrase(
    "rest",
    "Pour le reste de la question, ce qui s'approche le plus d'une réponse :",
    "As for the rest of the question, what comes closest to an answer (in French):",
)
REST_NOT_FOUND = _phrase(
    "rest_not_found",
    "Je n'ai pas trouvé de réponse au reste de la question dans la page.",
    "I found no answer to the rest of the question in the page.",
)
# True also where the sentence that is quoted tells the rest as well.
REST_NO_OTHER = _phrase(
    "rest_no_other",
    "Sur cette question, je n'ai rien trouvé d'autre dans la page.",
    "I found nothing else about this question in the page.",
)
ANSWERS = _phrase("answers", "À « {heading} », la page répond :", "To “{heading}” the page answers (in French):")
UNDER = _phrase("under", "Sous « {heading} », la page dit :", "Under “{heading}” the page says (in French):")
ABOVE = frozenset((ANSWERS.name, UNDER.name))
"""What a quote does not do without: it says of what its sentence is true."""
# What is said of a question that is not answered is true even where the page does answer it: we have not found it.
NOT_ON_PAGE = _phrase(
    "not_on_page",
    "Je n'ai pas trouvé de réponse à cette question dans la page.",
    "I found no answer to this question in the page.",
)
MENTIONS = _phrase(
    "mentions",
    "Je n'ai pas trouvé de réponse à cette question dans la page, qui mentionne « {name} » :",
    "I found no answer to this question in the page, which mentions “{name}”:",
)
NOT_FOUND = _phrase(
    "not_found",
    "Je n'ai pas trouvé « {typed} » dans la page.",
    "I did not find “{typed}” in the page.",
)
NOT_FOUND_LIKELY = _phrase(
    "not_found_likely",
    "Je n'ai pas trouvé « {typed} » dans la page. Ce qui s'approche le plus de cette question :",
    "I did not find “{typed}” in the page. What comes closest to this question (in French):",
)
OFF_TOPIC = _phrase(
    "off_topic",
    "Je n'ai rien trouvé sur cette question dans la page « {title} », ma seule source.",
    "I found nothing about this question in the page “{title}”, my only source.",
)
UNCLEAR = _phrase(
    "unclear",
    "Je ne vois pas de quoi vous parlez : nommez ce qui vous intéresse, ou prenez l'une des questions proposées.",
    "I cannot tell what you mean: please name what you are interested in, or take one of the suggested questions.",
)
SMALLTALK = _phrase(
    "smalltalk",
    "Je suis un assistant automatique : je réponds aux questions sur la page « {title} », en montrant à chaque fois "
    "le passage d'où vient la réponse. Que voulez-vous savoir ?",
    "I am an automatic assistant: I answer questions about the page “{title}” and show each time the passage "
    "that the answer comes from. What would you like to know?",
)
DATED = _phrase("dated", "Date de la page : « {known} ».", "Date of the page: “{known}”.")
TITLED = _phrase("titled", "Titre de la page : « {known} ».", "Title of the page: “{known}”.")
LICENSED = _phrase("licensed", "Licence de la page : « {known} ».", "Licence of the page: “{known}”.")
ADDRESSED = _phrase("addressed", "Adresse de la page : « {known} ».", "Address of the page: “{known}”.")
PUBLISHED = _phrase("published", "Source de la page : « {known} ».", "Source of the page: “{known}”.")
GREETING = _phrase(
    "greeting",
    "Bonjour ! Je réponds aux questions sur la page « {title} », et je montre à chaque fois le passage d'où vient la "
    "réponse. Que voulez-vous savoir ?",
    "Hello! I answer questions about the page “{title}”, and show each time the passage that the answer comes from.",
)
THANKS = _phrase("thanks", "Avec plaisir. Posez une autre question quand vous voulez.", "You are welcome.")
BYE = _phrase("bye", "Au revoir, et à bientôt.", "Goodbye.")
ASSISTANT = _phrase(
    "assistant",
    "Je suis un assistant automatique, pas une personne. Je cherche dans la page « {title} » les passages proches de "
    "votre question et je recopie leurs phrases mot pour mot ; je peux choisir un mauvais passage : vérifiez en "
    "ouvrant le passage cité.",
    "I am an automatic assistant, not a person. I look in the page “{title}” for passages near your question and copy "
    "their sentences word for word; I may choose a wrong passage: check by opening the passage cited.",
)
PRIVACY = _phrase(
    "privacy",
    "Vos questions sont traitées sur la machine qui fait tourner cet assistant et n'y sont pas conservées.",
    "Your questions are processed on the machine that runs this assistant and are not kept there.",
)
PRIVACY_IN_MEMORY = _phrase(
    "privacy_in_memory",
    "Vos questions sont traitées sur la machine qui fait tourner cet assistant ; les dernières y restent en mémoire avec "
    "leurs réponses, sans rien qui dise qui les a posées, et ne sont pas enregistrées.",
    "Your questions are processed on the machine that runs this assistant; the last ones stay in its memory with their "
    "answers, without anything that tells who asked, and are not stored.",
)
PRIVACY_LOGGED = _phrase(
    "privacy_logged",
    "Vos questions sont traitées sur la machine qui fait tourner cet assistant ; l'exploitant a choisi d'enregistrer "
    "chacune avec sa réponse, l'heure et l'adresse IP d'où elle vient.",
    "Your questions are processed on the machine that runs this assistant; the operator chose to store each with its "
    "answer, the time and the IP address that it comes from.",
)
ASSISTANT_WRITES = _phrase(
    "assistant_writes",
    "Je suis un assistant automatique, pas une personne. Je cherche dans la page « {title} » les passages proches de "
    "votre question, un modèle de langue écrit la réponse d'après eux, et je ne montre que les phrases que ces passages "
    "soutiennent ; je peux me tromper : vérifiez en ouvrant le passage cité.",
    "I am an automatic assistant, not a person. I look in the page “{title}” for passages near your question, a language "
    "model writes the answer from them, and I show only sentences that these passages support; I may be wrong: check by "
    "opening the passage cited.",
)
PRIVACY_SENT = _phrase(
    "privacy_sent",
    "Pour rédiger la réponse, la question et les passages trouvés sont transmis au modèle de langue choisi par "
    "l'exploitant.",
    "To phrase the answer, the question and the passages found are sent to the language model that the operator chose.",
)
PRIVACY_OPINION = _phrase(
    "privacy_opinion",
    "Un avis n'est enregistré que si vous choisissez de l'envoyer, avec votre mot, la question et la réponse.",
    "An opinion is stored only if you choose to send it, with your note, the question and the answer.",
)
MEDICAL = _phrase(
    "medical",
    "Je ne peux pas donner de conseil médical. En cas d'urgence, appelez le 15 (SAMU) ou le 112 ; sinon, parlez-en à un "
    "médecin, un pharmacien ou un autre professionnel de santé.",
    "I cannot give medical advice. In an emergency in France, call 15 (SAMU) or 112; otherwise please ask a doctor or "
    "pharmacist.",
)
DISTRESS = _phrase(
    "distress",
    "De l'aide existe, tout de suite : appelez le 3114, numéro national de prévention du suicide, gratuit, jour et nuit ; en cas "
    "d'urgence, le 15 (SAMU) ou le 112.",
    "There is help, right now: in France, call 3114, the free suicide prevention line, day and night; in an emergency, 15 or 112.",
)
ORDER = _phrase(
    "order",
    "Je ne peux pas faire cela : je réponds seulement aux questions sur la page.",
    "I cannot do that: I only answer questions about the page.",
)
RESHAPE_VERBATIM = _phrase(
    "reshape_verbatim",
    "Je recopie la page mot pour mot : je ne peux ni la reformuler, ni la traduire. Voici ce que j'ai cité :",
    "I copy the page word for word: I can neither rephrase nor translate it. Here is what I cited:",
)
RESHAPE_VERBATIM_LIKELY = _phrase(
    "reshape_verbatim_likely",
    "Je recopie la page mot pour mot : je ne peux ni la reformuler, ni la traduire. Ce qui s'approchait le plus d'une réponse :",
    "I copy the page word for word: I can neither rephrase nor translate it. What came closest to an answer:",
)
VERBATIM = frozenset((RESHAPE_VERBATIM.name, RESHAPE_VERBATIM_LIKELY.name))
"""What is said where no language model phrases."""
RESHAPE_SHORTER = _phrase("reshape_shorter", "En bref :", "In short:")
RESHAPE_MORE = _phrase(
    "reshape_more",
    "Le passage cité, tel qu'il est dans la page :",
    "The passage cited, as it stands in the page:",
)
RESHAPE_MORE_SEVERAL = _phrase(
    "reshape_more_several",
    "Les passages cités, tels qu'ils sont dans la page :",
    "The passages cited, as they stand in the page:",
)
RESHAPE_FULL = _phrase(
    "reshape_full",
    "Le texte complet est celui de la page. Les dernières phrases citées :",
    "The full text is the page itself. The last sentences cited:",
)
RESHAPE_PROTEST = _phrase(
    "reshape_protest",
    "Je peux avoir choisi un mauvais passage : vérifiez dans la page, ou posez la question autrement. Voici ce que j'ai "
    "cité :",
    "I may have chosen a wrong passage: check in the page, or ask in another way. Here is what I cited:",
)
RESHAPE_REFUSED = _phrase(
    "reshape_refused",
    "Je n'ai pas trouvé de réponse à la question précédente ; vous pouvez la poser autrement.",
    "I found no answer to the question before; you may ask it in another way.",
)
_CITED = ("Voici ce que j'ai cité :", "Here is what I cited (in French):")


def _unfulfilled(name: str, french: str, english: str) -> Phrase:
    """Of a wish about an answer ("plus court", "en anglais") that a language model was to fulfil."""
    return _phrase(
        f"wish_{name}",
        f"La réponse n'a pas pu être réécrite, car {french}. {_CITED[0]}",
        f"The answer could not be rewritten, because {english}. {_CITED[1]}",
    )


def _failed(name: str, french: str, english: str) -> tuple[Phrase, Phrase]:
    """Why the page's sentences stand for those of a language model, in an answer and after a wish about one."""
    instead = _phrase(
        f"generator_{name}",
        f"{french[0].upper()}{french[1:]} : la réponse est faite des phrases de la page.",
        f"{english[0].upper()}{english[1:]}: the answer is made of the page's own sentences (in French).",
    )
    return instead, _unfulfilled(name, french, english)


GENERATOR_DOWN, WISH_DOWN = _failed(
    "down", "le modèle de langue n'a pas pu être joint", "the language model could not be reached"
)
GENERATOR_REFUSED, WISH_REFUSED = _failed(
    "refused", "le modèle de langue a refusé la demande", "the language model refused the request"
)
GENERATOR_SLOW, WISH_SLOW = _failed(
    "slow", "le modèle de langue a mis trop de temps", "the language model took too long"
)
GENERATOR_CUT, WISH_CUT = _failed("cut", "le modèle de langue s'est interrompu", "the language model broke off")
GENERATOR_UNSUPPORTED, WISH_UNSUPPORTED = _failed(
    "unsupported",
    "rien de ce que le modèle de langue a écrit n'a pu être vérifié dans la page",
    "nothing that the language model wrote could be verified in the page",
)
GENERATOR_SLOW_AFTER = _phrase(
    "generator_slow_after",
    "Le modèle de langue a mis trop de temps : la réponse est complétée par les phrases de la page.",
    "The language model took too long: the answer is completed by the page's own sentences (in French).",
)
GENERATOR_CUT_AFTER = _phrase(
    "generator_cut_after",
    "Le modèle de langue s'est interrompu : la réponse est complétée par les phrases de la page.",
    "The language model broke off: the answer is completed by the page's own sentences (in French).",
)
WISH_NOTHING = _unfulfilled(
    "nothing",
    "le modèle de langue n'a rien écrit qui soit ce que vous demandez",
    "the language model wrote nothing that is what you ask for",
)
WISH_CLOSE = _unfulfilled(
    "close",
    "la page ne répond peut-être pas directement à cette question",
    "the page may not answer this question directly",
)
WISH_LANGUAGE = _phrase(
    "wish_language",
    f"La réponse ne peut être traduite qu'en anglais. {_CITED[0]}",
    f"The answer can be translated into English only. {_CITED[1]}",
)
WISH_SLOW_AFTER = _phrase(
    "wish_slow_after",
    "Le modèle de langue a mis trop de temps : la fin de sa réponse manque peut-être.",
    "The language model took too long: the end of its answer may be missing.",
)
WISH_CUT_AFTER = _phrase(
    "wish_cut_after",
    "Le modèle de langue s'est interrompu : la fin de sa réponse manque peut-être.",
    "The language model broke off: the end of its answer may be missing.",
)
WISH_PARTLY = _phrase(
    "wish_partly",
    "Une partie de ce que le modèle de langue a écrit n'a pas pu être vérifiée dans la page, et n'est pas montrée.",
    "Part of what the language model wrote could not be verified in the page, and is not shown.",
)
DOUBTING = frozenset(
    phrase.name for phrase in (LIKELY, LIKELY_PART, NOT_FOUND_LIKELY, RESHAPE_VERBATIM_LIKELY, WISH_CLOSE)
)
"""What tells that the sentences below it may not answer."""
