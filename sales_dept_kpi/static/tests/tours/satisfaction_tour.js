import { registry } from "@web/core/registry";

// As the customer: an answer on two subjects, one of them bad, and a remark.
registry.category("web_tour.tours").add("sales_dept_satisfaction_answer", {
    steps: () => [
        { content: "Begin", trigger: 'button[value="start"]', run: "click" },
        {
            content: "Content with the quotation",
            trigger: ".js_question-wrapper:contains('our quotations') label.o_survey_choice_btn:contains('5')",
            run: "click",
        },
        {
            content: "Not with the logistics",
            trigger: ".js_question-wrapper:contains('our logistics') label.o_survey_choice_btn:contains('1')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".js_question-wrapper:contains('our logistics') + .js_question-wrapper textarea",
            run: "edit Cartons were wet",
        },
        { content: "Send it", trigger: 'button[value="finish"]', run: "click" },
        { content: "Really", trigger: ".modal-footer button.btn-primary:contains('Submit')", run: "click" },
        { content: "Thanks are said", trigger: ".o_survey_finished:contains('Thank you')" },
    ],
});

// As the account manager: from the answer to the issue that it opened, which is solved.
registry.category("web_tour.tours").add("sales_dept_satisfaction_issue", {
    steps: () => [
        {
            content: "Open the answer",
            trigger: ".o_data_row td[name='partner_id']:contains('Test Customer Ltd')",
            run: "click",
        },
        {
            content: "What was said stands there",
            trigger: ".o_field_widget[name='remarks']:contains('Cartons were wet')",
        },
        { content: "Go to its issue", trigger: "button[name='action_open_issues']", run: "click" },
        {
            content: "Open it",
            trigger:
                ".o_data_row td:contains('Not satisfied with Logistics'), .o_kanban_record:contains('Not satisfied with Logistics')",
            run: "click",
        },
        { content: "The customer is told the solution", trigger: "button[name='action_solve']", run: "click" },
        {
            content: "In these words",
            trigger: ".modal .odoo-editor-editable",
            run: "editor Other cartons from now on",
        },
        { content: "Send it", trigger: ".modal button[name='action_send']", run: "click" },
        { content: "It is solved", trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Solved')" },
        { content: "It leads back", trigger: "button[name='action_open_satisfaction']", run: "click" },
        { content: "To the answer", trigger: ".o_field_widget[name='score_ids']" },
    ],
});
