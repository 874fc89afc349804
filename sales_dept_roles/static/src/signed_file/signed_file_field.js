import { useRef } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { checkFileSize } from "@web/core/utils/files";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

/** A place for one signed paper: upload it, or drop it there. */
export class SignedFileField extends BinaryField {
    static template = "sales_dept_roles.SignedFileField";

    setup() {
        super.setup();
        this.root = useRef("root");
        useDropzone(
            this.root,
            (ev) => this.onDrop(ev),
            "",
            () => !this.props.readonly,
        );
    }

    async onDrop(ev) {
        const file = ev.dataTransfer.files[0];
        if (!file || !checkFileSize(file.size, this.notification)) {
            return;
        }
        const url = await getDataURLFromFile(file);
        await this.update({ data: url.split(",")[1], name: file.name });
    }
}

registry.category("fields").add("sales_dept_signed_file", { ...binaryField, component: SignedFileField });
