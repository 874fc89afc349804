"""What a program with a colleague's API key can do, and that it is no more than the colleague may."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from odoo_api import Refused, assert_sentence, refusal
from odoo_server import wait_until

ENGINE_MODELS = [
    "sales.approval",
    "sales.approval.task",
    "sales.approval.decision",
    "sales.approval.flow",
    "sales.approval.flow.step",
]

# What clients have sent to other addons of this kind to get past them, and what Odoo reads from contexts.
CONTEXTS = [
    {},
    {"mark_so_as_sent": True},
    {"cron_id": 1},
    {"install_mode": True, "module": "sale", "update_module": True},
    {"import_file": True},
    {"tracking_disable": True, "mail_notrack": True},
    {"default_approval_state": "approved", "default_quote_released": True, "default_state": "sent"},
    {"quote_signoff": False, "skip_signoff": True, "bypass_approval": True, "force": True, "su": True, "uid": 1},
]


@pytest.fixture
def manager(api):
    return api("manager1")


def assert_untouched(quotations, order, approval_state="none"):
    state = quotations.state(order, "state", "approval_state", "quote_released")
    assert state == {"id": order, "state": "draft", "approval_state": approval_state, "quote_released": False}


# === STATES === #


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: "+".join(context) or "plain")
def test_unsigned_quotation_cannot_be_sent_or_confirmed(manager, quotations, context):
    order = quotations.make()
    attempts = {
        "write sent": ("write", {"vals": {"state": "sent"}}),
        "write sale": ("write", {"vals": {"state": "sale"}}),
        "web_save": ("web_save", {"vals": {"state": "sent"}, "specification": {}}),
        "confirm": ("action_confirm", {}),
        "send": ("action_quotation_send", {}),
        "mark as sent": ("action_quotation_sent", {}),
        "copy as sent": ("copy", {"default": {"state": "sent"}}),
    }
    for name, (method, arguments) in attempts.items():
        sentence = refusal(manager.call, "sale.order", method, [order], context=context, **arguments)
        assert "signed off" in sentence or "signature" in sentence, f"{name}: {sentence}"
    assert_untouched(quotations, order)


@pytest.mark.parametrize("state", ["sent", "sale"])
def test_quotation_cannot_be_made_sent_or_confirmed(manager, quotations, state):
    customer, name, _email = quotations.customer()
    assert "signed off" in refusal(manager.create, "sale.order", partner_id=customer, state=state)
    refused = manager.call("sale.order", "load", fields=["partner_id/.id", "state"], data=[[str(customer), state]])
    assert not refused["ids"]
    assert "signed off" in refused["messages"][0]["message"]
    assert not manager.search("sale.order", ["partner_id", "=", customer]), f"nothing for {name} was made"


@pytest.mark.parametrize(
    "values",
    [
        {"approval_state": "approved"},
        {"quote_released": True},
        {"is_web_shop_order": True},
        {"approval_ids": [[0, 0, {"state": "approved"}]]},
        {"approval_ids": [[5]]},
    ],
    ids=str,
)
def test_results_of_approval_cannot_be_written(manager, quotations, values):
    order = quotations.make()
    assert refusal(manager.write, "sale.order", order, **values)
    assert refusal(manager.create, "sale.order", partner_id=quotations.customer()[0], **values)
    assert_untouched(quotations, order)


def test_quotation_cannot_be_moved_to_a_company_without_the_policy(manager, api, quotations):
    order = quotations.make()
    [other] = api("admin").search("res.company", ["name", "=", "My Company"])
    assert refusal(manager.write, "sale.order", order, company_id=other["id"])
    assert refusal(manager.call, "sale.order", "action_confirm", [order], {"allowed_company_ids": [other["id"]]})
    assert_untouched(quotations, order)


@pytest.mark.parametrize("login", ["manager1", "director", "assistant", "finance", "gm"])
def test_policy_is_for_administrators(api, login):
    person = api(login)
    [company] = (
        person.read("res.users", [person.call("res.users", "context_get")["uid"]], "company_id")["company_id"],
    )
    assert refusal(person.write, "res.company", company, sales_dept_quote_signoff="off")
    assert refusal(person.call, "res.company", "action_sales_dept_apply_handbook", [company])


# === THE ENGINE'S OWN RECORDS === #


@pytest.fixture(scope="module")
def approved(quotations):
    """An approved quotation, whose records somebody would like to change."""
    return quotations.signed()


@pytest.fixture(scope="module")
def waiting(quotations):
    return quotations.submitted()


@pytest.mark.parametrize("login", ["manager1", "director", "assistant", "finance", "newcomer"])
@pytest.mark.parametrize("model", ENGINE_MODELS)
def test_records_of_the_engine_are_read_only(api, waiting, login, model):
    person = api(login)
    existing = api("gm").search(model, limit=1)
    values = {"name": "Mine"} if model.startswith("sales.approval.flow") or model.endswith("task") else {"digest": "0"}
    assert refusal(person.create, model, **values)
    assert refusal(person.write, model, existing[0]["id"], **values)
    assert refusal(person.call, model, "unlink", [existing[0]["id"]])
    assert refusal(person.call, model, "copy", [existing[0]["id"]])


@pytest.mark.parametrize("login", ["gm", "admin"])
def test_not_even_those_above_rewrite_history(api, approved, quotations, login):
    [approval] = quotations.approvals(approved)
    for model, ids in (
        ("sales.approval", [approval["id"]]),
        ("sales.approval.task", approval["task_ids"]),
        ("sales.approval.decision", approval["decision_ids"]),
    ):
        assert refusal(api(login).call, model, "write", ids, vals={"write_date": "2020-01-01 00:00:00"})
        assert refusal(api(login).call, model, "unlink", ids)
    assert quotations.approvals(approved) == [approval]


def test_deleted_quotation_leaves_its_approval(api, quotations):
    order = quotations.signed()
    [approval] = quotations.approvals(order)
    api("gm").write("sale.order", order, state="cancel")
    try:
        api("manager1").call("sale.order", "unlink", [order])
    except Refused as refused:
        assert_sentence(refused)
    assert api("gm").read("sales.approval", approval["id"], "decision_ids")["decision_ids"] == approval["decision_ids"]


PRIVATE_METHODS = {
    "sales.approval": [
        "_decide",
        "_close",
        "_proceed",
        "_request",
        "_lock",
        "_cron_notify",
        "_prepare_task_values",
        "_notify_approver",
    ],
    "sales.approval.task": ["_open", "_record_decision", "_set_deadlines", "_escalate", "_count_reminder"],
    "sales.approval.delegation": ["_running_for", "_check_own_authority"],
    "sale.order": [
        "_approval_submit",
        "_approval_decide",
        "_on_approval_granted",
        "_on_approval_refused",
        "_approval_post",
        "_approval_refresh_activities",
        "_check_quote_signoff",
        "_quote_signoff_recompute_released",
        "_write_web_shop_order",
        "_leave_web_shop",
        "_portal_ensure_token",
        "_action_confirm",
    ],
}


@pytest.mark.parametrize("model", PRIVATE_METHODS)
def test_private_methods_cannot_be_called(api, waiting, quotations, model):
    ids = [waiting] if model == "sale.order" else [api("gm").search(model, limit=1)[0]["id"]]
    for method in PRIVATE_METHODS[model]:
        for login in ("manager1", "gm", "admin"):
            assert "Private methods" in refusal(api(login).call, model, method, ids)
    assert_untouched(quotations, waiting, "pending")


# === DECIDING === #


@pytest.mark.parametrize(
    "login", ["manager1", "manager2", "director", "assistant", "finance", "engineering", "newcomer"]
)
@pytest.mark.parametrize("context", [{}, {"uid": 5, "su": True}], ids=["plain", "context"])
def test_only_the_asked_role_decides(api, waiting, quotations, login, context):
    person = api(login)
    [approval] = quotations.approvals(waiting)
    for model, document in (("sale.order", waiting), ("sales.approval", approval["id"])):
        method = "action_approval_approve" if model == "sale.order" else "action_approve"
        assert refusal(person.call, model, method, [document], context)
    assert refusal(person.call, "sale.order", "action_approval_reject", [waiting], context, reason="No")
    for outcome in ("approved", "rejected"):
        assert refusal(decide_in_dialog, person, approval["id"], outcome, context)
    assert_untouched(quotations, waiting, "pending")


def decide_in_dialog(person, approval, outcome, context=None):
    dialog = person.call(
        "sales.approval.decide",
        "create",
        context=context,
        vals_list=[{"approval_ids": [[6, 0, [approval]]], "outcome": outcome, "comment": "Fine"}],
    )
    return person.call("sales.approval.decide", "action_decide", dialog, context)


def test_nobody_decides_on_their_own_request(api, quotations):
    order = quotations.submitted(by="gm")
    assert "yourself" in refusal(api("gm").call, "sale.order", "action_approval_approve", [order])
    assert_untouched(quotations, order, "pending")
    api("gm2").call("sale.order", "action_approval_approve", [order], signature=PIXEL)
    assert quotations.state(order, "approval_state")["approval_state"] == "approved"


# The smallest picture there is.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_drawn_signature_is_asked_for(api, quotations):
    order = quotations.submitted()
    assert "drawn signature" in refusal(api("newgm").call, "sale.order", "action_approval_approve", [order])
    assert_untouched(quotations, order, "pending")
    for rubbish in ("not base64!", "bm90IGEgcGljdHVyZQ=="):
        assert refusal(api("newgm").call, "sale.order", "action_approval_approve", [order], signature=rubbish)
    assert_untouched(quotations, order, "pending")


def test_refusing_takes_a_reason(api, quotations):
    order = quotations.submitted()
    [approval] = quotations.approvals(order)
    assert "why" in refusal(api("gm").call, "sale.order", "action_approval_reject", [order], reason="  ")
    assert "why" in refusal(decide_in_dialog_without_comment, api("gm"), approval["id"])
    assert_untouched(quotations, order, "pending")


def decide_in_dialog_without_comment(person, approval):
    dialog = person.create("sales.approval.decide", approval_ids=[[6, 0, [approval]]], outcome="rejected")
    return person.call("sales.approval.decide", "action_decide", [dialog])


def test_only_the_requester_withdraws(api, quotations):
    order = quotations.submitted()
    for login in ("assistant", "director", "gm"):
        assert "Wang Lei" in refusal(api(login).call, "sale.order", "action_approval_withdraw", [order])
    api("manager1").call("sale.order", "action_approval_withdraw", [order])
    assert quotations.state(order, "approval_state")["approval_state"] == "none"
    assert not quotations.decisions(order)


def test_deciding_twice_is_refused(api, approved, quotations):
    assert "not waiting" in refusal(api("gm").call, "sale.order", "action_approval_approve", [approved])
    [approval] = quotations.approvals(approved)
    assert "not waiting" in refusal(api("gm2").call, "sales.approval", "action_approve", [approval["id"]])
    assert len(quotations.decisions(approved)) == 1


# === DELEGATION === #


def running_delegation(user, delegate):
    today = datetime.date.today()
    return {
        "user_id": user,
        "delegate_id": delegate,
        "date_from": str(today - datetime.timedelta(days=1)),
        "date_to": str(today + datetime.timedelta(days=1)),
        "reason": "Black-box test",
    }


def user_ids(api):
    return {row["login"]: row["id"] for row in api("gm").search("res.users", fields=["login"])}


@pytest.mark.parametrize("login", ["manager1", "director", "finance", "newcomer"])
def test_nobody_delegates_another_persons_authority(api, quotations, login):
    users = user_ids(api)
    sentence = refusal(api(login).create, "sales.approval.delegation", **running_delegation(users["gm"], users[login]))
    assert sentence
    # Over a delegation of one's own that is then made another's.
    if login in ("director", "finance"):
        own = running_delegation(users[login], users["newcomer"])
        delegation = api(login).create("sales.approval.delegation", **own)
        assert refusal(
            api(login).write,
            "sales.approval.delegation",
            delegation,
            user_id=users["gm"],
            delegate_id=users[login],
        )
        api(login).write("sales.approval.delegation", delegation, active=False)
    order = quotations.submitted()
    assert refusal(api(login).call, "sale.order", "action_approval_approve", [order])


def test_delegate_does_not_lengthen_a_delegation(api):
    users = user_ids(api)
    future = running_delegation(users["gm"], users["director"]) | {"date_from": "2090-01-01", "date_to": "2090-01-02"}
    delegation = api("gm").create("sales.approval.delegation", **future)
    assert refusal(api("director").write, "sales.approval.delegation", delegation, date_from="2020-01-01")
    assert refusal(api("director").call, "sales.approval.delegation", "unlink", [delegation])
    api("gm").write("sales.approval.delegation", delegation, active=False)


def test_delegate_signs_in_both_names(api, quotations):
    users = user_ids(api)
    delegation = api("gm").create("sales.approval.delegation", **running_delegation(users["gm"], users["engineering"]))
    try:
        order = quotations.submitted()
        api("engineering").call("sale.order", "action_approval_approve", [order], signature=PIXEL)
    finally:
        api("gm").write("sales.approval.delegation", delegation, active=False)
    [approval] = quotations.approvals(order)
    [decision] = api("gm").call(
        "sales.approval.decision", "read", approval["decision_ids"], fields=["display_name", "on_behalf_id"], load=""
    )
    assert decision["on_behalf_id"] == users["gm"]
    assert decision["display_name"] == "Wu Tao 吴涛 for Chen Guohua 陈国华"
    later = quotations.submitted()
    assert refusal(api("engineering").call, "sale.order", "action_approval_approve", [later], signature=PIXEL)


@pytest.fixture
def past_delegation(api):
    """Authority that the quality department had from the general manager, and has no more."""
    users = user_ids(api)
    delegation = api("gm").create("sales.approval.delegation", **running_delegation(users["gm"], users["quality"]))
    api("gm").write("sales.approval.delegation", delegation, active=False)
    return delegation


@pytest.mark.parametrize("context", [{}, {"active_test": False}], ids=["plain", "active_test"])
def test_archived_delegation_gives_no_authority(api, quotations, past_delegation, context):
    order = quotations.submitted()
    assert refusal(api("quality").call, "sale.order", "action_approval_approve", [order], context, signature=PIXEL)
    assert_untouched(quotations, order, "pending")


def test_archived_delegation_shows_nothing(api, quotations, past_delegation):
    [approval] = quotations.approvals(quotations.submitted())
    assert not api("quality").search("sales.approval", ["id", "=", approval["id"]])
    assert refusal(api("quality").read, "sales.approval", approval["id"], "terms")


@pytest.mark.parametrize(
    ("zone", "days"), [("Etc/GMT+12", -1), ("Pacific/Kiritimati", 1)], ids=["ended yesterday", "begins tomorrow"]
)
def test_dates_of_a_delegation_are_not_the_callers(api, quotations, zone, days):
    """The day is the one where the people are, whatever time zone a client sends."""
    users = user_ids(api)
    day = str((datetime.datetime.now(ZoneInfo("Asia/Shanghai")) + datetime.timedelta(days=days)).date())
    dates = {"date_from": day, "date_to": day}
    delegation = api("gm").create(
        "sales.approval.delegation", **running_delegation(users["gm"], users["quality"]) | dates
    )
    try:
        order = quotations.submitted()
        assert refusal(
            api("quality").call, "sale.order", "action_approval_approve", [order], {"tz": zone}, signature=PIXEL
        )
        assert_untouched(quotations, order, "pending")
    finally:
        api("gm").write("sales.approval.delegation", delegation, active=False)


# === CONTEXTS === #


def test_archived_flow_exempts_nothing(api, quotations):
    [model] = api("admin").search("ir.model", ["model", "=", "sale.order"])
    [me] = api("gm").search("res.users", ["login", "=", "gm"], fields=["company_id"])
    api("gm").create(
        "sales.approval.flow",
        name="Exempt once upon a time",
        model_id=model["id"],
        company_id=me["company_id"],
        sequence=1,
        domain="[('client_order_ref', '=', 'exempt')]",
        active=False,
    )
    order = quotations.make(client_order_ref="exempt")
    for method in ("action_confirm", "action_quotation_sent"):
        assert refusal(api("manager1").call, "sale.order", method, [order], {"active_test": False})
    assert refusal(api("manager1").call, "sale.order", "write", [order], {"active_test": False}, vals={"state": "sent"})
    assert_untouched(quotations, order)


def forged_records(api):
    """Defaults that would put a decision of the general manager's on record."""
    [role] = api("admin").search(
        "ir.model.data", ["module", "=", "sales_dept_roles"], ["name", "=", "group_general_manager"], fields=["res_id"]
    )
    decision = {"user_id": user_ids(api)["gm"], "outcome": "approved", "digest": "0"}
    task = {"name": "Signed", "group_id": role["res_id"], "state": "done"}
    return {
        "state": {"default_state": "approved"},
        "state of the step": {"default_state": "done"},
        "step": {"default_task_ids": [[0, 0, task]]},
        "decision": {"default_decision_ids": [[0, 0, decision | {"task_id": 1}]]},
        "step with decision": {"default_task_ids": [[0, 0, task | {"decision_ids": [[0, 0, decision]]}]]},
        "dates": {"default_request_date": "2020-01-01 00:00:00", "default_close_date": "2020-01-02 00:00:00"},
        "reason": {"default_reason": "Fine", "default_working_days": 3, "default_last_decision_date": "2020-01-02"},
    }


