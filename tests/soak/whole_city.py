"""A small city in which every covered table holds rows, furnished by the verbs alone."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from joserfc.jwk import OKPKey

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import PENALTY, SALES, on_file
from tests.evaluation.estimates import RULES
from tests.evaluation.worlds import an_operator
from tests.intake import builders as intake
from tests.journeys import test_the_path_of_a_record as journey
from tests.parties.builders import (
    a_bank,
    a_department,
    a_person,
    a_sharing_basis,
    an_administrator,
    an_agreement,
    an_application,
    shown,
    signed_on_line,
    terms,
)
from tests.rights.test_repair_results import DECIDED
from xinqiao.authorisation import (
    cases,
    doubting,
    grants,
    inviting,
    mandate_queries,
    mandates,
    notices,
    persons,
    two_people,
)
from xinqiao.authorisation import papers as on_paper
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.paper_queries import OnPaper
from xinqiao.authorisation.persons import Named
from xinqiao.authorisation.queries import GrantView
from xinqiao.cli import road
from xinqiao.creditfile import annotations, erasure
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure import (
    feeding_back,
    interfaces,
    keeping,
    kept,
    own_file,
    papers,
    pseudonyms,
    pushing,
    subscribing,
    watching,
)
from xinqiao.disclosure import following as changes
from xinqiao.disclosure import queries as disclosure
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.feedback import Became, Outcome, Said
from xinqiao.disclosure.feeding_back import Teller
from xinqiao.disclosure.pushed import Wanted
from xinqiao.disclosure.querying import query
from xinqiao.disclosure.reports import disclose_report
from xinqiao.disclosure.sharing import ByDuty, share
from xinqiao.evaluation import overriding, rule_sets, shadowing, signalling, snapshots
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import covering, following, sequencing, witnessing
from xinqiao.ledger.events import Kind
from xinqiao.notices import webhooks
from xinqiao.oversight import complaining, infringing, inspecting, notifying
from xinqiao.oversight.complaining import Target
from xinqiao.oversight.notifying import Notice
from xinqiao.oversight.rules.infringements import Origin
from xinqiao.parties import (
    applying,
    appointing,
    branches,
    clients,
    codes,
    ending,
    identities,
    people,
    recovery,
    resetting,
    roles,
    staff_queries,
    staffing,
    suspending,
)
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Ground, Role, Side
from xinqiao.parties.sharing import Deferral
from xinqiao.parties.sign_on import Capacity, Licence, Vouched, Way
from xinqiao.rights import (
    annulling,
    breaking,
    committing,
    deciding,
    declaring,
    joining,
    objections,
    promises,
    proofs,
    repairing,
    results,
    sources,
    stopping,
)
from xinqiao.rights import following as rights
from xinqiao.rights.cases import About
from xinqiao.subjects import queries as subjects
from xinqiao_verify.notes import Key

SECRET: Final = "tax_declared_sales"
FULL: Final = "tax_arrears"
NOW: Final = journey.NOW


def furnish(folder: Path) -> None:
    """One record's whole way, and beside it what the journey does not touch; everything in its place in the log."""
    journey.test_one_row_from_the_departments_file_to_the_bank_and_back_to_the_business(folder)
    codes = intake.businesses(folder, *range(5), now=NOW)
    for item, mode in ((SECRET, "changes"), (FULL, "full")):
        rows = [intake.a_row(item, uscc=code) for code in codes]
        intake.judged(item, intake.csv_of(rows), folder, mode=mode, now=NOW)
    road.settle(NOW)
    signalling.follow(NOW)
    _a_case_and_an_objection()
    _a_person_consents()
    _a_grant_on_paper()
    _a_repair()
    first, second, *_ = _facts()
    annotations.add(first, kind="statement", text="企业说明", by="test", now=NOW)
    erasure.erase([second], basis="保存期限届满", by="test", now=NOW)
    key = OKPKey.import_key(Ed25519PrivateKey.generate().public_key())
    clients.register(id="pds_sample_bank_1", institution=journey.BANK, public_jwk=key.as_dict(private=False), now=NOW)
    _something_watched()
    _a_source_is_asked()
    webhooks.register(institution=InstitutionId(journey.BANK), url="https://hooks.bank.example/", now=NOW)
    _an_end_of_keeping()
    _two_people_from_now_on()
    _something_pushed()
    _something_fed_back()
    _rules_of_its_own()
    _somebody_signs_on()
    pseudonyms.renew(journey.BANK, transition=timedelta(days=30), now=NOW)
    _an_organisation_keeps_its_people()
    _access_suspended()
    _watched_over()
    _a_department_asks()
    _a_model_runs_along()
    _signed_on_line()
    snapshots.cut(now=NOW)
    applying.apply(an_application(), now=NOW)
    following.follow("soak", lambda event: None, kinds=[Kind.REPORT_TOLD], now=NOW)
    for _ in range(2):
        sequencing.sequence(NOW)
        witnessing.show(NOW)
        following.follow("soak", lambda event: None, kinds=[Kind.REPORT_TOLD], now=NOW, limit=1)
    sequencing.sequence(NOW)


