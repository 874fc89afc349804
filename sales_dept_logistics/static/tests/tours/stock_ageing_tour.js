import { registry } from "@web/core/registry";

// The account manager explains the goods that the Python test made.
registry.category("web_tour.tours").add("sales_dept_stock_ageing_explain", {
    steps: () => [
        {
            content: "From the sheet to one's own goods",
            trigger: "button[name=action_open_mine]",
            run: "click",
        },
        {
            content: "Those of others are not there",
            trigger: ".o_last_breadcrumb_item:contains(Goods by Age), .o_breadcrumb .active:contains(Goods by Age)",
        },
        {
            content: "Open one",
            trigger: ".o_action_manager > .o_list_view:not(:contains(Shaft)) .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".o_field_widget[name=cause] textarea",
            run: "edit The customer put the order off",
        },
        {
            content: "What will be done",
            trigger: ".o_field_widget[name=measure] select, .o_field_widget[name=measure] input",
            run: "click",
        },
        {
            content: "Ship them",
            trigger: ".o_select_menu_item:contains(Ship to the customer)",
            run: "click",
        },
        {
            content: "Until when",
            trigger: ".o_field_widget[name=measure_date] input, .o_field_widget[name=measure_date] button",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "By whom",
            trigger: ".o_field_widget[name=measure_user_id] input",
            run: "edit manager1_test",
        },
        {
            content: "Oneself",
            // Not in the list of all, which the one that was looked for takes the place of.
            trigger:
                ".o-autocomplete--dropdown-menu:not(:contains(assistant_test)) .o-autocomplete--dropdown-item:contains(manager1_test)",
            run: "click",
        },
        {
            // Saved before the choice has closed, the form would look the name up once more.
            content: "Chosen",
            trigger: "body:not(:has(.o-autocomplete--dropdown-item)) .o_field_widget[name=measure_user_id] img",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is explained",
            trigger: ".o_form_saved .o_field_widget[name=explained_date]",
        },
    ],
});

// The assistant submits the sheet, the director confirms it.
registry.category("web_tour.tours").add("sales_dept_stock_ageing_submit", {
    steps: () => [
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

registry.category("web_tour.tours").add("sales_dept_stock_ageing_confirm", {
    steps: () => [
        {
            content: "Confirm it",
            trigger: "button[name=action_approval_sign]",
            run: "click",
        },
        {
            content: "With a word",
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Ship them first",
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
