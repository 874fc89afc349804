import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Scans are dropped: each finds its waybill by the number in its name, and what does not is listed.
tours.add("sales_dept_waybill_scans", {
    steps: () => [
        {
            content: "Drop scans",
            trigger: "button:contains(File Scans)",
            run: "click",
        },
        {
            content: "Two of them",
            trigger: ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
            run({ anchor }) {
                const transfer = new DataTransfer();
                for (const name of ["SF00000001.pdf", "IMG_4711.pdf"]) {
                    transfer.items.add(new File([`%PDF-1.4 ${name}`], name, { type: "application/pdf" }));
                }
                anchor.files = transfer.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "Both are there",
            trigger: ".modal .o_attachment:contains(IMG_4711)",
        },
        {
            content: "File them",
            trigger: ".modal button[name=action_file]",
            run: "click",
        },
        {
            content: "One is left",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(IMG_4711)",
        },
        {
            content: "The other is not",
            trigger: ".o_list_view:not(:contains(SF00000001.pdf))",
        },
    ],
});

// The month folder says what is missing, and leads there.
tours.add("sales_dept_waybill_month", {
    steps: () => [
        {
            content: "The folder of the carrier says how many papers are missing",
            trigger: ".o_data_row .o_data_cell[name=missing_paper_count]:contains(1)",
        },
        {
            content: "Which",
            trigger: ".o_data_row button[name=action_open_missing_papers]",
            run: "click",
        },
        {
            content: "The one without a scan",
            trigger:
                ".o_form_view .o_field_widget[name=name]:contains(SF00000002), .o_form_view [name=name] input:value(SF00000002)",
        },
    ],
});
