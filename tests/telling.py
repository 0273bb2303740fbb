"""Three events of our own invention, each told by several outlets."""

# ruff: noqa: E501

TOLD = [
    (
        "ferry",
        "Ferry Marigold runs aground off Holm",
        "The ferry Marigold ran aground off Holm on Tuesday with 214 people on board. Coastguards took all passengers off by noon, captain Ida Brandt said.",
    ),
    (
        "ferry",
        "Passengers rescued as ferry hits rocks near Holm",
        "All 214 passengers of the Marigold were rescued on Tuesday when the ferry hit rocks near Holm. Captain Ida Brandt said a rudder had failed.",
    ),
    (
        "ferry",
        "Marigold ferry grounding: rudder failure blamed",
        "A failed rudder sent the ferry Marigold onto rocks at Holm, its captain Ida Brandt told coastguards, who took passengers off.",
    ),
    (
        "bank",
        "Norbank cuts interest rate to 2.5 percent",
        "Norbank cut its key interest rate to 2.5 percent on Thursday. Governor Pål Renske said inflation had slowed more than forecast.",
    ),
    (
        "bank",
        "Inflation slows, Norbank lowers rates",
        "Norbank lowered its interest rate by a quarter point to 2.5 percent, governor Pål Renske citing slower inflation.",
    ),
    (
        "cup",
        "Lindvale win the Harbour Cup on penalties",
        "Lindvale beat Ostby on penalties to win the Harbour Cup. Goalkeeper Mara Teig saved three shots in the final.",
    ),
    (
        "cup",
        "Teig saves three as Lindvale lift Harbour Cup",
        "Goalkeeper Mara Teig saved three penalties and Lindvale lifted the Harbour Cup, beating Ostby in the final.",
    ),
    (
        "rain",
        "Rain to return at the weekend",
        "Forecasters expect showers over the northern hills from Saturday, clearing on Sunday evening.",
    ),
]
