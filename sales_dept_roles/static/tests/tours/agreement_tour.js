import { registry } from "@web/core/registry";

// The order is made by the Python test: its customer has neither an agreement nor a contract.
registry.category("web_tour.tours").add("sales_dept_agreement_from_order", {
    steps: () => [
        {
            content: "Its gate is on the rail",
            trigger: ".o_gate_step_open[data-gate=agreement] button",
            run: "click",
        },
        {
            content: "It says what is missing; make an agreement",
            trigger: "[data-gate=agreement] button[name=action_mend_agreement]",
            run: "click",
        },
        {
            content: "The customer is filled in; say what it is about",
            trigger: ".o_form_view .o_field_widget[name=subject] input",
            run: "edit Supply of precision parts",
        },
        {
            content: "Write down the terms",
            trigger: ".o_field_widget[name=terms] .odoo-editor-editable",
            run: "editor Prices hold for a year.",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Submit it",
            trigger: ".o_statusbar_buttons button[name=action_approval_submit]",
            run: "click",
        },
        {
            content: "It is in approval",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Approval)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_dept_contract_of_order", {
    steps: () => [
        {
            content: "Its gate is on the rail",
            trigger: ".o_gate_step_open[data-gate=agreement] button",
            run: "click",
        },
        {
            content: "It says what is missing; attach the contract",
            trigger: "[data-gate=agreement] button[name=action_attach_contract]",
            run: "click",
        },
        {
            content: "Drag a file over the window, and drop it",
            trigger: ".modal .o_sales_dept_signed_file",
            async run() {
                const transfer = new DataTransfer();
                transfer.items.add(new File(["%PDF-1.4 signed"], "contract.pdf", { type: "application/pdf" }));
                const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
                this.anchor.dispatchEvent(new DragEvent("dragenter", options));
                await new Promise((resolve) => setTimeout(resolve, 300));
                document.querySelector(".o-Dropzone").dispatchEvent(new DragEvent("drop", options));
            },
        },
        {
            content: "It is there; save",
            trigger: ".modal:has(.o_sales_dept_signed_file input:value(contract.pdf)) button.btn-primary",
            run: "click",
        },
        {
            content: "Nothing is missing any more",
            trigger: "body:not(:has(.modal)) .o_form_view .o_gate_step_passed[data-gate=agreement]",
        },
    ],
});
