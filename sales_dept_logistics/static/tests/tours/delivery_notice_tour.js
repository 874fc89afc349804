import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function atState(label) {
    return {
        content: `It is ${label}`,
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
    };
}

// The assistant makes one notice of what two orders have open, and issues it.
tours.add("sales_dept_delivery_notice_make", {
    steps: () => [
        {
            content: "For whom",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Test Customer",
        },
        {
            content: "The customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Test Customer Ltd)",
            run: "click",
        },
        {
            content: "When",
            trigger: ".o_field_widget[name=wanted_date] input, .o_field_widget[name=wanted_date] button",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "What both orders have open",
            trigger: "button[name=action_add_open]",
            run: "click",
        },
        {
            content: "Shafts of the one",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Shaft)",
        },
        {
            content: "Gears of the other",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Gear)",
        },
        {
            content: "To the warehouse",
            trigger: "button[name=action_issue]",
            run: "click",
        },
        atState("Issued"),
    ],
});

// The warehouse accepts it, ships a part, and says why the rest stays.
tours.add("sales_dept_delivery_notice_ship", {
    steps: () => [
        {
            content: "What is to ship",
            trigger: ".o_list_view .o_data_row:contains(Test Customer Ltd) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Accept it",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        atState("Accepted"),
        {
            content: "Its transfers",
            trigger: "button[name=action_view_pickings]",
            run: "click",
        },
        {
            content: "The first of them",
            trigger: ".o_last_breadcrumb_item:contains(Transfers), .o_breadcrumb .active:contains(Transfers)",
        },
        {
            content: "Open it",
            trigger: ".o_list_view .o_data_row:eq(0) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Four of ten",
            trigger: ".o_field_widget[name=move_ids] .o_data_row .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            content: "are loaded",
            trigger: ".o_field_widget[name=move_ids] .o_data_row .o_data_cell[name=quantity] input",
            run: "edit 4",
        },
        {
            content: "They leave",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            content: "The rest later",
            trigger: ".modal footer button:contains(Create Backorder)",
            run: "click",
        },
        atState("Done"),
        {
            content: "Back to the notice",
            trigger: ".o_breadcrumb a:contains(DN/)",
            run: "click",
        },
        atState("Loading"),
        {
            content: "The rest stays",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] textarea, .modal .o_field_widget[name=reason] input",
            run: "edit The truck is full",
        },
        {
            content: "Say so",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        atState("Shipped"),
    ],
});

// On a phone the status is one button; of the others the first is shown, and what leads elsewhere is behind a bolt.
function atStateOnPhone(label) {
    return {
        content: `It is ${label}`,
        trigger: `.o_statusbar_status button.dropdown-toggle:contains(${label})`,
    };
}

// The warehouse, on the phone: from the card to the goods that left.
tours.add("sales_dept_delivery_notice_phone", {
    steps: () => [
        {
            content: "What is to ship, as cards",
            trigger: ".o_kanban_record:not(.o_kanban_ghost):contains(Test Customer Ltd):contains(Issued)",
            run: "click",
        },
        {
            content: "Accept it",
            trigger: ".o_statusbar_buttons button[name=action_accept]",
            run: "click",
        },
        atStateOnPhone("Accepted"),
        {
            content: "Load it",
            trigger: ".o_statusbar_buttons button[name=action_load]",
            run: "click",
        },
        atStateOnPhone("Loading"),
        {
            content: "How much",
            trigger: ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=qty_loaded]",
            run: "click",
        },
        {
            content: "All of it",
            trigger: ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=qty_loaded] input",
            run: "edit 10",
        },
        {
            content: "Where it leads",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            content: "Its transfer",
            trigger: "button[name=action_view_pickings]:visible",
            run: "click",
        },
        {
            content: "It leaves",
            trigger: ".o_statusbar_buttons button[name=button_validate]:visible",
            run: "click",
        },
        atStateOnPhone("Done"),
        {
            content: "Back to the notice",
            trigger: ".o_back_button",
            run: "click",
        },
        atStateOnPhone("Shipped"),
    ],
});

// The customer says what did not arrive in order, and signs.
tours.add("sales_dept_delivery_notice_sign", {
    steps: () => [
        {
            content: "The delivery",
            trigger: "table a:contains(DN/)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Something is amiss",
            trigger: "#o_delivery_amiss",
            run: "check",
        },
        {
            content: "More is damaged than came",
            trigger: ".o_delivery_goods input[name=qty_damaged]:eq(0)",
            run: "edit 9",
        },
        {
            content: "Why",
            trigger: ".o_delivery_goods input[name=sign_reason]:eq(0)",
            run: "edit Wet carton",
        },
        {
            content: "Her name",
            trigger: ".o_web_sign_name_input",
            run: "edit Zhao Min",
        },
        {
            content: "Her signature",
            trigger: "canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "Sign",
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
        },
        {
            content: "It does not add up",
            trigger: ".o_portal_sign_error_msg:contains(4)",
        },
        {
            content: "Nothing is lost",
            trigger: ".o_delivery_goods input[name=sign_reason]:eq(0):value(Wet carton)",
        },
        {
            content: "One is",
            trigger: ".o_delivery_goods input[name=qty_damaged]:eq(0)",
            run: "edit 1",
        },
        {
            content: "Sign again",
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is signed for",
            trigger: ".alert-success",
        },
        {
            content: "With what was amiss",
            trigger: "#delivery td:contains(Wet carton)",
        },
    ],
});
