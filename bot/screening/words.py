"""Words that may begin with a capital and are nobody's name: those that begin sentences, and those that always have one."""

_BEGIN = """
a about above according across after afterwards again against age aged all allegedly almost alone along already also although always am
among an and another any anyone anything apart apparently appears are around as asked at away back be because become been before began
behind being believes below beside between beyond both boy boys but by came can cannot care carer carers careful child children clear
clearly clothes come comes concern concerned concerns contact could currently daily date dates day days decided denies despite did
difficult do does down drugs drink during each earlier early either else enough especially even evening every everyone everything evidence
except family far fear feels few finally first five following foster found four friend friends from full further gave general gets girl
girls given gives goes going gone good got grandad grandfather grandma grandmother grandparents had half has have having he health help
her here hers herself him himself his hospital hotel house how however if images immediately important in indeed information initially
inside instead into is it its itself just keeps knows lack last late lately later least left less let like likely little lives living long
lost made mainly many marks may maybe me meanwhile medical met might missing money month monthly months more morning most mostly mother
mum mums much must my myself nan near nearly neither never new news next night nightly no nobody none nor not note nothing now nurse of
off often old older on once one ones only onto open or other others otherwise our out outside over overnight own parent parents part
partly people perhaps person phone photos pictures place placement please police possible possibly previous previously probably
professional professionals pupil quite rather reason reasons recent recently record records refuses regularly repeatedly report reported
reports returned review rings risk said same saw says school schools seems seen self sent several sexual shared she should sibling
siblings sister sisters since sister six sleeps small so social some somebody someone something sometimes somewhere soon staff stays step
stepdad stepfather stepmother stepmum still stopped strong student such suddenly suspected take takes talk talks teacher teachers team
tells ten text texts than that the their theirs them themselves then there these they thing things thinks this those though three through
throughout time to today together told tomorrow tonight too towards truancy tutor twice two uncle uncles under unexplained unknown unless
until up us used usually various very via views visible visit visits wants was watched we week weekend weekends weekly weeks well went
were what when whenever where whether which while who whole whose why will with within without woman women words work worker workers
worried worries would write year years yes yesterday yet you young your adult adults aunt auntie bank bed bedroom body both bruises
bruising brother brothers bus car cars changes cousin dad dads daughter doctor door driver email father fathers gifts group history home
hostel injuries journal key landlord leader letter listen man men manager message messages midwife minutes neighbour neighbours number
nurses officer online organisation park partner pastoral pregnancy refuge residential room safeguarding saturday sex shop son station
substance support taxi taxis teen teenager teenagers test tests threats train transport trust vehicle vehicles video voice youth abuse
abused anger angry answer answers anxious appeared arrived attendance attended became behaviour broke called cries crying cut cuts
disclosed drank drunk eats fell felt fights gang gangs gives happy hates heard hears held hit hits hurt hurts kept knew leaves loves meets
moved needs pays picks ran rang receives runs sad saying scared sees self-harm sits sleep speaks spent spoke stayed stood stole threatened
took tried uses wanted wears withdrew worries wrote agreed agency agencies assessment attends both consent counsellor decision differences
discussed discussion explained everyone gp protective referral shared sharing strategy views vulnerable vulnerability college academy
practitioner specialist consultant nursery clinic court centre council charity
"""
"""Words that begin a sentence in a professional's note."""

