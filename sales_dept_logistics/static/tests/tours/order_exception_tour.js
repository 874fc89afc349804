import { registry } from "@web/core/registry";

// Production does not read orders, and names the one of the Python test by its number.
registry.category("web_tour.tours").add("sales_dept_order_exception_enter", {
    steps: () => [
        {
            content: "A new exception",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Of which order",
            trigger: ".o_field_widget[name=order_number] input",
            run: "edit S-TOUR-1",
        },
        {
            content: "Why",
            trigger: ".o_field_widget[name=cause] select, .o_field_widget[name=cause] input",
            run: "click",
        },
        {
            content: "The production is late",
            trigger: ".o_select_menu_item:contains(Production Late)",
            run: "click",
        },
        {
            content: "What is done",
            trigger: ".o_field_widget[name=measure] textarea",
            run: "edit Night shift from today on",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is handled",
            trigger: ".o_form_saved .o_statusbar_status .o_arrow_button_current:contains(Handled)",
        },
        {
            content: "Accepting the date and telling the customer are not for production",
            trigger:
                ".o_form_view:not(:has(button[name=action_accept_date])):not(:has(button[name=action_tell_customer]))",
        },
    ],
});

// The account manager accepts the new date, writes to the customer, and closes it.
registry.category("web_tour.tours").add("sales_dept_order_exception_tell", {
    steps: () => [
        {
            content: "Accept the new date",
            trigger: "button[name=action_accept_date]",
            run: "click",
        },
        {
            content: "It becomes the promise",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "It is accepted",
            trigger: ".o_field_widget[name=date_accepted]",
        },
        {
            content: "Tell the customer",
            trigger: "button[name=action_tell_customer]",
            run: "click",
        },
        {
            content: "In one's own words",
            trigger: ".modal .o_field_widget[name=body] .odoo-editor-editable",
            run: "editor We are sorry, it comes ten days later.",
        },
        {
            content: "Send",
            trigger: ".modal button.o_mail_send",
            run: "click",
        },
        {
            content: "Told, in advance",
            trigger: ".ribbon:contains(In Advance)",
        },
        {
            content: "With these words",
            trigger: ".o_field_widget[name=told_text]:contains(We are sorry)",
        },
        {
            content: "Close it",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "It is closed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Closed)",
        },
    ],
});
