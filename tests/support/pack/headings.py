"""The headings of the guidance, verbatim and in order, and the reason for each that no card of the guide cites."""

_FOR_ALL = "in identifying, preventing and responding to all children and young people at risk of sexual exploitation"

HEADINGS = (
    "Introduction",
    "Definition",
    "Key issues and principles",
    "Children are victims not criminals",
    "A multi-agency response",
    "A proactive response",
    "Early intervention",
    "A child centred approach",
    "Consent",
    "Protecting 16 and 17 year olds",
    "Information sharing",
    "Involvement of parents/ carers",
    "A note about use of language",
    "Identifying, preventing and responding to child sexual exploitation – roles and responsibilities to all children",
    "South Gloucestershire Safeguarding Children Board's role in preventing, identifying and responding to sexual "
    "exploitation and identifying young people at risk",
    f"Schools role {_FOR_ALL}",
    f"Health professionals role {_FOR_ALL}",
    "The commissioned specialist cse service's role in preventing, identifying and responding to all children and young "
    "people at risk of sexual exploitation",
    f"Police role {_FOR_ALL}",
    f"Preventative services role {_FOR_ALL}",
    f"Social care role {_FOR_ALL} in relation to a child not currently receiving a social work service",
    f"Social care role {_FOR_ALL} in relation to a child currently receiving a social work service",
    "Trafficked children",
    "Missing children",
    "Peer on peer abuse",
    "Identifying, preventing and responding to individual children and young people at risk of sexual exploitation using "
    "the SERAF",
    "The Sexual Exploitation Risk Assessment Framework (SERAF)",
    "When to complete a SERAF",
    "How to complete a SERAF",
    "Vulnerabilities",
    "Moderate risk indicators",
    "Significant risk indicators",
    "Analysing the information within the SERAF and professional judgement",
    "Responding to the SERAF",
    "SERAF categories of risk framework",
    "Interventions",
    "Category 1 - not at risk of sexual exploitation (SERAF score 0-5)",
    "Category 2 - mild risk (SERAF score 6-10)",
    "Category 3 - moderate risk (SERAF score 11-15)",
    "Category 4 - significant risk (SERAF score 16+)",
    "Young people aged 18 years and over, entitled to Aftercare services",
    "Step diagram",
    "Reducing risks for positive outcomes",
    "Perpetrators",
    "Identifying and prosecuting perpetrators",
    "Linking prosecutions to the provision of support",
    "Disrupting perpetrator behaviour",
    "CSE network meetings",
    "Responding to young people that are perpetrators of CSE",
    "Peer-on-peer abuse",
    "Bibliography",
)

_ABOVE = "It stands above other headings and says nothing of its own."

WITHOUT_A_CARD = {
    "Key issues and principles": _ABOVE,
    "Identifying, preventing and responding to child sexual exploitation – roles and responsibilities to all children": _ABOVE,
    "Identifying, preventing and responding to individual children and young people at risk of sexual exploitation using "
    "the SERAF": _ABOVE,
    "Perpetrators": _ABOVE,
}
