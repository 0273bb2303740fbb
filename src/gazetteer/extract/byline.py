"""Bylines, as printed, read into the people and the agencies that they credit.

"By JANE DOE and Sam van der Berg in Paris"       → Jane Doe, Sam van der Berg
"Reporting by Jane Doe; Editing by Sam Berg"      → Jane Doe
"By The Associated Press"                         → The Associated Press, an organisation
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gazetteer.extract.structured import clean, words

MAX_LENGTH = 600
MAX_NAMES = 40
NAME_CHARACTERS = 60
UNCASED_CHARACTERS = 20
TELLING_CHARACTERS = 8
LONG_WORDS = 5
ACRONYM = 4

_WRITTEN = (
    r"(?:(?:\w+\s+(?:and|&)\s+)?(?:written|reported|reporting|story|words|text|article|review|interview|report|posted|"
    r"published|opinion|commentary|column|analysis|essay|authored|submitted|contributed|guest\s+post)\s+)?by|"
    r"as\s+told\s+to|authors?\s*:|written\s*:|words\s*:|автор\s*:"
)
_OTHER_WORK = (
    r"(?:(?:additional|contributing|with|extra)\s+(?:\w+\s+)?(?:reporting|research|contributions?)|(?:copy\s*-?)?edited|"
    r"(?:writing\s+and\s+)?editing|compiled\s+and\s+edited|fact[\s-]*checked|(?:medically|expert|clinically|"
    r"scientifically|technically|financially|legally)?\s*reviewed|photograph(?:y|s|ed)?|photos?|fotos?|pictures?|images?|illustrat(?:ions?|ed)|"
    r"graphics?|art|artwork|design(?:ed)?|video|audio|filmed|produced|production|translat(?:ed|ion)|styl(?:ed|ing)|hair|"
    r"make-?up|animation|data|curated|sponsored|presented|narrated|hosted|(?:recipes?\s+)?tested|created|"
    r"updated|verified|approved|directed)"
    r"\s*(?:by\b|:)"
)
_LABEL = re.compile(
    rf"(?<![^\s(|/;,.])(?:(?P<other>{_OTHER_WORK})|(?P<author>(?:{_WRITTEN})(?=[\s:])))[\s:]*", re.IGNORECASE
)
_FOREIGN_BY = re.compile(
    r"\A(?:Von|Par|Por|Door|Di|Av|Af|Texte?\s*:|Autore?\s*:|VON|PAR|POR|DOOR|DI)\s+"
    r"(?=[A-ZÀ-Þ]\S*\s+[A-ZÀ-Þ])"
)
_GLUED_BY = re.compile(r"\A(By|BY)(?=[A-Z][a-z]|[A-Z]\.)")
_CUT = re.compile(
    r"\b(?:last\s+)?(?:updated|published|modified|posted|created|first\s+published|publié|mis\s+à\s+jour|aktualisiert|"
    r"veröffentlicht|publicado|actualizado|pubblicato|aggiornato|contributed\s+to\s+this|contributed\s+reporting|"
    r"contributions?\s+from|see\s+more|read\s+more|follow|share|is\s+an?|covers|was)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NOISE = re.compile(
    r"<[^<>]{0,200}>|\S{1,80}@\S{1,80}\.\w+|(?:https?://|www\.)\S+|(?<!\w)@\w+|\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|"
    r"[©*†‡\"“”]|(?<!\w)['‘]|['’](?!\w)"
)
_SEGMENT = re.compile(r"[\n|•·;/►▪]|\s[-–—]+\s|\s?—\s?|:\s|(?<=[a-z]{3})\.\s(?=[A-Z])|\A[-–—]\s|\s[-–—]\Z")
_AND = re.compile(r"\s*(,\s*(?:and|&|with)\s|,|&|\+|\s(?:and|AND|And|with|WITH|plus)\s)\s*")
_FOREIGN_AND = re.compile(r"\s(?:und|et|y|e|en|og|och|i|и|und|ja|és)\s")
_PLACE = re.compile(
    r"\s(?:in|at|for|from|of|on|aus|à|via|near|reporting\s+from)\s.*\Z|\s(?:IN|AT|FOR|FROM|OF)\s.*\Z", re.DOTALL
)
_DATE_AFTER = re.compile(
    r"\s(?:on\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?"
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+)?[0-9].*\Z",
    re.IGNORECASE | re.DOTALL,
)
_SUFFIX = re.compile(
    r"\A(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?\s?d|d\.?o|j\.?d|m\.?b\.?a|m\.?p\.?h|m\.?a|m\.?s|b\.?a|r\.?n|r\.?d|rdn|cscs|esq|ms|"
    r"cpa|cfp|dds|dvm|lcsw|obe|mbe|cbe|faan|facs|ldn|cpt|psy\.?d|ed\.?d|pharm\.?d|mph|mba|np|pa-c|cfa|msn|bsn)\.?\Z",
    re.IGNORECASE,
)
_GENERATION = re.compile(r"\A(?:jr|sr|ii|iii|iv)\.?\Z", re.IGNORECASE)
_HONORIFIC = re.compile(
    r"\A(?:mr|mrs|ms|dr|prof|professor|sir|rev|col|gen|maj|capt|lt|sgt)\.?\s+(?=\S+\s)", re.IGNORECASE
)
_INITIAL_LAST = re.compile(r"(?:\b[A-Z]|\b[JS]r)\.\Z")
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’`´ʼ\-‐‑\u0300-\u036f])*")
_UNCASED = re.compile(r"[\u0590-\u0dff\u0e00-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL = frozenset(words("of for the and & in on at de la du des der die das und et y e"))
_PARTICLES = frozenset(
    words(
        "van von der den de del della di da dos das do du la le el al al- bin bint ibn ben ter ten vom zu zur y e "
        "af av i san st ap abu o"
    )
)
_ROLES = frozenset(
    words(
        "editor editors reporter reporters writer writers correspondent correspondents contributor contributors "
        "columnist columnists staff journalist journalists producer producers photographer photographers freelance "
        "freelancer intern analyst critic blogger anchor director manager associate-editor sub-editor subeditor "
        "author authors byline contributing redaktion redaktion: redacción rédaction redactie redazione sponsored "
        "advertiser updated published subscriber minutes minute read hours hour ago comments comment share follow "
        "email e-mail twitter facebook instagram linkedin januar monday tuesday wednesday thursday friday saturday "
        "sunday january february september october november december senior deputy assistant specialist fellow "
        "strategist chief executive founder co-founder president professor lecturer video photos photo images image "
        "getty unknown anonymous none null undefined author: links social archive submission biography about "
        "profile posts multiple various sources reports"
    )
)
_GENERIC = frozenset(
    words(
        "the by admin administrator webmaster web webdesk root user editor editors staff team newsroom desk "
        "newsdesk wordpress reports report reporter reporters wire wires news service services online editorial "
        "contributor contributors agencies agency media digital"
    )
)
_ORGANISATION_WORDS = frozenset(
    words(
        "news times agency agencies team board desk argus leader telegram courier globe dispatch register record "
        "inquirer advocate bulletin examiner world editorial magazine university institute institution inc ltd llc "
        "plc gmbh media network networks service services bureau department centre center society school group "
        "associated reuters afp ap wire wires today daily weekly journal tribune herald gazette online tv "
        "television radio bbc cnn nbc abc cbs npr newsroom newsdesk company corporation corp foundation association "
        "council committee ministry office press-release  dpa efe ansa tass xinhua upi pti ani ians aap ap's the "
        "newspaper newspapers publishing publications digital studio studios partners lab labs project community "
        "college hospital laboratory academy federation commission staff contributors editors express observer "
        "guardian telegraph chronicle sentinel mirror"
    )
)
_AGENCIES = re.compile(
    r"(?:the\s+)?(?:associated\s+press|ap|reuters|afp|agence\s+france-?presse|bloomberg(?:\s+news)?|dpa|efe|ansa|tass|"
    r"xinhua|upi|united\s+press\s+international|pti|press\s+trust\s+of\s+india|ani|ians|aap|pa\s+media|pa|press\s+association|"
    r"canadian\s+press|kyodo(?:\s+news)?|yonhap|anadolu(?:\s+agency)?|interfax)",
    re.IGNORECASE,
)
_AGENCY_AFTER = re.compile(rf"(?<=\w)\s+(?:{_AGENCIES.pattern})\Z", re.IGNORECASE)
_COINED = re.compile(r"[A-Z]{2,}[a-z]+[A-Za-z]*|[A-Z][a-z]+[A-Z]{2,}[a-z]*")
_SHORT_NAMES = frozenset(
    words("al bo cy ed jo ty ng li lu wu xu yu he ma hu ho le vo do so su an ko ha la de di da du el von")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """Whom a byline credits with the text: `people`, and `organisations` (agencies, desks, institutes)."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The people; the organisations only where no person is named."""
        return self.people or self.organisations


