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
    pm mp mep ceo cfo coo dg
    monsignor msgr padre abbé père baroness viscount countess monsieur madame docteur professeur profesor
    profesora licenciado ingeniero abogado presidente presidenta président présidente präsident präsidentin kanzler
    kanzlerin bundeskanzler bundeskanzlerin ministre ministro ministra sénateur senador senadora alcalde gobernador
    gobernadora dottore dottoressa professore onorevole cardinale doutor doutora meneer mevrouw gospodin
    shri smt pandit maulana mufti hajji haji datuk datin tunku tengku ustaz mullah
    alhaji alhaja hajiya mallam otunba engr barrister alderman ald cllr thiru
    vice-chancellor vice-premier undersecretary lieutenant-general major-general sheikha begum"""
)
"""Words before a person's name that are no part of it, in lower case and without stops."""

NO_NAMES = _words(
    """leaders leader countries country agencies agency officials official government governments police protesters
    reporters reporter editor editors staff yesterday today tomorrow monday tuesday wednesday thursday friday saturday
    sunday january february july september october november december he she it they we i you
    his her their its our who the a an and but"""
)
"""Words that are no name where they stand alone, unless in capitals ("WHO"), in lower case."""

COMMON_PEOPLE = _words(
    """gunman gunmen suspect suspects shooter attacker attackers assailant robber thief thieves burglar arsonist
    bomber hijacker kidnapper smuggler fraudster hacker hackers teen teenager teenagers pensioner toddler infant baby
    child children woman women man men boy boys girl girls mother father parents couple driver drivers motorist
    motorists cyclist biker pedestrian pilot passenger passengers tourist tourists hiker climber swimmer angler
    fisherman farmer farmers worker workers nurse nurses doctor doctors teacher teachers student students pupil pupils
    residents locals neighbours neighbors witness witnesses eyewitness victim victims survivor survivors hostage
    hostages migrant migrants refugee refugees protester protesters protestors activist activists demonstrators
    campaigner campaigners rebels militants insurgents soldiers troops inmate inmates prisoner prisoners prosecutor
    prosecutors lawyers lawmakers lawmaker councillors firefighter firefighters paramedics rescuers detectives
    officers investigators scientists researchers experts analysts economists voters fans shoppers customers
    consumers investors traders bosses"""
)
"""Common nouns for people that are hardly a name where they stand alone, in lower case."""

OWN_POSSESSIVES = _words(
    """moody's mcdonald's macy's sotheby's christie's lloyd's lowe's kohl's wendy's domino's levi's sainsbury's
    dillard's denny's arby's hardee's carl's poor's joe's dick's jerry's john's"""
)
"""Last words of names that end in a possessive and keep it, in lower case, the apostrophe plain."""

SUFFIXES = _words("jr sr ii iii iv")
PARTICLES = _words(
    "al el bin bint ibn ben abu de del della der den di da do dos du la le las los van von zu zur ter ten"
)

KIN = _words(
    """son daughter child wife husband widow widower spouse partner fiancé fiancée brother sister sibling twin father
    mother parent stepson stepdaughter stepfather stepmother grandson granddaughter grandchild grandfather grandmother
    uncle aunt nephew niece cousin half-brother half-sister brother-in-law sister-in-law son-in-law daughter-in-law
    father-in-law mother-in-law ex-wife ex-husband namesake"""
)
"""Words for one of a family beside another."""

NAMED_AFTER = _words("Foundation Trust Fund Institute Museum Library Center Centre School College Hospital")
"""Last words of names of bodies that may be named after people."""

COMPANY_FORMS = _words(
    """inc incorporated corp corporation co company ltd limited llc llp lp plc ag gmbh kg kgaa se sa spa srl nv bv ab
    as asa oy oyj pty holding holdings group groupe"""
)

