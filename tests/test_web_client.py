"""Every menu and view, opened by everybody it is for, in both languages, on a desk and on a phone."""

import re

import pytest
from web_client import DESKTOP, PHONE

APP = "sales_dept_roles.menu_sales_dept_root"
SALES = "sale.sale_menu_root"

SALES_ROLES = ["gm", "director", "manager1", "assistant"]
OTHER_ROLES = ["finance", "engineering", "production", "purchasing", "quality", "warehouse"]
WINDOWS = {"desktop": DESKTOP, "phone": PHONE}
LANGUAGES = {"en_US": "Sales Department", "zh_CN": "业务部"}


def menus(*names):
    return {f"sales_dept_roles.menu_{name}" for name in names}


EVERYBODY = menus(
    "my_duties",
    "my_approvals",
    "all_approvals",
    "delegations",
    "order_reviews",
    "rush_requests",
    "sales_assignments",
    "sales_assignments_on_time",
    "sales_policies",
    "sales_meetings",
    "customer_issue_questions",
)
CUSTOMERS = menus("customer_files", "customer_papers", "sales_customer_parts", "sales_agreements", "visits")
SALES_STAFF = CUSTOMERS | menus(
    "quote_register",
    "order_reviews_on_time_dept",
    "rush_report",
    "sales_agreements_to_renew",
    "sales_contact_due",
    "manpower_requisitions",
    "customer_issues",
    "customer_issue_services",
    "customer_issues_analysis",
)
NOTICES = {
    f"sales_dept_logistics.menu_{name}"
    for name in ("delivery_notices", "milestone_board", "milestone_list", "order_exceptions")
}
FOLLOWED = {f"sales_dept_logistics.menu_{name}" for name in ("today", "order_exception_analysis")}
WAYBILLS = {"sales_dept_logistics.menu_freight_waybills"}
FREIGHT = WAYBILLS | {f"sales_dept_logistics.menu_{name}" for name in ("freight_waybill_months", "freight_carriers")}
SCANS = {"sales_dept_logistics.menu_freight_waybill_scans"}
STATEMENTS = {
    f"sales_dept_logistics.menu_freight_{name}"
    for name in ("statements", "disputes", "credits", "carrier_invoices", "analysis", "rate_comparison")
}
ACCRUALS = {"sales_dept_logistics.menu_freight_accruals"}
TOLERANCES = {f"sales_dept_logistics.menu_freight_{name}" for name in ("tolerances", "statement_layouts")}
RATES = {f"sales_dept_logistics.menu_freight_rate_{name}" for name in ("cards", "calculator")}
RATE_SETUP = {f"sales_dept_logistics.menu_freight_{name}" for name in ("zones", "fuel_rates", "charge_kinds")}
AGEING = {f"sales_dept_logistics.menu_stock_ageing_{name}" for name in ("lines", "sheets")}
HEADS = SALES_STAFF | menus(
    "order_reviews_hand_out",
    "department_leave",
    "make_up_days",
    "sales_dept_roles",
    "sales_controlled_forms",
    "customer_issue_limits",
    "sales_contact_classes",
)
# Who opens what besides the menus that all have.
MENUS = {
    "gm": EVERYBODY
    | HEADS
    | NOTICES
    | FOLLOWED
    | FREIGHT
    | STATEMENTS
    | ACCRUALS
    | RATES
    | AGEING
    | menus("approval_flows", "customer_file_items"),
    "director": EVERYBODY
    | HEADS
    | NOTICES
    | FOLLOWED
    | FREIGHT
    | STATEMENTS
    | ACCRUALS
    | TOLERANCES
    | RATES
    | RATE_SETUP
    | SCANS
    | AGEING,
    "manager1": EVERYBODY | SALES_STAFF | NOTICES | FOLLOWED | WAYBILLS | RATES | AGEING,
    "assistant": EVERYBODY
    | SALES_STAFF
    | NOTICES
    | FOLLOWED
    | FREIGHT
    | STATEMENTS
    | TOLERANCES
    | RATES
    | RATE_SETUP
    | SCANS
    | AGEING
    | menus("order_reviews_hand_out"),
    **dict.fromkeys(OTHER_ROLES, EVERYBODY | NOTICES),
    "finance": EVERYBODY | CUSTOMERS | NOTICES | FREIGHT | STATEMENTS | ACCRUALS | RATES | AGEING,
    "warehouse": EVERYBODY
    | NOTICES
    | FREIGHT
    | STATEMENTS
    | RATES
    | RATE_SETUP
    | SCANS
    | {"sales_dept_logistics.menu_delivery_notice_worklist"},
}
# What is planned and measured, by who opens it: (people, menus).
LEADERS = ("gm", "director")
PLANNERS = (*LEADERS, "manager1", "finance")
for people, names in (
    (
        (*SALES_ROLES, "finance"),
        (
            "my_kpi_figures",
            "sales_kpi_totals",
            "sales_kpi_results",
            "sales_kpi_months",
            "sales_daily_progress",
            "sales_progress_documents",
            "sales_erp_upkeep",
            "sales_monthly_reports",
            "sales_monthly_report_items",
            "sales_monthly_report_figures",
            "sales_monthly_report_lines",
            "sales_appraisals",
            "sales_invoicing_due",
            "sales_tax_invoices",
            "sales_invoice_handovers",
        ),
    ),
    (SALES_ROLES, ("pipeline", "forecast", "satisfaction_answers", "satisfaction_scores")),
    (
        (*SALES_ROLES, "finance"),
        (
            "sales_collection_todo",
            "sales_receivable_items",
            "sales_collection_plans",
            "sales_collection_plan_lines",
            "sales_collection_promises",
            "sales_collection_contacts",
            "sales_collection_disputes",
            "sales_receivable_ageing",
            "sales_collection_figures",
        ),
    ),
    ((*SALES_ROLES, "finance"), ("acceptance_drafts",)),
    (SALES_ROLES, ("pipeline", "forecast", "satisfaction_answers", "satisfaction_scores")),
    (("gm", "director", "assistant"), ("sales_contact_proposals",)),
    (PLANNERS, ("sales_targets", "sales_target_report", "sales_target_spending", "sales_target_lines")),
    ((*SALES_ROLES, "finance"), ("customer_statements", "customer_statement_lines")),
    (SALES_ROLES, ("customer_statement_due",)),
    (LEADERS, ("sales_kpi_matrix", "sales_kpis", "sales_kpi_thresholds", "sales_appraisal_criteria")),
):
    for person in people:
        MENUS[person] = MENUS[person] | {f"sales_dept_kpi.menu_{name}" for name in names}

