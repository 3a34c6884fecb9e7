"""Possible names of people in a note, found by capitals and by the words around them: best effort, without a list of names.

A word with a capital that no rule explains could be a name. A name without capitals is hardly ever found, and a name that is also a
common word is found only next to a title.
"""

import re
from collections.abc import Set
from itertools import chain, pairwise

from seraf.pack import Pack

_BEGIN = """
a about above according across after afterwards again against age aged all allegedly almost alone along already also although always am
among an and another any anyone anything apart apparently appears are around as asked at away back be because become been before began
behind being believes below beside between beyond both boy boys but by came can cannot care carer carers careful child children clear
clearly clothes come comes concern concerned concerns contact could currently daily date dates day days decided denies despite did
difficult do does down drugs drink during each earlier early either else enough especially even evening every everyone everything evidence
except family far fear feels few finally first five following foster found four friend friends from full further gave general gets girl
girls given gives goes going gone good got grandad grandfather grandma grandmother grandparents had half has have having he health help her
here hers herself him himself his hospital hotel house how however if images immediately important in indeed information initially inside
instead into is it its itself just keeps knows lack last late lately later least left less let like likely little lives living long lost
made mainly many marks may maybe me meanwhile medical met might missing money month monthly months more morning most mostly mother mum mums
much must my myself nan near nearly neither never new news next night nightly no nobody none nor not note nothing now nurse of off often
old older on once one ones only onto open or other others otherwise our out outside over overnight own parent parents part partly people
perhaps person phone photos pictures place placement please police possible possibly previous previously probably professional
professionals pupil quite rather reason reasons recent recently record records refuses regularly repeatedly report reported reports
returned review rings risk said same saw says school schools seems seen self sent several sexual shared she should sibling siblings sister
sisters since six sleeps small so social some somebody someone something sometimes somewhere soon staff stays step stepdad stepfather
stepmother stepmum still stopped strong student such suddenly suspected take takes talk talks teacher teachers team tells ten text texts
than that the their theirs them themselves then there these they thing things thinks this those though three through throughout time to
today together told tomorrow tonight too towards truancy tutor twice two uncle uncles under unexplained unknown unless until up us used
usually various very via views visible visit visits wants was watched we week weekend weekends weekly weeks well went were what when
whenever where whether which while who whole whose why will with within without woman women words work worker workers worried worries would
write year years yes yesterday yet you young your adult adults aunt auntie bank bed bedroom body bruises bruising brother brothers bus car
cars changes cousin dad dads daughter doctor door driver email father fathers gifts group history home hostel injuries journal key landlord
leader letter listen man men manager message messages midwife minutes neighbour neighbours number nurses officer online organisation park
partner pastoral pregnancy refuge residential room safeguarding saturday sex shop son station substance support taxi taxis teen teenager
teenagers test tests threats train transport trust vehicle vehicles video voice youth abuse abused anger angry answer answers anxious
appeared arrived attendance attended became behaviour broke called cries crying cut cuts disclosed drank drunk eats fell felt fights gang
gangs happy hates heard hears held hit hits hurt hurts kept knew leaves loves meets moved needs pays picks ran rang receives runs sad
saying scared sees self-harm sits sleep speaks spent spoke stayed stood stole threatened took tried uses wanted wears withdrew wrote agreed
agency agencies assessment attends consent counsellor decision differences discussed discussion explained gp protective referral sharing
strategy vulnerable vulnerability college academy practitioner specialist consultant nursery clinic court centre council charity
"""
"""Words that begin a sentence in a professional's note."""

