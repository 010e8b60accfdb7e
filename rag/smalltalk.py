"""What is not a question about the page: greetings, the assistant itself, a medical worry, orders."""

from __future__ import annotations

import re

from index.page import Page
from index.words import fold, terms
from rag import phrases

_GREETING = re.compile(
    r"^(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|bjr|slt|cc|allo|good (?:morning|evening))\b"
)
_FEELING = re.compile(r"\b(?:comment (?:ca va|allez-vous|vas-tu|tu vas|vous allez)|ca va|how are you)\b")
_THANKS = re.compile(r"\b(?:merci|thanks|thank you|mci|thx)\b")
_BYE = re.compile(r"^(?:au revoir|bye|a bientot|a plus|bonne (?:journee|soiree)|ciao|adieu|goodbye)\b")
_OK = re.compile(
    r"^(?:ok|d'accord|dac|entendu|parfait|super|genial|tres bien|bien|cool|bravo|compris|je vois|great)[ .!]*$"
)
_WHO = re.compile(
    r"\b(?:qui es[- ]?tu|tu es qui|qui (?:etes|est)[- ]vous|vous etes qui|t'es qui|(?:es[- ]tu|etes[- ]vous|tu es|t'es|vous etes) (?:(?:un|une) (?:robot|humain|personne|ia|machine|vraie?|chatbot|bot)|(?:chat ?gpt|gpt|claude|gemini|mistral|copilot|llama|siri|alexa))|"
    r"comment tu t'appelles|"
    r"(?:quel est|c'est quoi) ton nom|votre nom|ton nom|comment (?:t'appelles[- ]tu|vous appelez[- ]vous)|who are you|what are you|are you (?:a |an )?(?:human|robot|bot|ai)|qui t'a (?:cree|fait|programme))\b"
)
_CAN = re.compile(
    r"\b(?:que (?:peux|sais)[- ]tu|(?:que|qu'est-ce que) (?:tu|vous) (?:peux|sais|pouvez|savez)|que (?:pouvez|savez)[- ]vous|tu (?:sais|peux) faire quoi|"
    r"a quoi (?:tu sers|sers[- ]tu|servez[- ]vous|vous servez)|comment (?:t'utiliser|vous utiliser|ca marche ici)|quelles questions (?:puis-je|je peux|peut-on)|"
    r"que puis-je (?:te |vous )?demander|what can you do|can you help|peux[- ]tu m'aider|pouvez[- ]vous m'aider|tu peux m'aider|j'ai besoin d'aide|aide[sz]?[- ]moi$|^aide$|^help$|^je (?:ne )?(?:comprends|comprend) (?:pas|rien)$)\b"
)
_HOW = re.compile(
    r"\b(?:comment (?:tu )?(?:fonctionnes?|marches?)(?:[- ]tu)?|comment (?:fonctionnez|marchez)[- ]vous|comment (?:est-ce que )?(?:tu|vous) (?:fonctionn|march|trouv|repond)\w*|"
    r"comment (?:trouves|reponds|cherches)[- ]tu|comment (?:trouvez|repondez|cherchez)[- ]vous|how do you work|quel modele (?:utilises|utilisez|es))\b"
)
_SOURCES = re.compile(
    r"\b(?:(?:quelles?|d'ou viennent) (?:est |sont )?(?:tes|vos|ta|votre) (?:sources?|informations?|reponses?|donnees)|(?:tes|vos|ta|votre) sources?|"
    r"d'ou (?:tiens|sors|tires)[- ]tu|d'ou (?:tenez|sortez|tirez)[- ]vous|sur quoi (?:te bases|vous basez|tu te bases)|sources? (?:utilisees?|de tes|de vos)|"
    r"what are your sources)\b"
)
_FALLIBLE = re.compile(
    r"\b(?:(?:peux|peut|pouvez|t'arrive|vous arrive)[- ](?:tu|vous|t-il|il) (?:(?:de )?(?:te|vous|me) tromper|mentir|inventer|faire (?:des|une) erreurs?)|"
    r"(?:tu|vous) (?:te|vous) tromp\w+|(?:es[- ]tu|etes[- ]vous|tu es|vous etes|are you) (?:vraiment )?(?:fiable|sure?|reliable)|"
    r"(?:peut-on|puis-je|peux-je|can i) (?:te|vous|trust) ?(?:faire confiance|croire|you)?|te faire confiance|vous faire confiance)\b"
)
_PRIVACY = re.compile(
    r"\b(?:(?:tu|vous) (?:gardes?|gardez|enregistres?|enregistrez|conserves?|conservez|stockes?|stockez|collectes?|collectez|memorises?|memorisez)|"
    r"(?:gardes|enregistres|conserves|stockes|collectes|memorises)[- ]tu|(?:gardez|enregistrez|conservez|stockez|collectez|memorisez)[- ]vous|"
    r"(?:mes|nos|les) (?:questions|messages|conversations|echanges) (?:sont|est|seront|restent)|(?:ma|la|notre|cette) conversation (?:est|sera|reste)(?:[- ]t?-?elle)? (?:enregistr|priv|confiden|conserv|gard))"
)
_LANGUAGES = re.compile(
    r"\b(?:(?:parles[- ]tu|parlez[- ]vous|tu parles|vous parlez|comprends[- ]tu|comprenez[- ]vous|do you speak) \w+|quelles? langues? (?:parles|parlez|comprends|comprenez))"
)