def parse(text: str, *, publishers: Iterable[str] = ()) -> Credits:
    """Read a byline, or a declared author's name. `publishers` are names that are known to be organisations'.

    Editors, photographers, translators and reviewers are no authors, nor are roles, places, dates, addresses, handles.
    """
    known = frozenset(fold(name) for name in publishers) - {""}
    people: dict[str, str] = {}
    organisations: dict[str, str] = {}
    for piece in _pieces(text[:MAX_LENGTH]):
        if len(people) + len(organisations) >= MAX_NAMES:
            break
        name = _name(piece)
        key = fold(name)
        if key in people:
            break
        if _is_known(key, known) or (_is_title(name) and is_organisation(name)):
            organisations.setdefault(key, proper_case(name) if len(name) > ACRONYM else name)
        elif is_person(name) and not any(key.endswith(one) for one in people):
            people.setdefault(key, proper_case(name))
    return Credits(people=tuple(people.values()), organisations=tuple(organisations.values()))


def _is_known(key: str, known: frozenset[str]) -> bool:
    """Whether a folded name is a publisher's, or the beginning of one that is long enough to tell."""
    return key in known or (len(key) >= TELLING_CHARACTERS and any(name.startswith(key) for name in known))


def fold(name: str) -> str:
    """A name for comparison: its letters and digits alone, in one case, without a leading article."""
    letters = "".join(letter for letter in name.casefold() if letter.isalnum() or letter == " ")
    return letters.removeprefix("the ").replace(" ", "")