_CAPITALISED = """
monday tuesday wednesday thursday friday sunday january february march april june july august september october november december christmas
easter eid ramadan diwali halloween bonfire boxing valentine mothers spring summer autumn winter i ok okay english british scottish welsh
irish polish romanian albanian vietnamese chinese somali sudanese syrian afghan iraqi iranian kurdish eritrean indian pakistani bangladeshi
nigerian jamaican african asian european roma traveller gypsy black white arabic farsi pashto punjabi urdu bengali french german spanish
italian portuguese muslim christian hindu sikh jewish catholic islam islamic buddhist orthodox england britain scotland wales ireland
europe uk usa albania vietnam poland romania syria sudan afghanistan eritrea kurdistan iraq iran london bristol bath gloucester
gloucestershire birmingham manchester liverpool leeds sheffield cardiff swindon yate thornbury kingswood filton patchway stoke sodbury
chipping weston newport somerset wiltshire devon cornwall avon severn keynsham oxford reading plymouth exeter nottingham leicester
rotherham rochdale telford north south east west snapchat snap instagram insta facebook messenger whatsapp tiktok youtube twitter telegram
discord reddit roblox fortnite minecraft xbox playstation nintendo onlyfans tinder grindr omegle yubo kik signal skype zoom teams google
apple iphone ipad android netflix spotify paypal revolut monzo uber bolt airbnb travelodge premier inn tesco asda sainsbury sainsburys aldi
lidl boots primark nike adidas mcdonald mcdonalds kfc subway starbucks costa greggs nandos vape xanax valium ketamine cannabis cocaine
barnardo barnardos childline nspcc ceop ofsted cafcass samaritans mind kooth brook fgm adhd asd autism ptsd hiv sti std gcse gcses pshe
phse send senco sen ehcp marac mappa mase mace dsl dsls lado cps cid pvp camhs yot yots mash art edt seraf safeh tac scu uasc nrm pru lac
ehc elsa ta tas ssd cin cp cpp iro gps ae nhs dwp hmrc sim cctv dna wifi pin tv dvd dj pe ict rse re maths science geography drama duke
edinburgh award scouts guides cadets brownies stage level section act acts category item form plan service services unit board authority
county city town high street head deputy assistant senior lead link a&e hub front duty emergency access response local single
algeria algerian america american australia austria bangladesh belarus belgian belgium bosnia brazil brazilian bulgaria bulgarian cameroon
canada caribbean china colombia congo congolese croatia cuba cyprus czech denmark dutch egypt egyptian estonia ethiopia ethiopian finland
france gambia gambian germany ghana ghanaian greece greek guinea holland hungarian hungary indonesia italy ivory jamaica japan japanese
kenya kenyan korea kosovo kuwait latvia latvian lebanon libya libyan lithuania lithuanian malaysia mali malta mexico moldova mongolia
morocco moroccan nepal nepalese netherlands nigeria norway pakistan palestine palestinian philippines filipino portugal russia russian
rwanda saudi senegal serbia serbian sierra leone slovak slovakia slovenia somalia spain sri lanka sweden swedish switzerland tanzania thai
thailand togo tunisia turkey turkish uganda ukraine ukrainian venezuela yemen yemeni zambia zimbabwe
class classes club clubs office officers order orders interim caring supervision protection independent reviewing advocate guardian
solicitor barrister judge magistrate magistrates crown justice probation prison hall village mosque church temple synagogue chapel library
leisure swimming pool gym stop market mall arcade cinema holiday half-term term breakfast express motorway airport ward surgery pharmacy
accident outpatients matron paediatrician psychiatrist psychologist therapist physiotherapist dentist optician ambulance paramedic
paramedics primary secondary infant junior sixth university chair governor governors caretaker mentor persons return interview conference
core pathway personal adviser education psychology welfare inclusion designated named partnership director commissioner minister housing
benefits job jobcentre credit universal children's mental drug alcohol domestic bereal whisper monkey twitch steam facetime hotmail gmail
outlook maps hinge bumble badoo skout meetme vsco pinterest mercedes bmw audi ford vauxhall volkswagen vw golf polo fiesta focus corsa
astra toyota honda nissan kia hyundai renault peugeot citroen fiat seat skoda volvo tesla range rover land jaguar mini lexus mazda suzuki
porsche ferrari lamborghini yamaha vespa stone island moncler gucci prada chanel louis vuitton versace armani burberry boss face goose
jordans rolex casio superdry zara h&m asos shein vans converse puma reebok timberland ugg uggs balenciaga supreme lacoste smirnoff vodka
wkd bacardi malibu jagermeister strongbow lambrini prosecco budweiser red bull monster pregabalin diazepam tramadol codeine fentanyl heroin
spice mdma ecstasy lsd weed nitrous sertraline fluoxetine citalopram prozac ritalin concerta paracetamol ibuprofen implanon depo microgynon
clearblue durex lyca giffgaff vodafone ee o2 argos currys ikea poundland co-op spar costco wetherspoons pret dominos burger king pizza hut
ibis hilton marriott
"""
"""Words with a capital wherever they stand: times, peoples, large places, countries, brands, goods, services, school words."""

BEGIN = frozenset(_BEGIN.split())
KNOWN = BEGIN | frozenset(_CAPITALISED.split())

MONTHS_AND_NAMES = frozenset({"april", "may", "june", "august", "summer", "mark", "will"})
"""Words that are first names as well."""

NAMES_IN_ED = frozenset(
    ("ahmed", "mohammed", "mohamed", "muhammed", "alfred", "jared", "fred", "wilfred", "ted", "ned", "reed", "creed")
)
"""Names that end like the past tense of a verb."""

WORD = re.compile(r"[^\W\d_][\w'’-]*")

TITLED = re.compile(r"\b(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm][Xx])\b\.?\s+([^\W\d_][\w'’-]+)")
"""A title that is no other word, and any word after it."""

