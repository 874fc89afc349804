import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// A draft says when it counts; before that, what it would have cost by zone.
tours.add("sales_dept_rate_card_what_if", {
    steps: () => [
        {
            content: "The draft",
            trigger: ".o_data_row .o_data_cell:contains(Card of the tour)",
            run: "click",
        },
        {
            content: "It says when it counts",
            trigger: ".alert[name=state_note]:contains(brings this card into use)",
        },
        {
            content: "What would it have cost?",
            trigger: "button[name=action_open_what_if]",
            run: "click",
        },
        {
            content: "Compare",
            trigger: ".modal button[name=action_compare]",
            run: "click",
        },
        {
            content: "By zone: 5 now, 8 by this card",
            trigger: ".modal .o_data_row:contains(Near):contains(5.00):contains(8.00)",
        },
        {
            content: "Close",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Back on the card",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

// The account manager asks what a shipment would cost, and sees each step.
tours.add("sales_dept_rate_calculator", {
    steps: () => [
        {
            content: "With whom",
            trigger: ".o_field_widget[name=carrier_id] input",
            run: "edit SF Test",
        },
        {
            content: "That carrier",
            trigger: ".o-autocomplete--dropdown-item:contains(SF Test)",
            run: "click",
        },
        {
            content: "What it weighs",
            trigger: ".o_field_widget[name=weight] input",
            run: "edit 1.3 && press Tab",
        },
        {
            content: "Each step of the price",
            trigger: ".o_field_widget[name=result]:contains(rounded from 1.3 kg):contains(6.00)",
        },
        {
            content: "Done: nothing needs to be kept",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});
