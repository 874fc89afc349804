import { registry } from "@web/core/registry";

// The account manager has the month's plan made, says something about an item, and submits it.
registry.category("web_tour.tours").add("sales_dept_collection_plan", {
    steps: () => [
        {
            content: "Have the plan made",
            trigger: ".o_control_panel button:contains(Make Plans), .o_list_buttons button:contains(Make Plans)",
            run: "click",
        },
        {
            content: "For oneself",
            trigger: ".modal .o_field_widget[name=user_ids] .o_tag:contains(manager1_test)",
        },
        {
            content: "Make it",
            trigger: ".modal button[name=action_make]",
            run: "click",
        },
        {
            content: "It is there",
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row .o_data_cell[name=line_count]:contains(/^2$/)",
            run: "click",
        },
        {
            content: "Open the first item",
            trigger: ".o_form_view .o_field_widget[name=line_ids] .o_data_row:first .o_data_cell[name=note]",
            run: "click",
        },
        {
            content: "Say something about it",
            trigger: ".o_field_widget[name=line_ids] .o_selected_row [name=note] input",
            run: "edit After the 25th",
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

// The director approves it.
registry.category("web_tour.tours").add("sales_dept_collection_approve", {
    steps: () => [
        {
            content: "Sign it",
            trigger: ".o_form_view button[name=action_approval_sign]",
            run: "click",
        },
        {
            content: "In the dialog",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "It is approved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(/^Approved$/)",
        },
    ],
});

// The customer promises to pay an item today.
registry.category("web_tour.tours").add("sales_dept_collection_promise", {
    steps: () => [
        {
            content: "On the item",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:first button[name=action_promise]",
            run: "click",
        },
        {
            content: "For which day",
            trigger: ".modal .o_field_widget[name=date] input, .modal .o_field_widget[name=date] button",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Keep it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is open",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=line_ids] .o_data_row:first .o_data_cell[name=promise_state]:contains(Day to Come)",
        },
    ],
});

// What was paid stands beside what was planned.
registry.category("web_tour.tours").add("sales_dept_collection_kept", {
    steps: () => [
        {
            content: "The promise is kept",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:first .o_data_cell[name=promise_state]:contains(Kept)",
        },
        {
            content: "And it is settled",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:first .o_data_cell[name=settled]:contains(100.00)",
        },
    ],
});