@pytest.mark.parametrize(
    "name", ["state", "state of the step", "step", "decision", "step with decision", "dates", "reason"]
)
def test_submitting_takes_no_defaults_from_the_client(api, quotations, name):
    plain, order = quotations.submitted(), quotations.make()
    api("manager1").call("sale.order", "action_approval_submit", [order], forged_records(api)[name])
    fields = ["state", "decision_ids", "close_date", "reason", "working_days", "last_decision_date", "waiting_for"]
    [expected], [found] = (
        api("gm").search("sales.approval", ["res_id", "=", document], fields=[*fields, "task_ids", "request_date"])
        for document in (plain, order)
    )
    assert {field: found[field] for field in fields} == {field: expected[field] for field in fields}
    assert len(found["task_ids"]) == len(expected["task_ids"]) == 1
    assert found["request_date"] >= expected["request_date"]
    assert_untouched(quotations, order, "pending")


@pytest.mark.parametrize(
    "context",
    [
        {"bin_size": True},
        {"default_date": "2020-01-01 00:00:00"},
        {"default_on_behalf_id": 2, "default_comment": "Forged", "default_digest": "0"},
        {"active_test": False, "tz": "Etc/GMT+12", "lang": "zh_CN"},
    ],
    ids=lambda context: next(iter(context)),
)
def test_signing_takes_nothing_from_the_context(api, quotations, context):
    plain, order = quotations.signed(), quotations.submitted()
    api("gm").call("sale.order", "action_approval_approve", [order], context)
    [expected_approval], [approval] = quotations.approvals(plain), quotations.approvals(order)
    fields = ["signature", "user_id", "on_behalf_id", "comment", "outcome", "date"]
    expected = api("gm").read("sales.approval.decision", expected_approval["decision_ids"], *fields)
    found = api("gm").read("sales.approval.decision", approval["decision_ids"], *fields, "digest")
    assert found["date"] >= expected["date"]
    assert found["digest"] == approval["digest"]
    assert {field: found[field] for field in fields[:-1]} == {field: expected[field] for field in fields[:-1]}


