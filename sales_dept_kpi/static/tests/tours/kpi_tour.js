import { registry } from "@web/core/registry";

// The Python test made the month, with one review that was received late.
registry.category("web_tour.tours").add("sales_dept_kpi_month_lock", {
    steps: () => [
        {
            content: "Of the department's figure",
            trigger: ".o_data_row:contains(Order Reviews on Time):contains(50.0 %) button[name=action_open_evidence]",
            run: "click",
        },
        {
            content: "The documents, and why they count",
            trigger: ".o_list_view .o_data_row:contains(Received after its deadline)",
        },
        {
            content: "Back to the month",
            trigger: ".breadcrumb-item:contains(20) a",
            run: "click",
        },
        {
            content: "Keep the figures",
            trigger: "button[name=action_lock]",
            run: "click",
        },
        {
            content: "For good",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "Locked",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Locked)",
        },
        {
            content: "Nothing computes it any more",
            trigger: ".o_form_view:not(:has(button[name=action_compute]))",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_kpi_month_reopen", {
    steps: () => [
        {
            content: "What would be otherwise now",
            trigger: "button[name=action_show_difference]",
            run: "click",
        },
        {
            content: "The review that counts now",
            trigger: ".modal .o_data_row:contains(Order Reviews on Time)",
        },
        {
            content: "Seen",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "Open it again",
            trigger: "body:not(:has(.modal)) button[name=action_reopen]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal [name=reason] textarea",
            run: "edit The paper was dated wrongly",
        },
        {
            content: "Do it",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The reason is kept",
            trigger: "[name=log_ids] .o_data_row:contains(The paper was dated wrongly)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_kpi_on_screen", {
    steps: () => [
        {
            content: "A KPI of one's own",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Its name",
            trigger: "[name=name] input",
            run: "edit Leads closing this month",
        },
        {
            content: "A number",
            trigger: "[name=measure] select, [name=measure] input",
            run: "click",
        },
        {
            content: "Of documents",
            trigger: ".o_select_menu_item:contains(Sum or Number)",
            run: "click",
        },
        {
            content: "Which",
            trigger: "[name=model_id] input",
            run: "edit Lead",
        },
        {
            content: "Leads",
            trigger: ".o-autocomplete--dropdown-item:contains(/^Lead$/)",
            run: "click",
        },
        {
            content: "By day",
            trigger: "[name=date_field_id] input",
            run: "edit Expected Closing",
        },
        {
            content: "Of closing",
            trigger: ".o-autocomplete--dropdown-item:contains(Expected Closing)",
            run: "click",
        },
        {
            content: "By person",
            trigger: "[name=person_field_id] input",
            run: "edit Salesperson",
        },
        {
            content: "Whose lead it is",
            trigger: ".o-autocomplete--dropdown-item:contains(Salesperson)",
            run: "click",
        },
        {
            content: "Keep it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It says what it counts",
            trigger: ".o_form_saved [name=explanation]:contains(each as one)",
        },
    ],
});
