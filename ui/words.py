"""Every French word of the interface, in one place.

The strings are typed with plain spaces and apostrophes and set by :func:`fr`, so that French
typography (no-break spaces, ’) never depends on who types.
"""

from __future__ import annotations

import re

from rag.answer import Reason

NBSP = "\u00a0"
"""No-break space: before a colon and inside « »."""
NNBSP = "\u202f"
"""Narrow no-break space: before ; ! and ?."""

_THIN = re.compile(r" (?=[;!?](?:\s|$|»))")
_COLON = re.compile(r" (?=:(?:\s|$))")


def fr(text: str) -> str:
    """``text`` with the no-break spaces and the apostrophe that French wants."""
    text = text.replace("'", "’").replace("« ", "«" + NBSP).replace(" »", NBSP + "»")
    return _COLON.sub(NBSP, _THIN.sub(NNBSP, text))


# --- the frame
APP = fr("Demander à la page")
TAGLINE = fr("Chaque réponse vient mot pour mot de la page, et se vérifie d'un geste.")
SKIP_TO_QUESTION = fr("Aller à la question")
SKIP_TO_PAGE = fr("Aller à la page")
CONVERSATION = fr("Conversation")
THE_PAGE = fr("La page")
THE_PAGE_LABEL = fr("La page et ses passages")
OPEN_PAGE = fr("Voir la page")
CLOSE_PAGE = fr("Fermer la page")
ABOUT = fr("À propos")
CLOSE = fr("Fermer")
JAVASCRIPT = fr("Cette application a besoin de JavaScript.")

# --- what is always visible
UPDATED = fr("Page mise à jour le {date}")
UPDATED_UNKNOWN = fr("Date de mise à jour inconnue")
SOURCE = fr("Source : {source}")
SOURCE_UNKNOWN = fr("fichier de l'opérateur")
LICENCE = fr("Licence : {licence}")
LICENCE_UNKNOWN = fr("licence non indiquée")
NOT_MEDICAL = fr("Ne remplace pas un avis médical")
FACTS = fr("Informations sur la page")

# --- asking
QUESTION = fr("Votre question")
PLACEHOLDER = fr("Posez votre question")
ASK = fr("Demander")
WELCOME = fr("Que voulez-vous savoir ?")
WELCOME_TEXT = fr(
    "Posez une question en français. La réponse cite la page, et chaque numéro ouvre le passage d'où elle vient. "
    "Si la page ne dit rien, l'assistant le dit."
)
STARTERS = fr("Pour commencer")
SUGGESTIONS = fr("À demander aussi")
PENDING = fr("Je cherche dans la page…")
PREPARING = fr("L'assistant se prépare")
PREPARING_TEXT = fr(
    "Le premier démarrage prend quelques secondes de plus. Vous pouvez déjà écrire votre question."
)
NEW = fr("Nouvelle conversation")
DOWNLOAD = fr("Télécharger")
FILE_NAME = "conversation.md"

# --- an answer
QUESTION_PREFIX = fr("Question : ")
UNDERSTOOD = fr("Compris comme : {question}")
FOLLOWS = fr("Suite de : “{question}”")
LIKELY = fr("Réponse incertaine")
ANSWER_TO = fr("Réponse : ")
ANSWER_TOOLS = fr("Outils de la réponse")
MARK = fr("Source {n}, {section}")
SOURCES_ONE = fr("1 source")
SOURCES = fr("{count} sources")
IN_THE_PAGE = fr("Lire dans la page")
ON_THE_SITE = fr("Voir sur le site")
NEW_TAB = fr("(nouvel onglet)")
COPY_CITATION = fr("Copier la citation")
COPY_ANSWER = fr("Copier")
COPY_ANSWER_LABEL = fr("Copier la réponse et ses sources")
COPY_LINK = fr("Lien")
COPY_LINK_LABEL = fr("Copier le lien vers cette question")
COPIED = fr("Copié")
COPY_FAILED = fr("La copie a été refusée par le navigateur.")
NEARBY = fr("Ce que dit la page sur ce sujet")
BACK = fr("Revenir à la réponse")
BACK_LABEL = fr("Source {n}, revenir à la réponse")
FIND = fr("Chercher dans la page")
FIND_NEXT = fr("Suivant")
FIND_NONE = fr("Aucun résultat")
FIND_COUNT = fr("{number} sur {count}")
OUTLINE = fr("Sommaire de la page")
SHEET = fr("page {number}")
GAP = "[…]"
GAP_LABEL = fr("Des mots manquent ici")
OMITTED_LABEL = fr("Des mots de la phrase sont laissés de côté ici")

REFUSALS: dict[Reason, str] = {
    "not_on_page": fr("La page ne le dit pas"),
    "off_topic": fr("Hors du sujet de la page"),
    "medical": fr("Question médicale"),
    "invalid": fr("Question à reformuler"),
}
"""A word above a refusal. Small talk is no refusal and has none."""

# --- feedback
USEFUL = fr("Réponse utile")
NOT_USEFUL = fr("Réponse pas utile")
FEEDBACK_WORD = fr("Un mot à ajouter ? (facultatif)")
FEEDBACK_KEPT = fr(
    "En envoyant, vous laissez à l'opérateur de cette application votre avis, la question, la réponse et la date : "
    "rien d'autre, ni nom ni adresse."
)
FEEDBACK_SEND = fr("Envoyer")
FEEDBACK_CANCEL = fr("Annuler")
FEEDBACK_THANKS = fr("Merci, votre avis est enregistré.")
FEEDBACK_FAILED = fr("Votre avis n'a pas pu être enregistré. Réessayez plus tard.")

