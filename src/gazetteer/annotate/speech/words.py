"""The words of attribution: verbs of saying in their forms, and nouns that say who speaks."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IRREGULAR = {
    "say": ("say", "says", "said", "saying"),
    "tell": ("tell", "tells", "told", "telling"),
    "write": ("write", "writes", "wrote", "written", "writing"),
    "swear": ("swear", "swears", "swore", "sworn"),
    "speak": ("speak", "speaks", "spoke", "spoken"),
    "read": ("read", "reads", "reading"),
    "quip": ("quips", "quipped", "quipping"),
    "admit": ("admit", "admits", "admitted", "admitting"),
    "submit": ("submit", "submits", "submitted", "submitting"),
    "rebut": ("rebut", "rebuts", "rebutted", "rebutting"),
    "refer": ("refer", "refers", "referred", "referring"),
    "blog": ("blog", "blogs", "blogged", "blogging"),
    "forecast": ("forecast", "forecasts"),
    "reason": ("reasoned",),
}


def _forms(lemmas: str) -> dict[str, str]:
    """Every form of each verb, and its lemma."""
    forms: dict[str, str] = {}
    for lemma in lemmas.split():
        forms |= dict.fromkeys(_IRREGULAR.get(lemma) or _regular(lemma), lemma)
    return forms


def _regular(lemma: str) -> tuple[str, ...]:
    if lemma.endswith("e"):
        return (lemma, lemma + "s", lemma + "d", lemma[:-1] + "ing")
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return (lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
    plural = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return (lemma, lemma + plural, lemma + "ed", lemma + "ing")


SAYING = _forms(
    "say tell state write claim add announce confirm report note warn argue insist explain suggest indicate admit "
    "acknowledge allege assert assure attest aver caution complain conclude concede confess contend declare deny "
    "disclose emphasise emphasize stress exclaim hint inform maintain mention observe predict proclaim promise "
    "pledge vow reaffirm recall reiterate remark reply respond reveal testify tweet underline underscore joke quip "
    "recount advise answer ask boast comment counter detail elaborate lament muse opine plead post protest "
    "recommend rule shout signal speculate swear threaten whisper repeat clarify echo affirm forecast estimate "
    "retort tease vouch communicate relay notify remind telegraph blog text email continue read express "
    "recognise recognize submit reckon highlight share hypothesise hypothesize theorise theorize posit reassure "
    "guarantee confide rebut surmise interject specify stipulate propose reason"
)
"""Verbs that can bring what somebody said, by form."""

PARTICLES = {
    **dict.fromkeys(_words("point points pointed pointing"), "out"),
    **dict.fromkeys(_words("went goes"), "on"),
    **dict.fromkeys(_words("hit hits hitting"), "back"),
}
"""Verbs that say so with the word after them: "pointed out", "went on"."""

BARE = _words("say tell state")
"""Verbs (lemmas) after which a clause needs no "that"."""

ONLY_VERBS = _words(
    "add announce confirm argue insist explain suggest indicate admit acknowledge allege assert assure attest "
    "aver caution complain conclude concede confess contend declare deny disclose emphasise emphasize exclaim "
    "inform maintain mention observe predict proclaim reaffirm recall reiterate respond reveal testify underscore "
    "advise opine recommend speculate clarify affirm"
)
"""Verbs whose form in -s is no noun."""

WITH_LISTENER = _words("tell inform assure remind notify warn advise ask caution")
"""Verbs that may name who was spoken to before what was said."""

ONLY_QUOTED = _words("continue read ask post text email answer respond counter elaborate echo muse "
                     "plead shout whisper swear threaten repeat blog detail tease propose")  # fmt: skip
"""Verbs that bring a clause only with "that" or marks, or where a pronoun opens it."""

MARKED = _forms(
    "call describe praise condemn criticise criticize thank hail label blame accuse denounce welcome blast slam "
    "characterise characterize decry deride mock urge order request demand apologise apologize congratulate defend "
    "dismiss reject voice speak talk agree refer cite appeal invite encourage challenge attribute credit compare "
    "rate deem term brand laud applaud commend celebrate salute instruct offer wish plan think believe feel "
    "conclude find express outline summarise summarize list acknowledge address vow pledge promise lambast attack "
    "question consider regard view warn"
) | {"felt": "feel", "found": "find", "thought": "think"}
"""Verbs that bring somebody's words where these stand between marks."""

