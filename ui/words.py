"""Every French word of the interface, in one place.

The strings are typed with plain spaces and apostrophes and set by :func:`fr`, so that French
typography (no-break spaces, ’) never depends on who types.
"""

from __future__ import annotations

import re

from rag.answer import Reason
from rag.compose.talk import Kept

NBSP = "\u00a0"
"""No-break space: before a colon and a per cent sign, inside « » and after n°."""
NNBSP = "\u202f"
"""Narrow no-break space: before ; ! and ?."""

_THIN = re.compile(r" (?=[;!?](?:\s|$|»))")
_FULL = re.compile(r" (?=:(?:\s|$)|%)|(?<=n°) ")


def fr(text: str) -> str:
    """``text`` with the no-break spaces and the apostrophe that French wants."""
    text = text.replace("'", "’").replace("« ", "«" + NBSP).replace(" »", NBSP + "»")
    return _FULL.sub(NBSP, _THIN.sub(NNBSP, text))


# --- the frame
APP = fr("Demander à la page")
SKIP_TO_QUESTION = fr("Aller à la question")
SKIP_TO_PAGE = fr("Aller à la page")
CONVERSATION = fr("Conversation")
THE_PAGE = fr("La page")
THE_PAGE_LABEL = fr("La page et ses passages")
CLOSE_PAGE = fr("Fermer la page")
ABOUT = fr("À propos")
CLOSE = fr("Fermer")
MENU = fr("Menu")
HIDE_PAGE = fr("Masquer la page")
SHOW_PAGE = fr("Montrer la page")
PRINT = fr("Imprimer")
WIDTH = fr("Largeur de la conversation, en pour cent")
CAUTION = fr(
    "Assistant automatique (IA). Il peut choisir un mauvais passage : vérifiez. N'écrivez ni données personnelles, ni données "
    "de santé."
)
JAVASCRIPT = fr("Cette application a besoin de JavaScript.")

# --- the page as a reader
OUTLINE = fr("Sommaire")
FIND = fr("Chercher dans la page")
FIND_SHORT = fr("Chercher")
FIND_NEXT = fr("Suivant")
FIND_PREVIOUS = fr("Précédent")
FOUND = fr("{n} sur {count}")
NOT_FOUND = fr("Introuvable")
SIZE = fr("Taille du texte")
SMALLER = fr("Texte plus petit")
LARGER = fr("Texte plus grand")

# --- conversations, kept in the browser
MINE = fr("Mes conversations")
KEPT_HERE = fr(
    "Les vingt dernières conversations sont gardées dans ce navigateur. Sur un ordinateur partagé, supprimez-les en "
    "partant."
)
KEPT_NOWHERE = fr("Ce navigateur ne permet pas de les garder : elles seront perdues en fermant cet onglet.")
KEPT_NONE = fr("Aucune conversation.")
NOT_KEPT = fr("Ce navigateur n'a plus de place : cette conversation n'y est pas gardée.")
RENAME = fr("Renommer")
RENAME_LABEL = fr("Renommer « {name} »")
RENAME_DONE = fr("Enregistrer")
FORGET = fr("Supprimer")
ON_SCREEN = fr("à l'écran")
FORGET_LABEL = fr("Supprimer « {name} »")
FORGET_ALL = fr("Tout supprimer")
FORGOTTEN = fr("Conversation supprimée.")
FORGOTTEN_ALL = fr("Conversations supprimées.")
RESTARTED = fr("Nouvelle conversation. La précédente est gardée.")
RESUME = fr("Reprendre : {name}")
UNDO = fr("Annuler")
CANCEL = fr("Annuler")
STALE = fr("La page a changé depuis")
STALE_TEXT = fr("Cette réponse ne peut plus être vérifiée dans la page.")
ASK_AGAIN = fr("Demander à nouveau")

# --- what is always visible
UPDATED = fr("Page mise à jour le {date}")
UPDATED_UNKNOWN = fr("Date de mise à jour inconnue")
SOURCE = fr("Source : {source}")
SOURCE_UNKNOWN = fr("fichier de l'exploitant")
LICENCE = fr("Licence : {licence}")
LICENCE_UNKNOWN = fr("licence non indiquée")
NOT_MEDICAL = fr("Ne remplace pas un avis médical")
FACTS = fr("Informations sur la page")