_CAPITALS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
december christmas easter eid ramadan diwali halloween bonfire boxing new year valentine mothers spring summer autumn winter i ok okay
english british scottish welsh irish polish romanian albanian vietnamese chinese somali sudanese syrian afghan iraqi iranian kurdish
eritrean indian pakistani bangladeshi nigerian jamaican african asian european roma traveller gypsy black white arabic farsi pashto
punjabi urdu bengali french german spanish italian portuguese muslim christian hindu sikh jewish catholic islam islamic buddhist orthodox
england britain scotland wales ireland europe uk usa albania vietnam poland romania syria sudan afghanistan eritrea kurdistan iraq iran
london bristol bath gloucester gloucestershire birmingham manchester liverpool leeds sheffield cardiff swindon yate thornbury kingswood
filton patchway stoke sodbury chipping weston newport somerset wiltshire devon cornwall avon severn keynsham oxford reading plymouth
exeter nottingham leicester rotherham rochdale telford north south east west snapchat snap instagram insta facebook messenger whatsapp
tiktok youtube twitter telegram discord reddit roblox fortnite minecraft xbox playstation nintendo onlyfans tinder grindr omegle yubo kik
signal skype zoom teams google apple iphone ipad android netflix spotify paypal revolut monzo uber bolt airbnb travelodge premier inn
tesco asda sainsbury sainsburys aldi lidl boots primark nike adidas mcdonald mcdonalds kfc subway starbucks costa greggs nandos vape xanax
valium ketamine cannabis cocaine barnardo barnardos childline nspcc ceop ofsted cafcass samaritans mind kooth brook fgm adhd asd autism
ptsd hiv sti std gcse gcses pshe phse send senco sen ehcp marac mappa mase mace dsl dsls lado cps cid pvp camhs yot yots mash art edt
seraf safeh tac scu uasc nrm pru lac ehc elsa ta tas ssd cin cp cpp iro gp gps ae nhs dwp hmrc sim cctv dna wifi pin tv dvd dj pe it ict
rse re maths science history geography drama duke edinburgh award scouts guides cadets brownies year key stage level section children act
acts part category item form plan team service services unit trust board authority police court county city town council high street head
of house deputy assistant senior lead officer worker link nurse a&e family support early help hub front door duty emergency access
response safeguarding local single assessment
"""
"""Words that have a capital wherever they stand: times, peoples, places that are large, brands, services, school words."""

_COUNTRIES = """
algeria algerian america american australia austria bangladesh belarus belgian belgium bosnia brazil brazilian bulgaria bulgarian cameroon
canada caribbean china colombia congo congolese croatia cuba cyprus czech denmark dutch egypt egyptian estonia ethiopia ethiopian finland
france gambia gambian germany ghana ghanaian greece greek guinea holland hungarian hungary indonesia italy ivory jamaica japan japanese
kenya kenyan korea kosovo kuwait latvia latvian lebanon libya libyan lithuania lithuanian malaysia mali malta mexico moldova mongolia
morocco moroccan nepal nepalese netherlands nigeria norway pakistan palestine palestinian philippines filipino portugal russia russian
rwanda saudi senegal serbia serbian sierra leone slovak slovakia slovenia somalia spain sri lanka sweden swedish switzerland tanzania thai
thailand togo tunisia turkey turkish uganda ukraine ukrainian venezuela yemen yemeni zambia zimbabwe
"""

_SERVICES_AND_GOODS = """
class classes club clubs home office officers order orders interim care caring supervision emergency protection independent reviewing
advocate guardian solicitor barrister judge magistrate magistrates crown youth justice probation prison hall town village mosque church
temple synagogue chapel library leisure centre swimming pool gym station stop market mall arcade cinema bank holiday half-term term bed
breakfast express motorway airport hospital ward surgery pharmacy clinic accident outpatients nurse matron paediatrician psychiatrist
psychologist therapist physiotherapist dentist optician ambulance paramedic paramedics primary secondary infant junior sixth form college
university academy nursery tutor chair governor governors caretaker mentor missing person persons return interview conference core
strategy discussion pathway plan personal adviser education psychology welfare attendance inclusion behaviour pastoral designated named
safeguarding partnership board director commissioner minister social housing benefits job jobcentre credit universal child children's
adult adults mental health sexual drug alcohol domestic bereal whisper monkey twitch steam facetime hotmail gmail outlook google maps
hinge bumble badoo skout meetme vsco pinterest mercedes bmw audi ford vauxhall volkswagen vw golf polo fiesta focus corsa astra toyota
honda nissan kia hyundai renault peugeot citroen fiat seat skoda volvo tesla range rover land jaguar mini lexus mazda suzuki porsche
ferrari lamborghini yamaha vespa stone island moncler gucci prada chanel louis vuitton versace armani burberry boss north face canada
goose jordans rolex casio superdry zara h&m asos shein vans converse puma reebok timberland ugg uggs balenciaga supreme lacoste smirnoff
vodka wkd bacardi malibu jagermeister strongbow lambrini prosecco budweiser red bull monster pregabalin xanax valium diazepam tramadol
codeine fentanyl heroin spice mdma ecstasy lsd cannabis weed nitrous sertraline fluoxetine citalopram prozac ritalin concerta paracetamol
ibuprofen implanon depo microgynon clearblue durex sim lyca giffgaff vodafone ee o2 argos currys ikea poundland lidl co-op spar costco
wetherspoons pret dominos burger king pizza hut greggs holiday travelodge ibis hilton marriott
"""
"""Words of services, and goods that are named in notes."""

MONTHS_AND_NAMES = frozenset({"april", "may", "june", "august", "summer", "mark", "will"})
"""Words that are names of people as well."""

BEGIN = frozenset(_BEGIN.split())
KNOWN = BEGIN | frozenset(_CAPITALS.split()) | frozenset(f"{_COUNTRIES} {_SERVICES_AND_GOODS}".split())

NAMES_IN_ED = frozenset(
    ["ahmed", "mohammed", "mohamed", "muhammed", "alfred", "jared", "fred", "wilfred", "ted", "ned", "reed", "creed"]
)
"""Names that look like a verb in the past."""
