"""What the search knows about English: common words, words with one meaning, spellings, and words of refusal.

These lists belong to the language, so a pack has none of them.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split(","))


ALWAYS_DROPPED = _words("""
    a am an and are as at be been by can could did do does etc for had has have he hed her hers hes him his i if
    im in is it its ive just me mine my myself of on or our please really she shed shes should so that the
    their them these they theyd theyll theyre theyve this those to u ur very w was we were will with would you your
    youre yours
    """)
"""Words that never count, not even within a phrase."""

COMMON = _words("""
    a about afternoon again age aged all also am an and any anything are as ask at back be because been being
    bit boy but by came can cheers child children come comes could daughter day days did do does doing done down
    everything find for found from get gets getting girl girls go goes going gone good got had has have having
    he hello her hers hes hey hi him his how i id if im in into is it its itself ive just keep keeps kid kids
    know knows lad lads let lets like look looking looks lot make makes many me mean means might more morning
    much my need needs now of off ok okay old on one one's or our out over own people person please pls plz pm pupil
    really said say says see seem seems seen she shes should since so some somebody someone something son still
    student such teen teenager teenagers tell than thank thanks that thats the their them themselves then there
    theres these they theyre thing things think thinks this those time times to today too two until up us use
    used using very want wants was way we week weeks went were what whats when where which while who whom whose
    why will with would year years yesterday yo you young your yr yrs
    """)
"""Words that say nothing alone, and count only within a phrase."""

WEAK = _words("""
    acid adult adults advice agree agreed ask asking bail bar begin board boss both bottle bracelet brother burn
    call cam cancel cans caravan card cards carer chain change charge charged church cleaner clear club coach
    coil contact continue control crack current da dad date dating delete discharge drink dv education exit
    family fear fights first flat floor food form friend friends gain game games gas gold group groups gym
    health help high holiday home hours house how hub hurt implant instruction instructions job joint language
    laptop late law lean leave level levels lift listen loan love loved low man meals meaning meet meeting menu
    message messages mum music network night note notes number numbers official order other parent parents park
    parties partner party pc phrase pill place places plan policy power private proof pub public purpose question quit
    rage range recent record recording report restaurant resume review ring sad school share shop sign signs
    sister sources speed start steps stop street streets support ta tablet team temper tent term terms test tool
    treat trial trust use version view views watch weight when who woman wording words work worker write
    """)
"""Words of many meanings. Alone they count only where their clause has no other word that counts."""

BESIDE = _words("""
    always often usually regularly sometimes frequently rarely constantly repeatedly mostly every each most several few three four
    five six seven eight nine ten eleven twelve couple started starts begun stopped stops lives live living term year month last
    recently lately again currently quite bit lots expensive weekend weekends night nights saying told seems
    """)
"""Words beside a sign that tell no more of what happens: how often, how many, since when."""

REFUSING = _words("""
    aint arent cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt neither never no nobody none nope
    nor not lack lacks lacking shouldnt wasnt werent without wont wouldnt
    """)
"""Words that say no. Within a phrase they are all the same word."""

SAYS_UNABLE = _words("""
    cannot cant couldnt shouldnt wont wouldnt
    """)
"""Words that say no about somebody's power or will: “won't eat” is a sign, so they take nothing away."""

ENDS_REFUSAL = _words("""
    before except just longer only sure than till unless until
    """)
"""Words that end what a “no” takes away."""

ALIKE = {
    "abscond": "awol",
    "abuser": "offender perpetrator exploiter predator paedophile",
    "affection": "cuddle hug comfort warmth",
    "alcohol": "booze liquor",
    "argue": "row quarrel",
    "autism": "autistic asd aspergers",
    "begin": "began begun",
    "bite": "bit bitten",
    "blame": "stigmatise judgemental judgmental derogatory offensive insulting",
    "blind": "visually",
    "boy": "lad",
    "boyfriend": "bf boyf lover",
    "break": "broke broken fracture",
    "bring": "brought",
    "buy": "bought",
    "call": "ring rang dial",
    "cannabis": "weed pot skunk hash marijuana ganja bud zoot dope",
    "car": "vehicle motor",
    "catch": "caught",
    "child": "adolescent minor juvenile youngster kid bairn teen teenager",
    "choose": "chose chosen",
    "cocaine": "coke charlie",
    "come": "came",
    "dad": "father daddy stepdad stepfather",
    "deal": "dealt",
    "die": "dead death",
    "doctor": "gp medic",
    "drive": "drove driven",
    "drunk": "drunken",
    "exclude": "expelled",
    "fall": "fell fallen",
    "feel": "felt",
    "fight": "fought",
    "forget": "forgot forgotten",
    "friend": "mate pal bestie bff",
    "get": "got gotten",
    "gift": "present",
    "girl": "lass",
    "girlfriend": "gf",
    "give": "gave given",
    "go": "went gone",
    "grandparent": "nan gran granny nanny grandma grandad grandmother grandfather",
    "group": "grp",
    "grow": "grew",
    "hang": "hung",
    "hide": "hid hidden",
    "hit": "beat beaten punch slap smack kick thump smashed struck headbutted shoved whacked batters",
    "ill": "sick unwell poorly",
    "inform": "notify",
    "information": "info",
    "jewellery": "jewelry jewels",
    "keep": "kept",
    "know": "knew known",
    "leave": "left",
    "lift": "ride rode ridden",
    "lose": "lost",
    "make": "made",
    "man": "men guy bloke male fella chap",
    "meet": "met",
    "money": "cash quid dosh",
    "mum": "mother mom mam mummy stepmum stepmother",
    "older": "grown grownup elder",
    "pay": "paid",
    "phone": "mobile handset cellphone cell smartphone telephone moby",
    "picture": "pic photo photograph image snaps",
    "police": "cop copper feds bobby",
    "pregnant": "pregnancy expecting",
    "refer": "referral",
    "refuse": "reject decline",
    "run": "ran",
    "say": "said",
    "scared": "afraid frightened terrified fearful petrified",
    "school": "college academy",
    "see": "saw seen",
    "sell": "sold",
    "send": "sent",
    "shake": "shook shaken",
    "show": "shown",
    "sleep": "slept asleep kip doss",
    "sofa": "couch settee",
    "speak": "spoke spoken",
    "spend": "spent",
    "steal": "stole stolen",
    "take": "took taken",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "through": "thru",
    "throw": "threw thrown",
    "trainer": "sneaker",
    "truant": "skive bunk wag",
    "unknown": "stranger strange unfamiliar unidentified unrecognised random",
    "until": "til till",
    "wear": "wore worn",
    "withdraw": "withdrew withdrawn",
    "woman": "women lady female",
    "work": "job",
    "write": "wrote written",
}
"""For a word, others that a search takes for it: other names of the same thing, and irregular forms."""

BRITISH = (
    (re.compile("isation"), "ization"),
    (re.compile(r"is(e[drs]?|ing)$"), r"iz\1"),
    (re.compile(r"(..)our(s|ed|ing|al|able)?$"), r"\1or\2"),
    (re.compile("aem"), "em"),
    (re.compile("paed"), "ped"),
    (re.compile("oed"), "ed"),
    (re.compile("orrhoea"), "orrhea"),
    (re.compile(r"ll(ed|ing|er)$"), r"l\1"),
)
"""Spellings with one form for British and American English: what to look for, and what replaces it."""

PEOPLE = _words("""
    she he they shes hes theyre theyve hed shed her him them his their herself himself themselves me my us our i
    im ive we weve id myself child children kid kids boy boys girl girls lad lads lass baby toddler pupil pupils
    student students teen teenager teenagers youngster daughter son sister brother sibling friend friends person
    people someone somebody anyone patient client resident mum mam mother mums dad father dads parent parents
    stepdad stepfather stepmum stepbrother stepson stepdaughter uncle aunt auntie cousin nan gran grandad
    grandfather neighbour teacher coach carer niece nephew boyfriend girlfriend partner man men guy guys bloke
    woman
    """)
"""Words for people. A statement with one of them is taken for an account of what happens to somebody."""

PRONOUNS = _words("she he they shes hes theyre theyve hed shed her him them herself himself themselves me us")
"""Words for those of whom an account tells."""

TOLD_OF = _words("""
    child children kid kids boy girl lad lass baby toddler pupil student teen teenager youngster daughter son
    sister brother niece nephew resident
    """)
"""Words for children of whom an account may tell."""

DOES = _words(
    "is has was are have were says said told wants keeps cant cannot wont does didnt isnt wasnt hasnt will might may"
)
"""Verbs with which an account of a child goes on."""

SUBJECTS = _words("""
    she he they shes hes theyre theyve shell hell theyll hed shed theyd i im ive id we weve were
    says said saying claims reckons thinks feels
    """)
"""Words with which a short account of somebody begins, its subject left out too: “says he …”."""

ASKING = _words("""
    what whats how hows who whos whom which when whens where wheres why whose can could shall should would will do does
    is are may might must tell explain define describe list show meaning definition signs examples types history purpose difference
    """)
"""Words with which a question begins."""

ASKING_OF = _words("has have had was were am did")
"""Words with which a question begins if its subject follows: “has she” asks, and “has taken pills” tells."""

SUBJECT = _words(
    "i we you he she it they a an the this that there my our her his your their these those somebody someone anybody anyone"
)
"""Words with which the subject of such a question begins."""

HARM = _words("""
    abus* captive threaten* cutting jump* undress* assault* attack* hurt* harmed harming hit hits hitting beat*
    punch* kick* slap* strangl* chok* bruis* bleed* blood* injur* wound* threat* blackmail* extort* sextort*
    forc* coerc* grab* drag* trap* escap* scared afraid frighten* terrified petrified fright* trafficked molest*
    touch* fondl* grop* interfer* penetrat* intercourse drugged spiked collaps* pills poison* hanged hopeless
    despair* dead die dying dies murder* shot shoot* gun knife weapon* pimp* panick* crying distress* scream*
    unsafe danger*
    """)
"""Words of harm and fear, for what somebody may do or suffer now. A word that ends in * stands for all that begin with it."""

URGENT = _phrases("""
    danger*, endanger*, unsafe, not safe, urgent*, emergenc*, immediate*, asap, straight away, right away,
    at once, now, tonight, today, this morning, this afternoon, this evening, last night, yesterday,
    minutes ago, minute ago, hour ago, hours ago, moments ago, just had, just been, just seen, just found,
    just heard, just got, just come, as we speak, right this, at the moment, currently being, on his way,
    on her way, on their way, on the way, is coming, are coming, coming for, coming to get, cant wait,
    cannot wait, in progress, life at risk, at risk of death, fear for, fears for, in fear, imminent*,
    999, 112, ambulance*, call the police, ring the police, phone the police, need police, need help,
    needs help, help me, help her, help him, help them, help us, please help, sos, save her, save him,
    save them, rescue*, missing, disappear*, vanish*, whereabouts, no sign of, not come home, not come
    back, not came home, not came back, not got home, not get home, not got back, never came, never turned
    up, never got, not turned up, didnt come, didnt arrive, didnt return, not been home, not home, not
    return*, never return*, fail* to return, fail* to come, not back, not been back, not been seen, not
    seen since, hasnt been seen, last seen, nobody has seen, no one has seen, not heard from, cant find,
    cannot find, cant be found, cannot be found, cant locate, unable to find, unable to locate, cant
    reach, find her, find him, find them, looking for her, looking for him, no idea where, dont know
    where, nobody knows where, no one knows where, not know where, unknown location, where is she, where
    is he, where she is, where he is, where they are, run away, ran away, runaway, running away, runs
    away, run off, ran off, running off, gone off, taken off, took off, abscond*, awol, escaped, disclos*,
    told, tells me, tells us, tell* a teacher, telling me, telling us, confid* in, confided, confess*,
    opened up, opening up, open up to, reveal*, let slip, spoke out, came forward, come forward, come to
    me, came to me, come to us, came to us, reported that, reports that, has reported, have reported,
    alleg* that, alleged, alleges, alleging, allegation against, allegation of, allegation about, accus*,
    says that, says dad, says mum, says her, says his, says someone, says somebody, said someone, said
    somebody, said that, said her, said his, said dad, said mum, said he, said she, said they, says he,
    says she, says they, says it, said it, dont tell, not to tell, asked me to help, admitted, wrote that,
    whisper*, rape*, raping, rapist*, gangrape*, molest*, assault*, forced to have, forced into, forced
    her, forced him, forced them, forces her, forces him, forcing, made her, made him, made them, made me,
    makes her, makes him, makes them, makes me, being made to, been made to, touch* her, touch* him,
    touch* me, touched by, fondl*, grop*, interfered with, being abused, is abusing, been abused, was
    abused by, being exploited, been exploited, being groomed, been groomed, being sold, been sold, pimp*,
    pass* around, being used, had sex with her, had sex with him, have sex with her, have sex with him,
    sex while, without her consent, without his consent, against her will, against his will, said no,
    exposed himself, flash* her, flash* him, spiked, drugged, sextort*, blackmail*, extort*, share her,
    share his, post her, post his, leak*, sent round, sending round, going round, indecent image*,
    indecent pic*, indecent photo*, indecent video*, sharing pic*, sharing photo*, sharing video*, sharing
    image*, sharing nude*, suicid*, kill*, murder*, wants to die, want to die, wanting to die, wanted to
    die, going to die, gonna die, dying, wish* dead, better off dead, better off without, rather be dead,
    hang himself, hang herself, hanged, hanging himself, hanging herself, noose, end it, ending it, end
    things, end her life, end his life, end their life, ending her life, ending his life, own life, not
    live, not to live, not worth living, nothing to live, no reason to live, doesnt want to live, not be
    here, not want to be here, cant go on, cannot go on, give up on life, goodbye*, left a note, overdos*,
    od, pills, tablets, paracetamol, swallow*, bleach, poison*, cut* himself, cut* herself, cut* her, cut*
    his, slit*, hurt* himself, hurt* herself, harm* himself, harm* herself, hurt her, hurt him, hurt me,
    hurt them, hurts me, hurts her, hurts him, hurting her, hurting him, hurting me, is hurt, been hurt,
    badly hurt, bleed*, blood, unconscious*, unrespons*, cant breathe, breathing, collapse*, seizure*,
    fitting, having a fit, passed out, blacked out, drowsy, wont wake, not waking, strangl*, chok*,
    suffocat*, stab*, knife*, machete*, gun, guns, gunpoint, firearm*, shot, shoot*, weapon*, acid,
    petrol, set fire, beaten, beat up, beating, beats, battered, attack*, serious*, injur*, broken bone*,
    jump off, jump in front, jumped out, jump from, bridge, railway, train track*, in front of a train,
    rooftop, ledge, held against, being held, holding her, holding him, holding them, locked in, locked
    up, locked her, locked him, hostage*, kidnap*, abduct*, snatch*, grabbed, dragged, taken by, taken
    away, take her away, take him away, taking her, taking him, took her, took him, trapped, stuck in,
    stuck at, cant get out, cannot get out, cant leave, cannot leave, wont let her, wont let him, not let
    her leave, not let him leave, cant get away, get away from, got into a car, got in a car, got in the
    car, in his car, in a car with, in the car with, in a van, outside the school, outside her, outside
    his, waiting outside, waiting for her, waiting for him, parked outside, at the door, on her own with,
    alone with, with a man, is with him, is with them, is here, hes here, shes here, meeting him, meeting
    her, meeting a man, meeting someone, meeting up with, going to meet, gone to meet, to meet him, to
    meet a, bought her a ticket, on a plane, flight, airport, taken abroad, leave the country, leaving the
    country, forced marriage, married off, marry, fgm, trafficked, gang are after, after her, after him,
    after them, chasing, following her, following him, followed by, stalk*, scared, afraid, frightened,
    terrified, petrified, begg* me, pleading, begging, screaming, screams, distress*, panick*, hysterical,
    dont know what to do, doesnt know what to do, not go home, refus* to go home, wont go home, dont send,
    life or death, captive, tied up, tied to, out of contact, lost contact, contact lost, predator,
    paedophile, pedo, nonce, cutting deep, jumping, tried to die, plan to die, means to die, hotel room,
    undress*, half naked, unclothed, without clothes, clothes torn, torn clothes, images being, pictures
    being, nudes being, shared round, sharing round, circulat*, passed round, bed not slept, not slept in,
    bed empty, empty bed, taken our, taken one of, taken two, taken some, by abuser, by her abuser, has
    got her, has got him, got her in, got him in, holding a, against him, after party, found drunk, found
    her, found him, found them, in tears, sobbing, shaking, hiding, hides in, in shock, traumati*,
    frantic, desperate, wits end, pleaded, cries for help, crying, cry for help, calling for help, threat
    to life, threats to, threaten*, in hospital, a and e, paramedic*, resus*, coma, convuls*, sedated,
    rohypnol, gbh, grievous, stamped on, head kicked, mugged, robbed, ambush*, being followed, caught
    with, caught up in, walked in on, saw him with, saw her with, seen with a, seen with an, seen getting,
    last text, last message, not picking up, not answering, phone off, phone is off, phone dead, phone
    switched off, tracker, not where, isnt where, never made it, never arrive*, not arrive*, didnt turn
    up, not turn up, did not come, didnt make it, not made it, still out, still not, not got in, hours
    late, hours back, overdue, since friday, since saturday, since sunday, since monday, since tuesday,
    since wednesday, since thursday, since last, since this, all night, been gone, gone since, gone for,
    shes gone, hes gone, theyve gone, nobody would miss, miss me, burden, no future, no point living, no
    point in living, no point being, no point in being, no point going on, no point carrying on,
    no point any, point of living, cant take any more, cant take it, had enough, self destruct*, starving himself,
    starving herself, hoard*, stockpil*, wrote a, final message, deep cuts, stitches, wrist*, ligature*,
    tied something, round her neck, round his neck, around her neck, around his neck, rope, sexual
    violence, slash*, lying in the, no contact, unwanted sexual, or else, go away, locked out, freez*,
    sold to, faint*, not respond*, broken arm, broken leg, broken jaw, circling, antifreeze, is about to,
    are about to, shes about to, hes about to, theyre about to, slave, slaves, enslave*, not allowed to,
    kept in, kept at, kept there, outside school, man outside, men outside, men at, man at, men in, man
    in, lads in, gang at, gang outside, bitten, scalded, made an allegation, made allegation*, made a
    allegation, watch* her, watch* him, watch* me, taken to hospital, rushed to hospital, said something,
    says something, burnt with, burned with, held in, held at, chained, turned up at, showed up at, with
    no shoes, about sex with, no clothes, left on her own, left on his own, left on their own, with an
    offender, known offender, registered offender, sex offender, live streaming herself, risk of
    significant harm, head wound, not feel safe, wish* she was dead, wish* he was dead, not want to live,
    not wake, make her, make him, make them, want to be here, into bed, in bed with, roof, burns on,
    black eyes, not come in, hasnt come, hasnt arrived, hasnt turned, hasnt returned, voicemail, placement empty, empty room,
    her skirt, into her, into his, in her bed, in his bed, room at night, man in her, shower with, bath with, private part*,
    bad thing*, bad touch, cant do this, cant do it, cant cope any, do things to, does things to, did things to,
    make* me, special game*, dirty thing*, in an hour
    """)
"""Phrases that put whom to call first, as folded. A word that ends in * stands for all that begin with it.

One other word may stand between two of a phrase. No stems are used: “told me” is not “tell me”.
"""

SIGN = _words("""
    absconding absconds abscond awol runaway runaways missing overnight repeat episode episodes running ran away vanishes
    disclosure disclosures allegation allegations retracted withdrawn indecent images image self injury injuries overdose
    overdoses fgm forced marriage trafficked stalking
    """)
"""Words that name a sign or a subject. With nothing beside them they tell of nobody: “missing episodes”."""

BLAMING = _words("""
    prostitute prostitutes prostituting prostitution promiscuous promiscuity slag slags slut sluts slutty whore whores hooker tart
    tarty jailbait streetwise manipulative provocative seductive tramp
    """)
"""Words that blame a child. A pack may be searched for them only if its language mirror explains them."""
