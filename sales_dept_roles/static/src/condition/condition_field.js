import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";

/** A condition as a sentence, such as “Total > 100,000”; a pencil opens the condition editor. */
export class ConditionField extends DomainField {
    static template = "sales_dept_roles.ConditionField";

    get sentence() {
        return this.state.facets.join(_t("; and ")) || _t("Always");
    }
}

registry.category("fields").add("sales_dept_condition", {
    ...domainField,
    component: ConditionField,
    extractProps: (info, dynamicInfo) => ({
        ...domainField.extractProps(info, dynamicInfo),
        // Odoo puts a domain into words where it may be folded.
        isFoldable: true,
    }),
});
