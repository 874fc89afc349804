import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("sales_dept_customer_file_menu", {
    steps: () => [
        {
            content: "A customer's file",
            trigger: ".o_form_view .o_notebook .nav-link.active[name=customer_file]",
        },
        {
            content: "Its menu",
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "The file is filed, and nothing beside it is called Archive",
            trigger: ".o-dropdown--menu:has(.o_menu_item .fa-clone):not(:has(.o_menu_item .oi-archive))",
        },
    ],
});
