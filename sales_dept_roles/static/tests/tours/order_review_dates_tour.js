import { registry } from "@web/core/registry";

// Thirty lines take a handful of clicks, whoever enters their dates.
const MOST_CLICKS = 10;
let clicks = 0;

function countClicks() {
    clicks = 0;
    document.addEventListener("click", () => clicks++, { capture: true });
}

function checkClicks() {
    if (!clicks || clicks > MOST_CLICKS) {
        throw new Error(`The dates took ${clicks} clicks, and no more than ${MOST_CLICKS} are wanted.`);
    }
}

const COLUMN = Array.from({ length: 30 }, (_, row) => `2031-01-${String(row + 1).padStart(2, "0")}`);

registry.category("web_tour.tours").add("sales_dept_wanted_dates", {
    steps: () => [
        {
            content: "The column is shown where a review asks for it",
            trigger: ".o_field_widget[name=order_line] th[data-name=wanted_date]",
            run: countClicks,
        },
        {
            content: "Ask for the review",
            trigger: "button[name=action_ask_for_review]",
            run: "click",
        },
        {
            content: "A column with a day that could be another is pasted",
            trigger: ".modal [name=pasted] textarea",
            run: "edit 12/1",
        },
        {
            content: "Look at the lines",
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "What is wrong is said, and where",
            trigger: ".modal .alert-danger:contains(Row 1):contains(12/1)",
        },
        {
            content: "The right column is pasted",
            trigger: ".modal [name=pasted] textarea",
            run({ anchor }) {
                anchor.value = COLUMN.join("\n");
                anchor.dispatchEvent(new InputEvent("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "Each line has its date",
            trigger: ".modal .o_data_row:nth-child(30) [name=date]:contains(Jan 30)",
        },
        {
            content: "Go on",
            trigger: ".modal footer button[name=action_apply]:visible",
            run: "click",
        },
        {
            content: "The review is there: submit it",
            trigger: ".o_form_view button[name=action_approval_submit]:visible",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_statusbar_status:has(.o_arrow_button_current:contains(Sales Department))",
            run: checkClicks,
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_promised_dates", {
    steps: () => [
        {
            content: "The departments are asked",
            trigger: ".o_statusbar_status:has(.o_arrow_button_current:contains(Departments))",
            run: countClicks,
        },
        {
            content: "Production agrees",
            trigger: "button[name=action_agree]",
            run: "click",
        },
        {
            content: "The dates are asked for first: one for all",
            trigger: ".modal [name=same_date] input, .modal [name=same_date] button",
            run: "click",
        },
        {
            content: "Enter it",
            trigger: ".modal [name=same_date] input",
            run: "edit 02/20/2031",
        },
        {
            content: "Look at the lines",
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "Each line has it",
            trigger: ".modal .o_data_row:nth-child(30) [name=date]:contains(Feb 20)",
        },
        {
            content: "Go on",
            trigger: ".modal footer button[name=action_apply]:visible",
            run: "click",
        },
        {
            content: "Now the signature",
            trigger: ".modal footer button[name=action_decide]:contains(Sign off):visible",
            run: "click",
        },
        {
            content: "Production has agreed",
            trigger: ".o_sales_approval_summary .fa-check + span .fw-bold:contains(Production)",
            run: checkClicks,
        },
    ],
});
