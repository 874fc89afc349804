import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// The server counts no further.
const COUNT_LIMIT = 1000;

/** The ways from a duty to its work, each with the number of what is there; what waits for the user stands out. */
export class JobCardWork extends Component {
    static template = "sales_dept_roles.JobCardWork";
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
    }

    get links() {
        return this.props.record.data[this.props.name] || [];
    }

    label(link) {
        return link.count >= COUNT_LIMIT ? `${COUNT_LIMIT - 1}+` : link.count;
    }

    open(link) {
        return this.actionService.doActionButton({
            type: "object",
            name: "action_open",
            resModel: "sales.dept.duty.link",
            resId: link.id,
            context: user.context,
        });
    }
}

registry.category("fields").add("job_card_work", {
    component: JobCardWork,
    supportedTypes: ["json"],
});
