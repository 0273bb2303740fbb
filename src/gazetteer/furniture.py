"""Lines that a page puts into or around an article and that are none of its text: calls to read, share or follow
something else, bylines, datelines, sign-offs, captions' credits. The article's own sentences are none, however they
begin. Pages are rid of them as they are extracted, and other texts as they are read.
"""

import re

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = rf"(?:{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTHS},?(?: \d{{4}})?|"
_DAY += r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
_TIME = r"\d{1,2}(?:[:.]\d\d){1,2}(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?"
_ZONE = r"[a-z]{1,4}t|gmt|utc|z|[+-]\d\d:?\d\d|local time|hrs"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_SPAN = r"\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?)"
_FILLER = (
    rf"{_SPAN}|{_DAY}|{_TIME}|{_ZONE}|{_WEEKDAY}|first|last|published|updated|posted|modified|created|on|at|by|"
    r"date|time|ago"
)

_DATELINE = re.compile(rf"(?=.*\d)(?:(?:{_FILLER})(?:[\s,:;|()/•·–—-]+|\Z))+\Z", re.IGNORECASE)
_PLACE = re.compile(r"[A-Z][A-Z .'’-]{2,40}(?:, [A-Z][\w .'’-]{1,30})?(?: \([A-Z]\w{1,20}\))? ?[—–-]{1,2}\Z")
_AGO = re.compile(r"(?:\w+ )?\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?)(?: read| ago| listen)\W*\Z", re.I)
_BYLINE = re.compile(
    r"(?i:(?:(?:story|words|written|reporting|reported|text|review|report|posted|published) )?by:?)(?: "
    r"[A-Z][\w.'’-]*| (?:and|de|"
    r"van|von|der|la|al|for|in|the|of|with|&)|,){1,14}\Z"
)
_CREDIT = re.compile(
    r"\((?:ap )?photo[^()]*\)\.?\Z|\((?:getty|reuters|afp|ap|epa|pa)[^()]{0,60}\)\.?\Z|(?:/| via |, |: "
    r")(?:getty images?|"
    r"afp|reuters|ap|epa|shutterstock|alamy|istock)\b[^.]{0,30}\Z|\A(?:photo|image|picture|credit|photograph|"
    r"video|source|"
    r"illustration)s?(?: (?:credits?|by|courtesy|source))*\s?[:|©].{0,120}\Z|\A(?:©|\(c\)|copyright) |file photo\.?\Z|"
    r"(?-i:[.)] (?:Image|Photo|Picture|Photograph|Illustration)s?(?: (?:credit|by|courtesy of))?:? "
    r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}\Z)|"
    r"\bphotos? © [^.]{2,60}\Z|\Aphoto(?:graph)? (?:by|courtesy of|credit) [^.]{2,60}\Z",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:"
    r"(?:read|see|watch|listen|click|tap|view)(?: (?:more|also|next|now|here|it|the full|the rest|"
    r"all))+\b[^.]{0,120}(?:\.{3})?|"
    r"(?:click|tap) (?:here|to|on|below)\b.{0,120}|.{0,120}\b(?:click|tap) here(?: to| for|[.!]).{0,80}|.*\bby "
    r"clicking here|"
    r"(?:also|more|next|previously|related|watch|recommended|see also|read also|also read|read more|must read|"
    r"read next|don.t miss|in pictures|in case you missed it|up next|listen)(?: (?:articles?|stories|news|links|"
    r"content|topics|coverage|videos?|reading|posts?))?\s?(?::.{0,160}|\.{0,3}|>+|»)|"
    r"(?:more (?:from|on|about|in|like) |you (?:may|might) also |recommended |most (?:read|popular|viewed)|"
    r"trending|editors?.?s? (?:picks?|choice)|top (?:stories|reads)|latest (?:news|stories|headlines)|popular "
    r"(?:now|stories|posts)|what to read next)[^.]{0,80}(?:\.{3})?|"
    r"(?:advertise?ments?|sponsored(?: content| by.{0,40})?|promoted(?: content)?|supported by|paid content|"
    r"promotion|ad feedback|story continues below.{0,30}|article continues.{0,40}|scroll (?:down )?to "
    r"continue.{0,40}|continue reading.{0,60}|skip advertisement|loading\.*|open in app|close|thank you|sorry!?)|"
    r"(?:share|tweet|pin|e-?mail|print|save|copy link|comments?|facebook|twitter|whatsapp|linkedin|reddit|"
    r"flipboard|pocket|telegram|text size|order reprints|print article|gift (?:this )?article|listen|by|source|"
    r"date|summary|and|full story|\W|\d)+|"
    r"(?:share|like) (?:this|on|via|the)\b.{0,60}|like this (?:story|article)\b.{0,60}|.{0,30}share (?:it|this) "
    r"with .{0,30}|"
    r"(?:follow|like|find|join) (?:us|me|him|her|them|\w+(?: \w+){0,3}) on (?:twitter|facebook|instagram|x\b|"
    r"social|linkedin|youtube|tiktok|threads|google).{0,160}|"
    r"(?:.{0,80}\b)?(?:can be reached|may be reached|contact(?:ed)?)(?: \S+){0,6} at [\w.+-]+@\w.{0,200}|"
    r"(?:e-?mail|contact|write to|email the writer|reach|send)\b.{0,80}[\w.+-]+@[\w-]+\.\w.{0,120}|"
    r"have (?:a|any) (?:news |story )?(?:tip|comment|question)s?\b.{0,200}|(?:tell|let) us (?:what you|"
    r"know).{0,80}|"
    r"(?:all|the) products? (?:featured|mentioned|recommended)?.{0,60}\bindependently (?:selected|chosen|"
    r"reviewed).{0,400}|"
    r"(?:if you|when you) (?:buy|purchase|click).{0,160}\b(?:commission|affiliate).{0,160}|"
    r"(?:we|\w+(?: \w+)?) may (?:earn|receive|make|get)\b.{0,60}\b(?:commission|compensation|affiliate|"
    r"revenue).{0,200}|"
    r"(?:©|\(c\)|copyright)\W.{0,200}|.{0,160}\ball rights reserved\b.{0,200}|.{0,60}©\s?\d{4}.{0,120}|"
    r"this (?:copy|material|article|content|story) may not be (?:published|reproduced).{0,300}|"
    r"view this post on \w+|a post shared by .{0,120}|this slideshow requires.{0,30}|"
    r"(?:instagram|twitter|facebook|tiktok|youtube) (?:content|embed)|an error (?:has "
    r")?occurred.{0,60}|"
    r"(?:view|leave|post|add|show|read|hide|see) (?:all |a |your |\d+ )*comments?.{0,40}|\d+ comments?|comments? "
    r"\(\d+\)|"
    r"(?:18\+|when the fun stops|gamble responsibly|bet £).{0,160}|.{0,200}\bt&cs apply\b.{0,60}|"
    r"(?:tags?|topics?|filed under|categories|category|labels|keywords)\s?:.{0,200}|(?:tags|topics|filed under)|"
    r"(?:sign up|subscribe|register)\b[^.]{0,80}\b(?:newsletters?|briefings?|alerts|inbox|podcast|channel)\b.{0,160}|"
    r"get (?:the|our|all)\b[^.]{0,100}\bin(?:to)? your inbox\b.{0,80}|"
    r"follow (?:our|the|all) [^.]{0,40}\bcoverage\b.{0,60}|"
    r"(?:this|our|the) live (?:blog|coverage|page|updates?) (?:is|has|are|have)\b[^.]{0,20}"
    r"\b(?:closed|ended|finished|end|close)\b.{0,200}|"
    r"for more (?:information|details),? (?:please )?(?:visit|contact|call|go to|see)\b.{0,200}|"
    r"support (?:our|independent|local)\b[^.]{0,20}\bjournalism\b.{0,160}|"
    r"(?:if you(?:.ve| have)|have you)\b[^.?]{0,40}\bbeen affected by (?:any|the|this|issues)\b.{0,300}|"
    r"we (?:may )?(?:earn|receive|get) a (?:small )?commission\b.{0,200}|"
    r"(?:download|get) (?:the|our) .{0,40}\bapps?\b.{0,80}|.{0,40}\bon (?:google play|the app store)\b.{0,60}"
    r")\Z",
    re.IGNORECASE | re.DOTALL,
)
# What a paper says of the article itself: its corrections, its print edition, its recording, its buttons.
_NOTE = re.compile(
    r"(?:a )?(?:correction|clarification) was (?:made|added|published) (?:on|in|to|after|at)\b.{0,900}|"
    r"when we (?:learn of|make) (?:a |an )?(?:mistake|error)s?\b.{0,400}|"
    r"(?:(?:•|\*|note:) ?)?(?:this|the headline (?:of|on) this) (?:article|story|report|piece)(?:.s headline)? "
    r"(?:was|has been) (?:amended|corrected|clarified|updated)\b.{0,900}|"
    r"a version of this (?:article|story|column|review|essay|obituary) (?:appears|appeared|was published) in\b.{0,500}|"
    r"(?:listen to|hear|play) (?:this|the) (?:article|story)(?: ?[^\w\s,].{0,60}| \d.{0,60})?|"
    r"(?:listen|audio|video)?\W{0,5}\d+:\d\d min\W{0,5}(?:learn more|listen|read)?|"
    r"(?:share|gift|give|save|print|read|see) (?:full|this|the full|the) (?:article|story)s?\W*|"
    r"(?:reuse this content|explore more on these topics|view image in full ?screen|learn more|get in touch|"
    r"(?:order )?reprints|today.s paper|\W|subscribe|continue (?:to|with) the article|back to top|"
    r"jump to (?:content|comments))+|"
    r"do you have an opinion on the issues raised\b.{0,400}|(?:do you have|have you got) a story\b[^.]{0,120}.{0,160}|"
    r"(?:published|posted|updated|share page|about sharing|highlighted quote|pull quote)\W*|"
    r"(?:corrections?|clarifications?|editor.?s.? note)\s?:.{0,900}|"
    r"this (?:article|story|essay|interview) (?:was|is|has been)\b[^.]{0,30}"
    r"\b(?:published|republished|edited|condensed)\b[^.]{0,120}\.?|"
    r"the (?:views|opinions) expressed\b[^.]{0,60}\b(?:are|do|is)\b.{0,240}|"
    r"(?:safe harbou?r|(?:cautionary )?(?:(?:note|statement)s? (?:on|about|regarding) )?forward-looking) "
    r"statements?\W*|"
    r"(?:this|the) (?:press|news) release (?:may )?(?:contains?|includes?)\b[^.]{0,30}\bforward-looking\b.{0,900}|"
    r"(?-i:SOURCE):? .{2,80}|"
    r"(?:getty images|reuters|afp|ap|epa|pa media|the associated press|shutterstock|alamy)\W*|"
    r"our standards: .{0,80}|(?:published|appears|printed) in the (?:\w+ ){0,3}print edition\b.{0,120}|"
    r"listen to [^.]{0,80}\b(?:live (?:at|on)|on (?:the |our )?[^.]{1,30} (?:app|podcast|sounds))\b.{0,80}|"
    r"published \d[\w .:]{2,60}share(?: \w+)?",
    re.IGNORECASE | re.DOTALL,
)
# The same calls in other languages.
_ABROAD = re.compile(
    r"(?:anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie|reklam(?:e|a)?|"
    r"artikel (?:teilen|anhören|drucken)|teilen|kommentare|partager|compartir|condividi|compartilhar)\W*|"
    r"(?:lesen sie (?:auch|mehr|hier)|lesen sie dazu|mehr zum thema|das könnte sie auch interessieren|auch interessant|"
    r"(?:à )?lire (?:aussi|également)|sur le même sujet|(?:lea|lee) también|te puede interesar|"
    r"leggi anche|leia também|lees ook|läs också|les også|læs også|czytaj też)\b.{0,200}|"
    r"tempo de leitura\W.{0,20}|lesezeit\W.{0,20}|temps de lecture\W.{0,20}|"
    r"von(?: (?:dr\. )?(?-i:[A-ZÄÖÜ])[\w.’'-]*){2,4}(?: und(?: (?-i:[A-ZÄÖÜ])[\w.’'-]*){2,4})?",
    re.IGNORECASE,
)
_NAME = r"(?!(?:The|A|An|This|That|Our|Its|His|Her|Their) )(?:[A-Z][\w.’'-]{0,30} ){2,4}"
_TRADE = r"(?:reporter|correspondent|journalist|columnist|critic|editor|writer)\b"
_AT_WORK = r"(?:\.?\Z|\. (?:Follow|Email|Contact|You can|Write to)\b|"
_AT_WORK += r",? (?:for|at|with|on|in|and|based|covering|who (?:covers|writes|reports)|whose)\b)"
_WRITER = re.compile(
    rf"(?:{_NAME}|(?:Mr|Ms|Mrs|Dr)\. [A-Z]\S{{0,30}} )is (?:an?|the|our|\S{{1,30}}[’']s) "
    rf"(?![^.]{{0,40}}\b(?:former|first|last|only)\b)[^.]{{0,80}}\b{_TRADE}{_AT_WORK}.{{0,400}}|"
    rf"{_NAME}(?:covers|writes (?:about|on)|reports on) [^.]{{2,200}}\b(?:for|at) (?:the )?[A-Z].{{0,400}}",
    re.DOTALL,
)
_MORE_ABOUT = re.compile(
    rf"{_NAME}(?:covers|writes|reports|is|has)\b.{{0,400}}\bMore about [A-Z]\S*(?: \S+){{0,4}}", re.DOTALL
)
_ADDRESS = re.compile(r"(?:(?:[\w .’'&-]{1,60}: ?)?https?://\S+|[\W_]+)\Z")
_LONGEST = 600
_LONGEST_NOTE = 1_000
_SIGNED = re.compile(
    r"(?:\A\W*|[;.,] )(?i:(?:additional|further|with) )?"
    r"(?i:reporting|writing|editing|compiled|edited|written|translated)"
    r"(?: and (?:editing|writing|reporting))? by [A-Z]|"
    r"\bcontributed (?:reporting|research|writing|to this (?:report|story|article|post))\b|"
    r"\A[A-Z]\S* (?:[A-Z]\S* )*reported from [A-Z]|\AContributing(?: \w+)?: "
)
_SPOKEN = re.compile(r"[^\W\d_][\w.'’-]*")
# What stands in a credit beside names and places.
_CREDIT_WORDS = (
    "reporting writing editing additional further compiled edited written translated contributed contributing reported "
    "research report story article post writer writers reporter reporters journalist journalists correspondent "
    "correspondents editor editors staff bureau newsroom colleague colleagues also by in at from for to this and with "
    "the of de del der di la le van von den bin el al"
)
_CREDITING = frozenset(_CREDIT_WORDS.split())