BODIES = _words(
    """committee subcommittee council commission court tribunal office department bureau caucus panel agency division
    chamber secretariat mission board network"""
)
"""Last words of names of bodies that are within another: "House" is not the House Judiciary Committee."""

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
juergen jürgen
gabe gabriel
nate nathan nathaniel
zach zack zachary
josh joshua
jake jacob jakob
vince vincent vincenzo
walt walter
abby abigail
becky rebecca
cindy cynthia
deb debbie deborah debra
jen jenny jennifer
jess jessica
kim kimberly
mandy amanda
peggy margaret
sandy sandra alexandra
vicky victoria
val valerie valeria
gus august augustus
lou louis lewis luis
marty martin
mitch mitchell
doug douglas
stan stanley
art arthur
bart bartholomew
cal calvin
clint clinton
cliff clifford
curt kurt curtis
frank francis franklin francisco
jerry jerome
leo leonard leonid leonardo
len lenny leonard
mitya dmitry dmitri
misha mikhail
sasha aleksandr alexander aleksandra
kolya nikolai
volodya vladimir
pavel paul pavlo
petro pyotr peter
oleg oleh
igor ihor
evgeny yevgeny evgeni yevgeni evgenii yevhen
andriy andrew andrei
aleksei alexei alexey aleksey oleksiy
ahmed ahmad achmed
hussein husain hossein husayn
hassan hasan
ali aly
omar umar
ibrahim ebrahim abraham
abdullah abdallah
khaled khalid
osama usama
said saeed sayed
giuseppe joseph
pepe jose
paco francisco""".splitlines()
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
        "north korea": "dprk|democratic people republic of korea",
        "south korea": "republic of korea",
        "china": "prc|people republic of china",
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
        "federal reserve": "fed|us fed|us federal reserve|federal reserve system|federal reserve board",
        "treasury department": "department of the treasury|us treasury department|us department of the treasury",
        "justice department": "doj|department of justice|us justice department|us department of justice",
        "state department": "department of state|us state department|us department of state",
        "department of homeland security": "dhs|homeland security department|us department of homeland security",
        "environmental protection agency": "epa",
        "securities and exchange commission": "sec",
        "food and drug administration": "fda",
        "national security agency": "nsa",
        "centers for disease control and prevention": "cdc|centers for disease control",
        "federal security service": "fsb",
        "association of southeast asian nations": "asean",
        "african union": "au",
        "organization of petroleum exporting countries": "opec|organisation of petroleum exporting countries",
        "islamic state": "isis|isil|daesh|islamic state group",
        "international committee of the red cross": "icrc",
        "united nations high commissioner for refugees": "unhcr",
        "united nations children fund": "unicef",
        "house of commons": "commons",
        "house of lords": "lords",
        "los angeles": "la",
        "manchester city": "man city",
        "manchester united": "man united|man utd|manchester utd",
        "sheffield united": "sheff united|sheff utd",
        "sheffield wednesday": "sheff wednesday|sheff wed",
        "new york city": "nyc",
        "washington dc": "washington d c|district of columbia",
    }.items()
    for alias in aliases.split("|")
}
"""Names as they are compared (lower case, without stops and possessives) that stand for another in any article."""

PEOPLES: dict[str, str] = {
    other: name
    for name, others in {
        "argentine": "argentinian",
        "belarusian": "belorussian byelorussian belarussian",
        "british": "briton brit",
        "croatian": "croat",
        "danish": "dane",
        "democrat": "democratic",
        "dutch": "dutchman",
        "english": "englishman",
        "filipino": "filipina philippine",
        "finnish": "finn",
        "french": "frenchman",
        "greenlandic": "greenlander",
        "icelandic": "icelander",
        "irish": "irishman",
        "jewish": "jew",
        "kazakh": "kazakhstani",
        "kosovar": "kosovan",
        "lao": "laotian",
        "luxembourgish": "luxembourger",
        "nepali": "nepalese",
        "polish": "pole",
        "salvadoran": "salvadorean",
        "scottish": "scot scotsman",
        "serbian": "serb",
        "slovak": "slovakian",
        "slovenian": "slovene",
        "spanish": "spaniard",
        "swedish": "swede",
        "turkish": "turk",
        "welsh": "welshman",
    }.items()
    for other in others.split()
}
"""Other words for a people or group, each the one word of a name in the singular, and the one that it counts as."""

STATES = _words("us usa uk uae eu un")
"""Short names of states and unions that organisations' names begin with, in lower case, without stops."""

STATE_FORMS = (
    "federal republic of ",
    "islamic republic of ",
    "people republic of ",
    "republic of ",
    "kingdom of ",
    "state of ",
    "commonwealth of ",
    "city of ",
)
"""What may come before a country's or city's name without making it another."""
