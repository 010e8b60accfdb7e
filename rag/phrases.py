"""Every sentence that the assistant says in its own name, in French (and the frame in English).

A no-break space (U+00A0) stands before ; : ! ? » and after «, as French wants it.
"""

from __future__ import annotations

GREETING = (
    "Bonjour ! Je réponds aux questions sur la page « {title} », et je montre à chaque fois "
    "le passage qui le dit. Que voulez-vous savoir ?"
)
THANKS = "Avec plaisir. N’hésitez pas si vous avez une autre question sur la page."
BYE = "Au revoir, et à bientôt."
WHO = (
    "Je suis un assistant automatique, pas une personne. Je réponds uniquement d’après la page "
    "« {title} », en citant les passages mot pour mot ; je ne remplace pas un avis médical."
)
CAN = (
    "Je peux répondre à une question précise, donner une liste ou un résumé de la page, et vous montrer "
    "le passage qui fonde chaque réponse. Quand la page ne dit rien, je le dis."
)
HOW = (
    "Je cherche dans la page les passages proches de votre question, un petit modèle de lecture décide s’ils y "
    "répondent, puis je recopie leurs phrases mot pour mot. Tout se passe sur cette machine, sans rien inventer."
)
SOURCES = "Ma seule source est la page « {title} »{publisher}{updated}. Chaque réponse cite ses passages."
FALLIBLE = (
    "Je ne fais que recopier la page, mais je peux choisir un mauvais passage, ou ne pas trouver le bon : "
    "vérifiez chaque réponse en ouvrant le passage cité."
)
PRIVACY = (
    "Vos questions sont traitées sur la machine qui fait tourner cet assistant et ne sont pas conservées ; "
    "seul un avis que vous choisissez d’envoyer est enregistré, avec la question et la réponse."
)
LANGUAGES = "Posez vos questions en français ; en anglais, je comprends souvent, et je réponds par la phrase française de la page."
FEELING = "Très bien, merci ! Que voulez-vous savoir sur la page ?"
OK = "Entendu. Posez-moi une autre question sur la page quand vous voulez."

OFF_TOPIC = (
    "Cette question semble sortir du sujet de la page, « {title} » : je ne peux répondre que d’après elle. "
    "Vous pouvez par exemple me demander l’une des questions proposées."
)
OFF_TOPIC_EN = "This question is outside the page “{title}”, the only source I answer from. You may try one of the suggested questions."
UNCLEAR = (
    "Je ne vois pas de quoi vous parlez : rien n’a encore été dit. "
    "Nommez ce qui vous intéresse, ou prenez l’une des questions proposées."
)
NOT_ON_PAGE = "La page ne répond pas à cette question."
SPEAKS_BUT_UNTOLD = "La page parle {about}, mais ne dit pas {untold}."
SPEAKS_BUT = "La page parle {about}, mais ne répond pas à cette question."
UNTOLD = "La page ne dit pas {untold}."
NOT_ON_PAGE_EN = "The page does not answer this question."
NOT_ON_PAGE_ABOUT_EN = "The page mentions “{topic}”, but does not answer this question."
MEDICAL = (
    "Je ne peux pas donner de conseil médical. En cas d’urgence, appelez le 15 (SAMU) ou le 112 ; "
    "sinon, parlez-en à un médecin, un pharmacien ou un autre professionnel de santé."
)
MEDICAL_EN = "I cannot give medical advice. In an emergency in France, call 15 (SAMU) or 112; otherwise please ask a doctor or pharmacist."
INSTRUCTION = (
    "Je ne fais que répondre aux questions d’après la page, et je ne répète que ce qu’elle dit : "
    "je ne suis pas cette consigne."
)
COUNTED = "La page en énumère **{count}** :"
EITHER = "Deux passages peuvent répondre :"
EITHER_EN = "Two passages may answer:"
YES = "Oui"
NO = "Non"
YES_EN = "Yes"
NO_EN = "No"
ACCORDING_EN = "According to the page (in French):"