def is_furniture(line: str) -> bool:
    """Whether the line is none of the article's text: any of the kinds below, an address, or no words at all."""
    return (
        is_dateline(line)
        or is_byline(line)
        or is_signoff(line)
        or is_pointer(line)
        or is_credit(line)
        or is_note(line)
        or (len(line) < _LONGEST and bool(_ABROAD.fullmatch(line)))
        or bool(_ADDRESS.match(line))
    )


def is_dateline(line: str) -> bool:
    """Whether the line holds nothing but a date or time, and words like "Updated", or the place of the report."""
    return len(line) < 120 and bool(_DATELINE.match(line) or _AGO.match(line) or _PLACE.match(line))


def is_byline(line: str) -> bool:
    """Whether the line says nothing but by whom the article is."""
    return len(line) < 120 and bool(_BYLINE.match(line))


def is_signoff(line: str) -> bool:
    """Whether the line only credits who reported, wrote and edited: names, places and a credit's own words."""
    if len(line) > _LONGEST or not _SIGNED.search(line):
        return False
    return all(word[0].isupper() or word.rstrip(".") in _CREDITING for word in _SPOKEN.findall(line))


def is_credit(line: str) -> bool:
    """Whether the line is, or ends as, the credit under a picture."""
    return len(line) < 250 and bool(_CREDIT.search(line))


def is_pointer(line: str) -> bool:
    """Whether the line only calls its reader to something else: other articles, sharing, comments, an offer."""
    return len(line) < _LONGEST and bool(_POINTER.match(line))


def is_note(line: str) -> bool:
    """Whether the line is a paper's note on the article itself: its correction, print edition, writer, a button."""
    return len(line) < _LONGEST_NOTE and bool(_NOTE.fullmatch(line) or _MORE_ABOUT.fullmatch(line))


def is_about_writer(line: str) -> bool:
    """Whether the line tells who its writer is, as papers do under an article: "Ada Okafor covers science for …".

    In an article's midst, such a line may well be its own.
    """
    return len(line) < _LONGEST and bool(_WRITER.fullmatch(line))