_WORRY = re.compile(
    r"\b(?:j'ai (?:tres |super |vraiment |un peu |encore )?(?:mal|peur d'avoir|de la fievre|la fievre|des? (?:douleur|vertige|nausee|bouton|symptome|probleme de sante|saignement|palpitation|maux|brulure)|une? (?:douleur|boule|grosseur|plaque|infection|maladie|crise|malaise|tumeur|cancer)|le (?:covid|cancer|diabete)|mal)|"
    r"je (?:me sens (?:tres |si |vraiment |un peu |super )?(?:mal|faible|pas bien|malade|fatigue\w*)|vois (?:flou|double|trouble|mal|moins bien)|(?:crois|pense) (?:que je fais|que j'ai|faire|avoir) (?:un|une|le|la)\b|suis (?:malade|enceinte|diabetique|asthmatique|depressi\w+|tombee? malade|angoisse\w*)|saigne|souffre|vomis|tousse|fais (?:un malaise|une crise|un avc|un infarctus|une allergie|une depression|de la tension|de l'hypertension)|n'arrive (?:plus|pas) a (?:respirer|dormir))|"
    r"j'arrive (?:plus|pas) a (?:respirer|dormir)|"
    r"(?:mon|ma|mes) (?:enfant|fils|fille|bebe|mere|pere|mari|femme|grand-mere|grand-pere|ami|amie|coeur|ventre|tete|bras|dos|jambe|oeil|yeux) (?:ne (?:respire|bouge|repond|mange|voit)|a|ont|est|fait|me|tousse|vomit|souffre|saigne|brule)\b|"
    r"(?:ma|mon) (?:tension|temperature|fievre|glycemie|pouls|taux de sucre|cholesterol) (?:est|monte|baisse|depasse)|j'ai (?:la vue|une vue|la vision|la gorge|la tete|le coeur|le nez|l'oeil|les yeux|un oeil|mon oeil) (?:qui|tres|trop|rouges?|gonfle\w*|bouche)|j'ai .{1,40}c'est grave|"
    r"(?:quel(?:le)?s?|un|les?) (?:medicaments?|antibiotiques?|remedes?|traitements?|comprimes?|pilules?|dose|posologie|vaccin) (?:dois|puis|faut|prendre|me |pour (?:soigner|guerir|mon|ma|mes|le|la|les|l'|un|une)|contre)|"
    r"(?:dois|puis|peux|faut|devrais)[- ](?:je|il)\b.{0,40}\b(?:prendre|medecin|docteur|urgences?|medicament|traitement|hopital|aspirine|paracetamol|ibuprofene|doliprane|consulter|m'inquieter)|"
    r"comment (?:soigner|guerir|traiter|calmer|soulager|faire baisser|se soigner|me soigner)|(?:est-ce que|c'est) (?:j'ai un|grave docteur|contagieux)|"
    r"si j'ai (?:un|une|le|la|du|de)\b|(?:regarde[rz]?|analyse[rz]?|examine[rz]?|interprete[rz]?|lire) (?:ma|mon|mes) (?:photo|radio|scanner|irm|analyse|resultat|prise de sang|symptome|oeil|yeux|dossier|bilan)\w*|"
    r"quelle? (?:dose|dosage|posologie)|combien de (?:comprimes|gouttes|cachets)|"
    r"ai-je (?:le|la|un|une|du)\b|suis-je (?:malade|enceinte|atteinte?|contagieu\w+)|symptomes? (?:du|de la|de l'|d'un|d'une|des)|que (?:faire|dois-je faire) (?:contre|si j'ai|en cas de (?:fievre|douleur|malaise|crise))|"
    r"j'ai (?:avale|ingere|inhale|perdu connaissance|fait une chute|fait un malaise|saigne|vomi)\b|"
    r"j'ai (?:un|une|du|de l'|le|la) (?:diabete|hypertension|asthme|arthrose|eczema|retinopathie|psoriasis|migraine|angine|grippe|otite|rhume|toux|eruption|hemorragie|fracture|entorse|ulcere|hernie|thrombose|embolie|avc|tache)\b|"
    r"(?:je peux|puis-je|peut-on|on peut|est-il dangereux de|est-ce dangereux de) (?:prendre|donner|arreter|doubler|melanger)\b.{0,40}\b(?:medicament|traitement|comprime|ibuprofene|paracetamol|doliprane|aspirine|antibiotique|insuline|pilule|sirop|vaccin)|"
    r"(?:arreter|doubler|sauter|oublie de prendre) (?:mon|ma|mes|son|sa|ses) (?:traitement|medicament|insuline|pilule|dose)\w*|"
    r"(?:on|mon medecin|le medecin|mon docteur) m'a (?:diagnostique|trouve|decouvert|prescrit|annonce)|je prends .{0,30}\b(?:comprime|goutte|cachet|medicament|traitement|insuline)|"
    r"(?:mon|ma|mes) (?:coeur|ventre|dos|bras|genou|pied|oreille|dent|peau|gorge|poitrine)s? (?:bat|battent|gratte|gonfle|me (?:fait|font|gratte|brule)|(?:est|sont) (?:gonfle|rouge|bloque|enfle|irrite))|"
    r"i feel (?:\w+ )?(?:dizzy|sick|ill|faint|unwell)|should i (?:take|see a doctor|stop)|"
    r"envie de (?:mourir|me suicider|me tuer)|me suicider|suicid\w+|overdose|i have (?:a )?(?:pain|fever|headache|chest pain)|my chest hurts)"
)

