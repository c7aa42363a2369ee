"""Every address of the pages. The site includes them at the root: `path("", include("xinqiao.portal.urls"))`."""

from django.urls import path

from xinqiao.portal import attached, entrance, factors, keeping_to, language, passkeys, second, sign_on, simulated
from xinqiao.portal.business import (
    authorising,
    committing,
    declaring,
    grants,
    looks,
    objecting,
    own,
    presenting,
    repairing,
    two_people,
)
from xinqiao.portal.inspector import cases as inspected
from xinqiao.portal.inspector import inspections as checked
from xinqiao.portal.inspector import overview
from xinqiao.portal.institution import (
    asked_before,
    asking,
    corrections,
    keeping,
    news,
    papers,
    persons,
    pushes,
    requesting,
)
from xinqiao.portal.institution import cases as our_own
from xinqiao.portal.institution import marks as own_marks
from xinqiao.portal.operator import annulments as annulled_here
from xinqiao.portal.operator import (
    bases,
    calls,
    copies,
    decisions,
    deliveries,
    health,
    infringements,
    inspections,
    institutions,
    ledger,
    marks,
    objections,
    repairs,
    resets,
    sizes,
    tracing,
)
from xinqiao.portal.operator import keeping as overdue
from xinqiao.portal.person import consents
from xinqiao.portal.provider import annulments, by_law, due, handing_in, results
from xinqiao.portal.provider import objections as asked_of_us
from xinqiao.portal.public import grades, home, verifying

app_name = "portal"