def _a_model_runs_along() -> None:
    """The co-operatives' model stands in the folder; one night it is a shadow."""
    shadowing.begin("cooperative", by=an_operator(now=NOW), now=NOW)
    shadowing.run_all(NOW)
    said = overriding.Said(subjects.known_as(journey.FIRM).id, "C", "决定书正在复议，暂按中等看", day_of(NOW))
    overriding.propose(said, by=an_operator(now=NOW), now=NOW)


def _rules_of_its_own() -> None:
    """Proposed by an officer of the bank; nobody has decided yet."""
    [officer, *_] = parties.people_in(Role.OFFICER, journey.BANK, NOW)
    rule_sets.propose(RULES.encode(), of=InstitutionId(journey.BANK), by=officer, now=NOW)


def _something_fed_back() -> None:
    """The bank says what came of its look, corrects it, and takes it back."""
    look = disclosure.looks_of(InstitutionId(journey.BANK)).looks[-1]
    by, day = Teller(InstitutionId(journey.BANK), client="core"), day_of(NOW)
    for became in (Became.PERFORMING, Became.REPAID):
        said = Said(Uscc.parse(journey.PENALTY["uscc"]), look.number, Outcome(became, day, day, day))
        [told] = feeding_back.take_in([said], by=by, now=NOW)
    feeding_back.withdraw(told.number, because="记错了", by=by, now=NOW)