_ORDER = re.compile(
    r"\b(?:ignore[rz]?|oublie[rz]?|neglige[rz]?|disregard|forget|override|outrepasse[rz]?)\b.{0,40}\b(?:instructions?|consignes?|regles?|prompt|precedent\w*|tout ce qui|la page|rules?|previous)|"
    r"\b(?:revele[rz]?|montre[rz]?|affiche[rz]?|donne[rz]?|dis|recite[rz]?|repete[rz]?|recopie[rz]?|copie[rz]?|reveal|print|show|repeat)\b.{0,40}\b(?:prompt|instructions?|consignes?|system)|"
    r"\b(?:prompt systeme|system prompt|prompt initial|mode developpeur|developer mode|jailbreak|dan mode)\b|"
    r"\b(?:fai[st]|faites|pretend[s]?|pretendez|agis|agissez|comporte-toi|act|imagine|suppose)\b.{0,15}\b(?:semblant|comme si|que tu|etre|as if|you are|un autre)\b|"
    r"\btu es (?:maintenant|desormais|a present)\b|\byou are now\b|"
    r"\b(?:a partir de maintenant|desormais),? (?:tu|vous|reponds|repondez|ne)\b|"
    r"\b(?:repond(?:s|ez|re)?|affirme[rz]?|confirme[rz]?|ecri[st]|ecrivez|declare[rz]?|pretend[s]?|pretendez|repete[rz]?|jure[rz]?|admets|admettez|annonce[rz]?|certifie[rz]?|invente[rz]?|dis|dites|say|confirm|answer|repeat)(?:[- ]moi)?(?:,? (?:maintenant|toujours|seulement|uniquement|simplement|juste|en francais|moi|oui|bien|sans rien verifier|after me|apres moi))*\s*:?\s+(?:que|qu'|that|oui a|par oui|apres moi|after me)\b|"
    r"\b(?:repond[s]?|repondez|repete[rz]?|answer|say) (?:toujours|seulement|uniquement|simplement|juste|only|par|«|\"|oui|non)\b|"
    r"\binvente[rz]?\b(?!-t)|\b(?:parle|parlez|ecris|reponds) comme (?:un|une|si)\b|^\W*(?:system|systeme|admin)\s*:|"
    r"\b(?:revele|montre|affiche|donne|dis|traduis|recite|repete|recopie|resume|change|modifie|reveal|show|print)[rsz]?(?:[- ](?:moi|nous))?\b.{0,20}\b(?:ta|tes|vos|votre|your) (?:\w+ )?(?:configuration|consignes?|regles?|instructions?|prompt|parametres?|code|rules?|settings?)\b|"
    r"\boublie[rz]? tout\b|\bfabrique[rz]? une\b|"
    r"\bm(?:ets-toi|ettez-vous) dans la peau\b|^(?:joue[rz]?|incarne[rz]?) (?:le role|un|une)\b|\bdesactive[rz]?\b.{0,30}\b(?:filtre|regle|securite|limite)|"
    r"\b(?:tiens|tenez) pas compte\b|\bpasse[rz]? outre\b|\brepond\w*\b.{0,20}\bsans (?:citer|source|verifier|tenir compte|la page)|"
    r"\b(?:termine|commence|fini[st])(?:[rz]|ssez)? (?:ta|votre|chaque|tes|vos|toutes? (?:tes|vos)) reponses?\b|\bcontente(?:-toi|z-vous) de\b|"
    r"\bfrom now on\b|\bpretend (?:that|the|you|to)\b|\bignore\b.{0,30}\bpage\b|\bnouvelles? (?:regles?|consignes?|instructions?)\s*:|"
    r"\b(?:tu dois|vous devez) (?:toujours|jamais|desormais|repondre|dire|obeir)\b|"
    r"[?.!]\s*(?:reponds|repondez)\s+(?!en\b|a\b|moi\b|stp|svp|s'il|vite|simplement|brievement|clairement|precisement|avec\b|sur\b)\S|"
    r"\b(?:ton|votre|your) (?:prompt|preprompt)\b|\b(?:tes|vos|your) (?:instructions?|consignes?|regles?|rules) (?:secret|interne|initiale|cachee|hidden)|"
    r"\b(?:considere|imagine|suppose|admet)(?:[rz]|ons|s)? que\b|\bpar[ts]e?z? du principe que\b|\bje (?:t'|te |vous )(?:ordonne|autorise)|\[/?inst\]|<\|?(?:im_start|system)"
)  # fmt: skip