# --- asking
QUESTION = fr("Votre question")
PLACEHOLDER = fr("Votre question")
ASK = fr("Demander")
WELCOME = fr("Que voulez-vous savoir ?")
WELCOME_PAGE = fr("Un assistant automatique (IA) répond d'après une seule page : « {title} ».")
WELCOME_TEXT = fr(
    "La réponse cite la page, et chaque numéro ouvre le passage d'où elle vient. Si la page ne répond pas, l'assistant est "
    "fait pour le dire."
)
STARTERS = fr("Pour commencer")
SUGGESTIONS = fr("À demander aussi")
STOP = fr("Arrêter")
STOPPED = fr("Recherche arrêtée. Votre question est dans la zone de saisie.")
WAITING = fr("Votre question sera posée dès que l'assistant sera prêt.")
EDIT = fr("Modifier")
EDIT_LABEL = fr("Modifier la question et la poser à nouveau")
EDITING = fr("La question modifiée sera posée à la suite ; la première reste.")
PENDING = fr("Je cherche dans la page…")
WRITING = fr("Le modèle de langue rédige…")
PREPARING = fr("L'assistant se prépare")
PREPARING_TEXT = fr("Le premier démarrage prend quelques secondes de plus. Vous pouvez déjà écrire votre question.")
NEW = fr("Nouvelle conversation")
DOWNLOAD = fr("Télécharger")
FILE_NAME = "conversation.md"

# --- an answer
QUESTION_PREFIX = fr("Question : ")
UNDERSTOOD = fr("Compris comme : {question}")
LIKELY = fr("Réponse incertaine")
BY_MODEL = fr("Écrit par un modèle de langue, chaque phrase contrôlée automatiquement")
BY_PAGE = fr("Mot pour mot dans la page")
QUOTES_ALONE = fr("Les phrases de la page seules")
ORIGIN = fr("Source : « {title} », {date}.")
ORIGIN_DATE = fr("page mise à jour le {date}")
ORIGIN_UNDATED = fr("date de mise à jour inconnue")
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
NEARBY = fr("Ce que dit la page de plus proche")
BACK = fr("Revenir à la réponse")
BACK_LABEL = fr("Source {n}, revenir à la réponse")
SHEET = fr("page {number}")
GAP = "[…]"
TABLE = fr("Tableau")
GAP_LABEL = fr("Des mots manquent ici")
OMITTED_LABEL = fr("Des mots de la phrase sont laissés de côté ici")

REFUSALS: dict[Reason, str] = {
    "not_on_page": fr("Pas trouvé dans la page"),
    "off_topic": fr("Pas trouvé dans la page"),
    "medical": fr("Question médicale"),
    "invalid": fr("Question à reformuler"),
}
"""A word above a refusal. Small talk is no refusal and has none."""

# --- feedback
USEFUL = fr("Réponse utile")
NOT_USEFUL = fr("Réponse peu utile")
FEEDBACK_WORD = fr("Un mot à ajouter ? (facultatif)")
REPORT = fr("Signaler une erreur")
REPORT_WORD = fr("Qu'est-ce qui ne va pas ? (facultatif)")
FEEDBACK_KEPT = fr(
    "En envoyant, vous laissez à l'exploitant de cette application votre avis, votre mot, la question, la réponse, la date, et "
    "un numéro tiré au hasard qui permet de changer d'avis : rien d'autre, ni nom ni adresse."
)
FEEDBACK_SEND = fr("Envoyer")
FEEDBACK_THANKS = fr("Merci, votre avis est enregistré.")
FEEDBACK_FAILED = fr("Votre avis n'a pas pu être enregistré. Réessayez plus tard.")

# --- what goes wrong
ERROR = fr("La réponse n'a pas pu être préparée")
ERROR_TEXT = fr("Votre question est toujours dans la zone de saisie : réessayez, ou formulez-la autrement.")
ERROR_RETRY = fr("Réessayer")
EMPTY = fr("Écrivez d'abord une question.")
LOST = fr("La connexion avec l'application est perdue")
LOST_TEXT = fr(
    "Rien n'est perdu : votre question et la conversation sont gardées. Ce message disparaîtra dès que l'application répondra."
)
FOUND_AGAIN = fr("L'application répond de nouveau. Votre question est dans la zone de saisie.")
FAULT = fr("L'application a rencontré une erreur")
FAULT_TEXT = fr("Rechargez cette fenêtre. Si l'erreur revient, prévenez la personne qui fait tourner l'application.")
LOAD_FAILED = fr("L'assistant n'a pas pu démarrer")
TOO_MANY = fr("Beaucoup de questions attendent déjà leur réponse : reposez la vôtre dans quelques secondes.")
TOO_FAST = fr("Trop de questions viennent de votre adresse : reposez la vôtre dans une minute.")
NOT_READY = fr("L'assistant se prépare encore : réessayez dans quelques secondes.")

