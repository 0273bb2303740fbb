"""What stands between a reader and an article: the notices of walls, recognised line by line."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

CONSENT: Final = "consent"
ADBLOCK: Final = "adblock"
LOGIN: Final = "login"
PAYWALL: Final = "paywall"
METER: Final = "meter"
NEWSLETTER: Final = "newsletter"
SCRIPTS: Final = "scripts"

NAMES: Final = {
    CONSENT: "a consent wall",
    ADBLOCK: "an adblock wall",
    LOGIN: "a login prompt",
    PAYWALL: "a paywall",
    METER: "a paywall",
    NEWSLETTER: "a newsletter box",
    SCRIPTS: "a notice that it needs JavaScript",
}
"""What to call each kind of wall, with its article."""

_LONGEST_NOTICE = 500


def kind(line: str) -> str | None:
    """Which kind of wall's notice the line is, None where it is none's.

    A notice speaks to its reader: a sentence of the news that tells of cookies, subscriptions or blockers is none.
    """
    return kinds([line])[0]


def kinds(lines: Sequence[str]) -> list[str | None]:
    """The `kind` of each line of a page."""
    page = "\n".join(line for line in lines if len(line) <= _LONGEST_NOTICE).lower()
    triggers = {name: [trigger for trigger in of_kind if trigger in page] for name, of_kind in _TRIGGERS.items()}
    return [_kind(line, triggers) for line in lines]


def _kind(line: str, triggers: Mapping[str, Sequence[str]]) -> str | None:
    if len(line) > _LONGEST_NOTICE:
        return None
    lower = line.lower()
    for name, pattern in _NOTICES.items():
        if any(map(lower.__contains__, triggers[name])) and pattern.search(line):
            return name
    return None


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# What a line must hold for its kind's pattern to be worth the search.
_TRIGGERS = {
    SCRIPTS: ("javascript", "your browser"),
    ADBLOCK: ("adblock", "ad block", "ad-block", "werbeblocker", "bloque", "блокир"),
    CONSENT: (
        "cookie",
        "akzeptieren",
        "accept",
        "acept",
        "accett",
        "aceit",
        "consent",
        "privacy",
        "on a device",
        "legitimate interest",
        "you agree",
        "you accept",
    ),
    METER: ("article", "stor", "limit"),
    PAYWALL: (
        "subscri",
        "abonn",
        "abbon",
        "suscr",
        "assin",
        "member",
        "access",
        "unlock",
        "reading",
        "support",
        "trial",
    ),
    LOGIN: (
        "log in",
        "login",
        "sign in",
        "signed in",
        "logged in",
        "sign up",
        "account",
        "password",
        "regist",
        "remember",
    ),
    NEWSLETTER: ("newsletter", "mail", "inbox", "sign up", "signing up", "signed up", "subscri", "briefing", "phone"),
}
_YOUR = r"(?:your|the|this|our|any|all)"
_NOTICES = {
    SCRIPTS: _any(
        r"\A(?:please )?(?:enable|turn on|activate|allow) javascript",
        r"\b(?:need|have|must|please|you.?ll) (?:to )?(?:enable|turn on|activate|allow) javascript",
        r"\b(?:requires?|needs?|without) javascript (?:to|in order|enabled)|requires javascript\.?\Z",
        r"javascript (?:is|must be|seems to be|appears to be|has been) (?:currently )?(?:disabled|turned off|"
        r"required|ena"
        r"bled|not (?:enabled|supported|available)) (?:in|on|for|to|by) (?:your|this|view|use)",
        r"\Ajavascript (?:is|has been) (?:disabled|turned off|required|not)",
        r"\bjavascript (?:zu aktivieren|aktivieren|einschalten|est désactivé)|\b(?:aktivieren sie|activez|active|"
        r"habilite|"
        r"attiva|ative|schakel|włącz|включите) (?:bitte )?javascript\b",
        r"your browser (?:does not|doesn.t) (?:support|have) (?:javascript|the video|html5|iframes|this video)",
    ),
    ADBLOCK: _any(
        r"(?:disable|turn off|pause|deactivate|switch off|whitelist|allow-?list)[^.]{0,40}\bad[- ]?block",
        r"\b(?:you(?:.re| are| may be| appear to be| seem to be|r browser)|we(?:.ve| have)?)\b[^.]{0,50}\bad[- ]?block",
        r"\bad[- ]?block(?:er|ing)?(?: software| extension| plug-?in)? (?:is |was |has been )?(?:detected|enabled|"
        r"active)",
        r"\A(?:disable|turn off) (?:your )?ad[- ]?block",
        r"\b(?:deaktivieren|désactive[rz]|desactiv[ae]r?|disattiva(?:re)?|desative|schakel|wyłącz|"
        r"отключите)\b[^.]{0,40}"
        r"(?:\bad-?block|werbeblocker|bloqueur|bloqueador|блокировщик)|\bad-?blocker (?:deaktivieren|uitschakelen)",
    ),
    CONSENT: _any(
        r"\b(?:we|our (?:site|website|partners)|this (?:web)?site|and our (?:\d[\d,]* )?partners|this page) "
        r"(?:and our "
        r"(?:\d[\d,]* )?(?:[a-z]+ )?partners )?(?:(?:may|will|also) )*(?:uses?|stores?|places?|sets?|relies "
        r"on)\b[^.]{0,60}\bcookies",
        rf"\b(?:accept|reject|allow|manage|refuse|customi[sz]e|decline) (?:{_YOUR} |non-essential |only |necessary |"
        rf"essential |additional )*cookies?(?: (?:settings|preferences|choices|policy))?(?:[.!]|\Z)",
        r"\bby (?:continuing|clicking|using|browsing|closing|signing|registering|subscribing|submitting)\b[^.]{0,100}"
        r"\b(?:you (?:agree|consent|accept)|cookies)",
        r"\b(?:manage|change|withdraw|update|set) (?:your )?(?:consent|cookie (?:settings|preferences)|privacy "
        r"choices)",
        r"\A(?:your privacy|we (?:value|care about|respect) your privacy|privacy (?:settings|preference centre?r?))\b",
        r"\bstore and/or access information on a device",
        r"\b(?:wir|diese (?:web)?seite|nous|ce site|notre site|este sitio|esta web|este site|nosotros|questo sito|"
        r"noi|wij|deze "
        r"(?:web)?site|мы)\b[^.]{0,60}\b(?:verwende[nt]|nutz(?:en|t)|utilis(?:ons|e)|utiliza(?:mos)?|usa(?:mos)?|"
        r"utilizz"
        r"(?:a|iamo)|usiamo|gebruik(?:en|t)|используем)\b[^.]{0,60}\b(?:cookies?|файлы cookie)",
        r"\A(?:alle cookies akzeptieren|(?:alle )?akzeptieren|tout accepter|accepter (?:tout|les cookies)|aceptar "
        r"(?:todo|"
        r"todas|las cookies|cookies)|accetta (?:tutt[oi]|i cookie)|aceitar (?:tudo|todos|cookies))\Z",
        r"\b(?:you (?:agree|consent) to|read) (?:our|the) (?:use of cookies|cookie policy|privacy policy)",
        r"\byour (?:consent|choices) (?:applies|apply|will be)\b|legitimate interest\b[^.]{0,80}\b(?:partners|vendors)",
    ),
    METER: _any(
        r"\byou(?:.ve| have) (?:read|reached|used|viewed|hit)\b[^.]{0,50}\b(?:free|monthly|complimentary|limit|"
        r"last) ?[^."
        r"]{0,20}\b(?:articles?|stories|limit|month)",
        r"\b(?:\d+|one|two|three|four|five|no|your last) (?:more )?free (?:articles?|stories)(?: \w+)? "
        r"(?:left|remaining|this|per|a) ?",
        r"\byou have \d+ (?:free )?(?:articles?|stories) (?:left|remaining)",
        r"\benjoy (?:your|this) (?:\w+ )?free (?:article|story)",
    ),
    PAYWALL: _any(
        r"\A(?:please )?(?:subscribe|become a (?:\w+ )?(?:subscriber|member)|start your (?:free )?(?:trial|"
        r"subscription)|"
        r"(?:try|get) (?:unlimited|full|digital) (?:digital )?access|unlock (?:this|the|unlimited|full|premium|"
        r"all))\b[^."
        r"]{0,90}(?:\b(?:to (?:read|continue|keep|unlock|access|view)|today|now|for (?:just|only|as)|access|articles?|"
        r"story|stories|trial|subscription|month|week|year|subscribers?)\b|\Z)",
        r"\bto (?:continue|keep) reading\b[^.]{0,90}\b(?:subscri|sign|log|regist|account|buy|join|already|access)",
        r"\b(?:subscribe|sign up|log in|register|sign in|join)\b[^.]{0,60}\bto (?:continue|keep) reading",
        r"\bto (?:read|access|view|see|unlock) (?:the|this) (?:full|rest|whole|complete|remaining|entire|premium) "
        r"?[^.]{0,"
        r"80}\b(?:subscri|sign|log|regist|account|buy|join|become)",
        r"\b(?:this|the (?:full|rest of (?:the|this))) ?(?:article|story|content|page|piece)? is (?:only |exclusively |"
        r"reserved |available )*(?:for|to|available to|limited to) (?:our |paying |registered |digital |premium |all |"
        r"paid )*(?:subscribers|members)",
        r"\b(?:subscriber|member|premium|subscription)[- ]only (?:article|story|content)|\A(?:exclusive(?:ly)? "
        r"(?:for|to) )"
        r"(?:our )?(?:subscribers|members)",
        r"\bsubscription (?:is )?required\b|\bcontinue reading (?:your|this|the|with)\b[^.]{0,60}\b(?:article|"
        r"subscription|trial|account)",
        r"\A(?:already (?:a|have)|not (?:yet )?a) (?:an? )?(?:\w+ )?(?:subscriber|subscription|member)\b",
        r"\byou (?:must|need to) (?:be a subscriber|subscribe|have a subscription|be a member)",
        r"\b(?:abonnieren sie|jetzt abonnieren|abonnez-vous|suscríbete|abbonati|"
        r"assine)\b[^.]{0,60}\b(?:weiter(?:zu)?lesen|um|"
        r"pour lire|para (?:leer|seguir|continuar|ler)|per (?:leggere|continuare))|\b(?:réservé|reservado|"
        r"riservato|exklusiv "
        r"für) (?:aux |a |para |agli |unsere )?(?:abonn|su[bs]scri|assinant)",
        r"\A(?:our|local|quality|independent) journalism needs your support\b|\bplease subscribe (?:today|now|to)\b",
    ),
    LOGIN: _any(
        r"\A(?:please )?(?:log|sign) ?in(?: or (?:create|register|sign ?up|subscribe)\b[^.]{0,60})?"
        r"(?: (?:to|with|below|here|now|again)\b[^.]{0,80})?[.!]?\Z",
        r"\A(?:already (?:have|registered)|don.t have) (?:an? )?(?:account\b)?[^.]{0,40}(?:log|sign) ?(?:in|up)\b",
        r"\Aalready (?:have an account|registered)\b|\A(?:create|register for) (?:a|an|your) (?:free )?account\b",
        r"\byou (?:must|need to|have to) (?:be (?:logged|signed) in|log ?in|sign ?in|register)\b",
        r"\A(?:forgot(?:ten)? (?:your )?password|reset (?:your )?password|remember me)\b",
    ),
    NEWSLETTER: _any(
        r"\A(?:please )?(?:sign up|subscribe|register|enter your e-?mail|get|join|receive|"
        r"want)\b[^.]{0,140}\b(?:newslet"
        r"ters?|e-?mail (?:updates|alerts|address|list|briefing)|(?:in|to) your inbox|mailing list|(?:daily|morning|"
        r"evening|weekly) briefing|(?:free|daily|weekly) e-?mail)\b",
        r"\b(?:sign up|subscribe|signing up|opt in)\b[^.]{0,60}\b(?:newsletters?|e-?mail (?:alerts|updates|list))\b",
        r"\bdelivered (?:straight |directly |right |free )*(?:in)?to your (?:inbox|e-?mail|phone)",
        r"\A(?:thanks|thank you) for (?:signing up|subscribing)",
        r"\A(?:your )?e-?mail(?: address)?\Z|\Ainvalid e-?mail\b|\A(?:\w+ "
        r"){0,4}newsletter\Z",
        r"\Ayou(?:.ve| have) (?:successfully )?(?:been )?(?:subscribed|signed up)",
    ),
}
