import { registry } from "@web/core/registry";

// What left is invoiced, the tax-office invoice is registered and issued, and goes to the customer by courier.
registry.category("web_tour.tours").add("sales_dept_tax_invoice", {
    steps: () => [
        {
            content: "A shipment that is to be invoiced",
            trigger: ".o_data_row:contains(Tour Customer Ltd) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "Create its invoice",
            trigger: ".o_form_view button[name=action_create_invoice]",
            run: "click",
        },
        {
            content: "By Odoo's own dialog",
            trigger: ".modal button[name=create_invoices]",
            run: "click",
        },
        {
            content: "Post it",
            trigger: ".o_form_view button[name=action_post]:not([disabled])",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_form_view .o_arrow_button_current:contains(Posted)",
        },
        {
            content: "Back to the list, in which nothing is left to invoice",
            trigger: ".o_breadcrumb .breadcrumb-item a:first",
            run: "click",
        },
        {
            content: "What is invoiced is there too",
            trigger: ".o_searchview_facet:contains(To Invoice) .o_facet_remove",
            run: "click",
        },
        {
            content: "The shipment",
            trigger: ".o_data_row:contains(Tour Customer Ltd):contains(To Hand Over) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "Register the tax-office invoice",
            trigger: ".o_form_view button[name=action_register_tax_invoice]",
            run: "click",
        },
        {
            content: "Its number, as it stands on it",
            trigger: ".o_field_widget[name=number] input",
            run: "edit 2631 2000 0000 9999 9999",
        },
        {
            content: "Its date",
            trigger: ".o_field_widget[name=date] button, .o_field_widget[name=date] input",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Issue it",
            trigger: "button[name=action_issue]",
            run: "click",
        },
        {
            content: "It is issued; hand it over",
            trigger: "button.btn-primary[name=action_hand_over]",
            run: "click",
        },
        {
            content: "By courier",
            trigger: ".modal .o_field_widget[name=method] .o_radio_item:contains(Courier) input",
            run: "click",
        },
        {
            content: "With its number",
            trigger: ".modal .o_field_widget[name=tracking_number] input",
            run: "edit SF1399021000001",
        },
        {
            content: "Log it",
            trigger: ".modal button[name=action_confirm]:contains(Log It)",
            run: "click",
        },
        {
            content: "It is in the customer's hands",
            trigger: ".o_form_view:not(:has(.modal)) .oe_stat_button[name=action_view_handovers]",
        },
    ],
});
