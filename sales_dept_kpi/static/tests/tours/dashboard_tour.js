import { registry } from "@web/core/registry";

const MINE = "tr.o_kpi_row_person:contains(manager1_test)";

function press(key) {
    return () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

// The director goes through the figures that the Python test made, and locks the month before.
registry.category("web_tour.tours").add("sales_dept_kpi_matrix", {
    steps: () => [
        {
            content: "By mouse to the documents behind a cell",
            trigger: `${MINE} td.o_kpi_cell_missed:contains(75.0 %):has(.fa-times)`,
            run: "click",
        },
        {
            content: "There are four, and the figure's name is above them",
            trigger: ".o_list_view:has(.o_data_row:nth-child(4)):not(:has(.o_data_row:nth-child(5)))",
        },
        {
            content: "Back",
            trigger: ".o_back_button, .breadcrumb-item a:contains(KPI Matrix)",
            run: "click",
        },
        {
            content: "The focus is where it was",
            trigger: `${MINE} td.o_kpi_cell_missed:focus`,
            run: press("ArrowDown"),
        },
        {
            content: "By keyboard to the person below, and into the documents",
            trigger: "tr.o_kpi_row_person:contains(manager2_test) td.o_kpi_cell_met:focus",
            run: press("Enter"),
        },
        {
            content: "There is one",
            trigger: ".o_list_view:has(.o_data_row):not(:has(.o_data_row:nth-child(2)))",
        },
        {
            content: "Back",
            trigger: ".o_back_button, .breadcrumb-item a:contains(KPI Matrix)",
            run: "click",
        },
        {
            content: "One cell alone is in the order of tabs",
            trigger: "table[role=grid]:has([tabindex='0']):not(:has([tabindex='0'] ~ [tabindex='0']))",
        },
        {
            content: "The year of a KPI",
            trigger: "th.o_kpi_open:contains(Order Reviews on Time)",
            run: "click",
        },
        {
            content: "Months are the columns",
            trigger: ".o_kpi_matrix_year thead th:nth-child(13)",
        },
        {
            content: "The running month again",
            trigger: ".o_kpi_months button:not(:disabled):last, .o_kpi_months button:not([disabled]):last",
            run: "click",
        },
        {
            content: "The month before",
            trigger: "table:not(.o_kpi_matrix_year) thead th:contains(Order Reviews)",
            run: () => document.querySelector(".o_kpi_previous").click(),
        },
        {
            content: "It was half",
            trigger: `${MINE} td:contains(50.0 %)`,
        },
        {
            content: "Lock it",
            trigger: ".o_kpi_lock",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal .btn-primary:contains(Lock the Month)",
            run: "click",
        },
        {
            content: "It is locked",
            trigger: ".o_kpi_state:contains(Locked)",
        },
        {
            content: "The job card of a person",
            trigger: `${MINE} th`,
            run: "click",
        },
        {
            content: "Their duties",
            trigger: ".o_breadcrumb:contains(Job Card of manager1_test) , .o_last_breadcrumb_item:contains(Job Card)",
        },
    ],
});

// The same on the phone, where a person is a card.
registry.category("web_tour.tours").add("sales_dept_kpi_matrix_phone", {
    steps: () => [
        {
            content: "No table, a card a person; to the documents behind a figure",
            trigger:
                "body:not(:has(table[role=grid])) .o_kpi_card:contains(manager1_test) .o_kpi_cell_missed:contains(75.0 %)",
            run: "click",
        },
        {
            content: "There they are",
            trigger: ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost), .o_list_view .o_data_row",
        },
        {
            content: "Back",
            trigger: ".o_back_button, .breadcrumb-item a:contains(KPI Matrix)",
            run: "click",
        },
        {
            content: "The cards again",
            trigger: ".o_kpi_card:contains(manager2_test)",
        },
    ],
});

// An account manager sees what proves the duty, and opens it.
registry.category("web_tour.tours").add("sales_dept_kpi_my_duties", {
    steps: () => [
        {
            content: "The figure says itself, its threshold and its months",
            trigger:
                ".o_kpi_figure_missed:contains(75.0 %):contains(≥ 90 %) svg[role=img][aria-label*='50.0 %'][aria-label*='75.0 %']",
        },
        {
            content: "Open it",
            trigger: ".o_kpi_figure_missed",
            run: "click",
        },
        {
            content: "The documents that it is made of",
            trigger: ".o_list_view .o_data_row:nth-child(4)",
        },
    ],
});
