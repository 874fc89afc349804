"""Rush orders and customer files, in the browser of those who have a hand in them."""

from datetime import date, timedelta


def sign(client, label="Sign off"):
    client.header_button(label).click()
    client.button("Sign off", ".modal").click()
    client.page.locator(".modal").wait_for(state="detached")


def test_rush_request(browse, api):
    [row] = api("gm").search("ir.model.data", ["name", "=", "demo_order_motor"], fields=["res_id"]) or [None]
    order = row["res_id"]
    lines = api("manager1").search(
        "sale.order.line", ["order_id", "=", order], fields=["promised_date", "is_rush", "product_id"]
    )
    assert not any(line["is_rush"] for line in lines)
    wanted = date.fromisoformat(lines[0]["promised_date"]) - timedelta(days=7)

    manager = browse("manager1").open_quotation(order)
    manager.header_button("Request Rush").click()
    manager.page.locator("[name=reason] textarea").first.fill("The customer's line stands still.")
    manager.page.locator("[name=cause] select, [name=cause] input").first.wait_for()
    manager.page.locator("[name=line_ids]").get_by_role("button", name="Add a line").click()
    manager.choose("sale_line_id", "shaft", ".o_selected_row")
    manager.page.locator(".o_selected_row [name=wanted_date] input").fill(wanted.strftime("%m/%d/%Y"))
    manager.page.locator(".o_form_button_save").click()
    manager.header_button("Ask for Approval").click()
    manager.header_button("Withdraw Request").wait_for()
    manager.screen("rush-asked")
    request = int(manager.page.url.rsplit("/", 1)[1])

    for login in ("director", "production", "gm"):
        judge = browse(login).open(f"rush-requests/{request}")
        judge.screen(f"rush-{login}")
        sign(judge)
    granted = api("gm").read("sale.rush.request", request, "approval_state", "is_granted")
    assert granted == {"id": request, "approval_state": "approved", "is_granted": True}
    lines = api("manager1").search("sale.order.line", ["order_id", "=", order], fields=["promised_date", "is_rush"])
    assert [line["is_rush"] for line in lines].count(True) == 1
    assert wanted.isoformat() in [line["promised_date"] for line in lines]

    manager.open_quotation(order)
    assert "Rush" in manager.page.locator(".o_form_view").inner_text()


def test_customer_file(browse, api, quotations):
    customer, name, _email = quotations.customer()
    manager = browse("manager1").open(f"customer-files/{customer}")
    manager.page.locator(".o_notebook .nav-link[name=customer_file]").click()
    manager.screen("customer-file-incomplete")
    refused = api("manager1").read("res.partner", customer, "customer_file_state")
    assert refused["customer_file_state"] in (False, "none")

    [complete] = api("gm").search(
        "res.partner", ["customer_file_state", "=", "submitted"], fields=["name", "customer_file_state"], limit=1
    )
    finance = browse("finance").open("my-approvals")
    row = finance.page.locator(".o_data_row").filter(has_text=complete["name"].split(" ")[0])
    row.get_by_role("button", name="Sign off").first.click()
    finance.button("Sign off", ".modal").click()
    finance.page.locator(".modal").wait_for(state="detached")
    state = api("gm").read("res.partner", complete["id"], "customer_file_state")["customer_file_state"]
    assert state == "archived"

    api("manager1").write("res.partner", complete["id"], phone="+86 512 0000 1111")
    state = api("gm").read("res.partner", complete["id"], "customer_file_state")["customer_file_state"]
    assert state == "reopened"
    manager.open(f"customer-files/{complete['id']}")
    manager.page.locator(".o_notebook .nav-link[name=customer_file]").click()
    assert "0000 1111" in manager.page.locator(".o_form_view").inner_text(), "it shows what changed"
    manager.screen("customer-file-reopened")