def has_label(text: str) -> bool:
    """Whether a text begins as bylines do: "By …", "Written by …"."""
    match = _LABEL.match(_plain(text))
    return match is not None and match["author"] is not None


def is_organisation(name: str) -> bool:
    """Whether a name is that of an agency, a desk, an institute or the like, by its words."""
    if is_agency(name) or _COINED.fullmatch(name):
        return True
    parts = {word.strip(".,'’").lower() for word in name.replace("-", " ").split()}
    plural = name.lower().startswith(("the ", "team "))
    return (plural or bool(parts & _ORGANISATION_WORDS)) and not parts <= _GENERIC


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's."""
    return _AGENCIES.fullmatch(name) is not None


def _is_title(name: str) -> bool:
    """Whether a text is written as names are: short, and in capitals but for the small words."""
    found = name.split()
    return 0 < len(found) <= 8 and all(part[0].isupper() or part.lower() in _SMALL for part in found)


def is_person(name: str) -> bool:
    """Whether a name can be a person's: two to six words that begin as names do, none of them a role's or a date's."""
    if not 2 <= len(name) <= NAME_CHARACTERS:
        return False
    if _UNCASED.search(name):
        return len(name) <= UNCASED_CHARACTERS and not any(letter.isdigit() for letter in name)
    parts = name.replace(",", " ").split()
    if not 2 <= len(parts) <= 7 or len([word for word in parts if len(word) > 3]) > LONG_WORDS:
        return False
    if any(word.lower().strip(".") in _ROLES for word in parts):
        return False
    if not all(_TOKEN.fullmatch(word) for word in parts):
        return False
    named = [word for word in parts if any(letter.isupper() for letter in word)]
    return len(named) >= 2 and all(word in named or word in _PARTICLES for word in parts)


def proper_case(name: str) -> str:
    """A name that is printed in capitals, in the case that people write it in; any other as it is."""
    letters = [letter for letter in name if letter.isalpha()]
    if not letters or not all(letter.isupper() for letter in letters) or len(letters) < 4:
        return name
    return " ".join(_proper_word(word) for word in name.split(" "))