def _a_source_is_asked() -> None:
    """Nobody is at the address: the call is on the record all the same."""
    key = Key("housing_fund/interface", Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    interfaces.set_up(source="housing_fund", address="http://127.0.0.1:9/", key_line=key.line, now=NOW)
    bank, code = InstitutionId(journey.BANK), journey.PENALTY["uscc"]
    firm = subjects.known_as(Uscc.parse(code)).id
    _granted(firm, "housing_fund_monthly")
    asked = {"asker": bank, "officer": None, "client": "core", "uscc": code, "purpose": "loan_review", "now": NOW}
    query(**asked, items=frozenset({"housing_fund_monthly"}))  # type: ignore[arg-type]


def _granted(firm: SubjectId, item: str) -> GrantView:
    """A grant to the bank that lives: the journey's own was revoked at its end."""
    [owner, *_] = authorisation.people_of(firm, NOW)
    bank, until = InstitutionId(journey.BANK), day_of(NOW) + timedelta(days=30)
    notice = notices.current("loan_review")
    return grants.give(
        subject_id=firm, to=bank, items=[item], purpose="loan_review", until=until, notice=notice, by=owner, now=NOW
    )


def _a_case_and_an_objection() -> None:
    """The bank opens a case; the business objects to what the bank was told; it is upheld and the bank told that."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id
    cases.open_case(institution=InstitutionId(journey.BANK), subject_id=firm, reference="2026-0417", now=NOW)
    told = [fact for fact in creditfile.facts_of(firm) if disclosure.recipients_of(fact.id)]
    fact = next(fact for fact in told if fact.standing == "good")
    [owner], clerk, operator = authorisation.people_of(firm, NOW), a_person("赵科员"), a_person("平台值班员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=fact.provider, now=NOW)
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    _a_factor_lost(operator)
    said = {"subject_id": firm, "fact": fact.id, "reason": "wrong", "text": "不是我们的", "by": owner, "now": NOW}
    number = objections.open_(**said).number  # type: ignore[arg-type]
    proofs.add(About.OBJECTION, number, b"%PDF-1.7\n%%EOF\n", by=owner, now=NOW)
    stopping.pause(number, ground="experts", note="专家评审", by=operator, now=NOW)
    stopping.resume(number, by=operator, now=NOW)
    sources.answer(number, verdict="remove", text="查过了，确有错误。", by=clerk, now=NOW)
    deciding.uphold(number, because="来源确认有错", by=operator, now=NOW)
    road.settle(NOW)


def _a_person_consents() -> None:
    """The bank asks the representative in person; he consents, and the bank looks."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"]))
    given = _granted(firm.id, "administrative_penalty")
    officer, wang = parties.people_in(Role.OFFICER, journey.BANK, NOW)[0], a_person("王小明")
    asked = persons.ask(given.id, Named("王小明", "1", "legal_representative"), by=officer, now=NOW)
    persons.take_up(persons.invitation(asked.id), number="1", by=wang, now=NOW)
    words, _ = persons.offered(asked.id, asked.asked_until, english=False, now=NOW)
    persons.give(asked.id, until=asked.asked_until, text=words.digest, by=wang, now=NOW)
    asker = InstitutionId(journey.BANK)
    disclose_report(asker=asker, officer=officer, uscc=firm.uscc, purpose=given.purpose, now=NOW)


def _a_repair() -> None:
    """A repair is applied for, its act reported annulled, another decided; a commitment is said to be broken."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id
    [owner, *_] = authorisation.people_of(firm, NOW)
    penalty = PENALTY | {"decided_on": day_of(NOW) - timedelta(days=200), "doc_no": "平环罚〔2025〕7号"}
    on_file(firm, "administrative_penalty", [penalty], delivery=900, now=NOW)
    fact = max(one.id for one in creditfile.facts_of(firm, items=("administrative_penalty",)))
    repairing.begin(subject_id=firm, fact=fact, by=owner, now=NOW)
    clerk = a_person("处罚科员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation="public_credit_platform", now=NOW)
    annulling.report(
        source="public_credit_platform",
        item="administrative_penalty",
        uscc=Uscc.parse(journey.PENALTY["uscc"]),
        key="平环罚〔2025〕7号",
        document="平环撤〔2026〕3号",
        annulled_on=day_of(NOW),
        text="复议撤销了。",
        by=clerk,
        now=NOW,
    )
    on_file(firm, results.ITEM, [DECIDED | {"target_doc_no": "平环罚〔2025〕8号"}], delivery=901, now=NOW)
    rights.follow(NOW)
    form, operator = promises.promises()["fair_trade"], a_person("承诺值班员")
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    given = committing.sign(subject_id=firm, promise=form.commitment, version=form.version, by=owner, now=NOW)
    truthful = promises.promises()["truthful_declaration"]
    committing.sign(subject_id=firm, promise=truthful.commitment, version=truthful.version, by=owner, now=NOW)
    month = {"period": "2026-05", "staff": "3"}
    declaring.declare(subject_id=firm, item="self_declared_operation", values=month, by=owner, now=NOW)
    breaking.propose(given.number, facts="没有付款", evidence="投诉单", by=operator, now=NOW)


def _an_end_of_keeping() -> None:
    """The bank is late with one telling, and then attests that it is deleted; the business takes its file along."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id
    [owner, *_] = authorisation.people_of(firm, NOW)
    check = papers.checked_at(str)
    own_file.hand_out_own_file(subject_id=firm, person=owner, form=papers.CSV, check=check, now=NOW)
    [first, *_] = kept.outstanding(size=1)
    keeping.mark_overdue(first.until + timedelta(days=1), now=NOW)
    of = InstitutionId(journey.BANK)
    keeping.attest_as(keeping.Attested([first.receipt], kept.How.DELETED), of=of, officer="周经理", now=NOW)