# --- the conversation as a file
EXPORT_TITLE = fr("Conversation avec la page « {title} »")
EXPORT_SOURCES = fr("Sources :")
EXPORT_PAGE = fr("Page : {title}")
EXPORT_ADDRESS = fr("Adresse : {url}")
EXPORT_UPDATED = fr("mise à jour le {date}")
EXPORT_NEARBY = fr("Ce que dit la page de plus proche :")

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
            "un petit modèle lit les meilleurs et décide si l'un d'eux répond. {made}"
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
            "Le signe […] veut dire que des mots manquent là dans la page elle-même ; le signe … veut dire que l'assistant a laissé de "
            "côté des mots de la phrase, pour faire court : le passage entier est dans la page."
        ),
    ),
    (fr("Licence du contenu"), fr("{licence}. Le texte appartient à son éditeur ; citez-le avec sa date.")),
    (
        fr("Vos données"),
        fr(
            "{outside}, aucune mesure d'audience. {asked_briefly} Vos vingt dernières conversations restent dans votre "
            "navigateur, où vous pouvez les supprimer. "
            "Un avis n'est gardé que si vous l'envoyez, avec votre mot, la question, la réponse et la date."
        ),
    ),
)

# --- the look
LOOK_COLOUR = fr("la couleur {colour} n'est pas de la forme #rrggbb")
LOOK_CONTRAST = fr("la couleur {colour} ne se lit pas sur {ground} : contraste {found}, il faut au moins 4,5")
LOOK_LOGO = fr("le logo {file} n'est pas une image lisible (.svg, .png, .jpg ou .webp, 200 ko au plus)")

