import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The customer enters an issue on the portal.
tours.add("sales_dept_issue_enter", {
    steps: () => [
        {
            content: "A new one",
            trigger: "a.o_new_issue",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What it is about",
            trigger: "form.o_issue_form input[name=title]",
            run: "edit Shafts are scratched",
        },
        {
            content: "Of which kind",
            trigger: "form.o_issue_form select[name=kind]",
            run: "select delivery",
        },
        {
            content: "What happened",
            trigger: "form.o_issue_form textarea[name=description]",
            run: "edit Twelve of two hundred",
        },
        {
            content: "Send it",
            trigger: "form.o_issue_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has reached us",
            trigger: "#issue .alert-success:contains(It has reached us)",
        },
    ],
});

// The account manager asks a department.
tours.add("sales_dept_issue_ask", {
    steps: () => [
        {
            content: "Open it from the board",
            trigger: ".o_kanban_record:contains(Shafts are scratched)",
            run: "click",
        },
        {
            content: "Ask a department",
            trigger: ".o_statusbar_buttons button[name=action_ask_department]",
            run: "click",
        },
        {
            content: "Which one",
            trigger: ".modal .o_field_widget[name=group_id] input",
            run: "edit Quality",
        },
        {
            content: "Quality",
            trigger: ".o-autocomplete--dropdown-item:contains(Quality)",
            run: "click",
        },
        {
            content: "Somebody of it is proposed",
            trigger: ".modal .o_field_widget[name=user_id] input:value(quality_test)",
        },
        {
            content: "What",
            trigger: ".modal .o_field_widget[name=question] textarea",
            run: "edit What does the inspection say?",
        },
        {
            content: "Ask",
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            content: "It is under way",
            trigger: "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains(Under Way)",
        },
    ],
});

// The department answers.
tours.add("sales_dept_issue_department", {
    steps: () => [
        {
            content: "It was asked",
            trigger: ".o_data_row .o_data_cell[name=question]:contains(What does the inspection say?)",
            run: "click",
        },
        {
            content: "What it found",
            trigger: ".o_form_view .o_field_widget[name=answer] textarea",
            run: "edit Scratched by the packing",
        },
        {
            content: "Answer",
            trigger: ".o_statusbar_buttons button[name=action_answer]",
            run: "click",
        },
        {
            content: "It is answered",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Answered)",
        },
    ],
});

// The account manager tells the customer how it was solved.
tours.add("sales_dept_issue_solve", {
    steps: () => [
        {
            content: "The department's answer stands on the issue",
            trigger: ".o_notebook .nav-link[name=questions]",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_field_widget[name=question_ids] .o_data_row:contains(Scratched by the packing)",
        },
        {
            content: "Solved at once",
            trigger: ".o_statusbar_buttons button[name=action_solve]:contains(Solved at Once)",
            run: "click",
        },
        {
            content: "What the customer is told",
            trigger: ".modal .o_field_widget[name=text] .odoo-editor-editable",
            run: "editor Twelve new ones are on their way",
        },
        {
            content: "Send it",
            trigger: ".modal button[name=action_send]:contains(Send)",
            run: "click",
        },
        {
            content: "Solved",
            trigger: "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains(Solved)",
        },
    ],
});

// The customer is not content.
tours.add("sales_dept_issue_not_solved", {
    steps: () => [
        {
            content: "How it was solved",
            trigger: "#solved:contains(Twelve new ones are on their way)",
        },
        {
            content: "Why it is not",
            trigger: "#solved textarea[name=text]",
            run: "edit Only ten came",
        },
        {
            content: "Say so",
            trigger: "form.o_issue_not_solved button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is open again",
            trigger: "#issue .alert-success:contains(taken it up again)",
        },
    ],
});
