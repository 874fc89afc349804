import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Sparkline } from "../sparkline/sparkline";
import { SIGNS, verdictText } from "../verdict";

/** The live figures of a duty; each opens the documents that it is made of. */
export class KpiFigures extends Component {
    static template = "sales_dept_kpi.KpiFigures";
    static components = { Sparkline };
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
    }

    get figures() {
        return this.props.record.data[this.props.name] || [];
    }

    sign(figure) {
        return SIGNS[figure.verdict];
    }

    title(figure) {
        return figure.id
            ? _t("%(verdict)s. Show the documents", { verdict: verdictText(figure.verdict) })
            : _t("Nothing counts yet this month");
    }

    open(figure) {
        return this.actionService.doActionButton({
            type: "object",
            name: "action_open_evidence",
            resModel: figure.model,
            resId: figure.id,
            context: user.context,
        });
    }
}

registry.category("fields").add("kpi_figures", {
    component: KpiFigures,
    supportedTypes: ["json"],
});
