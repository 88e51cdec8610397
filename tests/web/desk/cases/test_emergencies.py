"""急难 on the page of a case: what may follow is asked for afterwards."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import rooms
from tests.cases.street import People, make_poor_family, say
from tests.cases.test_emergencies import MONDAY, TUESDAY, decided, judged, struck
from tests.cases.walk import SHEET, Walk
from tests.web.desk.reading import rows
from tests.web.desk.seats import Desks
from yihu.access.actor import Actor
from yihu.households.enums import FactSource
from yihu.policy.procedures import Circumstance


def test_an_amount_is_asked_for_only_at_the_ceiling(walk: Walk, desks: Desks, people: People) -> None:
    desks.today = MONDAY
    struck(walk, need="5000", circumstances=(Circumstance.URGENT,)).admit(MONDAY)

    page = desks.look(people.examiner, walk.number)
    assert "¥5,000.00" in page
    assert "拟给（元）" not in page
    assert "最多" not in page
    say(walk.household, "emergency_need", "13050", by=walk.service, on=MONDAY, source=FactSource.VERIFIED)
    assert "拟给（元）" in desks.look(people.examiner, walk.number)


def test_the_papers_that_followed_are_taken_in_before_it_is_done(walk: Walk, desks: Desks, people: People) -> None:
    desks.today = MONDAY
    struck(walk, circumstances=(Circumstance.URGENT,))
    assert "可以事后补齐" in desks.look(people.clerk, walk.number)
    desks.done(people.clerk, walk.number, "admit", step="admission")
    judged(walk)
    decided(walk)

    desks.today = TUESDAY
    page = desks.look(people.worker, walk.number)
    assert "事后补齐手续" in page
    assert "可以事后补齐" not in page
    walk.bring(TUESDAY, but=("incident",))
    file = SimpleUploadedFile("证明.pdf", SHEET, "application/pdf")
    desks.done(people.worker, walk.number, "paper", step="afterwards", about="incident", file=file)
    desks.done(people.worker, walk.number, "complete", step="afterwards", explained="当日送医。", because="")

    assert walk.case.steps.get(name="afterwards").note == "当日送医。"


def test_what_is_urgent_stands_above_all_that_waits(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    desks.today = TUESDAY
    late = Walk(people, make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    late.apply(MONDAY)
    struck(walk, circumstances=(Circumstance.URGENT,))

    found = rows(desks.of(people.clerk).get("/desk/").content.decode())

    assert "紧急" in found[0]
    assert [("紧急" in row) for row in found[1:]] == [False] * (len(found) - 1)
    assert len(found) > 1
