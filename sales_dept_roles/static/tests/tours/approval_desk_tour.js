import { registry } from "@web/core/registry";

// On the phone, three quotations: two signed, one tap each, one refused; then nothing is left.
// Taps on buttons that sign are counted, for the approvers' guide.
const SIGN = ".o_kanban_record:not(.o_kanban_ghost) footer button[name=action_sign_card]";

function sign(name, left) {
    return [
        {
            content: "What is to be decided stands on the card",
            trigger: `.o_kanban_record:contains(${name}) .o_sales_approval_glance:contains(Amount)`,
        },
        {
            content: "One tap",
            trigger: `.o_kanban_record:contains(${name}) footer button[name=action_sign_card]`,
            run: "click",
        },
        {
            content: "It says what was signed, and what is left",
            trigger: `.o_notification:contains(${name}: signed off.):contains(${left})`,
        },
        {
            content: "The card gave place to the next",
            trigger: `.o_kanban_view:not(:has(.o_kanban_record:contains(${name})))`,
        },
    ];
}

registry.category("web_tour.tours").add("sales_dept_approval_desk", {
    steps: () => [
        { content: "Cards", trigger: `.o_approval_desk ${SIGN}` },
        ...sign("Desk 1", "2 more documents wait for you."),
        ...sign("Desk 2", "One more document waits for you."),
        {
            content: "Refuse the last",
            trigger: ".o_kanban_record footer button[name=action_reject]",
            run: "click",
        },
        {
            content: "With a reason",
            trigger: ".modal [name=comment] textarea",
            run: "edit Too cheap",
        },
        {
            content: "Refuse",
            trigger: ".modal footer button[name=action_decide]:visible",
            run: "click",
        },
        {
            content: "Nothing is left: what was decided today",
            trigger:
                ".o_view_nocontent:contains(Nothing waits for your signature) .o_approval_desk_decided:contains(Signed off today: 2 documents):contains(Refused today: 1 document)",
        },
    ],
});