# --- what goes wrong
ERROR = fr("La réponse n'a pas pu être préparée")
ERROR_TEXT = fr("Votre question est toujours dans la zone de saisie : réessayez, ou formulez-la autrement.")
ERROR_RETRY = fr("Réessayer")
EMPTY = fr("Écrivez d'abord une question.")
LOST = fr("La connexion avec l'application est perdue")
LOST_TEXT = fr(
    "Vérifiez qu'elle tourne toujours. Dès qu'elle répondra, cette fenêtre se rechargera, avec votre question."
)
FAULT = fr("L'application a rencontré une erreur")
FAULT_TEXT = fr(
    "Rechargez cette fenêtre. Si l'erreur revient, prévenez la personne qui fait tourner l'application."
)
LOAD_FAILED = fr("L'assistant n'a pas pu démarrer")
NOT_READY = fr("L'assistant se prépare encore : réessayez dans quelques secondes.")

# --- the conversation as a file
EXPORT_TITLE = fr("Conversation avec la page « {title} »")
EXPORT_SOURCES = fr("Sources :")
EXPORT_PAGE = fr("Page : {title}")
EXPORT_ADDRESS = fr("Adresse : {url}")
EXPORT_UPDATED = fr("mise à jour le {date}")
EXPORT_NEARBY = fr("Ce que dit la page sur ce sujet :")

# --- about
ABOUT_PARTS: tuple[tuple[str, str], ...] = (
    (
        fr("Ce que c'est"),
        fr("Un assistant qui répond en français aux questions sur une seule page publique, en la citant."),
    ),
    (fr("Quelle page"), fr("« {title} ». {source}. {updated}.")),
    (
        fr("Comment les réponses sont trouvées"),
        fr(
            "La page est découpée en passages. Votre question est comparée à chacun par les mots et par le sens, puis "
            "un petit modèle lit les meilleurs et décide si l'un d'eux répond. La réponse reprend les phrases de la "
            "page telles quelles : rien n'est inventé ni reformulé."
        ),
    ),
    (
        fr("Ce qu'il ne sait pas faire"),
        fr(
            "Il ne connaît que cette page, et la page peut être incomplète ou datée. Il peut passer à côté d'une réponse ou "
            "citer la mauvaise phrase : vérifiez. Quand il en doute, il l'écrit : « Réponse incertaine ». Il ne donne ni "
            "conseil médical ni conseil personnel."
        ),
    ),
    (
        fr("Les signes […] et …"),
        fr(
            "[…] veut dire que la page elle-même manque de mots à cet endroit. … veut dire que l'assistant a laissé de "
            "côté des mots de la phrase, pour faire court : le passage entier est dans la page."
        ),
    ),
    (fr("Licence du contenu"), fr("{licence}. Le texte appartient à son éditeur ; citez-le avec sa date.")),
    (
        fr("Vos données"),
        fr(
            "Rien ne sort de la machine qui fait tourner l'application : ni police, ni mesure d'audience, ni service "
            "extérieur. La conversation reste en mémoire, jamais sur le disque. Seuls les avis que vous envoyez sont gardés, avec la "
            "question, la réponse et la date."
        ),
    ),
)

# --- the command line
CLI_DESCRIPTION = fr("Pose des questions à une page, dans le navigateur.")
CLI_HOST = fr("adresse d'écoute (par défaut 127.0.0.1)")
CLI_PORT = fr("port (par défaut 7860 ; 0 en choisit un libre)")
CLI_PAGE = fr("« bundled », un fichier ou une adresse http(s)")
CLI_PAGE_URL = fr("adresse publique de la page, pour les liens")
CLI_MODEL = fr("« bundled » ou un modèle Sentence Transformers")
CLI_MCP = fr("offre aussi les outils MCP (extra « mcp »)")
CLI_READY = fr("Prêt : {url}")
CLI_OPEN = fr("L'application écoute sur {url} et se prépare…")
CLI_PORT_BUSY = fr("Le port {port} de {host} est déjà pris : choisissez-en un autre avec --port.")
CLI_BAD_ADDRESS = fr("Impossible d'écouter sur {host}:{port} : {why}.")
CLI_NO_MCP = fr("L'option --mcp demande l'extra « mcp » : pip install 'pageqa[mcp]'.")
CLI_BAD_PAGE = fr("La page ne peut pas être lue : {why}.")
CLI_STOPPED = fr("L'assistant n'a pas pu démarrer : {why}")

# --- what programs read
API_ASK = fr(
    "Répond à une question sur la page, avec des citations mot pour mot, ou refuse si la page ne le dit pas."
)
API_PASSAGES = fr("Donne la page et ses passages, avec leur section et leurs positions.")

SCRIPT: dict[str, str] = {
    "back": BACK_LABEL,
    "backShort": BACK,
    "copied": COPIED,
    "copyFailed": COPY_FAILED,
    "file": FILE_NAME,
    "pageLabel": THE_PAGE_LABEL,
}
"""The words that the script puts on the screen by itself."""
