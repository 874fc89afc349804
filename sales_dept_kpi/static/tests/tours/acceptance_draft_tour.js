import { registry } from "@web/core/registry";

// Finance registers a draft that the account manager entered; when it matures nobody pays it.
registry.category("web_tour.tours").add("sales_dept_acceptance_draft", {
    steps: () => [
        {
            content: "The draft that was handed over",
            trigger: ".o_data_row:contains(Entered) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Register it",
            trigger: ".o_form_view button[name=action_receive]",
            run: "click",
        },
        {
            content: "It is held, and says what it paid",
            trigger: ".o_arrow_button_current:contains(Held)",
            timeout: 60000,
        },
        {
            content: "With the invoice",
            trigger: ".o_field_widget[name=paid_names]:contains(/)",
        },
        {
            content: "What stands on it is fixed",
            trigger: ".o_field_widget[name=amount].o_readonly_modifier",
        },
        {
            content: "It was not paid",
            trigger: ".o_form_view button[name=action_open_step]:contains(Dishonoured)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit No cover",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "What it paid is owed again",
            trigger: ".alert-danger:contains(what it paid is owed again)",
            timeout: 60000,
        },
        {
            content: "What happened is kept",
            trigger: ".o_field_widget[name=event_ids] .o_data_row:contains(No cover)",
        },
    ],
});
