"""Rush orders and customer files, in the browser of those who have a hand in them."""


def sign(client, label="Sign off"):
    client.header_button(label).click()
    client.button("Sign off", ".modal").click()
    client.page.locator(".modal").wait_for(state="detached")


def test_rush_request(browse, api):
    [line] = api("manager1").search(
        "sale.order.line",
        ["state", "=", "sale"],
        ["salesman_id.login", "=", "manager1"],
        ["promised_date", "!=", False],
        ["order_id.is_rush", "=", False],
        ["product_id.default_code", "=", "HR-SH-20180"],
        fields=["order_id"],
        limit=1,
    )
    order = line["order_id"]
    lines = api("manager1").search(
        "sale.order.line", ["order_id", "=", order], fields=["promised_date", "is_rush", "product_id"]
    )
    assert not any(line["is_rush"] for line in lines)
    manager = browse("manager1").open_quotation(order)
    manager.header_button("Request Rush").click()
    manager.page.locator("[name=reason] textarea").first.fill("The customer's line stands still.")
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
    asked = api("manager1").search(
        "sale.rush.request.line", ["request_id", "=", request], fields=["sale_line_id", "wanted_date", "promised_date"]
    )
    assert asked and all(line["wanted_date"] < line["promised_date"] for line in asked)
    now = {
        line["id"]: line
        for line in api("manager1").search(
            "sale.order.line", ["order_id", "=", order], fields=["promised_date", "is_rush"]
        )
    }
    for line in asked:
        assert now[line["sale_line_id"]]["is_rush"]
        assert now[line["sale_line_id"]]["promised_date"] == line["wanted_date"]

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
    finance = browse("finance").open(f"customer-files/{complete['id']}")
    finance.button("File It").first.click()
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
