import { Component, markup, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    not_needed: "fa-minus",
    later: "fa-circle-thin",
    open: "fa-dot-circle-o",
    waiting: "fa-clock-o",
    held: "fa-exclamation-circle",
    conditional: "fa-check-circle-o",
    passed: "fa-check-circle",
};

/**
 * The gates on the way of an order. The step that matters to the reader says what there is to do; the others unfold.
 */
export class GateRail extends Component {
    static template = "sales_dept_roles.GateRail";
    static props = { ...standardFieldProps };

    setup() {
        // `undefined` follows the order, `null` is folded up by the reader.
        this.orm = useService("orm");
        this.state = useState({ unfolded: undefined, isWhole: false, details: {} });
        useRecordObserver((record) => {
            if (this.rail !== record.data[this.props.name]) {
                this.rail = record.data[this.props.name];
                this.state.unfolded = undefined;
                this.state.details = {};
                this.readDetails(this.unfolded);
            }
        });
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    /** The first about which the reader can do something, else the first that is not done. */
    get focus() {
        const steps = this.steps;
        return steps.find((step) => step.actions.length) || steps.find((step) => !step.is_done);
    }

    get unfolded() {
        if (this.state.unfolded !== undefined) {
            return this.steps.find((step) => step.key === this.state.unfolded);
        }
        // What stands no more, or was refused, is shown with its reasons.
        return this.focus?.state === "held" ? this.focus : undefined;
    }

    /** The step whose sentence is shown below the rail. */
    get shown() {
        if (this.unfolded) {
            return this.unfolded;
        }
        const { focus } = this;
        return focus && (focus.sentence || focus.actions.length || focus.has_details) ? focus : undefined;
    }

    get place() {
        return this.focus ? this.steps.indexOf(this.focus) + 1 : this.steps.length;
    }

    get panelId() {
        return `gate_panel_${this.props.record.id}`;
    }

    icon(step) {
        return ICONS[step.state];
    }

    /** Below the step: who is waited for, unless it is the reader. */
    short(step) {
        const isOthers = step.state === "waiting" && step.turn && !step.actions.length;
        return isOthers ? step.turn : step.word;
    }

    /** What unfolds is read when somebody looks at it. */
    async readDetails(step) {
        const { resModel, resId } = this.props.record;
        if (step?.has_details && resId) {
            const { details } = this.state;
            details[step.key] = markup(await this.orm.silent.call(resModel, "gate_details", [[resId], step.key]));
        }
    }

    /** Actions that stand in the header are not said twice. */
    actions(step) {
        return step.actions.filter((action) => !action.is_in_header);
    }

    isNext(step, action) {
        return step === this.focus && action === step.actions[0];
    }

    toggle(step) {
        this.state.unfolded = this.unfolded === step ? null : step.key;
        this.readDetails(this.unfolded);
    }

    toggleWhole() {
        this.state.isWhole = !this.state.isWhole;
    }

    run(action) {
        const { record } = this.props;
        return this.env.onClickViewButton({
            clickParams: { type: action.type, name: action.name },
            getResParams: () => ({
                resModel: action.model || record.resModel,
                resId: action.res_id || record.resId,
                resIds: [action.res_id || record.resId],
                context: record.context,
                evalContext: record.evalContext,
            }),
        });
    }
}

registry.category("fields").add("sales_dept_gate_rail", {
    component: GateRail,
    supportedTypes: ["json"],
});
