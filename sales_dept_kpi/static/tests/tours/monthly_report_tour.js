import { registry } from "@web/core/registry";

// The account manager writes the report that the system made, answers last month's plan, and submits it.
registry.category("web_tour.tours").add("sales_dept_monthly_report_write", {
    steps: () => [
        {
            content: "The report that waits",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=month_text]",
            run: "click",
        },
        {
            content: "Answer what was planned",
            trigger: ".o_field_widget[name=answered_ids] .o_data_row .o_data_cell[name=outcome]",
            run: "click",
        },
        {
            content: "Choose",
            trigger:
                ".o_field_widget[name=answered_ids] .o_selected_row [name=outcome] select, .o_field_widget[name=answered_ids] .o_selected_row [name=outcome] input",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_select_menu_item:contains(/^Done$/)",
            run: "click",
        },
        {
            content: "Chosen",
            trigger: "body:not(:has(.o_select_menu_item)) .o_field_widget[name=answered_ids] .o_selected_row",
        },
        {
            content: "What was achieved",
            trigger: ".o_field_widget[name=results] textarea",
            run: "edit Two new customers",
        },
        {
            content: "Plan something",
            trigger: ".o_field_widget[name=item_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "What",
            trigger: ".o_field_widget[name=item_ids] .o_selected_row [name=name] input",
            run: "edit Visit Ruifeng",
        },
        {
            content: "How",
            trigger: ".o_field_widget[name=item_ids] .o_selected_row [name=measure] textarea",
            run: "edit Show the new line",
        },
        {
            content: "By when",
            trigger:
                ".o_field_widget[name=item_ids] .o_selected_row [name=date] input, .o_field_widget[name=item_ids] .o_selected_row [name=date] button",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Submit it",
            trigger: "button[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "It waits, and is not edited any more",
            trigger:
                ".o_form_view:not(:has([name=results] textarea)) .o_statusbar_status .o_arrow_button_current:contains(Waiting for Confirmation)",
        },
    ],
});

// The director finds it among what is to be confirmed, looks at its documents, and confirms it.
registry.category("web_tour.tours").add("sales_dept_monthly_report_confirm", {
    steps: () => [
        {
            content: "Who is late is seen",
            trigger: ".o_list_view .o_data_row.text-danger:contains(manager2_test)",
        },
        {
            content: "The one that was submitted",
            trigger: ".o_list_view .o_data_row:contains(manager1_test) .o_data_cell[name=month_text]",
            run: "click",
        },
        {
            content: "Its open documents",
            trigger: ".o_notebook .nav-link[name=lines]",
            run: "click",
        },
        {
            content: "What is overdue stands there",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Test Customer Ltd)",
        },
        {
            content: "Confirm it",
            trigger: "button[name=action_approval_sign]",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "It is confirmed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Confirmed)",
        },
    ],
});

// The director rates somebody, and submits it to the general manager.
registry.category("web_tour.tours").add("sales_dept_appraisal_rate", {
    steps: () => [
        {
            content: "Open it",
            trigger: ".o_list_view .o_data_row:contains(manager1_test) .o_data_cell[name=period_text]",
            run: "click",
        },
        {
            content: "Rate",
            trigger: ".o_field_widget[name=rating_ids] .o_data_row .o_data_cell[name=rating]",
            run: "click",
        },
        {
            content: "Ninety points",
            trigger: ".o_field_widget[name=rating_ids] .o_selected_row [name=rating] input",
            run: "edit 90",
        },
        {
            content: "What goes well",
            trigger: ".o_field_widget[name=assessment] textarea",
            run: "edit Answers early",
        },
        {
            content: "Submit it",
            trigger: "button[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "It waits",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Waiting for Approval)",
        },
    ],
});
