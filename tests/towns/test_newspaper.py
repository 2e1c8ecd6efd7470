"""The newspaper: true, of one day, and never longer than a message."""

from dataclasses import replace

from games.core import SPECTATOR, Seat, Words
from tests.lived_town import lived
from towns.clock import GameTime
from towns.events import MovedAway, MovedIn, Paid, Said, TalkBegun
from towns.ledger import TOWN, Transfer, resident_account
from towns.newspaper import LONGEST, newspaper

MATCH = lived()
GROUND = MATCH.state.ground
CLOCK = GROUND.start.clock


def issue(events=None, day=1):
    seen = MATCH.view(SPECTATOR) if events is None else events
    return newspaper(seen, GROUND.guide, GROUND.start.catalogue, CLOCK, day)


def headlines(paper):
    return [str(story.headline) for story in paper.stories]


def test_an_issue_never_changes():
    assert issue() == issue()
    assert issue().plain().startswith("The Ferrywick Gazette, day 1\n\n")


def test_it_is_made_of_what_everybody_could_watch():
    assert issue() == issue([event for event in MATCH.log if event.seen_by(SPECTATOR)])


def test_it_tells_of_work_talks_shopping_places_and_purses():
    told = " ".join(headlines(issue()))
    for part in ("earned the most", "had a lot to say", "Overheard", "The place to be", "Purses"):
        assert part in told


def test_days_are_kept_apart():
    first = CLOCK.tick(GameTime(2, 0, 0))
    mira = MovedIn(Seat("Mira"), first, replace(profile(), job="clockmaker", full_name="Mira M."))
    gone = MovedAway(Seat("Birgit"), first + 1)
    seen = [*MATCH.view(SPECTATOR), mira, gone]
    assert issue(seen) == issue()
    assert headlines(issue(seen, 2))[:2] == ["Mira is new in town", "Goodbye, Birgit"]
    assert "Mira M., clockmaker, has moved into" in issue(seen, 2).plain()
    purses = next(one for one in issue(seen, 2).stories if str(one.headline) == "Purses")
    assert "Birgit" not in str(purses.text)


def profile():
    return next(event.profile for event in MATCH.log if isinstance(event, MovedIn))


def test_what_the_town_gives_a_newcomer_is_not_earned():
    tick = CLOCK.tick(GameTime(1, 20, 0))
    newcomer = MovedIn(Seat("Ilse"), tick, profile())
    gift = Transfer(9_999, tick, TOWN, resident_account("Ilse"), 90_000, "a newcomer's cash")
    paper = issue([*MATCH.view(SPECTATOR), newcomer, Paid(gift)])
    (work,) = [one for one in paper.stories if str(one.headline).endswith(" earned the most")]
    assert work in issue().stories
    assert "Ilse has 90,000 coins" in paper.plain()


def test_founders_are_no_news_and_a_quiet_day_is_an_issue_too():
    founding = [event for event in MATCH.log if isinstance(event, MovedIn)][:1]
    quiet = issue(founding)
    assert headlines(quiet) == ["A quiet day"]
    assert quiet.plain().endswith("Tomorrow is day 2. Café Estuary opens first, at 07:00.")


def test_markup_and_endless_talk_do_no_harm():
    ana, bo = Seat("Ana"), Seat("Bo")
    wild = "# *all* _of_ [it](http://x) @everyone ~~no~~ `code`\n" * 40
    seen = [TalkBegun(ana, 10, bo, Words(wild), 20), Said(ana, 20, "t", Words(wild), False, (bo,))]
    paper = issue(seen)
    assert len(paper.markdown()) <= LONGEST
    assert "\\[it\\]\\(http://x\\)" in paper.markdown()
    assert "\n# " not in paper.markdown()


def test_an_issue_fits_a_message_whatever_happened():
    crowd = [MovedIn(Seat(f"Person {n}"), 20 + n, profile()) for n in range(200)]
    paper = issue([*MATCH.view(SPECTATOR), *crowd])
    assert len(paper.markdown()) <= LONGEST
    assert "Tomorrow is day 2" in paper.markdown()
    assert "Person 199" in paper.plain()


def test_forgotten_words_leave_no_gap():
    def forgotten(event):
        match event:
            case TalkBegun():
                return replace(event, topic=Words(""))
            case Said():
                return replace(event, words=Words(""))
        return event

    told = issue([forgotten(event) for event in MATCH.view(SPECTATOR)]).plain()
    assert "Overheard" not in told
    assert "Subject" not in told
