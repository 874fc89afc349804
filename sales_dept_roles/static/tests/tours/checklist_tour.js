import { registry } from "@web/core/registry";

const card = (rule) => `.o_kanban_record:contains(${rule})`;

registry.category("web_tour.tours").add("sales_dept_checklist", {
    steps: () => [
        { trigger: ".settings_tab .tab[data-key=sale_management]", run: "click" },
        {
            content: "The sales department's settings are the first among those of Sales",
            trigger: ".app_settings_block[data-key=sale_management] button:contains(Apply the handbook's rules)",
            run: "click",
        },
        {
            content: "A role that nobody holds is given here",
            trigger: ".o_field_widget[name=role_ids] .o_data_row:contains(Quality)",
        },
        { trigger: `${card("Agreement or Contract")} .badge:contains(Off)` },
        {
            content: "What it would do is told before it does it",
            trigger: `${card("Agreement or Contract")} div:contains(Open now, and would wait)`,
        },
        { trigger: `${card("Agreement or Contract")} button:contains(Switch On)`, run: "click" },
        { trigger: `${card("Agreement or Contract")} .badge:contains(On)` },
        { trigger: `${card("Quote Sign-off")} .badge:contains(Off)` },
        { trigger: `${card("Agreement or Contract")} button:contains(Switch Off)`, run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: `${card("Agreement or Contract")} .badge:contains(Off)` },
        { trigger: ".o_statusbar_buttons button:contains(Switch All On)", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".o_statusbar_buttons button:contains(Switch All Off)" },
        { trigger: `${card("Quote Sign-off")} .badge:contains(On)` },
    ],
});
