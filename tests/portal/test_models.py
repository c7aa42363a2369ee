"""The operator's desk for models: proposed by one, approved by another after reading what will be so, retired."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW
from tests.portal.builders import a_person, signed_in
from xinqiao import catalogue, work
from xinqiao.authorisation import mandates
from xinqiao.evaluation import grading, model_files, outcome_files, trials, versions
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.rules import Stage
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.parties.rules import Role

pytestmark = pytest.mark.usefixtures("city_db")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_model_is_proposed_by_one_operator_and_approved_by_another_and_retired() -> None:
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    first, second = signed_in("operator"), signed_in("second")
    page = text(first, "/operator/models/")
    assert "没有在用的模型，不给出新的等级：企业" in page
    assert "案例验算全部相符" in text(first, "/operator/models/enterprise/")
    refused = first.post("/operator/models/enterprise/", {"because": " "})
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (400, True)
    sent = first.post("/operator/models/enterprise/", {"because": "第一版"})
    number = int(sent.headers["Location"].rstrip("/").rsplit("/", 1)[1])
    address = f"/operator/models/{number}/"
    assert "要由另一位运营人员批准" in text(first, address)
    assert "?act=approve" not in text(first, address)
    assert first.post(address, {"act": "approve"}).status_code == 400
    assert "1 个版本等人批准" in text(second, "/operator/models/")
    check = text(second, f"{address}?act=approve")
    assert "第一版" in check
    assert "原来给出的等级不变" in check
    assert SubjectKind.ENTERPRISE not in versions.in_force(on=timezone.localdate(), now=timezone.now())
    second.post(address, {"act": "approve"})
    assert versions.version(number, timezone.now()).stage is Stage.IN_FORCE
    assert "2026.1" in text(Client(), "/grades/?kind=enterprise"), "everybody may read the method"
    assert "没有在用的模型，不再给出新的等级" in text(first, f"{address}?act=retire")
    first.post(address, {"act": "retire", "because": "发现算错了"})
    page = text(second, address)
    assert "已停用" in page
    assert "发现算错了" in page
    assert "?act=" not in page
    assert "还没有经两人批准" in text(Client(), "/grades/")


def test_a_trial_is_begun_at_the_page_and_shows_what_came_out_beside_the_card() -> None:
    worlds.a_city(3)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    a_person("operator", "平台值班员", Role.OPERATOR)
    first = signed_in("operator")
    assert "已经提请过" in text(first, "/operator/models/enterprise/")
    sent = first.post("/operator/models/cooperative/", {"act": "try"})
    address = sent.headers["Location"]
    page = text(first, address)
    assert "正在用全市数据计算" in page
    assert "<progress" in page
    work.drain()
    page = text(first, address)
    assert "0 户里有 0 户得出等级" in page
    assert "草稿，已试算" in text(first, "/operator/models/")
    grading.grade_all(now=NOW)
    run = trials.monitor(1, now=NOW)
    page = text(first, f"/operator/models/runs/{run}/")
    assert "3 户里有 0 户等级不同" in page
    assert "PSI 0.000 平稳" in page
    assert "鲁山县" in page
    page = text(first, "/operator/models/1/")
    assert "只有一次的数字，还看不出走势" in page
    assert "还没有和实际结果比过" in page
    trials.monitor(1, now=NOW + timedelta(days=1))
    for address in ("/operator/models/1/", "/operator/models/enterprise/"):
        page = text(first, address)
        assert "2026.1 的走势" in page
        assert "只有一次的数字" not in page
        assert "要处理 0.25" in page
        assert page.count('class="chart"') == 4, "drift, grades, thin files, mean: no outcomes, no AUC"
        assert f'<a class="nowrap" href="/operator/models/runs/{run}/">2026-11-23 09:41</a> 监测' in page
    assert f"/runs/{run}/" not in text(first, "/operator/models/1/?span=months").split("</details>")[0]
    card = first.get("/operator/models/1/card/", {"format": "json"}).json()
    assert {"registration_basics", "administrative_penalty"} <= {one["item"] for one in card["inputs"]}
    assert all(one["law"] and one["sources"] for one in card["inputs"])
    assert [one["drift"]["psi"] for one in card["runs"]] == ["0.000"] * 2
    assert "不能单独作为拒绝贷款" in text(first, "/operator/models/1/card/")
    number = first.post("/operator/models/cooperative/", {"act": "shadow"}).headers["Location"]
    assert "陪跑" in text(first, number)
    first.post(number, {"act": "end_shadow"})
    assert "不再陪跑" not in text(first, number)


def test_a_fitted_draft_is_shown_beside_the_rows_it_was_fitted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.a_city(2)
    worlds.delivered("administrative_penalty", worlds.penalty(1), worlds.penalty(2))
    file = model_files.load(catalogue.city())["enterprise"]
    next_ = {"enterprise": ModelFile(worlds.fitted_on_better_firms(file.bound), file.cases)}
    for reads in ("sound", "load"):
        monkeypatch.setattr(model_files, reads, lambda _: next_)
    a_person("operator", "平台值班员", Role.OPERATOR)
    operator = signed_in("operator")
    untried = "还没有用全市的数据试算过"
    assert "从结果拟合" in text(operator, "/operator/models/")
    page = text(operator, "/operator/models/enterprise/")
    assert untried in page
    assert "10 行，其中没有按约还款 2 行（20%）" in page
    assert "“一般行政处罚”的分档由 王运营 于 2026-11-01 定：两条以上太少" in page
    assert "不许使用：只有部分县报送" in page
    assert "这一列单独就几乎分得开" in page
    assert "0.810" in page
    run = trials.begin("enterprise", by=worlds.an_operator(), now=NOW)
    failed, paid = (outcome_files.Labelled(worlds.a_code(n), worlds.TODAY, bad=n == 1) for n in (1, 2))
    trials.run(run, now=NOW, outcomes=[failed, paid])
    page = text(operator, "/operator/models/enterprise/")
    assert untried not in page
    assert "还没有提请" in page
    page = text(operator, f"/operator/models/runs/{run}/")
    assert re.search(r"和拟合样本比 PSI [\d.]+ 要处理", page)
    assert "拟合时说的概率" in page
    assert re.search(r"合起来：说有 [\d.]+% 不按约还款，实际 50.0%", page)
    shadow = operator.post("/operator/models/enterprise/", {"act": "shadow"}).headers["Location"]
    page = text(operator, shadow)
    assert "分数，和拟合样本比" in page
    assert "分得清不清（AUC、KS、Gini）" in page


def test_an_override_is_read_over_then_approved_by_another_and_shown_to_the_business() -> None:
    (subject, *_) = worlds.a_city(1)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    worlds.delivered("judgment_defaulter", worlds.defaulter(2))
    grading.grade(subject, now=NOW)
    mandates.give(person=a_person("li", "李秀兰", Role.BUSINESS), subject_id=subject, now=timezone.now())
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    first, second = signed_in("operator"), signed_in("second")
    until = (timezone.localdate() + timedelta(days=60)).isoformat()
    form = {"uscc": worlds.a_code(1), "grade": "A", "until": until, "reason": "处罚决定书已被复议机关撤销，等来源更正"}
    assert first.post("/operator/overrides/", form | {"reason": "就是"}).status_code == 400
    page = first.post("/operator/overrides/", form).content.decode()
    assert "鲁山县示例1号有限公司" in page
    assert "1 个人工调整等人批准" not in page
    first.post("/operator/overrides/", form | {"step": "send"})
    assert "1 个人工调整等人批准" in text(second, "/operator/overrides/")
    assert 'value="approve"' not in text(first, "/operator/overrides/")
    assert "人工调整" not in text(signed_in("li"), "/my/grade/")
    second.post("/operator/overrides/1/", {"decision": "approve"})
    page = text(signed_in("li"), "/my/grade/")
    assert f"人工调整：A 优，到 {until}" in page
    assert "处罚决定书已被复议机关撤销" in page
    assert "B 良，756 分" in page
    first.post("/operator/overrides/1/", {"decision": "withdraw", "because": "来源已经更正"})
    assert "人工调整：A" not in text(signed_in("li"), "/my/grade/")
