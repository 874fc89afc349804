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
            content: "Sign them at once",
            trigger: ".o_control_panel button[name=action_sign]",
            run: "click",
        },
        {
            content: "The dialog has the sum, and what each is",
            trigger:
                ".modal .o_sales_approval_decide_glance:has(.alert:contains(2 documents)):has(section:nth-of-type(2))",
        },
        {
            content: "Sign off",
            trigger: ".modal footer button[name=action_decide]:visible",
            run: "click",
        },
        {
            content: "It says how many were signed off",
            trigger: ".o_notification:contains(2 documents: signed off.)",
        },
        {
            content: "Nothing is left",
            trigger: ".o_view_nocontent:contains(Nothing waits for your signature)",
        },
    ],
});

// Ten documents of four kinds: the clicks are counted, for the approvers' guide.
const MOST_CLICKS = 4;
let clicks = 0;

registry.category("web_tour.tours").add("sales_dept_mixed_approval", {
    steps: () => [
        {
            content: "All of them wait for me",
            trigger: ".o_list_view:has(.o_data_row:contains(Rush)) .o_data_row:nth-child(10)",
            run: () => document.addEventListener("click", () => clicks++, { capture: true }),
        },
        {
            content: "Select them all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Sign them at once",
            trigger: ".o_control_panel button[name=action_sign]",
            run: "click",
        },
        {
            content: "The sum first, then each of them with what it is about; sign off",
            trigger:
                ".modal:has(.o_sales_approval_decide_glance .alert:contains(10 documents)):has(section:nth-of-type(10)) footer button[name=action_decide]:visible",
            run: "click",
        },
        {
            content: "It says how many were signed off",
            trigger: ".o_notification:contains(10 documents: signed off.)",
            run() {
                if (!clicks || clicks > MOST_CLICKS) {
                    throw new Error(`Ten documents took ${clicks} clicks, not ${MOST_CLICKS} at most.`);
                }
            },
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
            content: "No rail above the sheet",
            trigger: ".o_form_view:not(:has(.o_gate_rail_box, .o_gate_rail))",
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
