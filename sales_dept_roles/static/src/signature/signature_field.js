import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/** The box for a drawn signature, which the keyboard reaches and opens too. */
export class KeyboardSignatureField extends SignatureField {
    static template = "sales_dept_roles.SignatureField";

    get label() {
        return this.value ? _t("Change the signature") : _t("Sign here");
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onClickSignature();
        }
    }
}

registry.category("fields").add("sales_dept_signature", {
    ...signatureField,
    component: KeyboardSignatureField,
});