FORMS_OF_BE = _words("is are was were be been being 're")
AUXILIARIES = FORMS_OF_BE | _words(
    "has have had having do does did will would can could may might shall should must ca wo cannot can't won't "
    "don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't he's she's "
    "it's they're that's there's"
)
PASTS = _words(
    "said wrote overran outran underwent forbade foresaw misled overtook undid wept swore swam bound "
    "wore drove flew fled hid hit shot shut sold sought spread stole swept taught threw understood withdrew wrote "
    "bought built caught chose cut dealt drew drank ate fought forgot froze heard hurt laid meant rode rang sang sank "
    "shook slept stuck swam tore woke beat bore blew broke cost dug fed bled overcame overthrew undertook arose "
    "went took came made began became gave got left lost kept held stood saw knew felt found fell brought ran won "
    "grew led met paid put rose sent set spoke spent struck thought told wanted wants remains seems appears goes "
    "takes comes makes gives gets means died"
)
BETWEEN = _words(
    "also has have had later then earlier previously recently repeatedly reportedly further once still now already "
    "never always simply even only just too again subsequently publicly first originally initially officially "
    "formally quickly allegedly both all each themselves himself herself itself jokingly however therefore "
    "separately specifically instead additionally since often sometimes apparently is are was were been being would "
    "will could did does may might can should must not yesterday today monday tuesday wednesday thursday friday "
    "saturday sunday tonight"
)
"""Words that may stand between the one who says and the verb."""

NEGATIONS = _words("not never n't didn't doesn't don't won't wouldn't hasn't haven't hadn't cannot can't couldn't")
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow morning afternoon "
    "evening night week month year january february march april may june july august september october november "
    "december last this earlier later recently also ago then however then, hours days weeks months years early late "
    "next previous same past day time"
)
DETERMINERS = _words(
    "the a an this that these those his her its their our my your some many several two three four five six seven "
    "eight nine ten one another other both most all no any each every former local senior top few various"
)
ARTICLES = _words("the a an his her its their another one this")
PREPOSITIONS = _words(
    "of for from at in on with to by about against among as between during via through under over after before "
    "since into near outside inside within behind despite following including regarding concerning upon per without "
    "around across toward towards amid amongst until alongside"
)
LINKS = _words("of for from at in on with to by near outside within and & against under representing between about")
"""Words that may join the parts of one name or description ("a spokesman for the ministry in Oslo")."""

BREAKS = _words(
    "that which who whom whose where when while if whether because although though but or so yet as than after "
    "before since until unless what how why however meanwhile instead something"
)
PRONOUNS = _words("he she they it who i we you")
CLAUSE_OPENERS = _words("he she they it there this that these those i we you nobody everyone no everybody some many")
GROUP_NOUNS = _words(
    "company firm ministry agency group organisation organization association court government team club union "
    "party bank department university commission council committee network newspaper airline force police office "
    "authority authorities institute foundation service corporation federation league board centre center bureau "
    "church parliament administration army military navy hospital museum school college charity project paper "
    "magazine website site report study statement release channel station manufacturer developer publisher "
    "campaign ministers regulator inspectorate brigade district society alliance embassy programme program outlet "
    "squadron publication body institution directorate"
)
"""Bodies and documents that "the …" can stand for."""

STATE_OWNED = GROUP_NOUNS | _words("media news television tv radio broadcaster")
"""Nouns after which "state" is no verb ("state media")."""

PLACE_NOUNS = _words("country nation kingdom republic island city town province territory county municipality")
"""Places with a government, as which they speak."""

GENERIC_BODIES = _words(
    "company firm agency group organisation organization association body institution corporation charity developer "
    "manufacturer publisher network outlet team club project foundation society publication"
)
"""Such as any organisation may be called by."""

BODIES_BY_KIND = _words(
    "party union newspaper paper magazine bank airline commission council committee ministry department league board"
)
"""Such as an organisation is called by of which no other kind is known."""