RANKED = re.compile(
    r"\b(?:Miss|[Dd]r|[Pp]rof(?:essor)?|Rev(?:erend)?|Sir|Lady|Dame|Lord|PC|DC|DS|DI|DCI|PCSO|Sgt|Sergeant|Inspector|Constable|Nurse|"
    r"[Uu]ncle|[Aa]unt(?:ie|y)?|[Nn]an(?:ny)?|[Gg]randma|[Gg]randad|[Cc]ousin|Sister|Coach|Pastor|Imam)\b\.?\s+([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""A title or a word of kinship, and a capitalised word after it."""

CUED = re.compile(
    r"\b(?:called|named|name is|name was|name's|known as|aka|nicknamed|nickname is|goes by|met|meets|meeting|told|texted|texts|"
    r"messaged|messages|dating|with|loves|(?:step)?(?:mother|mum|mam|father|dad)|brother|sister|son|daughter|friend|mate|boyfriend|"
    r"girlfriend|partner|ex|teacher|worker|neighbour|man|boy|girl|male|female|lad|guy|child|adult|landlord|manager)\b"
    r",?\s+(?:an? )?[\"“‘']?([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""Words after which a capitalised word is mostly a person."""

SPEAKING = re.compile(
    r"([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)\s+(?:said|says|told|thinks|wants|wanted|denied|denies|feels|felt|knows|knew|loves|admitted|disclosed|"
    r"rang|texted|lives|stays|stayed|met|hates|cried|ran|hit|reports|explained|refused|seemed|seems|looked|looks|has a|is scared|"
    r"is afraid|is (?:\d+|\w+teen)|was (?:seen|found|hit|with|missing|crying))\b"
)
"""A capitalised word before a verb of which only people are the subject."""

OWNING = re.compile(r"([A-ZÀ-ÞŁŚŻŠŽČ][\w-]+)['’]s\b")
VERB = re.compile(r"\w{3,}(?:ing|ed)")
BEFORE_A_SENTENCE = '.!?:;•…“”"‘(–—'  # characters after which a sentence, a quotation or a list item begins
INITIALLED = re.compile(r"(?<![\w.])(?:(?![AI]\s)[A-Z]\.?\s?){1,3}\s*([A-ZÀ-ÞŁŚŻŠŽČ][a-zà-ÿ'’-]{2,})")

LONG_CAPITALS = 4  # the fewest letters of a word in capitals that is not taken for an acronym


def has_name(text: str, known: Set[str]) -> bool:
    """Return True if the text could hold a name; `known` has words in lower case that are no names."""
    titled = (match[1] for pattern in (TITLED, RANKED) for match in pattern.finditer(text))
    if any(word.lower() not in BEGIN for word in titled):
        return True
    cued = (match[1] for pattern in (CUED, SPEAKING, OWNING, INITIALLED) for match in pattern.finditer(text))
    words = list(WORD.finditer(text))
    before = ((word[0], text[: word.start()].rstrip()) for word in words)
    within = (word for word, start in before if start and start[-1] not in BEFORE_A_SENTENCE)
    if any(_is_strange(word, known) for word in chain(cued, within)):
        return True
    spaced = ((one[0], other[0]) for one, other in pairwise(words) if not text[one.end() : other.start()].strip())
    return any(_begins(one, known) and _is_strange(other, known) for one, other in spaced)


def _begins(word: str, known: Set[str]) -> bool:
    """Return True if a word could be a first name rather than a verb that begins a sentence."""
    if word[0].isupper() and word.lower() in MONTHS_AND_NAMES:
        return True
    return _is_strange(word, known) and (not VERB.fullmatch(word) or word.lower() in NAMES_IN_ED)


def _is_strange(word: str, known: Set[str]) -> bool:
    """Return True if the word has a capital that no rule explains: neither it nor its singular is a known word."""
    if not word[0].isupper() or len(word) < 2 or (word.isupper() and len(word) < LONG_CAPITALS):
        return False
    plain = re.sub(r"['’]s?$", "", word).replace("’", "'").lower()
    parts = [part.replace("'", "") for part in plain.split("-") if part]
    return not all(part in known or part.removesuffix("s") in known for part in parts)


def words_known(pack: Pack) -> frozenset[str]:
    """Return the words in lower case that are no names, every word of the pack among them."""
    instrument = pack.instrument
    texts = [instrument.edition.board, instrument.edition.name, *(contact.name for contact in pack.contacts.all)]
    texts += [name for term in pack.glossary.terms for name in (term.term, *term.also)]
    texts += [item.label for item in instrument.items]
    texts += [title for heading in pack.recording.headings for title in (heading.title, heading.short)]
    own = {word.lower().removesuffix("'s") for text in texts for word in re.findall(r"[^\W\d_]+(?:['’]\w+)?", text)}
    return KNOWN | own
