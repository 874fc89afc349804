import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// The Python test made two open quotations of this account manager.
registry.category("web_tour.tours").add("sales_dept_my_duties", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("sales_dept_roles.menu_sales_dept_root", "Open the app"),
        {
            content: "It opens on my duties, and only on mine",
            trigger:
                ".o_job_card_kanban:has(.o_kanban_record:contains(3.2.6)):not(:has(.o_kanban_record:contains(3.1.1)))",
        },
        {
            content: "Two quotations wait for me: one click leads there",
            trigger:
                ".o_kanban_record:contains(3.2.6) .o_job_card_work button:contains(My open quotations):contains(2)",
            run: "click",
        },
        {
            content: "Those two and no other",
            trigger: ".o_list_view:has(.o_data_row:nth-child(2)):not(:has(.o_data_row:nth-child(3)))",
        },
        {
            content: "They are of the customer of the test",
            trigger: ".o_data_row:contains(Test Customer Ltd)",
        },
        {
            content: "Back to the duties",
            trigger: ".o_breadcrumb a:contains(My Duties)",
            run: "click",
        },
        {
            content: "Somebody else's duties: take the filter away",
            trigger: ".o_job_card_kanban .o_kanban_record:contains(3.2.6)",
        },
        {
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            content: "All posts are there to be read",
            trigger: ".o_job_card_kanban .o_kanban_group:contains(Sales Director)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_no_duties", {
    url: "/odoo/my-duties",
    steps: () => [
        {
            content: "Who holds no post is told how posts are given",
            trigger: ".o_view_nocontent:contains(No post is yours yet):contains(Sales Department roles)",
        },
    ],
});
