"""The way of a quotation through the house, in the browser of each person who has a hand in it."""

from io import BytesIO

from pdfminer.high_level import extract_text
from web_client import LIMIT


def submit_new_quotation(manager, customer, product="HR-SH-20180"):
    """Make a quotation in the form and submit it; return ``(id, number)``."""
    manager.open("sales")
    manager.button("New").first.click()
    manager.choose("partner_id", customer)
    manager.page.get_by_role("button", name="Add a product").click()
    manager.choose("product_template_id", product, ".o_selected_row")
    manager.page.locator(".o_selected_row [name=product_uom_qty] input").fill("12")
    manager.page.locator(".o_form_button_save").click()
    manager.header_button("Submit for Sign-off").click()
    manager.header_button("Withdraw Request").wait_for()
    order = int(manager.page.url.rsplit("/", 1)[1])
    return order, manager.page.locator(".oe_title [name=name]").inner_text()


def test_from_quotation_to_mail(browse, quotations, wait_for_mail):
    _customer, customer_name, address = quotations.customer()
    manager = browse("manager1")
    order, number = submit_new_quotation(manager, customer_name)
    assert manager.header_button("Send").count() == 0, "not before it is signed"
    assert manager.header_button("Confirm").count() == 0
    assert "Chen Guohua" in manager.page.locator(".o_gate_step[data-gate=signoff]").inner_text(), (
        "it says who has to sign"
    )
    manager.screen("quotation-waiting")

    gm = browse("gm").open("my-approvals")
    row = gm.page.locator(".o_data_row").filter(has_text=number)
    assert customer_name in row.inner_text()
    gm.screen("my-approvals")
    row.get_by_role("button", name="Sign off").click()
    gm.draw_signature()
    gm.screen("signing")
    gm.button("Sign off", ".modal").click()
    row.wait_for(state="detached")
    assert quotations.state(order, "approval_state")["approval_state"] == "approved"
    [decision] = quotations.decisions(order)
    assert decision["outcome"] == "approved"

    manager.reload()
    manager.page.locator(".o_gate_step_passed[data-gate=signoff] button").click()
    manager.page.locator(".o_gate_panel[data-gate=signoff] .o_gate_details").get_by_text("Chen Guohua").wait_for()
    manager.screen("quotation-signed")
    assert not wait_for_mail.now(address), "nothing went out by itself"
    manager.header_button("Send").click()
    manager.page.locator(".modal .o_form_view").get_by_text(f"{number}.pdf").wait_for()
    manager.screen("sending")
    manager.button("Send", ".modal").click()
    manager.page.locator(".modal").wait_for(state="detached", timeout=4 * LIMIT)
    mail = wait_for_mail(address)
    [pdf] = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert number in pdf.get_filename()
    text = extract_text(BytesIO(pdf.get_content()))
    assert "精密轴" in text and "未经签核" not in text
    assert quotations.state(order, "state")["state"] == "sent"


def test_new_form_offers_submitting_not_sending(browse):
    manager = browse("manager1").open("sales")
    manager.button("New").first.click()
    manager.page.locator(".o_form_view .oe_title").filter(has_text="New").wait_for()
    assert manager.header_button("Submit for Sign-off").count() == 1
    assert manager.header_button("Send").count() == 0
    assert manager.header_button("Confirm").count() == 0


def test_double_clicks_count_once(browse, quotations):
    order = quotations.make()
    manager = browse("manager1").open_quotation(order)
    manager.header_button("Submit for Sign-off").dblclick()
    manager.header_button("Withdraw Request").wait_for()
    assert len(quotations.approvals(order)) == 1

    gm = browse("gm").open_quotation(order)
    gm.header_button("Sign off").click()
    gm.button("Sign off", ".modal").dblclick()
    gm.page.locator(".o_gate_step_passed[data-gate=signoff]").wait_for()
    assert len(quotations.decisions(order)) == 1
    assert not gm.error_shown()


def test_signed_in_one_tab_then_in_another(browse, quotations):
    order = quotations.submitted()
    first = browse("gm").open_quotation(order)
    second = browse("gm").open_quotation(order)
    for tab in (first, second):
        tab.header_button("Sign off").click()
        tab.button("Sign off", ".modal").wait_for()
    first.button("Sign off", ".modal").click()
    first.page.locator(".o_gate_step_passed[data-gate=signoff]").wait_for()

    second.button("Sign off", ".modal").click()
    second.page.locator(".o_error_dialog").wait_for()
    assert "is not waiting for a decision any more" in second.error_shown()
    [decision] = quotations.decisions(order)
    assert decision["outcome"] == "approved"
    assert quotations.state(order, "approval_state")["approval_state"] == "approved"


def test_refused_with_a_reason_then_changed_and_signed(browse, quotations):
    order = quotations.submitted()
    gm = browse("gm").open_quotation(order)
    gm.header_button("Refuse").click()
    gm.button("Refuse", ".modal").click()
    assert not quotations.decisions(order), "a refusal without a reason is not taken"
    gm.page.locator(".modal [name=comment]:visible textarea").fill("Too cheap: see the new price list.")
    gm.button("Refuse", ".modal").click()
    gm.page.locator(".o_gate_step_held[data-gate=signoff]").wait_for()

    manager = browse("manager1").open_quotation(order)
    assert "Too cheap" in manager.page.locator(".o_gate_panel[data-gate=signoff]").inner_text()
    manager.screen("quotation-refused")
    manager.page.locator(".o_data_row [name=price_unit]").click()
    manager.page.locator(".o_selected_row [name=price_unit] input").fill("95")
    manager.page.locator(".o_form_button_save").click()
    manager.header_button("Submit for Sign-off").click()
    manager.header_button("Withdraw Request").wait_for()
    gm.reload()
    gm.header_button("Sign off").click()
    gm.button("Sign off", ".modal").click()
    gm.page.locator(".o_gate_step_passed[data-gate=signoff]").wait_for()
    outcomes = [decision["outcome"] for decision in quotations.decisions(order)]
    assert sorted(outcomes) == ["approved", "rejected"], "the refusal stays on record"


def test_change_after_signing_is_shown_and_closes_the_way_out(browse, quotations):
    order = quotations.signed()
    manager = browse("manager1").open_quotation(order)
    manager.header_button("Send").wait_for()
    manager.page.locator(".o_data_row [name=price_unit]").click()
    manager.page.locator(".o_selected_row [name=price_unit] input").fill("70")
    manager.page.locator(".o_form_button_save").click()
    changes = manager.page.locator(".o_gate_panel[data-gate=signoff]")
    changes.get_by_text("Unit Price").wait_for()
    assert "86" in changes.inner_text() and "70" in changes.inner_text()
    assert manager.header_button("Send").count() == 0
    manager.screen("quotation-changed-after-signing")


def test_bulk_approval_from_the_list(browse, quotations):
    orders = [quotations.submitted(client_order_ref="bulk") for _number in range(3)]
    numbers = [quotations.state(order, "name")["name"] for order in orders]
    gm = browse("gm").open("my-approvals")
    for number in numbers:
        gm.page.locator(".o_data_row").filter(has_text=number).locator(".o_list_record_selector").click()
    gm.screen("bulk-approval")
    gm.button("Sign off", ".o_control_panel").click()
    gm.page.locator(".modal .alert").get_by_text("3 documents").wait_for()
    gm.screen("bulk-approval-dialog")
    gm.button("Sign off", ".modal").click()
    gm.page.locator(".o_notification").get_by_text("3 documents: signed off.").wait_for()
    assert [len(quotations.decisions(order)) for order in orders] == [1, 1, 1]