# Who has most menus sees every combination; the others each language and each size once.
EVERYWHERE = [(code, size) for code in LANGUAGES for size in WINDOWS]
ONCE_EACH = [("en_US", "desktop"), ("zh_CN", "phone")]
COMBINATIONS = {"gm": EVERYWHERE}

# Odoo's own, whatever the page.
ODOO_WARNINGS = ("third-party cookie", "Permissions policy")


# The calendar's own form.
ODOO_TITLES = re.compile(r"Going\?|^\d+ guests$")
CHINESE = re.compile("[\u4e00-\u9fff]")
TITLES = ".o_list_view th[data-name], .o_form_view .o_form_label, .o_form_view .nav-link, .o_control_panel .btn-primary"


class Tour:
    """Opens views one after the other and notes what is wrong with each."""

    RECORD = ".o_data_row .o_data_cell:not(.o_handle_cell, .o_list_button), .o_kanban_record:not(.o_kanban_ghost)"

    def __init__(self, client):
        self.client = client
        self.wrong = {}

    def note(self, what, where):
        self.wrong.setdefault(what, []).append(where)

    def look(self, where):
        client = self.client
        client.page.locator(".o_loading_indicator").wait_for(state="detached")
        name = where.replace(" ", "-").replace("/", "-")
        client.screen(f"{client.login}-{name}")
        if error := client.error_shown():
            self.note(error, where)
            client.screen_of_failure(name)
            client.page.keyboard.press("Escape")
        if too_wide := client.page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            self.note(f"{too_wide} pixels wider than the window", where)
        for warning in client.warnings:
            if not any(known in warning for known in ODOO_WARNINGS):
                self.note(warning, where)
        client.warnings.clear()
        if where.startswith("zh_CN"):
            for title in client.page.locator(TITLES).all_inner_texts():
                if title.strip() and not CHINESE.search(title) and not ODOO_TITLES.search(title):
                    self.note(f"not translated: {title}", where)

    def menu(self, where, menu_id, shown, seen):
        """Open the menu, the first record in a form, and each other view of the action.

        :param shown: what :meth:`WebClient.views_of_menu` says of the menu
        :param set seen: the pages that somebody opened before; these are left out, and those opened now go in
        """
        client = self.client
        todo = {view["type"]: self._page(where, view) for view in shown}
        todo = {view_type: page for view_type, page in todo.items() if page not in seen}
        if not todo:
            return
        client.select_menu(menu_id)
        first = client.view_type()
        if first in todo:
            self.look(where)
        if "form" in todo:
            self.first_record(where)
            if todo.keys() - {"form", first}:
                client.select_menu(menu_id)
        for view_type in todo:
            if view_type not in ("form", first):
                client.switch_view(view_type)
                self.look(f"{where} {view_type}")
        seen.update(todo.values())

    @staticmethod
    def _page(where, view):
        """What tells a page apart from others: two people with the same one see the same, but for the data."""
        return where, view["type"], view["digest"], view["has_records"]

    def first_record(self, where):
        """Click the first record of the list or the cards, if there is one."""
        client = self.client
        if client.page.locator(".o_view_sample_data, .o_view_nocontent").count():
            return
        record = client.page.locator(self.RECORD).first
        if record.count():
            # In the middle of a card may be a button of its own.
            record.click(position={"x": 4, "y": 4})
            client.page.locator(".o_form_view").wait_for()
            self.look(f"{where} form")

    def check(self):
        assert not self.wrong, "\n" + "\n".join(
            f"{what}\n    at {', '.join(dict.fromkeys(places))}" for what, places in self.wrong.items()
        )