_public = [
    path("", home.home, name="home"),
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("sign-in/second/", second.second, name="second"),
    path("sign-in/enrol/", factors.enrol, name="enrol"),
    path("sign-in/passkey/", passkeys.show, name="show_passkey"),
    path("sign-in/passkey/options/", passkeys.options, name="passkey_options"),
    path("sign-on/<slug:way>/", sign_on.begin, name="sign_on"),
    path("sign-on/<slug:way>/back/", sign_on.back, name="sign_on_back"),
    path("simulated/<slug:way>/", simulated.page, name="simulated"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    path("account/", entrance.account, name="account"),
    path("account/as/", entrance.act_as, name="act_as"),
    path("account/consents/", consents.my_consents, name="my_consents"),
    path("account/consents/<int:number>/", consents.my_consent, name="my_consent"),
    path("account/consents/asked/<slug:code>/", consents.invitation, name="invitation"),
    path("account/confirm/", second.confirm, name="confirm"),
    path("account/factors/", factors.mine, name="factors"),
    path("account/factors/code/", factors.add_code, name="add_code"),
    path("account/factors/passkey/", factors.add_passkey, name="add_passkey"),
    path("account/factors/passkey/options/", factors.passkey_options, name="new_passkey_options"),
    path("account/factors/recovery/", factors.new_recovery_codes, name="new_recovery_codes"),
    path("account/factors/<int:number>/remove/", factors.remove, name="remove_factor"),
    path("language/", language.choose, name="language"),
    path("verify/", verifying.verify, name="verify"),
    path("grades/", grades.how_grades_work, name="how_grades_work"),
]

_business = [
    path("my/", own.my_home, name="my_home"),
    path("my/file/", own.my_file, name="my_file"),
    path("my/file/download/", presenting.download, name="my_download"),
    path("my/file/present/", presenting.present, name="present"),
    path("my/grade/", own.my_grade, name="my_grade"),
    path("my/grants/", grants.my_grants, name="my_grants"),
    path("my/grants/new/", authorising.authorise, name="authorise"),
    path("my/grants/give/", authorising.give, name="give_grant"),
    path("my/grants/<int:number>/", grants.my_grant, name="my_grant"),
    path("my/grants/<int:number>/answer/", grants.answer, name="answer"),
    path("my/scans/<int:number>/", grants.scan, name="my_scan"),
    path("my/grants/<int:number>/pause/", grants.pause, name="pause"),
    path("my/grants/<int:number>/resume/", grants.resume, name="resume"),
    path("my/grants/<int:number>/revoke/", grants.revoke, name="revoke"),
    path("my/grants/two-people/", two_people.two_of_us, name="two_people"),
    path("my/objections/", objecting.my_objections, name="my_objections"),
    path("my/objections/line/<int:fact>/", objecting.object_to, name="object_to"),
    path("my/objections/<int:number>/", objecting.my_objection, name="my_objection"),
    path("my/objections/<int:number>/withdraw/", objecting.take_back, name="take_back"),
    path("my/objections/<int:number>/papers/", objecting.put_paper, name="put_paper"),
    path("my/repairs/", repairing.my_repairs, name="my_repairs"),
    path("my/repairs/line/<int:fact>/", repairing.repair_line, name="repair_line"),
    path("my/repairs/<int:number>/", repairing.my_repair, name="my_repair"),
    path("my/repairs/<int:number>/papers/<slug:paper>/", repairing.put_paper, name="put_repair_paper"),
    path("my/commitments/", committing.my_commitments, name="my_commitments"),
    path("my/commitments/new/<slug:promise>/", committing.commit, name="commit"),
    path("my/commitments/<int:number>/", committing.my_commitment, name="my_commitment"),
    path("my/commitments/<int:number>/papers/", committing.put_paper, name="put_commitment_paper"),
    path("my/declarations/", declaring.my_declarations, name="my_declarations"),
    path("my/declarations/new/<slug:item>/", declaring.declare, name="declare"),
    path("my/declarations/<int:number>/", declaring.my_declaration, name="my_declaration"),
    path("my/declarations/<int:number>/papers/", declaring.put_paper, name="put_declaration_paper"),
    path("my/papers/<int:number>/", attached.mine, name="my_paper"),
    path("my/looks/", looks.who_looked, name="who_looked"),
    path("my/looks/<int:number>/receipt/", looks.receipt, name="look_receipt"),
]

_institution = [
    path("institution/", asking.ask, name="ask"),
    path("institution/request/", requesting.request_grant, name="request_grant"),
    path("institution/grants/<int:number>/persons/", persons.asked_persons, name="asked_persons"),
    path("institution/papers/", papers.all_papers, name="papers"),
    path("institution/papers/new/", papers.hand_in, name="paper_new"),
    path("institution/papers/<int:number>/", papers.check, name="paper"),
    path("institution/papers/<int:number>/scan/", papers.scan, name="paper_scan"),
    path("institution/report/", asking.ask_report, name="ask_report"),
    path("institution/asked/", asked_before.asked, name="asked"),
    path("institution/asked/marks/", own_marks.our_marks, name="our_marks"),
    path("institution/pushes/", pushes.pushes, name="pushes"),
    path("institution/pushes/files/<int:number>/", pushes.fetch, name="push_file"),
    path("institution/news/", news.news, name="news"),
    path("institution/webhooks/", news.all_webhooks, name="webhooks"),
    path("institution/webhooks/<int:number>/", news.webhook, name="webhook"),
    path("institution/cases/", our_own.our_cases, name="our_cases"),
    path("institution/cases/<int:number>/", our_own.our_case, name="our_case"),
    path("institution/inspections/<int:number>/", our_own.inspection, name="our_inspection"),
    path("institution/report/download/", asking.download, name="download_report"),
    path("institution/asked/files/<int:number>/", asked_before.file_receipt, name="file_receipt"),
    path("institution/terms/", keeping.terms, name="terms"),
    path("institution/corrections/", corrections.corrections, name="corrections"),
    path("institution/asked/<int:number>/receipt/", asked_before.receipt, name="asked_receipt"),
]

_provider = [
    path("provider/", due.due, name="due"),
    path("provider/upload/", handing_in.choose, name="upload"),
    path("provider/upload/<slug:item>/", handing_in.hand_in, name="upload_item"),
    path("provider/objections/", asked_of_us.asked, name="asked_objections"),
    path("provider/objections/<int:number>/", asked_of_us.answer, name="answer_objection"),
    path("provider/annulments/", annulments.annulments, name="annulments"),
    path("provider/commitments/", keeping_to.commitments_to_us, name="commitments_to_us"),
    path("provider/commitments/<int:number>/", keeping_to.commitment_to_us, name="commitment_to_us"),
    path("provider/papers/<int:number>/", attached.asked, name="asked_paper"),
    path("provider/sharing/", by_law.sharing, name="sharing"),
    path("provider/deliveries/", results.deliveries, name="deliveries"),
    path("provider/deliveries/<int:number>/", results.delivery, name="delivery"),
    path("provider/deliveries/<int:number>/findings/", results.findings, name="findings"),
    path("provider/deliveries/<int:number>/receipt/", results.acceptance, name="acceptance"),
    path("provider/deliveries/<int:number>/workbook/", results.workbook, name="workbook"),
]

_operator = [
    path("operator/", health.health, name="health"),
    path("operator/deliveries/", deliveries.deliveries, name="all_deliveries"),
    path("operator/deliveries/<int:number>/", deliveries.delivery, name="one_delivery"),
    path("operator/held/", decisions.held, name="held"),
    path("operator/held/<int:number>/", decisions.decide, name="decide"),
    path("operator/objections/", objections.objections, name="objections"),
    path("operator/objections/<int:number>/", objections.decide, name="decide_objection"),
    path("operator/repairs/", repairs.repairs_here, name="repairs"),
    path("operator/annulments/", annulled_here.annulments, name="annulments_here"),
    path("operator/annulments/<int:number>/", annulled_here.decide, name="decide_annulment"),
    path("operator/commitments/", keeping_to.commitments_here, name="commitments_here"),
    path("operator/commitments/<int:number>/", keeping_to.one_commitment, name="one_commitment"),
    path("operator/papers/<int:number>/", attached.ours, name="one_paper"),
    path("operator/keeping/", overdue.overdue, name="overdue"),
    path("operator/copies/", copies.whose, name="whose_copy"),
    path("operator/calls/", calls.calls, name="calls"),
    path("operator/sizes/", sizes.sizes, name="sizes"),
    path("operator/cases/", infringements.cases, name="cases"),
    path("operator/cases/new/", infringements.new_case, name="new_case"),
    path("operator/cases/<int:number>/", infringements.one_case, name="one_case"),
    path("operator/inspections/", inspections.inspections, name="inspections_of_us"),
    path("operator/inspections/<int:number>/", inspections.inspection, name="inspection_of_us"),
    path("operator/institutions/", institutions.institutions, name="institutions"),
    path("operator/institutions/<slug:institution>/", institutions.one_institution, name="one_institution"),
    path("operator/marks/", marks.all_marks, name="all_marks"),
    path("operator/sharing/", bases.bases, name="sharing_bases"),
    path("operator/sharing/<int:number>/", bases.decide_basis, name="decide_basis"),
    path("operator/resets/", resets.resets, name="resets"),
    path("operator/resets/<int:number>/", resets.decide_reset, name="decide_reset"),
    path("operator/trace/", tracing.trace, name="trace"),
    path("operator/ledger/", ledger.ledger, name="ledger"),
]

_inspector = [
    path("inspector/", overview.overview_of_all, name="overview"),
    path("inspector/marks/<slug:institution>/", overview.marks_of, name="inspected_marks"),
    path("inspector/platform/", overview.of_the_operator, name="inspected_operator"),
    path("inspector/inspections/", checked.inspections, name="inspections"),
    path("inspector/inspections/new/", checked.new_inspection, name="new_inspection"),
    path("inspector/inspections/<int:number>/", checked.inspection, name="inspection"),
    path("inspector/cases/", inspected.cases, name="inspected_cases"),
    path("inspector/cases/new/", inspected.new_case, name="inspected_case_new"),
    path("inspector/cases/<int:number>/", inspected.case, name="inspected_case"),
]

urlpatterns = [*_public, *_business, *_institution, *_provider, *_operator, *_inspector]