MEDIA = _words(
    "afp anadolu ansa ap asahi axios bbc bild bloomberg cbc cbs chronicle cnbc cnn corriere courier daily dpa efe "
    "figaro gazette guardian herald interfax irna itv jazeera journal kyodo magazine media monde mundo nbc news npr "
    "observer país pbs politico post press radio repubblica reuters ria spiegel stampa tass telegraph television times "
    "tribune tv upi weekly xinhua yonhap zeitung"
)
"""Words in the names of newspapers, broadcasters and news agencies."""

ONE_PERSON = _words(
    "spokesman spokeswoman spokesperson official officer witness eyewitness source resident president minister "
    "mayor governor director chief chairman chairwoman chairperson chair head leader secretary lawyer attorney "
    "prosecutor judge professor researcher scientist doctor expert analyst critic author writer journalist reporter "
    "editor coach manager captain player singer actor actress producer founder owner ceo cto cfo mec mp executive "
    "commander general colonel lieutenant sergeant senator representative congressman congresswoman ambassador "
    "diplomat commissioner superintendent inspector constable detective investigator mother father brother sister "
    "son daughter wife husband friend neighbour neighbor student teacher worker activist protester organiser "
    "organizer member candidate economist meteorologist forecaster pilot driver survivor victim man woman boy girl "
    "person attendee supporter lawmaker legislator mp premier chancellor pope bishop archbishop priest imam rabbi "
    "king queen prince princess emperor sheriff coordinator fighter employee user speaker vice-president co-author "
    "biologist historian astronomer geologist physicist engineer ecologist paleontologist palaeontologist chemist "
    "psychologist vice-chancellor deputy aide adviser advisor counsel artist musician drummer guitarist rapper "
    "comedian filmmaker designer entrepreneur billionaire businessman businesswoman politician councillor inventor "
    "astronaut cosmonaut mathematician virologist epidemiologist immunologist oceanographer archaeologist "
    "anthropologist climatologist physician surgeon nurse paramedic pastor cleric broadcaster columnist "
    "correspondent presenter host novelist poet composer photographer athlete footballer goalkeeper striker "
    "midfielder skipper champion administrator treasurer envoy admiral veteran farmer nominee incumbent foreman "
    "forewoman juror bystander passenger fisherman shopkeeper headteacher principal midwife lecturer trader banker "
    "strategist negotiator pollster plaintiff defendant magistrate solicitor barrister rapporteur delegate dean rector "
    "chef cyclist firefighter lifeguard"
)
"""Nouns for one person who speaks."""

PEOPLE = ONE_PERSON | _words(
    "spokespersons spokespeople officials officers witnesses eyewitnesses sources residents ministers leaders "
    "lawyers attorneys prosecutors judges researchers scientists doctors experts analysts critics authors reporters "
    "players executives representatives diplomats investigators police authorities government family relatives "
    "friends parents neighbours neighbors students teachers workers activists protesters organisers organizers "
    "members candidates forecasters survivors victims people attendees supporters opponents opposition lawmakers "
    "legislators mps rescuers firefighters fighters rebels militants soldiers troops staff employees users fans "
    "media statement report reports study document documents letter press release website newspaper paper post "
    "tweet article survey data note sign memo filing indictment complaint lawsuit ruling email message video "
    "affidavit petition order notice circular opinion judgment judgement advisory bulletin poll transcript tribunal "
    "panel analysis"
)
"""Nouns for those who speak."""

SPEAKERS = PEOPLE | GROUP_NOUNS
"""Nouns for those who speak, bodies included."""

DEPUTIES = _words(
    "spokesman spokeswoman spokesperson lawyer lawyers attorney attorneys aide aides ally allies family relatives "
    "supporters critics friend friends daughter son wife husband mother father brother sister adviser advisor "
    "office"
)
"""Nouns for those who speak for, or near, whoever is named after them."""

DOCUMENTS = _words(
    "website site statement message video report account page blog tweet post release letter paper study "
    "newsletter publication data figures projections estimate estimates analysis announcement notice advisory "
    "bulletin memo filing complaint lawsuit petition email article survey poll update warning"
)
"""What a body or person speaks through: the words of "the ministry's website" are the ministry's."""