@pytest.fixture
def speak(browse):
    """Return a function that lets a person choose a language; all speak English again afterwards."""
    clients = []

    def choose(client, code):
        clients.append(client)
        if (client.language, client.size) != (code, client.page.viewport_size):
            client.set_language(code)

    yield choose
    for client in clients[-1:]:
        if client.language != "en_US":
            client.set_language("en_US")


@pytest.fixture(scope="module")
def seen():
    """The pages that were opened, by whomever."""
    return set()


@pytest.mark.parametrize("login", [*SALES_ROLES, *OTHER_ROLES])
def test_every_view(browse, speak, quotations, seen, login):
    """No error, nothing wider than the window, no English left in the Chinese lists, and icons.

    Each reads what their views read; a page that is the same for somebody before them is not opened again.
    """
    client = browse(login).open("my-approvals")
    tour = Tour(client)
    order = quotations.submitted()
    views = {}
    for code, size in COMBINATIONS.get(login, ONCE_EACH):
        client.page.set_viewport_size(WINDOWS[size])
        speak(client, code)
        assert client.apps()[APP] == LANGUAGES[code]
        assert (SALES in client.apps()) == (login in SALES_ROLES), "the Sales app is for sales"
        shown = client.menus(APP)
        assert set(shown) == MENUS[login]
        # Read once: in the other language and on the phone the data are the same.
        views = views or {xmlid: client.views_of_menu(menu_id) for xmlid, (menu_id, _name) in shown.items()}
        for xmlid, (menu_id, _name) in shown.items():
            tour.menu(f"{code} {size} {xmlid.partition('.menu_')[2]}", menu_id, views[xmlid], seen)
        if login in SALES_ROLES:
            for path in ("orders", "sales"):
                client.do_action(path)
                tour.look(f"{code} {size} {path}")
            client.do_action(
                {
                    "type": "ir.actions.act_window",
                    "res_model": "sale.order",
                    "res_id": order,
                    "views": [[False, "form"]],
                }
            )
            tour.look(f"{code} {size} quotation")
        missing = client.icon_fonts_missing()
        assert not missing, f"icons are not shown, since these fonts are not there: {missing}"
    tour.check()