def _proper_word(word: str) -> str:
    plain = word.strip(".,").lower()
    if plain in {"ii", "iii", "iv"} or "." in word.rstrip(".") or len(plain) == 1:
        return word
    if len(plain) == 2 and plain not in _SHORT_NAMES and not plain.startswith(("jr", "sr")):
        return word
    if plain in {"van", "von", "der", "den", "de", "la", "del", "di", "da", "dos", "bin", "ibn"}:
        return word.lower()
    cased = re.sub(r"(?:\A|(?<=[-‐‑]))[^\W\d_]", lambda match: match[0].upper(), word.lower())
    cased = re.sub(r"\A(O|D|L|M)(['’])([^\W\d_])", lambda match: match[1] + match[2] + match[3].upper(), cased)
    return re.sub(r"\AMc([a-z])(?=[a-z]{2})", lambda match: "Mc" + match[1].upper(), cased)


def _pieces(text: str) -> Iterator[str]:
    """The parts of a byline that can be names: after its author's labels, without what others did."""
    lines = "\n".join(clean(line) for line in text.split("\n"))
    for part in _authored(_plain(lines)):
        for segment in _SEGMENT.split(_CUT.sub("", part)):
            yield from _split(segment)


def _plain(text: str) -> str:
    """A byline without marks, addresses and asides, its label parted from the name and, if foreign, made English."""
    return _FOREIGN_BY.sub("by ", _GLUED_BY.sub(r"\1 ", _NOISE.sub(" ", text).strip()))


def _authored(text: str) -> Iterator[str]:
    """The stretches of a byline that tell who wrote; all before the first label where no label says so."""
    labels = list(_LABEL.finditer(text))
    if not any(label["author"] for label in labels):
        yield text[: labels[0].start()] if labels else text
        return
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        if label["author"]:
            yield text[label.end() : end]
    if labels[0]["other"]:
        yield text[: labels[0].start()]


def _split(segment: str) -> Iterator[str]:
    """The names of an enumeration, with "Jr." and its like kept by the name before."""
    names: list[str] = []
    parts = _AND.split(segment)
    for joint, piece in zip(["", *parts[1::2]], map(_undated, parts[::2]), strict=True):
        stripped = piece if _SUFFIX.match(piece) else _PLACE.sub("", " " + piece).strip(" ,:-–—")
        if joint.strip() == "," and not _ROLES.isdisjoint(stripped.lower().split()):
            continue
        if names and _SUFFIX.match(stripped):
            if _GENERATION.match(stripped):
                names[-1] += f" {stripped}"
            continue
        names.extend(_both(stripped))
    yield from names


def _undated(piece: str) -> str:
    """A piece of a byline without the date or time that follows the name."""
    return _DATE_AFTER.sub("", piece).strip()


def _both(piece: str) -> list[str]:
    """Two names that a foreign "and" joins, where each has two words; else the piece whole."""
    parts = _FOREIGN_AND.split(piece)
    return parts if len(parts) > 1 and all(len(part.split()) > 1 for part in parts) else [piece]


def _name(piece: str) -> str:
    """A name without honorifics, degrees, and the role that follows it."""
    piece = _HONORIFIC.sub("", clean(piece)[: NAME_CHARACTERS * 2])
    parts = piece.split()
    while len(parts) > 2 and _SUFFIX.match(parts[-1].strip(",")) and not _GENERATION.match(parts[-1].strip(",")):
        parts.pop()
    last = parts[-1].lower().strip(".,:") if parts else ""
    cut = _ROLES | _ORGANISATION_WORDS if last in _ROLES else _ROLES
    end = next((at for at, word in enumerate(parts) if at >= 2 and word.lower().strip(".,:") in cut), len(parts))
    parts = parts[:end]
    if len(parts) == 2 and is_agency(parts[0]) and last in _ROLES:
        return parts[0]
    if len(parts) > 3:
        parts = _AGENCY_AFTER.sub("", " ".join(parts)).split()
    name = " ".join(parts).strip(" ,:-")
    return name if _INITIAL_LAST.search(name) else name.strip(".")