def _something_watched() -> None:
    """Another bank watches the business's sales under a grant for that, and they change."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"]))
    [owner, *_], bank = authorisation.people_of(firm.id, NOW), a_bank("pds_watching_bank")
    an_agreement(bank, items=[SECRET], since=day_of(NOW))
    grant = a_grant(firm.id, to=bank, by=owner, items=[SECRET], purpose="post_loan", until=day_of(NOW), now=NOW).id
    asked = {"uscc": firm.uscc, "purpose": "post_loan", "grant": grant, "items": frozenset({SECRET}), "grade": False}
    watching.begin(asker=bank, client="core", now=NOW, **asked)  # type: ignore[arg-type]
    on_file(firm.id, SECRET, [SALES], delivery=9_000, now=NOW)
    changes.follow(NOW)


def _a_grant_on_paper() -> None:
    """The bank hands in a signed paper; nobody has checked it yet."""
    firm, day = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id, day_of(NOW)
    officer = parties.people_in(Role.OFFICER, journey.BANK, NOW)[0]
    given = next(one for one in authorisation.grants_to(InstitutionId(journey.BANK)) if one.live(NOW))
    says = OnPaper(firm, given.items, given.purpose, given.fetch, given.until, "王小明", day)
    on_paper.hand_in(says, b"%PDF-1.7\n%%EOF\n", institution=InstitutionId(journey.BANK), by=officer, now=NOW)


def _two_people_from_now_on() -> None:
    """The business's grants take two of its people."""
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id
    accountant = a_person("赵会计")
    mandates.give(person=accountant, subject_id=firm, capacity=mandates.Capacity.AGENT, now=NOW)
    two_people.begin(firm, by=accountant, now=NOW)


def _a_factor_lost(operator: PersonId) -> None:
    """An authenticator app and recovery codes, and the asking for a reset when both are lost."""
    officer, secret = people.add(name="周经理", username="zhou", now=NOW), pyotp.random_base32()
    codes.enrol(person=officer, secret=secret, code=pyotp.TOTP(secret).at(NOW), now=NOW)
    recovery.make(person=officer, now=NOW)
    resetting.ask(login="zhou", because="持身份证到场", by=operator, now=NOW)


def _somebody_signs_on() -> None:
    """A representative comes with the business's licence."""
    held = Licence(Uscc.parse(journey.PENALTY["uscc"]), "", Capacity.REPRESENTATIVE)
    wang = identities.recognise(Vouched(Way.E_LICENCE, "a1", "王小明", "410402198001010018", held), now=NOW)
    joining.join(wang, now=NOW)
    firm = subjects.known_as(held.uscc).id
    given = mandate_queries.representing([firm], NOW)[0]
    asked = {"capacity": mandates.Capacity.ACCOUNTANT, "may": (), "until": day_of(NOW) + timedelta(days=30)}
    inviting.invite(subject_id=firm, name="赵敏", by=given.person, now=NOW, **asked)  # type: ignore[arg-type]
    other = a_person("李四")
    doubting.raise_(person=other, subject_id=firm, why=mandate_queries.Why.NOT_NAMED, now=NOW)


def _something_pushed() -> None:
    """The bank subscribes to public information and is given a file."""
    asked = Asked(InstitutionId(journey.BANK), MANY, "loan_review", NOW, client="core")
    order = subscribing.order(subscribing.begin(asked, Wanted(("administrative_penalty",))).id, asked, full=True).order
    assert order is not None
    pushing.make(order.id, now=NOW)