# === WHO READS WHAT === #


def test_approvals_are_for_those_concerned(api, waiting, quotations):
    [approval] = quotations.approvals(waiting)
    for login in ("manager1", "assistant", "director", "gm", "gm2"):
        assert api(login).search("sales.approval", ["id", "=", approval["id"]]), login
    for login in ("manager2", "finance", "engineering", "warehouse", "newcomer"):
        person = api(login)
        assert not person.search("sales.approval", ["id", "=", approval["id"]]), login
        assert not person.search("sales.approval.task", ["approval_id", "=", approval["id"]]), login
        assert refusal(person.read, "sales.approval", approval["id"], "terms")


# Not the warehouse: with Odoo's right to inventory it reads the orders that it ships.
@pytest.mark.parametrize("login", ["finance", "engineering", "newcomer"])
def test_quotations_are_for_sales(api, waiting, quotations, login):
    """Departments outside sales read what they are asked to judge, and this they are not."""
    [line] = quotations.state(waiting, "order_line")["order_line"]
    for model, document in (("sale.order", waiting), ("sale.order.line", line)):
        assert refusal(api(login).read, model, document, "display_name")
        try:
            assert not api(login).search(model, ["id", "=", document])
        except Refused as refused:
            assert_sentence(refused)


@pytest.mark.parametrize("login", ["manager1", "director", "newcomer"])
def test_nobody_takes_anothers_drawn_signature(api, login):
    gm = user_ids(api)["gm"]
    assert refusal(api(login).read, "res.users", gm, "sales_dept_signature")
    assert refusal(api(login).write, "res.users", gm, sales_dept_signature=PIXEL)
    assert refusal(api(login).search, "res.users", ["sales_dept_signature", "!=", False])