HE, SHE = "he", "she"
TITLE_GENDER = {
    **dict.fromkeys(_words("mr sir lord king prince señor monsieur father pope brother"), HE),
    **dict.fromkeys(_words("mrs ms miss madam lady queen princess dame señora madame sister"), SHE),
}
GIVEN = {
    **dict.fromkeys(
        _words(
            "james john robert michael william david richard joseph thomas charles christopher daniel matthew "
            "anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason "
            "jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel "
            "gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam nathan henry douglas "
            "zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald carl terry sean austin "
            "arthur lawrence jesse dylan bryan joe mike boris vladimir juan carlos luis jorge pedro manuel ahmed "
            "mohammed muhammad mohamed ali hassan hussein omar ibrahim khalid abdul narendra rahul amit raj ivan "
            "sergei sergey dmitry igor oleg mikhail alexei alexey hans klaus jürgen pierre jacques emmanuel "
            "giuseppe matteo marco giovanni bernie barack jim tom bill bob steve dave ben sam alex tony chris nick "
            "tim dan ken jeff greg phil simon neil ian graham martin philip stuart alan colin hugh nigel craig "
            "wayne bruce tedros xi jair evo nicolás sebastián"
        ),
        HE,
    ),
    **dict.fromkeys(
        _words(
            "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret "
            "sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca "
            "sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha "
            "katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce "
            "virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline "
            "martha gloria teresa ann sara madison frances kathryn janice abigail alice julia judy sophia "
            "grace denise amber doris marilyn danielle theresa ursula jacinda nicola hillary kamala tulsi kirsten "
            "greta jane kate claire fiona lucy sophie natalie irina olga natalia svetlana elena fatima aisha "
            "priyanka sonia mamata carrie carmen rosa veronika kristalina simone serena naomi caroline charlotte "
            "zoe lily"
        ),
        SHE,
    ),
}
"""A clue to the pronoun of a person, by given name."""


OCCASIONS = _words(
    "statement statements interview interviews conference release report reports tweet tweets post posts letter "
    "speech briefing twitter facebook instagram telegram youtube television tv radio reporters journalists media "
    "parliament press email e-mail address announcement message broadcast video hearing court testimony remarks "
    "blog weibo newspaper agency network news station channel lawmakers cameras press-conference paper filing "
    "podcast livestream website site page crowd audience rally event meeting ceremony call telephone phone "
    "documents memo note response reply comments comment article column editorial appearance newscast"
)
"""Where something is said, or through what ("in a statement", "at a rally")."""

LISTENERS = OCCASIONS | _words(
    "him her them me us it police staff fans members students viewers readers supporters people officials investigators"
)
"""To whom something is said."""

TITLED = _words(
    "called titled entitled named song album film book novel show series movie single dubbed nicknamed known slogan "
    "play poem game programme program documentary article headlined episode term word words phrase hashtag labelled "
    "labeled so-called"
)
"""Words after which marks hold a title or a term."""

JOINS = _words("and but while although though or whereas")
SUBORDINATE = _words("when while as after before if although though since because speaking")
"""Words that begin no clause that stands by itself."""

REFLEXIVES = _words("himself herself itself themselves myself ourselves")
RULES = _words("law laws rules plan plans tradition custom need needs size age constitution ideals recommendations "
               "guidelines standards")  # fmt: skip
"""What things are done "according to" without anybody saying so."""

PRESENTS = _words(
    "make makes take takes give gives get gets go goes come comes see sees say says run runs bring brings help helps "
    "believe believes think thinks want wants expect expects intend intends require requires include includes remain "
    "remains contain contains involve involves suggest suggests indicate indicates need needs know knows feel feels "
    "seem seems appear appears show shows mean means allow allows provide provides support supports oppose opposes "
    "lack lacks live work works belong belongs exist exists cause causes affect affects face faces fit fits hold "
    "holds keep keeps become becomes continue continues deserve deserves violate violates hope hopes consider "
    "considers reduce reduces prevent prevents protect protects create creates occur occurs begin begins grow grows "
    "carry carries repel repels leads kills pays loses wins owns"
)
"""Verbs of the present tense, where a subject stands before them."""

NO_ADVERBS = _words("family assembly supply anomaly monopoly butterfly reply elderly weekly monthly")
NO_PASTS = _words(
    "united red hundred aged indeed need speed seed feed bed led wed unnamed armed federated allied alleged so-called"
)