def _watched_over() -> None:
    """A case is opened on the first look of the bank's; an inspector checks the operator."""
    by = parties.people_in(Role.OPERATOR, "", NOW)[0]
    [first, *_] = disclosure.looks_of(InstitutionId(journey.BANK)).looks
    said = {"institution": journey.BANK, "origin": Origin.MARK, "facts": "没有在办的业务"}
    infringing.open_(**said, receipts=[first.number], by=by, now=NOW)  # type: ignore[arg-type]
    firm = subjects.known_as(Uscc.parse(journey.PENALTY["uscc"])).id
    leaked, notice = (
        notifying.report(what="名单发错了人", by=by, now=NOW),
        Notice("联系电话", "已经收回", "0375-0000000"),
    )
    told = {"must_tell": True, "because": "名单里有电话", "affected": [firm], "by": by, "now": NOW}
    notifying.assess(leaked.number, notice, **told)  # type: ignore[arg-type]
    complaining.by_anybody(Target("platform"), text="电话打不通", now=NOW)
    inspector = a_person("检查员")
    roles.give(person=inspector, role=Role.INSPECTOR, now=NOW)
    inspecting.open_(institution=None, scope="岗位和账号", by=inspector, now=NOW)


def _an_organisation_keeps_its_people() -> None:
    """Two operators let in an administrator; she opens a branch and moves an officer there."""
    one, other, li = a_person("平台值班员"), a_person("平台复核员"), a_person("李行长")
    for operator in (one, other):
        roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    asked = appointing.propose(organisation=journey.BANK, name="陈主任", document="平示银〔2026〕8号", by=one, now=NOW)
    appointing.confirm(asked.number, by=other, now=NOW)
    roles.give(person=li, role=Role.ADMINISTRATOR, organisation=journey.BANK, now=NOW)
    branch = branches.open_(journey.BANK, name="鲁山支行", by=li, now=NOW).id
    officers = [who for who in staff_queries.staff(journey.BANK, None, NOW) if who.acts_as is Role.OFFICER]
    staffing.move(officers[-1].role, branch=branch, by=li, now=NOW)


def _access_suspended() -> None:
    """Of the other bank: the first goes on asking."""
    by = parties.people_in(Role.OPERATOR, "", NOW)[0]
    suspending.suspend("pds_watching_bank", ground="查看从未放款的企业", by=by, today=day_of(NOW), now=NOW)


def _a_department_asks() -> None:
    """By law, in a matter its business is told of later."""
    department, clerk = a_department(), a_person("许科员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=department, now=NOW)
    later = Deferral("个人信息保护法第三十五条", 30)
    basis = a_sharing_basis(persons={clerk}, grade=True, deferral=later, since=day_of(NOW), now=NOW)
    share(ByDuty(department, basis, "平许〔2026〕17号", NOW, clerk, deferred=True), [journey.PENALTY["uscc"]])


def _signed_on_line() -> None:
    """By a third bank, which leaves again; the letter of information security goes with it."""
    bank = a_bank("pds_signing_bank")
    signatory = an_administrator(bank)
    today = day_of(NOW)
    said = terms(signatory, institution=bank, since=today, until=today + timedelta(days=90))
    number = signed_on_line(said, now=NOW)
    ended = {"ground": Ground.NOTICE, "because": "不做了", "last_day": None, "shown": shown(NOW)}
    ending.end(number, side=Side.INSTITUTION, by=signatory, now=NOW, **ended)  # type: ignore[arg-type]


def empty_tables() -> list[str]:
    """Covered tables nobody furnished: extend `furnish` when a domain brings a new one."""
    found = []
    with connection.cursor() as cursor:
        for relation in sorted({covered.relation for covered in covering.registered().values()}):
            cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {relation})")
            if cursor.fetchone() == (True,):
                found.append(relation)
    return found


def _facts() -> list[FactId]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM creditfile_fact WHERE closed_event IS NULL ORDER BY id DESC")
        return [FactId(fact) for (fact,) in cursor.fetchall()]
