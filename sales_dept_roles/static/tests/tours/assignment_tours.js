import { registry } from "@web/core/registry";

// The director gives an assignment to the account manager whom the Python test made.
registry.category("web_tour.tours").add("sales_dept_assignment_give", {
    url: "/odoo/sales-assignments",
    steps: () => [
        {
            content: "Give one with the button above the list",
            trigger: ".o_control_panel button:contains(Give an Assignment)",
            run: "click",
        },
        {
            content: "What",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Call Hengtai about the drawing",
        },
        {
            content: "Who",
            trigger: ".modal .o_field_widget[name=user_ids] input",
            run: "edit manager1_test",
        },
        {
            content: "Choose the account manager",
            trigger: ".o-autocomplete--dropdown-item:contains(manager1_test)",
            run: "click",
        },
        {
            content: "The clock proposed a deadline",
            trigger: ".modal .o_field_widget[name=date_deadline]:not(:has(.o_field_invalid))",
        },
        {
            content: "Give it",
            trigger: ".modal button[name=action_give]",
            run: "click",
        },
        {
            content: "It stands in the list, as open",
            trigger:
                ".o_list_view:not(:has(.modal)) .o_data_row:contains(manager1_test):contains(Call Hengtai about the drawing) [name=status]:contains(Under Way)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_assignment_do", {
    url: "/odoo/sales-assignments",
    steps: () => [
        {
            content: "Open it",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Call Hengtai about the drawing)",
            run: "click",
        },
        {
            content: "Its terms belong to the director",
            trigger: ".o_form_view .o_statusbar_buttons:not(:has(button[name=action_change]))",
        },
        {
            content: "Report it as done",
            trigger: ".o_statusbar_buttons button[name=action_report_done]",
            run: "click",
        },
        {
            content: "With what came of it",
            trigger: ".modal .o_field_widget[name=feedback] textarea",
            run: "edit They agreed to the new drawing",
        },
        {
            content: "Done",
            trigger: ".modal button[name=action_answer]",
            run: "click",
        },
        {
            content: "On time",
            trigger: ".o_form_view .o_statusbar_status button.o_arrow_button_current:contains(Done on Time)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_assignment_look", {
    url: "/odoo/sales-assignments",
    steps: () => [
        {
            content: "What is done is no longer to be done",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            content: "The list shows it on time",
            trigger: ".o_data_row:contains(Call Hengtai about the drawing) [name=status]:contains(Done on Time)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_policy_read", {
    url: "/odoo/sales-policies",
    steps: () => [
        {
            content: "The policy waits for me",
            trigger: ".o_data_row.fw-bold .o_data_cell[name=name]:contains(Credit terms)",
            run: "click",
        },
        {
            content: "Confirm with one click",
            trigger: ".o_statusbar_buttons button[name=action_confirm_read]",
            run: "click",
        },
        {
            content: "It says when",
            trigger: ".alert:contains(You confirmed this version)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_meeting_decide", {
    steps: () => [
        {
            content: "The minutes",
            trigger: ".o_notebook .nav-link[name=minutes]",
            run: "click",
        },
        {
            content: "A decision",
            trigger: "button[name=action_meeting_follow_up]",
            run: "click",
        },
        {
            content: "What",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit New drawing of the shaft",
        },
        {
            content: "Who",
            trigger: ".modal .o_field_widget[name=user_ids] input",
            run: "edit engineering_test",
        },
        {
            content: "Choose engineering",
            trigger: ".o-autocomplete--dropdown-item:contains(engineering_test)",
            run: "click",
        },
        {
            content: "Give it",
            trigger: ".modal button[name=action_give]",
            run: "click",
        },
        {
            content: "It stands among the decisions",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=follow_up_ids] .o_data_row:contains(New drawing of the shaft)",
        },
        {
            content: "And in the smart button",
            trigger: "button[name=action_open_follow_ups]:contains(1)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_ordinary_event", {
    steps: () => [
        {
            content: "An ordinary event has no minutes",
            trigger: ".o_form_view .o_notebook:has(.nav-link[name=notes]):not(:has(.nav-link[name=minutes]))",
        },
    ],
});