# --- pages of a public body
ACCESSIBILITY_LINK = fr("Accessibilité")
LEGAL = fr("Mentions légales")
DATA = fr("Données personnelles")
ACCESSIBILITY = fr("Déclaration d'accessibilité")
LEGAL_PAGES: dict[str, str] = {"accessibilite": ACCESSIBILITY, "mentions-legales": LEGAL, "donnees": DATA}
"""Titles by address."""
BACK_TO_APP = fr("Revenir à l'assistant")
COLON = fr(" : ")
SEMICOLON = fr(" ; ")
LEGAL_UNFILLED = fr("non indiqué")
"""What the operator's settings do not say, after a colon or under a heading."""
LEGAL_PUBLISHER = fr("Éditeur")
LEGAL_DIRECTOR = fr("Direction de la publication")
LEGAL_HOSTING = fr("Hébergement")
LEGAL_CONTACT = fr("Contact")
LEGAL_CONTENT = fr("Contenu")
ABOUT_QUOTED = fr(
    "La réponse reprend les phrases de la page mot pour mot, parfois raccourcies (…) : rien n'est inventé ni reformulé."
)
ABOUT_WRITTEN = fr(
    "Un modèle de langue écrit alors la réponse à partir de ces passages. Chacune de ses phrases est comparée à la page avant "
    "d'être montrée ; celle que la page ne soutient pas est écartée, et les phrases de la page la remplacent. Ce contrôle est "
    "automatique et peut se tromper : le bouton « Les phrases de la page seules » montre la page mot pour mot."
)
LEGAL_CONTENT_QUOTED = fr("Les réponses recopient une page publique")
LEGAL_CONTENT_WRITTEN = fr(
    "Les réponses sont écrites par un modèle de langue d'après une page publique, dont chaque phrase citée est recopiée"
)
LEGAL_CONTENT_TEXT = fr(
    "{content}, avec sa source, sa date et sa licence, affichées au bas de l'assistant. "
    "Elles sont choisies par un système automatique, qui peut se tromper de passage : seule la page fait foi."
)
DATA_ASKED = fr(
    "Elles sont traitées sur la machine qui fait tourner l'assistant, le temps de répondre, et n'y sont pas gardées."
)
DATA_ASKED_IN_MEMORY = fr(
    "Elles sont traitées sur la machine qui fait tourner l'assistant. Les dernières questions et leurs réponses y restent "
    "en mémoire, sans rien qui dise qui les a posées, pour répondre plus vite à la même question ; elles ne sont pas "
    "enregistrées."
)
DATA_ASKED_LOGGED = fr(
    "Elles sont traitées sur la machine qui fait tourner l'assistant. L'exploitant a choisi d'enregistrer dans son journal "
    "chaque question avec sa réponse, l'heure et l'adresse IP d'où elle vient."
)
DATA_OUTSIDE_NONE = fr("Rien ne sort des machines de l'exploitant : aucun service extérieur")
DATA_OUTSIDE_MODEL = fr(
    "Pour rédiger la réponse, la question et les passages trouvés sont transmis au modèle de langue choisi par l'exploitant, "
    "sur {host} ; aucun autre service extérieur"
)
DATA_NO_COOKIE = fr("aucun cookie")
DATA_COOKIES = fr("aucun autre cookie que ceux de votre connexion, effacés quand vous vous déconnectez")
ABOUT_ASKED = fr("Le serveur ne garde pas vos questions.")
ABOUT_ASKED_IN_MEMORY = fr("Le serveur garde en mémoire les dernières questions, sans rien qui dise qui les a posées.")
ABOUT_ASKED_LOGGED = fr("L'exploitant enregistre vos questions, les réponses et l'adresse IP d'où elles viennent.")
ASKED_KEPT: dict[Kept, tuple[str, str]] = {
    "nowhere": (DATA_ASKED, ABOUT_ASKED),
    "memory": (DATA_ASKED_IN_MEMORY, ABOUT_ASKED_IN_MEMORY),
    "log": (DATA_ASKED_LOGGED, ABOUT_ASKED_LOGGED),
}
"""On the page on personal data, and in « À propos », by where what is asked stays."""
DATA_PARTS: tuple[tuple[str, str], ...] = (
    (
        fr("Vos questions"),
        fr(
            "{asked} {outside}, aucune mesure d'audience, {cookies}. N'écrivez ni données personnelles, ni "
            "données de santé."
        ),
    ),
    (
        fr("Vos conversations"),
        fr(
            "Les vingt dernières sont gardées dans votre navigateur (stockage local), pour que vous les retrouviez. "
            "Vous pouvez les supprimer à tout moment dans « Mes conversations »."
        ),
    ),
    (
        fr("Vos avis"),
        fr(
            "Quand vous envoyez un avis, l'exploitant garde votre avis, votre mot, la question, la réponse, la date et un "
            "numéro tiré au hasard. Finalité : améliorer l'assistant. Base légale : l'intérêt légitime de l'exploitant à "
            "connaître les erreurs qu'on lui signale. Rien n'est gardé si vous n'envoyez rien."
        ),
    ),
)
DATA_RETENTION = fr("Durée de conservation des avis")
DATA_RETENTION_DAYS = fr("{days} jours, puis ils sont effacés.")
DATA_RETENTION_NONE = fr("Jusqu'à leur effacement par l'exploitant, qui n'a pas fixé de durée.")
DATA_WHO = fr("À qui s'adresser")
DATA_WHO_TEXT = fr(
    "Responsable : {operator}. Pour demander l'accès, la rectification ou l'effacement : {officer}. Vous pouvez aussi "
    "saisir la CNIL (cnil.fr)."
)
A11Y_PLEDGE = fr(
    "{operator} s'engage à rendre « {name} » accessible, conformément à l'article 47 de la loi n° 2005-102 du 11 février 2005."
)
A11Y_STATE = fr("État de conformité")
A11Y_STATE_TEXT = fr(
    "« {name} » est non conforme au sens du RGAA 4.1 tant qu'aucun audit complet n'a été fait : des essais automatiques, "
    "si bons soient-ils, ne suffisent pas à déclarer une conformité."
)
A11Y_RESULTS = fr("Résultats des essais automatiques")
A11Y_RESULTS_TEXT = fr(
    "Le {date}, {tool} a examiné {states} états de l'application, chacun dans les conditions ci-dessous. Défauts trouvés : {found}."
)
A11Y_STATES = fr("États examinés : {states}.")
A11Y_FOUND = fr("défauts trouvés : {found}")
A11Y_NO_RESULTS = fr("Aucun résultat n'est joint à cette version.")
A11Y_LIGHT = fr("mode clair")
A11Y_DARK = fr("mode sombre")
A11Y_PHONE = fr("téléphone")
A11Y_NARROW = fr("320 pixels de large")
A11Y_NARROW_DARK = fr("320 pixels de large, mode sombre")
A11Y_ZOOMED = fr("agrandi à 400 % (320 sur 256 pixels)")
A11Y_FORCED = fr("couleurs imposées par le système")
A11Y_FIRST = fr("premier écran")
A11Y_EMPTY = fr("question vide")
A11Y_ANSWER = fr("réponse, sources ouvertes, passage surligné")
A11Y_CARD = fr("fiche d'une source")
A11Y_REPORT = fr("erreur à signaler")
A11Y_EDIT = fr("question modifiée")
A11Y_REFUSAL = fr("refus")
A11Y_WRITTEN = fr("réponse écrite par un modèle de langue")
A11Y_LIKELY = fr("réponse incertaine")
A11Y_STALE = fr("réponse d'une page qui a changé")
A11Y_READER = fr("page, recherche et sommaire")
A11Y_NEW = fr("nouvelle conversation")
A11Y_LIST = fr("mes conversations")
A11Y_RENAME = fr("conversation renommée")
A11Y_ABOUT = fr("à propos")
A11Y_LEFT = fr("Contenus non accessibles")
A11Y_LEFT_TEXT = fr(
    "Non vérifiés à ce jour : l'usage complet avec les lecteurs d'écran NVDA, JAWS et VoiceOver, et la page citée elle-même, "
    "dont le texte vient de son éditeur."
)
A11Y_MADE = fr("Établissement de cette déclaration")
A11Y_MADE_TEXT = fr(
    "Cette déclaration est produite à partir des essais de l'application dans Chromium : axe-core, clavier, texte à 200 %, "
    "largeur de 320 pixels, mode sombre et couleurs imposées. Les parcours principaux sont essayés aussi dans Firefox."
)
A11Y_CONTACT = fr("Retour d'information et contact")
A11Y_CONTACT_TEXT = fr("Si vous ne parvenez pas à accéder à un contenu ou à un service, écrivez à : {contact}.")
A11Y_CONTACT_NONE = fr("L'exploitant de cette application n'a pas indiqué d'adresse où écrire.")
A11Y_RIGHTS = fr("Voies de recours")
A11Y_RIGHTS_TEXT = fr(
    "Si vous signalez un défaut d'accessibilité et n'obtenez pas de réponse, vous pouvez saisir le Défenseur des droits "
    "(defenseurdesdroits.fr)."
)
BAD_ROOT = fr("{root} n'est pas un chemin, comme /assistant")
FEEDBACK_BAD_ADDRESS = fr(
    "l'adresse de la base des avis n'est pas de la forme postgresql+psycopg://utilisateur:mot-de-passe@hôte/base"
)
FEEDBACK_NO_DRIVER = fr(
    "le module Python {module}, qui mène à la base des avis, n'est pas installé : pip install 'pageqa[postgres]'"
)
BAD_METRICS = fr(
    "{place} ne dit pas qui peut lire les mesures : local, public, none, ou un port à elles, comme 127.0.0.1:9464"
)
USERS_UNREADABLE = fr("le fichier des comptes {file} ne peut pas être lu")
USERS_UNWRITABLE = fr("le fichier des comptes {file} ne peut pas être écrit")
USERS_BAD_LINE = fr("la ligne {number} du fichier des comptes {file} n'a pas été écrite par --add-user")
USERS_BAD_NAME = fr("un nom de compte est fait de lettres, de chiffres et de . @ + - _, 64 au plus")
USERS_BAD_PASSWORD = fr("un mot de passe a de {least} à {most} caractères")
BAD_ORIGIN = fr("{origin} n'est pas l'adresse d'un site, comme https://www.exemple.fr")
BAD_PROXY = fr("{proxy} n'est ni l'adresse ni le réseau d'un serveur mandataire, comme 10.0.0.0/8")

