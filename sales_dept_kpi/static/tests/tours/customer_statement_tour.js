import { registry } from "@web/core/registry";

// The assistant makes the statements that are due, and sends one.
registry.category("web_tour.tours").add("sales_dept_statement_send", {
    steps: () => [
        {
            content: "Make those that are due",
            trigger: ".o_control_panel button:contains(Make Statements), .o_list_view button:contains(Make Statements)",
            run: "click",
        },
        {
            content: "Make them",
            trigger: ".modal footer button[name=action_make]",
            run: "click",
        },
        {
            content: "Open the customer's",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_row:contains(Test Customer Ltd) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "What was open before",
            trigger: ".o_form_view button[name=action_propose_opening]",
            run: "click",
        },
        {
            content: "The account said so",
            trigger: ".o_field_widget[name=opening_note] input:value(Balance of the account)",
        },
        {
            content: "Send it",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "It is with the customer",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sent)",
        },
    ],
});

// The customer looks at it and confirms.
registry.category("web_tour.tours").add("sales_dept_statement_confirm", {
    steps: () => [
        {
            content: "The statement",
            trigger: ".o_portal_my_doc_table a:contains(CS/)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What was shipped",
            trigger: ".o_statement_lines:contains(Gear)",
        },
        {
            content: "The name",
            trigger: "#confirm input[name=name]",
            run: "edit Ms Zhao",
        },
        {
            content: "All is right",
            trigger: "#confirm button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Confirmed",
            trigger: "#statement .alert-success:contains(the statement is confirmed)",
        },
    ],
});

// The assistant submits what was confirmed.
registry.category("web_tour.tours").add("sales_dept_statement_submit", {
    steps: () => [
        {
            content: "Submit it",
            trigger: "button[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "It waits for finance",
            trigger: ".o_form_view:not(:has(button[name=action_approval_submit]:visible)) .alert:contains(Finance)",
        },
    ],
});

// Finance verifies it, and makes the invoice.
registry.category("web_tour.tours").add("sales_dept_statement_verify", {
    steps: () => [
        {
            content: "Verify it",
            trigger: "button[name=action_approval_sign]",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "It is validated",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Validated)",
        },
        {
            content: "Make the invoice",
            trigger: "button[name=action_make_invoices]",
            run: "click",
        },
        {
            content: "It is there",
            trigger: "body:has(.o_form_view, .o_list_view):not(:has(button[name=action_make_invoices]:visible))",
        },
    ],
});
