"""Every sentence that the assistant says in its own name, French and English side by side.

A slot holds words that stand on the page or above it as they are, or the user's own question in quotes; nothing
else is ever filled in. A no-break space (U+00A0) stands before ; : ! ? » and after «, as French wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from rag.answer import Said


@dataclass(frozen=True)
class Phrase:
    """A fixed sentence. ``strong`` is shown in bold."""

    name: str
    french: str
    english: str
    strong: bool = False

    def say(self, english: bool = False, /, **slots: str) -> Said:
        """The sentence with its slots filled."""
        template = self.english if english else self.french
        return Said(self.name, template.format(**slots), tuple(sorted(slots.items())), self.strong)

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.french) if name)


PHRASES: dict[str, Phrase] = {}


def _phrase(name: str, french: str, english: str, *, strong: bool = False) -> Phrase:
    french = french.replace("« ", "«\u00a0")
    for sign in ";:!?»":
        french = french.replace(f" {sign}", f"\u00a0{sign}")
    PHRASES[name] = Phrase(name, french.replace("'", "’"), english, strong)
    return PHRASES[name]


YES = _phrase("yes", "Oui", "Yes", strong=True)
NO = _phrase("no", "Non", "No", strong=True)
ACCORDING = _phrase("according", "D'après la page :", "According to the page (in French):")
LIKELY = _phrase(
    "likely",
    "La page ne répond peut-être pas directement à cette question. Ce qui s'en approche le plus :",
    "The page may not answer this question directly. What comes closest (in French):",
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
    "Je n'ai pas trouvé de réponse à cette question dans la page. Elle mentionne « {name} » :",
    "I found no answer to this question in the page. It mentions “{name}”:",
)
OFF_TOPIC = _phrase(
    "off_topic",
    "Je n'ai rien trouvé sur cette question dans la page « {title} », la seule source d'où je réponds.",
    "I found nothing about this question in the page “{title}”, the only source I answer from.",
)
UNCLEAR = _phrase(
    "unclear",
    "Je ne vois pas de quoi vous parlez : nommez ce qui vous intéresse, ou prenez l'une des questions proposées.",
    "I cannot tell what you mean: please name what you are interested in, or take one of the suggested questions.",
)
SMALLTALK = _phrase(
    "smalltalk",
    "Je suis un assistant automatique : je réponds aux questions sur la page « {title} », en montrant à chaque fois "
    "le passage qui le dit. Que voulez-vous savoir ?",
    "I am an automatic assistant: I answer questions about the page “{title}” and show each time the passage "
    "that says so. What would you like to know?",
)
DATED = _phrase("dated", "Date de la page : « {known} ».", "Date of the page: “{known}”.")
TITLED = _phrase("titled", "Titre de la page : « {known} ».", "Title of the page: “{known}”.")
LICENSED = _phrase("licensed", "Licence de la page : « {known} ».", "Licence of the page: “{known}”.")
ADDRESSED = _phrase("addressed", "Adresse de la page : « {known} ».", "Address of the page: “{known}”.")
PUBLISHED = _phrase("published", "Source de la page : « {known} ».", "Source of the page: “{known}”.")
GREETING = _phrase(
    "greeting",
    "Bonjour ! Je réponds aux questions sur la page « {title} », et je montre à chaque fois le passage qui le dit. "
    "Que voulez-vous savoir ?",
    "Hello! I answer questions about the page “{title}”, and show each time the passage that says so.",
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
    "Vos questions sont traitées sur la machine qui fait tourner cet assistant et n'y sont pas conservées ; seul un "
    "avis que vous choisissez d'envoyer est enregistré, avec la question et la réponse.",
    "Your questions are processed on the machine that runs this assistant and are not kept; only an opinion that you "
    "choose to send is stored, with the question and the answer.",
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
    "Vos questions ne sont pas conservées sur la machine qui fait tourner cet assistant. Pour rédiger la réponse, la question "
    "et les passages trouvés sont transmis au modèle de langue choisi par l'exploitant. Seul un avis que vous choisissez "
    "d'envoyer est enregistré, avec la question et la réponse.",
    "Your questions are not kept on the machine that runs this assistant. To phrase the answer, the question and the passages "
    "found are sent to the language model that the operator chose. Only an opinion that you choose to send is stored, with "
    "the question and the answer.",
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
    "Vous n'êtes pas seul. Appelez le 3114, numéro national de prévention du suicide, gratuit, jour et nuit ; en cas "
    "d'urgence, le 15 (SAMU) ou le 112.",
    "You are not alone. In France, call 3114, the free suicide prevention line, day and night; in an emergency, 15 or 112.",
)
ORDER = _phrase(
    "order",
    "Je ne fais que répondre aux questions d'après la page, et je ne répète que ce qu'elle dit : je ne suis pas cette "
    "consigne.",
    "I only answer questions from the page and repeat only what it says: I do not follow this instruction.",
)
RESHAPE_VERBATIM = _phrase(
    "reshape_verbatim",
    "Je recopie la page mot pour mot : je ne peux ni la reformuler, ni la traduire. La phrase citée est celle-ci :",
    "I copy the page word for word: I can neither rephrase nor translate it. The sentence cited is this one:",
)
RESHAPE_SHORTER = _phrase("reshape_shorter", "En bref :", "In short:")
RESHAPE_MORE = _phrase(
    "reshape_more",
    "Voici le passage entier d'où vient la réponse :",
    "Here is the whole passage that the answer comes from:",
)
RESHAPE_FULL = _phrase(
    "reshape_full",
    "Le texte complet est celui de la page, affichée à côté de la conversation. Les passages cités jusqu'ici :",
    "The full text is the page itself, shown beside the conversation. The passages cited so far:",
)
RESHAPE_PROTEST = _phrase(
    "reshape_protest",
    "Je peux avoir choisi un mauvais passage : vérifiez dans la page. Voici la phrase citée ; si elle ne répond pas, "
    "posez la question autrement.",
    "I may have chosen a wrong passage: check in the page. Here is the sentence cited; if it does not answer, please "
    "ask in another way.",
)
GENERATOR_DOWN = _phrase(
    "generator_down",
    "Le modèle de langue n'a pas pu être joint : la réponse est faite des phrases de la page.",
    "The language model could not be reached: the answer is made of the page's own sentences (in French).",
)
GENERATOR_REFUSED = _phrase(
    "generator_refused",
    "Le modèle de langue a refusé la demande : la réponse est faite des phrases de la page.",
    "The language model refused the request: the answer is made of the page's own sentences (in French).",
)
GENERATOR_SLOW = _phrase(
    "generator_slow",
    "Le modèle de langue a mis trop de temps : la réponse est complétée par les phrases de la page.",
    "The language model took too long: the answer is completed by the page's own sentences (in French).",
)
GENERATOR_CUT = _phrase(
    "generator_cut",
    "Le modèle de langue s'est interrompu : la réponse est complétée par les phrases de la page.",
    "The language model broke off: the answer is completed by the page's own sentences (in French).",
)
GENERATOR_UNSUPPORTED = _phrase(
    "generator_unsupported",
    "Rien de ce que le modèle de langue a écrit n'a pu être vérifié dans la page : voici ce qu'elle dit.",
    "Nothing that the language model wrote could be verified in the page: here is what the page says (in French).",
)