# --- signing in
SIGN_IN = fr("Cette application demande un compte. Après {most} essais en une minute, attendez la suivante.")
SIGN_OUT = fr("Se déconnecter")
API_SIGN_IN = fr("Connectez-vous d'abord.")

# --- the command line
CLI_DESCRIPTION = fr("Pose des questions à une page, dans le navigateur.")
CLI_HOST = fr("adresse d'écoute (par défaut 127.0.0.1)")
CLI_PORT = fr("port (par défaut 7860 ; 0 en choisit un libre)")
CLI_ROOT_PATH = fr("chemin sous lequel un serveur mandataire sert l'application, par exemple /assistant")
CLI_PAGE = fr("« bundled », un fichier ou une adresse http(s)")
CLI_PAGE_URL = fr("adresse publique de la page, pour les liens")
CLI_MODEL = fr("« bundled » ou un modèle Sentence Transformers")
CLI_MCP = fr("offre aussi les outils MCP (extra « mcp »)")
CLI_ADD_USER = fr("demande un mot de passe, écrit le compte NAME dans le fichier de PAGEQA_USERS, et s'arrête")
CLI_NO_USERS = fr("Dites d'abord où sont les comptes : PAGEQA_USERS=comptes.txt.")
CLI_PASSWORD = fr("Mot de passe de {name} : ")
CLI_PASSWORD_AGAIN = fr("Le même, encore une fois : ")
CLI_PASSWORDS_DIFFER = fr("Les deux mots de passe ne sont pas les mêmes : rien n'a été écrit.")
CLI_USER_ADDED = fr("Compte écrit dans {file} : {name}.")
CLI_MCP_OPEN = fr("Gradio ne demande pas de compte aux clients MCP : --mcp ne va pas avec PAGEQA_USERS.")
CLI_PURGE = fr("efface les avis de plus de DAYS jours, et s'arrête")
CLI_PURGED = fr("Avis effacés : {count}.")
CLI_NOT_PURGED = fr("La base des avis ne répond pas, ou n'accepte pas d'effacement : rien n'a été effacé.")
CLI_BAD_DAYS = fr("Le nombre de jours doit être positif.")
CLI_BAD_LOOK = fr("Réglage invalide : {why}.")
CLI_READY = fr("Prêt : {url}")
CLI_OPEN = fr("L'application écoute sur {url} et se prépare…")
CLI_PORT_BUSY = fr("Le port {port} de {host} est déjà pris : choisissez-en un autre avec --port.")
CLI_BAD_ADDRESS = fr("Impossible d'écouter sur {host}:{port} : {why}.")
CLI_NO_MCP = fr("L'option --mcp demande l'extra « mcp » : pip install 'pageqa[mcp]'.")
CLI_BAD_PAGE = fr("La page ne peut pas être lue : {why}.")
CLI_STOPPED = fr("L'assistant n'a pas pu démarrer : {why}")