def small_talk(question: str, page: Page) -> str:
    """The answer to a greeting, thanks, or a question about the assistant; "" where it is neither."""
    folded = fold(question).strip(" .!?…,;:)")
    left = len(terms(folded))
    if _WHO.search(folded):
        return phrases.WHO.format(title=page.title)
    if _HOW.search(folded) and left <= 4:
        return phrases.HOW
    if _CAN.search(folded) and left <= 6:
        return phrases.CAN
    if _FALLIBLE.search(folded) and left <= 4:
        return phrases.FALLIBLE
    if _PRIVACY.search(folded) and left <= 5:
        return phrases.PRIVACY
    if _LANGUAGES.search(folded) and left <= 3:
        return phrases.LANGUAGES
    if _SOURCES.search(folded):
        return phrases.SOURCES.format(
            title=page.title,
            publisher=f", publiée sur {page.publisher}" if page.publisher else "",
            updated=f" et mise à jour le {page.updated}" if page.updated else "",
        )
    if left > 4:
        return ""
    rest = terms(re.sub(r"[^\w' -]", " ", _GREETING.sub("", folded)))
    if _FEELING.search(folded) and left <= 4:
        return phrases.FEELING
    if _GREETING.match(folded) and len([t for t in rest if t not in _POLITE]) == 0:
        return phrases.GREETING.format(title=page.title)
    rest = terms(re.sub(r"[^\w' -]", " ", _THANKS.sub("", folded)))
    asks = re.search(
        r"\b(?:qui|que|quoi|quand|ou|comment|combien|pourquoi|quel\w*|est-ce)\b|-(?:il|elle|on|ils|elles)\b",
        folded,
    )
    if _THANKS.search(folded) and not asks and len([t for t in rest if t not in _POLITE]) <= 1:
        return phrases.THANKS
    if _BYE.match(folded):
        return phrases.BYE
    return phrases.OK if _OK.match(folded) else ""


_POLITE = frozenset(
    terms(
        "monsieur madame beaucoup bien infiniment assistant robot tout monde grand aide reponse chatbot ami"
    )
)


_URGENT = re.compile(
    r"\b(?:mourir|suicid\w*|me tuer|respire[rz]? (?:plus|pas)|respire (?:plus|pas|mal)|poitrine|overdose|inconscient\w*|avc|infarctus)\b"
)
_ABOUT_PAGE = re.compile(
    r"\b(?:(?:la|cette|votre) page|(?:l'|cet |votre )article|(?:le|ce) (?:texte|site|document))\b"
)


def is_medical_worry(question: str) -> bool:
    """Whether somebody asks for medical advice for themselves or somebody close.

    One who asks what the page says of it asks a question about the page, unless it sounds urgent.
    """
    folded = fold(question)
    if not _WORRY.search(folded):
        return False
    return bool(_URGENT.search(folded)) or not _ABOUT_PAGE.search(folded)


def is_order(question: str) -> bool:
    """Whether the text gives the assistant an order (ignore, pretend, reveal, say that…)."""
    return bool(_ORDER.search(fold(question)))