@pytest.mark.parametrize("login", ["manager1", "director", "newcomer"])
def test_nobody_gives_themselves_a_role(api, login):
    [role] = api("admin").search(
        "ir.model.data", ["module", "=", "sales_dept_roles"], ["name", "=", "group_general_manager"], fields=["res_id"]
    )
    users = user_ids(api)
    assert refusal(api(login).write, "res.users", users[login], group_ids=[[4, role["res_id"]]])
    assert refusal(api(login).write, "res.groups", role["res_id"], user_ids=[[4, users[login]]])


# === MESSAGES === #


def mail_attempts(order, partner, address, template, author, body="Our price is 86 each."):
    """Every way to send mail that a colleague's program has: ``name -> [(model, method, ids, arguments)]``.

    A string among the ids stands for the result of the call before.
    """
    composer = {
        "model": "sale.order",
        "res_ids": str([order]),
        "composition_mode": "comment",
        "partner_ids": [[6, 0, [partner]]],
        "subject": "Price",
        "body": body,
    }
    scheduled = {
        "model": "sale.order",
        "res_id": order,
        "partner_ids": [[6, 0, [partner]]],
        "body": body,
        "author_id": author,
        "scheduled_date": "2020-01-01 00:00:00",
    }
    return {
        "message_post": [("sale.order", "message_post", [order], {"body": body, "partner_ids": [partner]})],
        "message_post to followers": [
            ("sale.order", "message_subscribe", [order], {"partner_ids": [partner]}),
            (
                "sale.order",
                "message_post",
                [order],
                {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
            ),
        ],
        "message_post to an address": [
            ("sale.order", "message_post", [order], {"body": body, "outgoing_email_to": address})
        ],
        "message_notify": [
            ("sale.order", "message_notify", [order], {"body": body, "subject": "Price", "partner_ids": [partner]})
        ],
        "message_mail_with_source": [
            (
                "sale.order",
                "message_mail_with_source",
                [order],
                {"source_ref": "sale.email_template_edi_sale", "partner_ids": [partner], "force_send": True},
            )
        ],
        "message_post_with_source": [
            (
                "sale.order",
                "message_post_with_source",
                [order],
                {
                    "source_ref": "sale.email_template_edi_sale",
                    "partner_ids": [partner],
                    "subtype_xmlid": "mail.mt_comment",
                },
            )
        ],
        "template": [("mail.template", "send_mail", [template], {"res_id": order, "force_send": True})],
        "template to an address": [
            (
                "mail.template",
                "send_mail",
                [template],
                {"res_id": order, "force_send": True, "email_values": {"email_to": address, "model": False}},
            )
        ],
        "template in a batch": [("mail.template", "send_mail_batch", [template], {"res_ids": [order]})],
        "composer": [
            ("mail.compose.message", "create", [], {"vals_list": [composer]}),
            ("mail.compose.message", "action_send_mail", "result", {}),
        ],
        "composer with the template": [
            ("mail.compose.message", "create", [], {"vals_list": [composer | {"template_id": template}]}),
            ("mail.compose.message", "action_send_mail", "result", {}),
        ],
        "mass composer": [
            ("mail.compose.message", "create", [], {"vals_list": [composer | {"composition_mode": "mass_mail"}]}),
            ("mail.compose.message", "action_send_mail", "result", {}),
        ],
        "scheduled message": [
            ("mail.scheduled.message", "create", [], {"vals_list": [scheduled]}),
            ("mail.scheduled.message", "post_message", "result", {}),
        ],
        "share": [
            (
                "portal.share",
                "create",
                [],
                {"vals_list": [{"res_model": "sale.order", "res_id": order, "partner_ids": [[6, 0, [partner]]]}]},
            ),
            ("portal.share", "action_send_mail", "result", {}),
        ],
        "mail record": [
            (
                "mail.mail",
                "create",
                [],
                {"vals_list": [{"model": "sale.order", "res_id": order, "email_to": address, "body_html": body}]},
            ),
            ("mail.mail", "send", "result", {}),
        ],
    }


@pytest.fixture(scope="module")
def template(api):
    [row] = api("admin").search(
        "ir.model.data", ["module", "=", "sale"], ["name", "=", "email_template_edi_sale"], fields=["res_id"]
    )
    return row["res_id"]


@pytest.fixture(scope="module")
def author(api):
    [row] = api("manager1").search("res.users", ["login", "=", "manager1"], fields=["partner_id"])
    return row["partner_id"]


WAYS = list(mail_attempts(0, 0, "", 0, 0))


def try_steps(person, steps, context):
    """Make the calls one after the other; return the first refusal."""
    result = []
    try:
        for model, method, ids, arguments in steps:
            result = person.call(model, method, result if ids == "result" else ids, context, **arguments)
    except Refused as refused:
        assert_sentence(refused)
        return refused
    return None


@pytest.mark.parametrize("way", WAYS)
def test_unsigned_quotation_is_mailed_to_nobody_outside(api, quotations, template, author, wait_for_mail, way):
    partner, _name, address = quotations.customer()
    order = quotations.make(partner_id=partner)
    for context in CONTEXTS:
        refused = try_steps(api("manager1"), mail_attempts(order, partner, address, template, author)[way], context)
        # A cron's work is looked at when it leaves; nobody would read a sentence.
        assert refused or "cron_id" in context, f"{context} was not refused"
    send_what_waits(api)
    assert not wait_for_mail.now(address)
    assert_untouched(quotations, order)


def send_what_waits(api):
    """Run the cron that sends what is queued."""
    [cron] = api("admin").search(
        "ir.model.data", ["module", "=", "mail"], ["name", "=", "ir_cron_mail_scheduler_action"], fields=["res_id"]
    )

    def run():
        try:
            api("admin").call("ir.cron", "method_direct_trigger", [cron["res_id"]])
        except Refused as refused:
            # It just runs by itself.
            assert refused.status < 500, refused
            return False
        return True

    wait_until(run, 20)


def test_signed_quotation_is_mailed(api, quotations, template, author, wait_for_mail):
    """The counterpart: the ways above do send what is signed."""
    partner, _name, address = quotations.customer()
    order = quotations.signed(partner_id=partner)
    assert not try_steps(api("manager1"), mail_attempts(order, partner, address, template, author)["template"], {})
    send_what_waits(api)
    assert "86" in wait_for_mail(address).get_body(("html", "plain")).get_content()


def test_colleagues_talk_about_an_unsigned_quotation(api, quotations, wait_for_mail):
    order = quotations.make()
    [gm] = api("gm").search("res.users", ["login", "=", "gm"], fields=["partner_id"])
    note = api("manager1").call(
        "sale.order", "message_post", [order], body="Please look at this.", partner_ids=[gm["partner_id"]]
    )
    assert note
