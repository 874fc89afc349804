import { registry } from "@web/core/registry";

// The director looks at the day before, opens what a figure is made of, and then what is left untended.
registry.category("web_tour.tours").add("sales_dept_daily_progress", {
    steps: () => [
        {
            content: "The sheet of today, with a row for each person",
            trigger: ".o_list_view .o_data_row:contains(manager1_test)",
        },
        {
            content: "The day before",
            trigger: ".o_control_panel button[name=action_open_day]:first",
            run: "click",
        },
        {
            content: "It is the day that the search shows",
            trigger: ".o_searchview_facet:contains(2031-03-05)",
        },
        {
            content: "What the account manager sold on it",
            trigger: ".o_data_row:contains(manager1_test):contains(4,321.00) button[name=action_open_documents]",
            run: "click",
        },
        {
            content: "The documents, by what they are",
            trigger: ".o_last_breadcrumb_item:contains(manager1_test), .o_breadcrumb .active:contains(manager1_test)",
        },
        {
            content: "Orders",
            trigger: ".o_group_header:contains(Orders)",
            run: "click",
        },
        {
            content: "The order itself",
            trigger: ".o_data_row:contains(4,321.00) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "It opens",
            trigger: ".o_form_view .o_field_widget[name=order_line]",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_erp_upkeep", {
    steps: () => [
        {
            content: "An order without a date",
            trigger: ".o_data_row:contains(manager1_test) .o_data_cell[name=kind]:contains(Orders without Dates)",
            run: "click",
        },
        {
            content: "The orders that it counts, and no others",
            trigger:
                ".o_last_breadcrumb_item:contains(Orders without Dates), .o_breadcrumb .active:contains(Orders without Dates)",
        },
        {
            content: "As many as it said",
            trigger: ".o_list_view .o_data_row:only-of-type",
        },
    ],
});
