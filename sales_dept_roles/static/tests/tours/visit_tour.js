import { registry } from "@web/core/registry";

// On the phone, from the plan to the follow-up; the Python test made the customer and the colleague.
registry.category("web_tour.tours").add("sales_dept_visit", {
    url: "/odoo/visits",
    steps: () => [
        {
            content: "Plan one",
            trigger: ".o_control_panel button:contains(Plan a Visit)",
            run: "click",
        },
        {
            content: "Which customer",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "click",
        },
        {
            content: "This one, in the dialog that opens on a phone",
            trigger: ".modal .o_kanban_record:contains(Test Customer Ltd)",
            run: "click",
        },
        {
            content: "Put it into the calendar",
            trigger: ".modal button[name=action_plan]:visible",
            run: "click",
        },
        {
            content: "It is planned",
            trigger: ".o_visit_form .o_field_widget[name=visit_state]:contains(Planned)",
        },
        {
            content: "There: one tap",
            trigger: ".o_visit_form button.o_visit_check_in",
            run: "click",
        },
        {
            content: "Checked in, and not twice",
            trigger:
                ".o_visit_form:not(:has(.o_visit_check_in)) .o_field_widget[name=visit_state]:contains(Checked In)",
        },
        {
            content: "Without saying what came of it",
            trigger: ".o_visit_form button[name=action_visit_done]",
            run: "click",
        },
        {
            content: "it is not done",
            trigger: ".modal:contains(Say what came of)",
        },
        {
            content: "Back",
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            content: "What was said",
            trigger: ".o_visit_form .o_field_widget[name=visit_outcome] textarea",
            run: "edit They want a sample by Friday",
        },
        {
            content: "The result",
            trigger:
                ".o_visit_form .o_field_widget[name=visit_result] input, .o_visit_form .o_field_widget[name=visit_result] .o_select_menu_toggler",
            run: "click",
        },
        {
            content: "They are interested",
            trigger: ".o_select_menu_item:contains(Interested)",
            run: "click",
        },
        {
            content: "Report it",
            trigger: ".o_visit_form button[name=action_visit_done]",
            run: "click",
        },
        {
            content: "Done",
            trigger:
                ".o_visit_form:not(:has(button[name=action_visit_done])) .o_field_widget[name=visit_state]:contains(Done)",
        },
        {
            content: "Ask engineering for the sample",
            trigger: ".o_visit_form button[name=action_meeting_follow_up]",
            run: "click",
        },
        {
            content: "What",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit A sample of the shaft",
        },
        {
            content: "Who",
            trigger: ".modal .o_field_widget[name=user_ids] input",
            run: "click",
        },
        {
            content: "Choose engineering",
            trigger: ".modal .o_kanban_record:contains(engineering_test)",
            run: "click",
        },
        {
            content: "Give it",
            trigger: ".modal button[name=action_give]",
            run: "click",
        },
        {
            content: "It belongs to the visit, on its tab",
            trigger: ".o_visit_form .nav-link:contains(Follow-ups)",
            run: "click",
        },
        {
            content: "with its person",
            trigger:
                ".o_visit_form:not(:has(.modal)) .o_field_widget[name=follow_up_ids]:contains(A sample of the shaft)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_contacts_due", {
    url: "/odoo/contacts-due",
    steps: () => [
        {
            content: "The customer who was forgotten",
            trigger: ".o_kanban_record:contains(Test Customer Ltd):contains(Overdue) button[name=action_log_call]",
            run: "click",
        },
        {
            content: "What was said on the phone",
            trigger: ".modal .o_field_widget[name=visit_outcome] textarea",
            run: "edit All is well",
        },
        {
            content: "Nothing new",
            trigger: ".modal .o_field_widget[name=visit_result] .o_radio_item:contains(Nothing New) input",
            run: "click",
        },
        {
            content: "Report it",
            trigger: ".modal button[name=action_plan]:visible",
            run: "click",
        },
        {
            content: "Nobody is due any more",
            trigger: ".o_kanban_view:not(:has(.modal)):not(:has(.o_kanban_record:contains(Test Customer Ltd)))",
        },
    ],
});