# --- what programs read
API_ASK = fr("Répond à une question sur la page, avec des citations mot pour mot, ou refuse si la page ne le dit pas.")
API_PASSAGES = fr("Donne la page et ses passages, avec leur section et leurs positions.")
API_TEXT = fr("« question » doit être un texte.")
API_HISTORY = fr("« history » doit être une liste de questions.")
API_MALFORMED = fr("La requête est mal formée.")
API_CLOSED = fr("Il n'y a rien à cette adresse.")
API_LONG = fr("La requête est trop longue.")
API_SLOW = fr("La requête met trop de temps à arriver.")

SCRIPT: dict[str, str] = {
    "asked": QUESTION_PREFIX,
    "back": BACK_LABEL,
    "backShort": BACK,
    "copied": COPIED,
    "copyFailed": COPY_FAILED,
    "feedbackWord": FEEDBACK_WORD,
    "file": FILE_NAME,
    "forget": FORGET,
    "forgetLabel": FORGET_LABEL,
    "forgotten": FORGOTTEN,
    "forgottenAll": FORGOTTEN_ALL,
    "found": FOUND,
    "foundAgain": FOUND_AGAIN,
    "hidePage": HIDE_PAGE,
    "notFound": NOT_FOUND,
    "notKept": NOT_KEPT,
    "onScreen": ON_SCREEN,
    "pending": PENDING,
    "rename": RENAME,
    "renameDone": RENAME_DONE,
    "renameLabel": RENAME_LABEL,
    "reportWord": REPORT_WORD,
    "restarted": RESTARTED,
    "resume": RESUME,
    "showPage": SHOW_PAGE,
    "stopped": STOPPED,
    "writing": WRITING,
}
"""The words that the script puts on the screen by itself."""
