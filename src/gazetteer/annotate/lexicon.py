"""Words about names: titles, particles, company forms, short given names, and names that stand for one another."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TITLES = _words(
    """mr mrs ms miss mx dr prof professor sir dame lord lady madam madame mme mlle monsieur herr frau fraulein señor
    señora don doña sr sra signor signora president vice-president premier chancellor minister secretary ambassador
    senator sen representative rep congressman congresswoman governor gov mayor councillor councilman councilwoman
    judge justice attorney king queen prince princess duke duchess emperor empress sultan emir sheikh sheik shaikh
    pope cardinal archbishop bishop father fr sister brother rev reverend pastor rabbi imam ayatollah mullah patriarch
    general gen colonel col lieutenant lt major maj captain capt commander cmdr admiral adm sergeant sgt corporal cpl
    private pvt marshal brigadier officer constable inspector superintendent detective chief coach chairman chairwoman
    chairperson director spokesman spokeswoman spokesperson comrade hon honourable honorable dear deputy former acting
    pm mp mep ceo cfo coo"""
)
"""Words before a person's name that are no part of it, in lower case and without stops."""

NO_NAMES = _words(
    """leaders leader countries country agencies agency officials official government governments police protesters
    reporters reporter editor editors staff yesterday today tomorrow monday tuesday wednesday thursday friday saturday
    sunday january february july september october november december he she it they we i you
    his her their its our who the a an and but"""
)
"""Words that are no name where they stand alone, unless in capitals ("WHO"), in lower case."""

OWN_POSSESSIVES = _words(
    """moody's mcdonald's macy's sotheby's christie's lloyd's lowe's kohl's wendy's domino's levi's sainsbury's
    dillard's denny's arby's hardee's carl's poor's joe's dick's jerry's john's"""
)
"""Last words of names that end in a possessive and keep it, in lower case, the apostrophe plain."""

SUFFIXES = _words("jr sr ii iii iv")
PARTICLES = _words("al el bin ibn ben abu de del della der den di da do dos du la le las los van von zu zur ter ten")

COMPANY_FORMS = _words(
    """inc incorporated corp corporation co company ltd limited llc llp lp plc ag gmbh kg kgaa se sa spa srl nv bv ab
    as asa oy oyj pty holding holdings group groupe"""
)

SMALL_WORDS = _words("of the and for on in to de la du des del der die das für und et & against at with by")

SHORT_NAMES: tuple[frozenset[str], ...] = tuple(
    _words(names)
    for names in """abe abraham
alex alexander alexandra aleksandr alexandr oleksandr alyaksandr aleksander
al albert alfred alan
andy andrew andrei andrey andriy
tony anthony antonio anton
ben benjamin
bernie bernard
bill billy will willy william
bob bobby rob robert
charlie chuck charles
chris christopher christian kris
dan danny daniel
dave david
dick rick ricky richard
dmitry dmitri dmitriy dmytro
don donald donny
ed eddie ted edward edmund
fred freddie frederick alfred
gene eugene
greg gregory
hank harry henry
jack john johnny jon jonathan
jim jimmy james
joe joey joseph josef jose
ken kenny kenneth
kate katie kathy catherine katherine kathleen
larry lawrence laurence
liz beth betty elizabeth
maggie meg peggy margaret
matt matthew
mike mick michael mikhail mykhailo mikhael
nick nicholas nicolas nikolai nikolay mykola
pat patrick patricia
pete peter pyotr
phil philip phillip
ray raymond
ron ronnie ronald
sam samuel samantha
sergei sergey serhiy
steve stephen steven
sue susan suzanne
ted theodore edward
tim timothy
tom tommy thomas
vlad vladimir volodymyr
viktor victor
yuri yury iurii
jeff jeffrey geoff geoffrey
joseph yousef youssef yusuf
mohammed muhammad mohamed mohammad mehmet
gerry gerald gerard jerry
hans johannes johann
sepp josef
uli ulrich
juergen jürgen""".splitlines()
)
"""Given names that the same person may go by: short forms, and transliterations of one name."""

ALIASES: dict[str, str] = {
    alias: name
    for name, aliases in {
        "united states": "us|usa|united states of america|america",
        "united kingdom": "uk|great britain|britain|united kingdom of great britain and northern ireland",
        "united arab emirates": "uae|emirates",
        "european union": "eu",
        "united nations": "un|uno|united nations organization|united nations organisation",
        "nato": "north atlantic treaty organization|north atlantic treaty organisation|atlantic alliance",
        "democratic republic of the congo": "drc|dr congo|democratic republic of congo|congo kinshasa",
        "czech republic": "czechia",
        "myanmar": "burma",
        "north korea": "dprk|democratic people's republic of korea",
        "south korea": "republic of korea",
        "china": "prc|people's republic of china",
        "russia": "russian federation",
        "federal bureau of investigation": "fbi",
        "central intelligence agency": "cia",
        "world health organization": "who|world health organisation",
        "world trade organization": "wto|world trade organisation",
        "international monetary fund": "imf",
        "european central bank": "ecb",
        "international atomic energy agency": "iaea",
        "organization for security and cooperation in europe": "osce",
        "international criminal court": "icc",
        "christian democratic union": "cdu|christian democrats",
        "social democratic party": "spd|social democrats",
        "free democratic party": "fdp|free democrats",
        "christian social union": "csu",
        "republican party": "gop|republicans",
        "democratic party": "democrats",
        "los angeles": "la",
        "new york city": "nyc",
        "washington dc": "washington d c|district of columbia",
    }.items()
    for alias in aliases.split("|")
}
"""Names in lower case, without stops, that stand for another in any article."""

STATES = _words("us usa uk uae eu un")
"""Short names of states and unions that organisations' names begin with, in lower case, without stops."""

STATE_FORMS = (
    "federal republic of ",
    "islamic republic of ",
    "people's republic of ",
    "republic of ",
    "kingdom of ",
    "state of ",
    "commonwealth of ",
    "city of ",
)
"""What may come before a country's or city's name without making it another."""
