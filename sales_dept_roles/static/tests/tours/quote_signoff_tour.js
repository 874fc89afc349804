import { registry } from "@web/core/registry";

// The quotations are made by the Python test: two of them wait for the general manager.
registry.category("web_tour.tours").add("sales_dept_bulk_approval", {
    url: "/odoo/my-approvals",
    steps: () => [
        {
            content: "Both wait for me",
            trigger: ".o_list_view .o_data_row:nth-child(2)",
        },
        {
            content: "Select them all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve them at once",
            trigger: ".o_control_panel button[name=action_approve]",
            run: "click",
        },
        {
            content: "It says how many were signed off",
            trigger: ".o_notification:contains(2 signed off.)",
        },
        {
            content: "Nothing is left",
            trigger: ".o_view_nocontent:contains(Nothing waits for your signature)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_policy_off", {
    steps: () => [
        {
            content: "The quotation can be sent as ever",
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_quotation_send]",
        },
        {
            content: "And confirmed; nothing about signing stands in the header",
            trigger: ".o_statusbar_buttons:has(button[name=action_confirm]):not(:has(button[name^=action_approval]))",
        },
        {
            content: "No notice above the sheet",
            trigger: ".o_form_view:not(:has([name=quote_signoff_missing], [name^=approval_]))",
        },
        {
            content: "Look at the other page",
            trigger: ".o_notebook .nav-link[name=other_information]",
            run: "click",
        },
        {
            content: "A hint, folded up",
            trigger: "details:not([open]) summary:contains(Quote sign-off: not needed)",
            run: "click",
        },
        {
            content: "It says where the policy is",
            trigger: "details[open]:contains(Settings)",
        },
    ],
});
