import { registry } from "@web/core/registry";

// The director proposes the year from last year's figures, and asks the people.
registry.category("web_tour.tours").add("sales_dept_target_propose", {
    steps: () => [
        {
            content: "A new target",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "It says what to do first",
            trigger: ".alert:contains(Propose each person's figures)",
        },
        {
            content: "Propose it",
            trigger: "button[name=action_propose]",
            run: "click",
        },
        {
            content: "Each person has a row",
            trigger: ".o_field_widget[name=share_ids] .o_data_row:contains(manager1_test):contains(1,100)",
        },
        {
            content: "Ask them",
            trigger: "button[name=action_ask]",
            run: "click",
        },
        {
            content: "They have not confirmed yet",
            trigger: ".alert:contains(have not confirmed):visible",
        },
    ],
});

// The account manager sees their own figures only, and confirms them.
registry.category("web_tour.tours").add("sales_dept_target_confirm", {
    steps: () => [
        {
            content: "One's own row, and nobody else's",
            trigger:
                ".o_field_widget[name=share_ids]:not(:contains(manager2_test)) .o_data_row:contains(manager1_test)",
        },
        {
            content: "Confirm it",
            trigger: "button[name=action_confirm_mine]",
            run: "click",
        },
        {
            content: "It is confirmed",
            trigger: ".o_field_widget[name=share_ids] .badge:contains(Confirmed)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_target_submit", {
    steps: () => [
        {
            content: "All have confirmed: submit it",
            trigger: "button[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "It waits",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Waiting for Approval)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_target_sign", {
    steps: () => [
        {
            content: "Sign it",
            trigger: "button[name=action_approval_sign]",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "It is in force",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Approved)",
        },
        {
            content: "Plan against actual",
            trigger: "button[name=action_open_report]",
            run: "click",
        },
        {
            content: "Team by team",
            trigger: ".o_pivot th:contains(East)",
        },
    ],
});
