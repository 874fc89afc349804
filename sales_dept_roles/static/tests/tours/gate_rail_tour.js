import { registry } from "@web/core/registry";

const PRIMARY = ".o_form_statusbar .o_statusbar_buttons .btn-primary, .o_gate_rail .btn-primary";

/** Click whatever stands out, and see to it that nothing else does. */
function next(name) {
    return {
        content: `The one button that stands out: ${name}`,
        trigger: `:is(${PRIMARY})[name=${name}]`,
        async run({ click }) {
            const shown = [...document.querySelectorAll(PRIMARY)].filter((button) => button.offsetParent);
            if (shown.length !== 1) {
                throw new Error(`${shown.length} buttons stand out: ${shown.map((button) => button.textContent)}`);
            }
            await click();
        },
    };
}

function state(gate, state) {
    return { content: `${gate} is ${state}`, trigger: `.o_gate_step_${state}[data-gate=${gate}]` };
}

const tours = registry.category("web_tour.tours");

// Each of them begins on the order: it is taken on by those whose turn it is, one after the other.
tours.add("sales_dept_rail_submit", {
    steps: () => [state("agreement", "passed"), next("action_approval_submit"), state("signoff", "waiting")],
});

tours.add("sales_dept_rail_sign", {
    steps: () => [
        next("action_approval_sign"),
        {
            content: "In the dialog, too",
            trigger: ".modal footer .btn-primary:contains(Sign off):visible",
            run: "click",
        },
        state("signoff", "passed"),
    ],
});

tours.add("sales_dept_rail_send", {
    steps: () => [
        next("action_quotation_send"),
        {
            content: "Send it",
            trigger: ".modal footer .o_mail_send:enabled, .modal footer .btn-primary:contains(Send):enabled",
            run: "click",
        },
        state("sent", "passed"),
        next("action_ask_for_review"),
        {
            content: "The form of the review is made: submit it",
            trigger: ".o_form_view .o_statusbar_buttons .btn-primary[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "The sales department's column is the first",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Department)",
        },
    ],
});

tours.add("sales_dept_rail_confirm", {
    steps: () => [
        next("action_receive"),
        next("action_confirm"),
        state("confirm", "passed"),
        {
            content: "What the departments said unfolds, by the keyboard too",
            trigger: ".o_gate_step[data-gate=review] button",
            async run() {
                this.anchor.focus();
                this.anchor.click();
            },
        },
        {
            content: "All their signatures",
            trigger: ".o_gate_panel[data-gate=review] .o_sales_approval_summary:contains(Production)",
        },
    ],
});
