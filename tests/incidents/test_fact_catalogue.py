"""The catalogue holds every fact of an incident that the law knows; a law file with a new one needs no Python."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import translation

import rules
from core.accounts.models import Role
from core.accounts.services import set_profile
from core.audit.models import Event
from incidents import law, queries, services
from incidents.facts import CATALOGUE, Group, Kind, catalogue_of
from incidents.forms.facts import Asked, FactsForm
from incidents.law import current_facts, law_document
from incidents.models import FactRevision
from incidents.services import FactChange
from incidents.values import FactRefused, clean_value, value_label
from tests.incidents.factories import KNOWN, opened_case, organization_with
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
OF_INCIDENT = [entry for entry in rules.vocabulary("duties") if entry.scope == "incident"]
LATER = KNOWN + timedelta(days=2)
AT = KNOWN  # a case opened by “now I know” knows no earlier instant


def a_value(entry):
    """Something a person could state of `entry`."""
    return {
        "flag": True,
        "instant": AT,
        "day": date(2026, 11, 21),
        "count": 1,
        "money": "30,000,000",
        "choice": entry.choices[0].code if entry.choices else None,
        "choices": [choice.code for choice in entry.choices],
        "events": {"text": "새 사실", entry.item_key: AT},
    }[entry.kind]


def made_up(kind, **rest):
    usual = {"name": "made_up", "scope": "incident", "kind": kind, "label": "지어낸 사실"}
    return rules.FactEntry(**{**usual, "label_en": "made-up fact", **rest})


@pytest.fixture
def with_entry(monkeypatch):
    """Put one more entry into the catalogue, as a law file would."""

    def add(entry, *others):
        grown = catalogue_of((*rules.vocabulary("duties"), *others, entry))
        monkeypatch.setitem(CATALOGUE, entry.name, grown[entry.name])
        return grown[entry.name]

    return add


@pytest.mark.parametrize("entry", OF_INCIDENT, ids=lambda entry: entry.name)
def test_every_fact_of_the_law_can_be_stated_and_reaches_the_law(entry):
    case = opened_case()
    name = next((fact.name for fact in CATALOGUE.values() if fact.listed_as == entry.name), entry.name)
    key = "f1" if entry.kind == "events" else ""

    services.record_facts(
        case_id=case.pk,
        changes=[FactChange(name, a_value(entry), source="정한 사람: 김책임", key=key)],
        actor=case.lead,
        now=LATER,
        reason="다시 확인함",  # a case knows some facts from its first minute
    )

    said = law_document(case, current_facts(case))["incident"][entry.name]
    wanted = {
        "flag": True,
        "instant": "2026-11-21T09:12:00+09:00",
        "count": 1,
        "money": "30000000",
        "choice": entry.choices[0].code if entry.choices else None,
        "choices": sorted(choice.code for choice in entry.choices),
        "events": [{"id": "f1", entry.item_key: "2026-11-21T09:12:00+09:00"}],
    }[entry.kind]
    assert said == wanted
    assert value_label(name, FactRevision.objects.filter(case=case, name=name).current().get().value)


def test_the_facts_written_by_hand_come_first_and_keep_their_words():
    names = list(CATALOGUE)
    assert names[0] == "occurred_at"
    assert CATALOGUE["person_count"].label == "정보주체 수"
    assert CATALOGUE["person_count"].group is Group.SCALE
    assert names.index("confirmed_fact") < names.index("efinance_disrupted")
    assert CATALOGUE["other_efinance_accident"].by_person


def test_what_only_the_house_counts_does_not_reach_the_law():
    case = opened_case()
    change = [FactChange("possible_person_count", 50_000)]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    assert "possible_person_count" not in law_document(case, current_facts(case))["incident"]


def test_the_words_follow_the_reader():
    fact = CATALOGUE["efinance_disrupted"]
    assert str(fact.label) == "전자금융기반시설의 교란·마비"
    with translation.override("en"):
        assert str(fact.label) == "Electronic financial infrastructure disturbed or paralysed"
    cause = dict(CATALOGUE["outage_cause"].choices)["intrusion"]
    with translation.override("en"):
        assert str(cause) == "Intrusion"


@pytest.mark.parametrize(
    ("typed", "kept"), [("30,000,000", "30000000"), ("0", "0"), (1200, "1200"), ("500원", "500")]
)
def test_money_is_kept_as_whole_won_in_text(typed, kept):
    assert clean_value("loss_amount", typed, now=LATER) == kept


@pytest.mark.parametrize(
    "typed", ["3천만", "30,00", "1.5", 1.5, True, "-3", "", "12" * 12, "１２００", None, ["3"]]
)
def test_what_is_no_amount_of_money_is_refused(typed):
    with pytest.raises(FactRefused) as refusal:
        clean_value("loss_amount", typed, now=LATER)
    assert "loss_amount" in refusal.value.faults


def test_a_day_of_a_new_law_is_kept_shown_and_checked(with_entry):
    with_entry(made_up("day"))
    assert clean_value("made_up", date(2026, 11, 21), now=LATER) == "2026-11-21"
    assert clean_value("made_up", "2026-11-21", now=LATER) == "2026-11-21"
    assert value_label("made_up", "2026-11-21") == "2026-11-21(토)"
    for typed in ("21/11/2026", "0999-01-01", 20261121, AT):
        with pytest.raises(FactRefused):
            clean_value("made_up", typed, now=LATER)


def test_a_list_of_a_new_law_is_told_with_its_instants(with_entry):
    clock = rules.FactEntry("seen_at", "derived", "instant", "본 때", "time seen", span="awareness")
    fact = with_entry(made_up("events", item_key="seen_at", clock="seen_at"), clock)
    assert (fact.kind, fact.many, str(fact.moment_label)) == (Kind.CONFIRMED, True, "본 때")

    value = clean_value("made_up", {"text": "다시 봄", "seen_at": AT}, now=LATER)
    document = law._incident([law.Stated("made_up", "f2", value, "confirmed")])

    assert document == {"made_up": [{"id": "f2", "seen_at": "2026-11-21T09:12:00+09:00"}]}


@pytest.mark.parametrize(
    ("kind", "typed", "wanted"),
    [
        ("money", {"made_up": "12,000,000"}, "12000000"),
        ("day", {"made_up": "2026-11-21"}, date(2026, 11, 21)),
        ("count", {"made_up": "1,200"}, 1200),
        ("flag", {"made_up": "no"}, False),
    ],
)
def test_every_kind_is_entered_on_the_form(with_entry, kind, typed, wanted):
    fact = with_entry(made_up(kind))
    data = {"fact_count": "0", "made_up-certainty": "confirmed", "made_up-source": "", **typed}
    form = FactsForm(data, now=LATER, asked=[Asked(fact, "", None)])
    assert form.is_valid(), form.errors
    assert [change.value for change in form.changes()] == [wanted]


@pytest.mark.parametrize(
    ("kind", "typed"), [("money", "3천만원"), ("day", "2026-13-01"), ("day", "0999-01-01")]
)
def test_what_cannot_be_read_is_said_at_the_field(with_entry, kind, typed):
    fact = with_entry(made_up(kind))
    data = {"fact_count": "0", "made_up-certainty": "confirmed", "made_up": typed}
    form = FactsForm(data, now=LATER, asked=[Asked(fact, "", None)])
    assert not form.is_valid()
    assert form.errors["made_up"]


@pytest.mark.parametrize(("kind", "kept"), [("money", "12000000"), ("day", "2026-11-21")])
def test_the_same_value_typed_again_is_no_change(with_entry, kind, kept):
    fact = with_entry(made_up(kind))
    held = SimpleNamespace(until_at=None, value=kept, certainty="confirmed", source="")
    form = FactsForm(None, now=LATER, asked=[Asked(fact, "", held)])
    shown = str(form["made_up"].value())
    data = {"fact_count": "0", "made_up-certainty": "confirmed", "made_up": shown}
    again = FactsForm(data, now=LATER, asked=[Asked(fact, "", held)])
    assert not again.is_valid()
    assert again.changes() == []


def sector_names(case):
    groups = {group.code: group for group in queries.fact_groups(case, can_work=True)}
    sector = groups.get(Group.SECTOR)
    return {line.name for line in (*sector.lines, *sector.unstated)} if sector else set()


def test_only_the_facts_the_organisations_duties_turn_on_are_asked():
    organization, people = organization_with(Role.HANDLER)
    case = opened_case(organization=organization, actor=people[Role.HANDLER])
    asked = sector_names(case)
    assert "has_user_harm" in asked
    assert not {"efinance_disrupted", "medical_records_affected", "eu_person_count"} & asked

    set_profile(
        organization=organization,
        effective_on=date(2011, 1, 1),
        sectors={"is_financial": True, "further": {"is_gdpr_controller": True}},
        actor=None,
        now=LATER,
    )

    asked = sector_names(type(case).objects.get(pk=case.pk))
    assert {"efinance_disrupted", "efinance_subscribers", "eu_person_count"} <= asked
    assert "medical_records_affected" not in asked


def test_a_stated_fact_of_another_sector_is_shown():
    case = opened_case()
    change = [FactChange("medical_records_affected", True)]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    assert "medical_records_affected" in sector_names(case)


def test_the_group_is_typed_on_one_form_and_the_judged_ones_only_by_deciders():
    place = office()
    url = reverse("incidents:change-fact", args=[place.case.reference, Group.SECTOR])
    assert "has_user_harm" in place.client("handler").get(url).context["form"].fields
    set_profile(
        organization=place.case.organization,
        effective_on=date(2011, 1, 1),
        sectors={"is_financial": True},
        actor=None,
        now=LATER,
    )
    assert "other_efinance_accident" not in place.client("handler").get(url).context["form"].fields
    assert "other_efinance_accident" in place.client("cpo").get(url).context["form"].fields
    page = place.client("handler").get(reverse("incidents:case-facts", args=[place.case.reference]))
    assert "업종별 사실" in page.content.decode()


def test_the_day_an_outage_became_known_chooses_the_profile():
    organization, people = organization_with(Role.HANDLER, is_icsp=False)
    case = opened_case(organization=organization, actor=people[Role.HANDLER])
    set_profile(
        organization=organization,
        effective_on=date(2026, 11, 20),
        sectors={"is_telecom": True},
        actor=None,
        now=LATER,
    )
    before = [FactChange("outage_known_at", datetime(2026, 11, 19, 12, 0, tzinfo=UTC))]
    services.record_facts(case_id=case.pk, changes=before, actor=case.lead, now=LATER)
    assert "is_telecom" not in law_document(case, current_facts(case))["organization"]


def test_history_keeps_an_amount_but_the_words_of_no_list(with_entry):
    case = opened_case()
    change = [FactChange("loss_amount", "12,000")]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    told = Event.objects.filter(action="fact.recorded").latest("sequence").data
    assert (told["fact"], told["new"]) == ("loss_amount", "12000")


def test_a_fact_the_law_has_forgotten_is_shown_and_not_asked(monkeypatch):
    case = opened_case()
    change = [FactChange("has_user_harm", True)]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    monkeypatch.delitem(CATALOGUE, "has_user_harm")

    assert "has_user_harm" in sector_names(case)
    assert "has_user_harm" not in law_document(case, current_facts(case))["incident"]
