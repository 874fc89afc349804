import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const click = (content, trigger) => ({ content, trigger, run: "click" });

/** Files as a user has them: what the Python test left as an attachment. */
async function transferOf(name, type) {
    const found = await fetch(`/web/dataset/call_kw/ir.attachment/search`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
            params: { model: "ir.attachment", method: "search", args: [[["name", "=", name]]], kwargs: {} },
        }),
    });
    const [id] = (await found.json()).result;
    const content = await (await fetch(`/web/content/${id}`)).blob();
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], name, { type }));
    return transfer;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Puts the file into the input. */
const choose = (content, trigger, name, type) => ({
    content,
    trigger,
    async run({ anchor }) {
        anchor.files = (await transferOf(name, type)).files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

/** Drags the file over the page, and drops it where the page says that it may. */
const drop = (content, trigger, name, type) => ({
    content,
    trigger,
    async run({ anchor }) {
        const dataTransfer = await transferOf(name, type);
        const event = (kind) => new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer });
        anchor.dispatchEvent(event("dragenter"));
        while (!document.querySelector(".o-Dropzone")) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        const zone = document.querySelector(".o-Dropzone");
        zone.dispatchEvent(event("dragenter"));
        zone.dispatchEvent(event("drop"));
    },
});

// The assistant drops the carrier's file, sees how it is read, and has it read.
tours.add("sales_dept_freight_drop", {
    steps: () => [
        click("The carrier's files", ".nav-link[name=files]"),
        drop("Drop the file", ".o_freight_statement_drop", "march.xlsx", XLSX),
        {
            content: "Its first rows",
            trigger: ".o_freight_file_preview tr:contains(SF00000002):contains(130)",
        },
        {
            content: "Its headings are found below the title",
            trigger: ".o_freight_file_preview tr.table-info:contains(运单号)",
        },
        {
            content: "Which column is the freight",
            trigger: ".o_field_widget[name=column_ids] .o_data_row:contains(运费):contains(Freight)",
        },
        click("Read it", "button[name=action_read]"),
        {
            content: "It waits its turn",
            trigger: ".o_form_view .alert:contains(in the background)",
        },
    ],
});

// What was read is compared: the sums, and the one charge that differs.
tours.add("sales_dept_freight_differences", {
    steps: () => [
        {
            content: "It adds up, and says what differs",
            trigger: ".o_freight_sums:contains(Price):contains(= Charged)",
        },
        click("What is to be decided", "button[name=action_open_undecided]"),
        click("Its group", ".o_group_header:contains(Price)"),
        {
            content: "Why",
            trigger: ".o_data_row:contains(SF00000002) .o_data_cell[name=difference_reason]:contains(130.00)",
        },
    ],
});

// The assistant sees what differs and why, disputes it and claims it from the carrier.
tours.add("sales_dept_freight_dispute", {
    steps: () => [
        {
            content: "It adds up, and says what differs",
            trigger: ".o_freight_sums:contains(Price):contains(= Charged)",
        },
        click("What is to be decided", "button[name=action_open_undecided]"),
        click("Its group", ".o_group_header:contains(Price)"),
        {
            content: "Why",
            trigger: ".o_data_row .o_data_cell[name=difference_reason]:contains(130.00)",
        },
        click("Choose it", ".o_data_row .o_list_record_selector input"),
        click("Dispute it", ".o_control_panel button[name=action_dispute]"),
        {
            content: "It is disputed",
            trigger: ".o_list_view:not(:has(.o_data_row .o_data_cell[name=difference_reason]:contains(130.00)))",
        },
        click("Back to the statement", ".o_back_button, .breadcrumb-item a:contains(FS/)"),
        click("Claim it", "button[name=action_claim]"),
        {
            content: "The round of dispute",
            trigger: ".o_form_view .o_data_row:contains(SF00000002):contains(130.00)",
        },
    ],
});

// The carrier's answers are read back, the dispute is settled, the statement goes to finance.
tours.add("sales_dept_freight_answer", {
    steps: () => [
        click("The dispute", "button[name=action_open_disputes]"),
        click("Read the answers", "button[name=action_read_answers]"),
        choose(
            "The carrier's file",
            ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            "answers.xlsx",
            XLSX,
        ),
        click("Read it", ".modal button[name=action_read]"),
        {
            content: "The carrier gave in",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Agrees):contains(Paid less)",
        },
        click("Settle", "button[name=action_settle]"),
        {
            content: "Settled",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Settled)",
        },
        click("Back to the statement", ".o_back_button, .breadcrumb-item a:contains(FS/)"),
        click("Submit", "button[name=action_approval_submit]"),
        {
            content: "It waits",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Waiting)",
        },
    ],
});

// Finance, then the director.
tours.add("sales_dept_freight_sign", {
    steps: () => [
        click("Sign", "button[name=action_approval_sign]"),
        click("Confirm", ".modal footer button.btn-primary"),
        {
            content: "Signed, for one's own part",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_approval_sign]))",
        },
    ],
});

tours.add("sales_dept_freight_bill", {
    steps: () => [
        click("Make the bill", "button[name=action_create_bill]"),
        {
            content: "There is nothing more to bill",
            trigger: ".o_form_view:not(:has(button[name=action_create_bill])) .o_field_widget[name=billed_total]",
        },
    ],
});

// The carrier's invoice comes, and goes to finance.
tours.add("sales_dept_freight_invoice", {
    steps: () => [
        click("The invoice that is expected", "button[name=action_open_invoices]"),
        {
            content: "Its number",
            trigger: ".o_field_widget[name=number] input",
            run: "edit 12345678",
        },
        click("Its date", ".o_field_widget[name=date] input, .o_field_widget[name=date] button"),
        click("Today", ".o_datetime_picker .o_today"),
        {
            content: "Its amount",
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 200",
        },
        choose(
            "Its scan",
            ".o_field_widget[name=scan] input[type=file]:not(:visible)",
            "invoice.pdf",
            "application/pdf",
        ),
        {
            content: "The scan is there",
            trigger:
                ".o_field_widget[name=scan]:contains(invoice.pdf), .o_field_widget[name=scan] input:value(invoice.pdf)",
        },
        click("It is here", "button[name=action_receive]"),
        click("To finance", "button[name=action_hand_over]"),
        {
            content: "Handed over",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Handed)",
        },
    ],
});

tours.add("sales_dept_freight_receipt", {
    steps: () => [
        click("Give receipt", "button[name=action_give_receipt]"),
        {
            content: "Receipt is given",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Receipt)",
        },
    ],
});
