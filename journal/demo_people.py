"""The nineteen invented people of the demo clinic: who they are, how their treatment goes, what they write.

Data alone. Days are numbers relative to the day on which the clinic is filled: -1 is yesterday, 0 today, 10 in ten
days. What becomes of a story on each single day is decided in ``journal.demo_days``, what is kept in ``journal.demo``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from journal.domain.consents import SUGGESTED, Scope
from journal.domain.support import CopingPlan
from journal.domain.treatments import Phase, PresetId, Route, Status

CLINIC = "Riverside Clinic"
CLINIC_PHONE = "+1 555 010 0100"
CLINIC_ZONE = "America/New_York"
CLINIC_OPENED = -200


@dataclass(frozen=True, slots=True)
class Clinician:
    """Somebody who treats people at the clinic."""

    email: str
    name: str
    credentials: str


LENA = Clinician("lena@example.org", "Lena Fischer", "LCSW")
AMARA = Clinician("amara@example.org", "Dr Amara Osei", "MD")
ADMIN_EMAIL = "admin@example.org"


@dataclass(frozen=True, slots=True)
class Given:
    """One session: on which day, how many points it lifts mood at its best, and for about how many days."""

    day: int
    lift: float = 0.0
    holds: float = 0.0
    status: Status = Status.COMPLETED
    note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something written on ``day``, or ``day`` days after the session numbered ``after`` (from 1)."""

    day: int
    text: str
    shared: bool = False
    starred: bool = False
    after: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sharing:
    """What one clinician may read: scopes, from which day on, and when that began and ended if not with the journal."""

    scopes: frozenset[Scope] = SUGGESTED
    visible_from: int | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment with Lena or Amara, on the clinic's clock."""

    day: int
    at: time
    prescriber: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Dip:
    """Some days that were harder (or, with a negative depth, easier) than everything else explains."""

    first: int
    last: int
    depth: float


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody writes, sleeps and moves. Shares are between 0 and 1."""

    writes: float = 0.85  # of days
    at: time = time(20, 30)  # before 04:00: about the day before
    again_at: time | None = None  # a second check-in on most days
    whole: float = 0.8  # of check-ins that say more than a mood
    late: float = 0.06  # of check-ins written the next day or later
    unsure: float = 0.03
    swings: float = 0.6  # standard deviation of mood around its course
    sleeps: float = 6.8  # hours, on a day of mood 5
    clocks: bool = False  # gives bed and waking time instead of hours
    moves: int = 25  # minutes on a day of mood 5
    steps: bool = False
    chips: tuple[str, ...] = ("walk", "housework", "reading")
    own_chip: str = ""
    own_chip_shared: bool = False
    tense: float = 2.2  # anxiety, 0 to 4, on a day of mood 5
    alcohol: bool = False
    medicine: bool = True
    unplugged: bool = False  # writes without a network now and then
    mends: float = 0.03  # of check-ins that are changed a little later
    reminder: time | None = None
    by_mail: bool = False  # answers from the link in the reminder


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regular medicine, from ``since`` on; another dose from a day on; ``until`` is the last day with it.

    Written down on ``told``, by the prescriber or the patient.
    """

    name: str
    dose: str
    told: int
    since: int
    changed: tuple[int, str] | None = None
    until: int | None = None
    prescriber: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A key moment on a day, by the patient or the therapist."""

    day: int
    label: str
    shared: bool = False
    therapist: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What Lena or Amara wrote for themselves on a day, and the day on which they want to look again."""

    day: int
    text: str
    again: int | None = None
    shared: bool = False
    prescriber: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One invented patient. ``usual`` is the mood before treatment, ``now`` where it would rest today without one."""

    name: str
    email: str
    begins: int
    usual: float
    now: float
    indication: str
    phase: Phase
    zone: str = CLINIC_ZONE
    region: str = "US"
    route: Route = Route.IV
    sessions: tuple[Given, ...] = ()
    reports_sessions: bool = False  # the patient writes them down, not the clinic
    planned: tuple[int, ...] = ()
    preset: PresetId = PresetId.IV_6X_3WK
    planned_sessions: int | None = 6
    ended: int | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    dips: tuple[Dip, ...] = ()
    notes: tuple[Note, ...] = ()
    visits: tuple[Visit, ...] = ()
    lena: Sharing | None = Sharing()
    amara: Sharing | None = Sharing()
    habits: Habits = field(default_factory=Habits)
    daylio: bool = False
    plan: CopingPlan | None = None
    plan_on: int = 0  # the day on which the plan was written
    medicines: tuple[Medicine, ...] = ()
    moments: tuple[Moment, ...] = ()
    dark_since: int | None = None  # from this day on the hardest question is answered "several days"
    checks: tuple[tuple[int, tuple[int, ...]], ...] = ()  # two-weekly answers, in the order of the questions
    follow_up: tuple[FollowUp, ...] = ()


JORDAN = Story(
    # Responds, and each later session holds longer: 10 days, then 14, and the last is holding still.
    name="Jordan A.",
    email="jordan@example.org",
    begins=-93,
    usual=2.7,
    now=3.9,
    indication="Depression, PTSD",
    phase=Phase.MAINTENANCE,
    sessions=(
        Given(-78, 1.3, 6, note="First session. Anxious before it, calm afterwards. Mild nausea for an hour."),
        Given(-75, 1.7, 6),
        Given(-71, 2.2, 7, note="Spacey until the afternoon, then clear."),
        Given(-68, 2.9, 7),
        Given(-64, 3.5, 8, note="Headache, gone after a nap."),
        Given(-61, 4.1, 10),
        Given(-43, 3.7, 14),
        Given(-18, 3.1, 32, note="Tolerated well. Tired and a slight headache, gone by the second day."),
    ),
    planned=(10,),
    gaps=((-36, -34), (-15, -14), (-8, -8), (0, 0)),
    dips=(Dip(-19, -19, 3.0),),
    notes=(
        Note(-90, "Started this because Lena asked. I keep forgetting what last week was like.", shared=True),
        Note(-85, "Woke at four again and stayed up. Tea helped a little."),
        Note(0, "Hard to put into words. Like watching weather from far above.", after=1),
        Note(1, "Colours looked brighter on the bus. It may be nothing.", after=2, shared=True),
        Note(1, "Cooked for the first time in weeks. Only eggs, but still.", after=4, shared=True, starred=True),
        Note(-55, "Rang Mum back. We talked for half an hour.", shared=True),
        Note(-49, "The heaviness is back in the mornings. Evenings are fine.", shared=True, starred=True),
        Note(1, "Quiet head for a whole afternoon.", after=7, shared=True),
        Note(-38, "Argued with Dana about money. We both apologised afterwards."),
        Note(-20, "Counting the days to the next session. I don’t like that I do.", starred=True),
        Note(1, "Walked to the river with Dana. Felt lighter on the way back, then tired.", after=8, shared=True,
             starred=True),
        Note(-10, "Stopped avoiding the bridge. Went across twice.", shared=True, starred=True),
        Note(-5, "Dream about the accident. I don’t want to go into it here."),
        Note(-3, "Saw my sister. Laughed, properly.", shared=True),
        Note(-2, "Quiet day. The heavy feeling came back around four but didn’t stay.", shared=True, starred=True),
    ),
    visits=(
        Visit(-86, time(14)), Visit(-70, time(14)), Visit(-56, time(14)), Visit(-28, time(14)), Visit(0, time(14)),
        Visit(14, time(14)), Visit(-82, time(9, 30), prescriber=True), Visit(9, time(9, 30), prescriber=True),
    ),
    habits=Habits(
        writes=0.88, at=time(19, 42), whole=0.95, swings=0.75, sleeps=6.6, tense=2.1,
        chips=("walk", "outdoors", "friends", "reading"), reminder=time(19, 30), by_mail=True,
    ),
    plan=CopingPlan(
        signs="Not answering messages. Sleeping in my clothes.\n“Everyone would be fine without me.”",
        alone="Hot shower. Walk to the bridge and back. The rain recording.",
        distraction="Library, second floor. Theo’s band practice.",
        people="Dana, my sister. Theo, if it’s late.",
        professionals="Lena Fischer, therapist: +1 555 010 0147\nRiverside Clinic, night line after hours",
        safer="Dana keeps the spare medication.",
        person_name="Dana",
        person_phone="+1 555 010 0122",
    ),
    plan_on=-70,
    medicines=(
        Medicine("Sertraline", "50 mg in the morning", told=-82, since=-300, changed=(-40, "100 mg in the morning"),
                 prescriber=True),
        Medicine("Melatonin", "2 mg at night", told=-24, since=-24, until=-10),
    ),
    moments=(
        Moment(-57, "First evening with the walking group", therapist=True),
        Moment(-33, "Working again, three mornings a week", shared=True),
        Moment(-21, "Theo moved away"),
    ),
    checks=((-64, (0, 0, 0, 0, 1, 0)), (-50, (0, 0, 0, 0, 0, 0)), (-33, (2, 0, 0, 1, 1, 0)), (-19, (2, 0, 0, 0, 0, 0))),
    follow_up=(
        FollowUp(-56, "Sister is the one to call. Ask how that went when it was needed."),
        FollowUp(-28, "The bridge: agreed on the near side only, with Dana. Ask what came of it.", again=0),
        FollowUp(-17, "Tired and headache after S8, gone in two days. Ask after it before S9.",
                 again=9, shared=True, prescriber=True),
    ),
)  # fmt: skip

PRIYA = Story(
    # Steady for months; mood has gone down over the last five days, after the last session wore off.
    name="Priya N.",
    email="priya@example.org",
    begins=-118,
    usual=2.9,
    now=3.9,
    indication="PTSD",
    phase=Phase.MAINTENANCE,
    sessions=(
        Given(-101, 0.9, 6), Given(-98, 1.3, 6), Given(-94, 1.9, 7), Given(-91, 2.5, 8),
        Given(-87, 2.9, 9, note="Cried a little at the end and said it felt all right to."), Given(-84, 3.2, 22),
        Given(-58, 3.1, 27), Given(-26, 3.0, 20),
    ),
    planned=(6,),
    gaps=((-73, -71), (-44, -42)),
    dips=(Dip(-5, 0, 1.6),),
    dark_since=-14,
    notes=(
        Note(-112, "Mornings are the worst part. By noon I can do things.", shared=True),
        Note(-66, "First time in the supermarket without headphones.", shared=True, starred=True),
        Note(-40, "Work asked me to take on more. I said I need to think.", shared=True),
        Note(-12, "Slept through. Nothing to report and that is the report.", shared=True),
        Note(-4, "Woke twice, same dream. Not talking about it yet."),
        Note(-3, "Cancelled choir. Everything feels like too much this week.", shared=True, starred=True),
        Note(-1, "I wonder if the last one wore off already.", shared=True, starred=True),
    ),
    visits=(
        Visit(-105, time(11)), Visit(-77, time(11)), Visit(-49, time(11)), Visit(-27, time(11)), Visit(0, time(11)),
        Visit(21, time(11)), Visit(-60, time(10), prescriber=True), Visit(5, time(10), prescriber=True),
    ),
    habits=Habits(
        writes=0.9, at=time(8, 5), whole=0.9, swings=0.6, sleeps=6.3, tense=2.6, own_chip="Choir", own_chip_shared=True,
        chips=("stretch", "walk", "creative"), reminder=time(8, 0),
    ),
    plan=CopingPlan(
        signs="Cancelling things two days in a row. The same dream.",
        alone="Breathing with my hand on the wall. Ironing.",
        people="Meera from choir knows.",
        person_name="Meera",
        person_phone="555-010-0188",
    ),
    plan_on=-40,
    follow_up=(
        FollowUp(-27, "Said yes to more work and looked unsure. Come back to it.", again=-1, shared=True),
    ),
)  # fmt: skip

MARCUS = Story(
    # In the middle of induction, rising session by session, with some queasiness.
    name="Marcus T.",
    email="marcus@example.org",
    begins=-29,
    usual=2.6,
    now=3.0,
    indication="Depression",
    phase=Phase.INDUCTION,
    sessions=(
        Given(-14, 0.8, 6), Given(-11, 1.3, 6), Given(-7, 1.9, 7, Status.STOPPED_EARLY,
              "Stopped ten minutes early at his wish because of nausea."),
        Given(-4, 2.5, 8, note="Dizzy and queasy afterwards. Something against nausea planned for the next one."),
    ),
    planned=(3, 6),
    dips=(Dip(-9, -8, 0.8),),
    notes=(
        Note(-27, "Not sure this app is for me, but one tap I can do.", shared=True),
        Note(-16, "Nervous about the first session. My brother drives me.", shared=True),
        Note(0, "Dizzy and queasy for a few hours. Slept it off.", after=4, shared=True),
        Note(-2, "Got up before the alarm. Did the dishes without thinking about it.", shared=True, starred=True),
        Note(-6, "Snapped at my brother on the way home. He was kind about it."),
    ),
    visits=(Visit(-20, time(13)), Visit(-6, time(13)), Visit(2, time(13)), Visit(16, time(13)),
            Visit(-22, time(9), prescriber=True)),
    habits=Habits(writes=0.9, at=time(21, 10), whole=0.6, sleeps=6.4, moves=15, tense=2.4, alcohol=True,
                  chips=("housework", "walk"), reminder=time(21, 0), by_mail=True),
)  # fmt: skip

ANA_LUCIA = Story(
    # Silent for ten days, four weeks after her last session.
    name="Ana-Lucía R.",
    email="ana-lucia@example.org",
    begins=-110,
    usual=3.5,
    now=4.2,
    indication="Anxiety",
    phase=Phase.MAINTENANCE,
    zone="America/Puerto_Rico",
    sessions=(
        Given(-93, 0.8, 6), Given(-90, 1.2, 6), Given(-86, 1.6, 7), Given(-83, 2.0, 8), Given(-79, 2.4, 9),
        Given(-76, 2.6, 18), Given(-54, 2.7, 20), Given(-27, 2.5, 16),
    ),
    planned=(4,),
    gaps=((-66, -64), (-47, -44), (-9, 0)),
    notes=(
        Note(-104, "Heart racing before every meeting. I count the chairs.", shared=True),
        Note(-71, "Drove over the mountain road on my own.", shared=True, starred=True),
        Note(-33, "My aunt is staying with us. Full house, little sleep."),
        Note(-14, "Tense again, mostly about the exams.", shared=True),
        Note(-10, "Busy weeks ahead. I may write less.", shared=True, starred=True),
    ),
    visits=(Visit(-84, time(16, 30)), Visit(-56, time(16, 30)), Visit(-28, time(16, 30)), Visit(0, time(16, 30)),
            Visit(28, time(16, 30)), Visit(-50, time(11, 30), prescriber=True)),
    habits=Habits(writes=0.78, at=time(22, 15), whole=0.85, swings=0.7, sleeps=6.5, tense=3.0,
                  chips=("stretch", "friends", "outdoors"), reminder=time(21, 45)),
)  # fmt: skip

WEI = Story(
    # Well and steady; gives bed and waking times every morning.
    name="Wei C.",
    email="wei@example.org",
    begins=-119,
    usual=3.6,
    now=5.4,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    sessions=(
        Given(-104, 0.9, 7), Given(-101, 1.2, 7), Given(-97, 1.7, 8), Given(-94, 2.0, 9), Given(-90, 2.3, 10),
        Given(-87, 2.5, 24), Given(-58, 2.3, 30), Given(-30, status=Status.CANCELLED, note="Closed for the storm."),
        Given(-23, 2.1, 34),
    ),
    planned=(12,),
    gaps=((-75, -74),),
    notes=(
        Note(-115, "Flat. I do what the list says and wait for the evening.", shared=True),
        Note(-80, "Bought seeds for the balcony.", shared=True),
        Note(-51, "Back at tai chi. The others had kept my spot.", shared=True, starred=True),
        Note(-25, "A grey week, and it passed.", shared=True),
        Note(-7, "Repotted half the balcony. Dirt under my nails all day.", shared=True),
    ),
    visits=(Visit(-91, time(15, 15)), Visit(-63, time(15, 15)), Visit(-33, time(15, 15)), Visit(0, time(15, 15)),
            Visit(34, time(15, 15)), Visit(11, time(10, 30), prescriber=True)),
    habits=Habits(writes=0.95, at=time(6, 50), whole=1.0, late=0.02, unsure=0.0, swings=0.45, sleeps=6.9, clocks=True,
                  moves=40, steps=True, chips=("gardening", "cycling", "walk"), own_chip="Tai chi",
                  own_chip_shared=True, tense=1.6, reminder=time(7, 0)),
)  # fmt: skip

SOL = Story(
    # Two of six sessions; too early to tell.
    name="Sol B.",
    email="sol@example.org",
    begins=-22,
    usual=3.0,
    now=3.2,
    indication="PTSD",
    phase=Phase.INDUCTION,
    sessions=(Given(-6, 0.7, 5, note="Quiet throughout. Eye mask was uncomfortable, will bring their own."),
              Given(-3, 1.1, 6)),
    planned=(1, 4, 8, 11),
    notes=(
        Note(-19, "Lena says there is no right way to fill this in.", shared=True),
        Note(1, "Very tired, a bit tender. Not bad.", after=1, shared=True),
        Note(-9, "Sat in the park with a book. Read the same page three times."),
        Note(-1, "Music sounded good again, for one song.", shared=True, starred=True),
    ),
    visits=(Visit(-18, time(10)), Visit(-9, time(10)), Visit(3, time(10)), Visit(17, time(10)),
            Visit(-20, time(14, 30), prescriber=True)),
    habits=Habits(writes=0.86, at=time(20, 20), whole=0.7, unsure=0.1, swings=0.8, sleeps=6.0, moves=20, tense=2.8,
                  chips=("walk", "reading"), reminder=time(20, 0), by_mail=True),
)  # fmt: skip

HANNAH = Story(
    # Finished two months ago and well; writes now and then, and no longer shares with the prescriber.
    name="Hannah O.",
    email="hannah@example.org",
    begins=-121,
    usual=3.4,
    now=6.0,
    indication="Depression",
    phase=Phase.ENDED,
    sessions=(Given(-105, 1.1, 8), Given(-102, 1.6, 8), Given(-98, 2.2, 9), Given(-95, 2.6, 10), Given(-91, 2.9, 11),
              Given(-88, 3.1, 26), Given(-62, 1.7, 60)),
    ended=-50,
    gaps=((-70, -69), (-41, -38), (-2, 0)),
    notes=(
        Note(-117, "Everything takes twice as long as it should.", shared=True),
        Note(-84, "Laughed at a stupid advert. Then noticed that I had.", shared=True, starred=True),
        Note(-49, "Last visit at the clinic. Brought them cake.", shared=True),
        Note(-22, "Some days I forget to write. I take that as a good sign.", shared=True),
        Note(-3, "A long weekend away, sea and wind.", shared=True),
    ),
    visits=(Visit(-92, time(12)), Visit(-64, time(12)), Visit(-36, time(12)), Visit(14, time(12))),
    amara=Sharing(until=-20),
    habits=Habits(writes=0.58, at=time(18, 30), whole=0.7, swings=0.5, sleeps=7.2, moves=35, tense=1.6,
                  chips=("walk", "outdoors", "friends", "exercise")),
)  # fmt: skip

TOMAS = Story(
    # Day one: has accepted the invitation this morning and not written yet.
    name="Tomás E.",
    email="tomas@example.org",
    begins=0,
    usual=3.0,
    now=3.0,
    indication="Depression",
    phase=Phase.PLANNED,
    reports_sessions=True,
    planned=(9, 13),
    gaps=((0, 0),),
    visits=(Visit(6, time(9, 30)),),
    amara=None,
)

RUTH = Story(
    # Fades: each session holds for fewer days than the one before, the last for about five.
    name="Ruth K.",
    email="ruth@example.org",
    begins=-118,
    usual=2.8,
    now=3.1,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    sessions=(
        Given(-102, 1.4, 6), Given(-99, 2.0, 7), Given(-95, 2.7, 8), Given(-92, 3.2, 9), Given(-88, 3.6, 10),
        Given(-85, 4.0, 19), Given(-61, 4.0, 13), Given(-43, 3.9, 10, note="Asked about shorter intervals."),
        Given(-28, 3.8, 7), Given(-13, 3.7, 5),
    ),
    planned=(5,),
    gaps=((-53, -52),),
    notes=(
        Note(-80, "I had forgotten what wanting to do something feels like.", shared=True, starred=True),
        Note(-48, "It went faster this time, I think.", shared=True),
        Note(2, "Good day. Made soup, called two people back.", after=9, shared=True),
        Note(-19, "Back to where I was. Disappointed more than sad.", shared=True, starred=True),
        Note(-11, "Two bright days in a row. I am trying not to count.", starred=True),
        Note(-6, "Slower again. Would like to talk about what comes next.", shared=True, starred=True),
    ),
    visits=(Visit(-98, time(9, 30)), Visit(-70, time(9, 30)), Visit(-42, time(9, 30)), Visit(-21, time(9, 30)),
            Visit(0, time(9, 30)), Visit(21, time(9, 30)), Visit(-44, time(13, 30), prescriber=True),
            Visit(4, time(13, 30), prescriber=True)),
    habits=Habits(writes=0.9, at=time(19, 0), whole=0.9, swings=0.5, sleeps=6.5, tense=2.2,
                  chips=("housework", "friends", "creative"), reminder=time(18, 45), by_mail=True),
)  # fmt: skip

OWEN = Story(
    # Does not respond: six sessions in two weeks, mood as before. Paused while they think.
    name="Owen P.",
    email="owen@example.org",
    begins=-76,
    usual=3.1,
    now=3.1,
    indication="Depression",
    phase=Phase.PAUSED,
    preset=PresetId.IV_6X_2WK,
    sessions=(Given(-59, 0.4, 2), Given(-57, 0.5, 2), Given(-54, 0.5, 2), Given(-52, 0.6, 2),
              Given(-50, 0.5, 2, Status.STOPPED_EARLY, "Ended early, restless. Blood pressure fine."),
              Given(-47, 0.5, 2)),
    gaps=((-34, -32), (-17, -16)),
    notes=(
        Note(-70, "Three weeks till I know more. Okay.", shared=True),
        Note(-45, "No change that I can see. My wife says I am a little less short with people.", shared=True,
             starred=True),
        Note(-30, "We agreed to stop here for now and think.", shared=True),
        Note(-13, "Went fishing with Paul. Cold, quiet, fine."),
        Note(-4, "Read about other things to try. Would like to ask about them.", shared=True, starred=True),
    ),
    visits=(Visit(-62, time(17)), Visit(-45, time(17)), Visit(-31, time(17)), Visit(-10, time(17)), Visit(7, time(17)),
            Visit(-33, time(15), prescriber=True), Visit(8, time(15), prescriber=True)),
    habits=Habits(writes=0.82, at=time(21, 30), whole=0.75, swings=0.65, sleeps=6.2, moves=20, tense=1.9, alcohol=True,
                  chips=("housework", "outdoors")),
)  # fmt: skip

GRACE = Story(
    # Stopped writing a month ago and cancelled the visit since.
    name="Grace M.",
    email="grace@example.org",
    begins=-99,
    usual=3.2,
    now=3.6,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    sessions=(Given(-83, 0.9, 6), Given(-80, 1.4, 6), Given(-76, 1.9, 7), Given(-73, 2.4, 8), Given(-69, 2.6, 9),
              Given(-66, 2.8, 18), Given(-40, 2.6, 15)),
    planned_sessions=6,
    gaps=((-58, -56), (-30, 0)),
    notes=(
        Note(-90, "Long shifts. I write on the bus.", shared=True),
        Note(-62, "Slept nine hours. Nine.", shared=True, starred=True),
        Note(-37, "Feeling like myself at work.", shared=True),
        Note(-31, "Moving house next week, everything is in boxes.", shared=True),
    ),
    visits=(Visit(-72, time(8, 30)), Visit(-44, time(8, 30)), Visit(-16, time(8, 30), cancelled=True),
            Visit(12, time(8, 30))),
    habits=Habits(writes=0.7, at=time(17, 40), whole=0.55, swings=0.7, sleeps=6.3, tense=2.0, chips=("walk", "friends"),
                  reminder=time(17, 30)),
)  # fmt: skip

THEO = Story(
    # Writes about every third day, often some days afterwards, and is often not sure. Treated elsewhere.
    name="Theo V.",
    email="theo@example.org",
    begins=-103,
    usual=3.8,
    now=4.4,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    preset=PresetId.SL_HOME_4WK,
    zone="America/Los_Angeles",
    route=Route.SUBLINGUAL,
    reports_sessions=True,
    sessions=(Given(-86, 1.0, 6), Given(-79, 1.3, 7), Given(-72, 1.6, 8), Given(-65, 1.7, 9),
              Given(-51, status=Status.MISSED, note="Overslept. Rebooked."), Given(-44, 1.8, 14), Given(-15, 1.8, 14)),
    planned=(13,),
    planned_sessions=4,
    gaps=((-60, -54), (-29, -22), (-3, 0)),
    notes=(
        Note(-97, "Filled in three days at once. Close enough.", shared=True),
        Note(-40, "Played guitar with the window open.", shared=True, starred=True),
        Note(-19, "Hard to tell what I feel. Somewhere in the middle?", shared=True),
        Note(-8, "Skipped the party and felt relieved, then a little lonely."),
    ),
    visits=(Visit(-75, time(18)), Visit(-47, time(18)), Visit(-19, time(18)), Visit(9, time(18))),
    amara=None,
    habits=Habits(writes=0.36, at=time(22, 40), whole=0.5, late=0.45, unsure=0.17, swings=0.9, sleeps=7.0, moves=20,
                  tense=1.8, chips=("creative", "walk"), own_chip="Guitar"),
)  # fmt: skip

AMINA = Story(
    # Writes morning and evening; the two are often far apart.
    name="Amina H.",
    email="amina@example.org",
    begins=-96,
    usual=3.7,
    now=4.6,
    indication="Anxiety, depression",
    phase=Phase.MAINTENANCE,
    reports_sessions=True,
    sessions=(Given(-80, 0.8, 6), Given(-77, 1.2, 6), Given(-73, 1.6, 7), Given(-70, 2.0, 8), Given(-66, 2.2, 9),
              Given(-63, 2.4, 19), Given(-37, 2.3, 21), Given(-9, 2.2, 24)),
    planned=(19,),
    gaps=((-50, -49), (-24, -24)),
    notes=(
        Note(-92, "Mornings grip, evenings let go. Every day the same curve.", shared=True, starred=True),
        Note(-59, "Told my manager what I need. She simply said yes.", shared=True),
        Note(-34, "Breathing exercise on the train, nobody noticed.", shared=True),
        Note(-12, "A panicky hour before the dentist. Went anyway.", shared=True, starred=True),
        Note(-2, "Morning walk before the news. Better order of things.", shared=True),
    ),
    visits=(Visit(-82, time(11)), Visit(-54, time(11)), Visit(-26, time(11)), Visit(1, time(11)), Visit(29, time(11))),
    amara=None,
    habits=Habits(writes=0.88, at=time(7, 40), again_at=time(21, 15), whole=0.75, swings=0.9, sleeps=6.6, moves=30,
                  tense=2.9, chips=("walk", "stretch", "friends"), reminder=time(21, 0)),
)  # fmt: skip

PETER = Story(
    # Lets his therapist see the scores alone. Nasal esketamine, twice a week and then weekly.
    name="Peter L.",
    email="peter@example.org",
    begins=-72,
    usual=3.3,
    now=4.3,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    preset=PresetId.ESK_TRD,
    zone="America/Chicago",
    route=Route.IN_ESKETAMINE,
    sessions=(
        Given(-57, 0.6, 5), Given(-54, 0.9, 5), Given(-50, 1.2, 5), Given(-47, 1.5, 6), Given(-43, 1.7, 6),
        Given(-40, 1.9, 6), Given(-36, 2.0, 7), Given(-33, 2.1, 8), Given(-26, 2.2, 8), Given(-19, 2.2, 9),
        Given(-12, 2.3, 9), Given(-5, 2.3, 9),
    ),
    planned=(2, 9),
    planned_sessions=8,
    notes=(
        Note(-60, "I would rather keep the words to myself for now."),
        Note(-29, "The taste is awful. Lemon sweets help.", shared=True),
        Note(-8, "Fixed the fence with my son. Four hours and no thoughts.", starred=True),
    ),
    visits=(Visit(-58, time(16)), Visit(-37, time(16)), Visit(-16, time(16)), Visit(12, time(16)),
            Visit(-32, time(8), prescriber=True), Visit(24, time(8), prescriber=True)),
    lena=Sharing(scopes=frozenset({Scope.SCORES})),
    habits=Habits(writes=0.85, at=time(20, 50), whole=0.85, swings=0.55, sleeps=6.7, moves=30, steps=True, tense=1.8,
                  alcohol=True, chips=("housework", "exercise", "outdoors"), reminder=time(20, 30)),
)  # fmt: skip

NORA = Story(
    # Opened her journal to her therapist from a certain day on, not what was before.
    name="Nora S.",
    email="nora@example.org",
    begins=-117,
    usual=3.0,
    now=4.0,
    indication="PTSD",
    phase=Phase.MAINTENANCE,
    reports_sessions=True,
    sessions=(Given(-100, 1.1, 6), Given(-97, 1.6, 6), Given(-93, 2.1, 7), Given(-90, 2.5, 8), Given(-86, 2.8, 9),
              Given(-83, 3.0, 20), Given(-52, 2.9, 24), Given(-21, 2.8, 26)),
    planned=(11,),
    gaps=((-61, -60),),
    dips=(Dip(-77, -72, 1.2),),
    notes=(
        Note(-108, "This page is for me alone."),
        Note(-75, "The hearing was this week. Glad it is behind me."),
        Note(-36, "Started with Lena. Easier than I thought.", shared=True),
        Note(-18, "Slept with the light off.", shared=True, starred=True),
        Note(-6, "A letter came. Put it in the drawer until we can read it together.", shared=True, starred=True),
    ),
    visits=(Visit(-38, time(13)), Visit(-24, time(13)), Visit(-8, time(13)), Visit(5, time(13))),
    lena=Sharing(since=-41, visible_from=-41),
    amara=None,
    habits=Habits(writes=0.84, at=time(21, 45), whole=0.85, swings=0.65, sleeps=6.1, tense=2.7,
                  chips=("reading", "creative", "walk")),
)  # fmt: skip

YUSUF = Story(
    # Brought months of Daylio with him; they stay apart, on their own scale.
    name="Yusuf D.",
    email="yusuf@example.org",
    begins=-47,
    usual=3.2,
    now=3.9,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    sessions=(Given(-31, 0.9, 6), Given(-28, 1.3, 6), Given(-24, 1.8, 7), Given(-21, 2.3, 8), Given(-17, 2.6, 9),
              Given(-14, 2.8, 22)),
    planned=(8,),
    notes=(
        Note(-46, "Switched over from Daylio. Numbers feel odd after faces.", shared=True),
        Note(-26, "Prayed at the mosque again, first time in months.", shared=True),
        Note(-11, "My daughter said I am funny again.", shared=True, starred=True),
        Note(-3, "Tired of the bills. Otherwise fine, and that is new."),
    ),
    visits=(Visit(-41, time(10)), Visit(-19, time(10)), Visit(4, time(10)), Visit(-44, time(16), prescriber=True)),
    habits=Habits(writes=0.9, at=time(22, 0), whole=0.8, swings=0.6, sleeps=6.5, tense=2.0,
                  chips=("walk", "friends", "reading"), reminder=time(21, 30), by_mail=True),
    daylio=True,
)  # fmt: skip

KOFI = Story(
    # A night nurse who writes after midnight, sometimes without a network. Known to the prescriber alone.
    name="Kofi A.",
    email="kofi@example.org",
    begins=-108,
    usual=3.4,
    now=4.5,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    preset=PresetId.IM_CUSTOM,
    route=Route.IM,
    sessions=(Given(-92, 1.0, 6), Given(-88, 1.4, 7), Given(-85, 1.8, 7), Given(-81, 2.2, 8), Given(-78, 2.4, 9),
              Given(-74, 2.6, 22), Given(-45, 2.5, 25), Given(-16, 2.4, 26)),
    planned=(14,),
    gaps=((-65, -63), (-30, -29)),
    notes=(
        Note(-101, "Night shift. Wrote this in the stairwell.", shared=True),
        Note(-55, "Three nights off. Slept like a stone.", shared=True),
        Note(-12, "A patient’s family brought oranges for all of us.", shared=True, starred=True),
    ),
    visits=(Visit(-94, time(15), prescriber=True), Visit(-46, time(15), prescriber=True),
            Visit(13, time(15), prescriber=True)),
    lena=None,
    habits=Habits(writes=0.75, at=time(0, 40), whole=0.7, swings=0.7, sleeps=5.9, moves=50, steps=True, tense=1.9,
                  chips=("exercise", "cycling"), unplugged=True),
)  # fmt: skip

ELENI = Story(
    # Spends the term in Athens and keeps in touch with the prescriber alone.
    name="Eleni G.",
    email="eleni@example.org",
    begins=-90,
    usual=3.6,
    now=4.6,
    indication="Depression",
    phase=Phase.MAINTENANCE,
    zone="Europe/Athens",
    region="GR",
    reports_sessions=True,
    sessions=(Given(-75, 0.9, 6), Given(-72, 1.4, 6), Given(-68, 1.8, 7), Given(-65, 2.1, 8), Given(-61, 2.4, 9),
              Given(-58, 2.5, 26), Given(-22, 2.4, 28)),
    planned=(16,),
    gaps=((-45, -43), (-20, -20)),
    notes=(
        Note(-82, "Third city in two years. My plants came along.", shared=True),
        Note(-50, "Library until nine, then souvlaki with the others.", shared=True),
        Note(-27, "Homesick on and off. It passes by evening."),
        Note(-5, "Handed in the draft. Breathed out.", shared=True, starred=True),
    ),
    visits=(Visit(-76, time(9), prescriber=True), Visit(-24, time(9), prescriber=True),
            Visit(6, time(9), prescriber=True)),
    lena=None,
    habits=Habits(writes=0.84, at=time(23, 10), whole=0.85, swings=0.7, sleeps=7.0, moves=35, tense=2.2,
                  chips=("walk", "friends", "reading")),
)  # fmt: skip

MAYA = Story(
    # Two weeks of days before her first session: the beginning of a baseline.
    name="Maya J.",
    email="maya@example.org",
    begins=-13,
    usual=2.9,
    now=2.9,
    indication="Depression, anxiety",
    phase=Phase.PLANNED,
    planned=(4, 7, 11, 14, 18, 21),
    notes=(
        Note(-12, "Getting used to this. It is quick, good.", shared=True),
        Note(-7, "Mum came by with lunch. I ate half.", shared=True),
        Note(-4, "Read the leaflet twice. Who takes me home if Ben works late?", shared=True, starred=True),
        Note(-2, "Bad night. Nothing in particular."),
    ),
    visits=(Visit(-11, time(12)), Visit(2, time(12)), Visit(-6, time(11), prescriber=True)),
    habits=Habits(writes=0.95, at=time(19, 50), whole=0.9, swings=0.6, sleeps=5.9, moves=15, tense=2.9,
                  chips=("walk", "reading"), reminder=time(19, 30), by_mail=True),
)  # fmt: skip

DAYLIO_DAYS = 95
DAYLIO_ACTIVITIES = ("family", "reading", "movies", "cleaning", "good sleep")
DAYLIO_NOTES = {
    88: "Long shift and then the bus did not come.",
    61: "Dinner with my brother. Good to sit at a full table.",
    34: "Slept badly again.",
    12: "The clinic called back. There is a place for me.",
}
"""What Yusuf wrote in his diary before, by the number of days before he changed over."""

PEOPLE = (
    JORDAN, PRIYA, MARCUS, ANA_LUCIA, WEI, SOL, HANNAH, TOMAS, RUTH, OWEN, GRACE, THEO, AMINA, PETER, NORA, YUSUF,
    KOFI, ELENI, MAYA,
)  # fmt: skip
"""Everybody, in the order in which the design shows them."""
