"""A long article, and paragraphs that may stand before it, which move the places where the encoder's windows end."""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


PREFACE = _paragraphs("""\
Readers in Tarsk and in Grindal wrote to the Northern Herald last month to ask why so many crossings have closed since
the spring. Linnea Storm, who edits the series, put their questions to three companies, two ministries and the crews
of nine ships. Few of them wanted to answer, and some of their lawyers wrote back in anger.

An earlier part told of the lighthouse of Cape Arden, which burned down in a single night, and of the Danish engineer
Mads Kolding, who rebuilt it stone by stone. His work won the Halvorsen Prize and much praise abroad.

This report is the third of a series on small ports of the northern coast.""")

TEXT = "\n\n".join(
    _paragraphs("""\
KELMOUTH — The last ferry to the island of Sarn left the old quay of Kelmouth on Thursday evening with eleven
passengers, four sheep and a piano. Nobody waved. The company that has run the crossing since 1926, Sarn Packet, said
that it could not pay for the fuel, and that its two ships would be sold before the end of the year.

Ingrid Vale, the mayor of Kelmouth, called the decision a disgrace. “They took our money for forty years and left us
with a letter of nine lines,” she said on the quay, where some two hundred people had gathered in the rain. She
promised to take Sarn Packet to court.

The Ministry of Transport has paid the company a subsidy of 3.4 million crowns a year since 1984. In March, the
minister, Tomas Brandt, cut it by a third. Mr. Brandt told reporters in Osterby on Friday that he had warned the
company twice, and that other ports had found cheaper ways to reach their islands.

Sarn has 640 inhabitants, a school with two teachers, a distillery and a hospital with six beds. In winter the mail
boat comes twice a week. In summer the island lives from visitors, most of them from Germany and the Netherlands, who
come to see the puffins on the cliffs of Great Skell.

Dr. Amara Nwosu, who has run the hospital for eleven years, said that she feared for her patients. “A woman who bleeds
cannot wait for the mail boat,” she said. Last year, 38 people were taken to the mainland by the ferry at night, and a
helicopter of the coast guard came for seven more.

The owner of the distillery, Piet van Houten, was calmer. He has bought a barge in Rotterdam and hopes to carry his
own barrels, and those of others, from the first of May. He said that the island had survived worse than an
accountant. The distillery employs 41 people and sells most of its whisky to Japan.

It was not always so hard to reach the island. In the nineteenth century a steamer of the Royal Northern Line called
every morning, and the herring fleet of Kelmouth filled the harbour from wall to wall. Old photographs in the Museum
of the Coast show women from Sarn who gut fish on the quay, with knives as long as their arms.

The herring went in the 1930s, and the steamer with it. Sarn Packet was founded by three brothers, Olav, Erik and
Magnus Lund, with one ship that they had bought from a bankrupt smuggler. Erik Lund is said to have sailed it alone in
the great storm of 1953 to bring bread to the starving village of Skell.

His granddaughter Marit Lund sold the company in 2009 to Meridian Capital, a fund in London. “I believed them,” she
said in her kitchen above the harbour. “They said that nothing would change except the paint.” The fund sold the
newest of three ships within a year, and dismissed every third sailor.

Meridian Capital did not answer questions. In its report for last year, which the Osterby Courier has seen, the fund
calls the crossing “a legacy asset without upside”. The same report says that its directors were paid a bonus of two
million pounds, of which 300,000 went to its chairman, Sir Julian Harcourt.

Union leaders were furious. Hanne Solberg of the Seamen’s Union said that the crew had learned of the end from the
radio. Some had worked on the ferry for thirty years. “That is cruel, and it is cowardly,” Ms. Solberg said. The union
will ask the Labour Court in Osterby to stop the dismissals.

The captain, Yusuf Demir, did not want to speak of politics. He came to Kelmouth from Izmir as a boy, learned the
trade from Marit Lund’s father and has crossed the sound, by his own count, some 22,000 times. He never lost a
passenger. On Thursday he sounded the horn three times as the ship passed the lighthouse, as the Lunds used to do.

There are plans. The council of Kelmouth wants to found a company of its own with the islanders, after the example of
the people of Tervik, who saved their ferry in 2016. A lottery ticket was drawn, a song was recorded, and within a
year the town had gathered nine million crowns. The Tervik ferry now earns a modest profit.

But Tervik is rich. Kelmouth lost its cannery in 2011 and its shipyard, Hansen & Sons, four years later. One flat in
five stands empty. The treasurer of the town, Beatriz Campos, said that she admired the idea and did not see how to
pay for it. “We have a hole in the roof of the school,” she said.

The opposition in parliament has taken up the matter. Lars Eide of the Centre Party accused the government of
betraying the coast, and asked for an inquiry into the sale of 2009. The Greens want the crossing to be run with an
electric ship, such as the one that Norway built for the Sognefjord. A debate is set for Tuesday.

Economists are divided. Prof. Chidi Okafor of the University of Osterby said that the subsidy cost about 5,300 crowns
for every islander and year, more than the state spends on a pupil’s books and meals. His colleague Anna Weiss
answered that the same sum would build forty metres of the new motorway to Lindholm.

The European Commission allows states to pay for crossings that no company would run at a profit, if they ask all
companies for an offer. Two firms, Nordlink of Gothenburg and Blue Sound of Hull, have said that they would look at
the papers. Neither has a ship that fits the narrow harbour of Sarn.

On the island itself, the mood on Friday was grim and oddly festive. The shop had sold out of candles. Children of the
school painted a banner that reads “Come and get us”, and hung it from the bell tower of St. Olaf’s, where it can be
seen from passing tankers. The priest, Father Colm Reilly, rang the bell at noon for the lost ship.

Some want to leave. Jonas and Petra Lindqvist, who moved to Sarn from Stockholm in 2019 and opened a small hotel, have
cancelled all bookings after June. They have lost 400,000 crowns and, Ms. Lindqvist said, their sleep. “It was the
best thing that we ever did,” she said, and wept.

Others will stay whatever comes. Gudrun Aas, who is 93, has left the island four times in her life and liked none of
the journeys. She remembers the war, when German soldiers sank the ferry at its mooring and the islanders rowed to
Kelmouth for flour. “We have arms,” she said.

The coast guard has said that it will keep a boat at Skell through the winter. Its commander, Rear Admiral Sofia
Brandvold, stressed that this was no substitute for a ferry, since her crews have a thousand kilometres of coast to
watch. In February they rescued all 14 fishermen of the trawler Nordstjernen, a feat for which they were honoured by
the king.

Lawyers for the town see a chance. The contract of 1984 obliges Sarn Packet to give two years’ notice, and says
nothing of fuel. The firm of Adeyemi & Holm, which won a similar case against the airline Polar Wings, has offered to
work without a fee. A judge in Osterby will hear both sides on October 12.

If the judge finds for the town, the company would have to sail on or pay. Should it lose, it may yet go bankrupt, and
the ships would be sold by the court. A shipbroker in Piraeus, Nikos Stavrou, put the value of the older one, the
Queen Astrid, at the price of her steel. The younger, the Sarn Star, might fetch six million.

Mr. Demir has been offered work on the ferries between Dover and Calais. He has not answered. On Friday morning he was
on the quay again at six, out of habit, with a thermos of coffee and a bag of rolls, and talked with the gulls. The
piano, he said, had been tuned to perfection on arrival, and had been played until three.""")
)