# The screens that people work on most, as docs/screens.md shows them: who looks, at which document, what is clicked.
SCREENS = {
    "my-approvals": ("gm", "my-approvals", None, None),
    "sign-off": ("gm", "sales", ("sale.order", "name", "S00012"), "button[name=action_approval_sign]:visible"),
    "quotation-changed": ("director", "sales", ("sale.order", "name", "S00018"), None),
    "order-under-review": ("director", "sales", ("sale.order", "name", "S00024"), None),
    "my-duties": ("gm", "my-duties", None, None),
    "handbook-rules": ("administrator", "handbook-rules", None, None),
    "order-review": ("production", "order-reviews", ("sale.order.review", "name", "ORV/2026/0008"), None),
    "customer-file": (
        "finance",
        "customer-files",
        ("res.partner", "name", "Tianjin Beifang Pumps 天津北方泵业"),
        "a[name=customer_file]:visible",
    ),
    "what-is-signed": ("gm", "sales-approvals", ("sales.approval", "res_name", "S00012"), None),
    "quotations": ("manager1", "sales", None, None),
    "approval-flows": ("gm", "approval-flows", None, None),
}
# What is to be seen after the click: a picture that is taken before shows the page below.
SHOWN = {
    "sign-off": ".modal .o_sales_approval_decide_glance .o_sales_approval_glance",
    "customer-file": ".tab-pane.active [name=customer_file_state]",
}


@pytest.mark.parametrize("name", SCREENS)
def test_screens_that_people_work_on(browse, speak, api, name):
    """Each in both languages, on the desktop and on the phone; `SCREENS=1` keeps the pictures."""
    login, path, document, click = SCREENS[name]
    if document:
        model, field, value = document
        path = f"{path}/{api('gm').search(model, [field, '=', value], limit=1)[0]['id']}"
    client = browse(login).open(path)
    tour = Tour(client)
    for code, size in EVERYWHERE:
        client.page.set_viewport_size(WINDOWS[size])
        speak(client, code)
        if click:
            client.page.locator(click).first.click()
            client.page.locator(SHOWN[name]).first.wait_for()
        tour.look(f"{code} {size} {name}")
    tour.check()


def test_logging_in(browse):
    client = browse("manager1")
    client.page.context.clear_cookies()
    client.page.goto(f"{client.server.url}/odoo/my-approvals")
    client.page.fill("input[name=login]", "manager1")
    client.page.fill("input[name=password]", "manager1")
    client.page.press("input[name=password]", "Enter")
    client.wait_for_view()
    assert client.page.url.endswith("/odoo/my-approvals"), "it goes where one wanted to go"


@pytest.mark.parametrize("login", [*SALES_ROLES, *OTHER_ROLES])
def test_everybody_begins_with_their_duties(browse, login):
    client = browse(login).open("")
    assert client.page.url.endswith("/odoo/my-duties")
    client.page.locator(".o_kanban_record:not(.o_kanban_ghost), .o_data_row").first.wait_for()


def test_without_a_role_the_app_is_not_there(browse):
    client = browse("newcomer")
    client.page.goto(f"{client.server.url}/odoo")
    client.page.locator(".o_main_navbar").wait_for()
    assert APP not in client.apps()
    assert SALES not in client.apps()


@pytest.mark.parametrize(("code", "size"), ONCE_EACH)
def test_settings(browse, speak, code, size):
    admin = browse("admin", WINDOWS[size]).open("settings")
    speak(admin, code)
    tour = Tour(admin)
    admin.page.locator(".settings_tab [data-key=sale_management]").click()
    block = admin.page.locator("[id=sales_dept_quote_signoff]").first
    block.scroll_into_view_if_needed()
    assert {"en_US": "Quote sign-off", "zh_CN": "报价签核"}[code] in block.inner_text()
    assert block.locator("input[type=radio]").count() == 3
    tour.look(f"settings-{code}-{size}")
    tour.check()


def test_general_manager_makes_a_flow(browse):
    gm = browse("gm").open("approval-flows")
    gm.button("New").first.click()
    gm.page.locator(".oe_title [name=name] input, .oe_title [name=name] textarea").first.fill("Above a million")
    gm.choose("model_id", "Sales Order")
    gm.page.locator(".o_form_button_save").click()
    gm.page.locator(".o_form_button_save").wait_for(state="hidden")
    assert not gm.error_shown()


def test_director_gives_authority_away(browse):
    director = browse("director").open("delegations")
    director.button("New").first.click()
    director.choose("delegate_id", "Wang Lei")
    director.page.locator("[name=reason] input").fill("Exhibition")
    director.page.locator("[name=date_from] input, [name=date_from] button").first.click()
    director.screen("delegation")
    assert not director.error_shown()
