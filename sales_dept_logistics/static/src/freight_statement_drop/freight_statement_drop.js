import { Component, useRef, useState } from "@odoo/owl";
import { useCustomDropzone } from "@web/core/dropzone/dropzone_hook";
import { Dropzone } from "@web/core/dropzone/dropzone";
import { FileInput } from "@web/core/file_input/file_input";
import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Where carriers' own files are dropped on a statement, one or several at once. */
export class FreightStatementDrop extends Component {
    static template = "sales_dept_logistics.FreightStatementDrop";
    static components = { FileInput };
    static props = { ...standardWidgetProps };
    route = "/sales_dept/freight_statement_upload";

    setup() {
        this.root = useRef("root");
        this.state = useState({ busy: false });
        this.orm = useService("orm");
        this.action = useService("action");
        this.upload = useFileUploader();
        useCustomDropzone(this.root, Dropzone, { onDrop: (event) => this.onDrop(event) });
    }

    /** A new statement is kept first: files belong to one that is there. */
    async save() {
        const { record } = this.props;
        return (await record.save()) && Boolean(record.resId);
    }

    async onDrop(event) {
        const files = [...event.dataTransfer.files];
        if (files.length && (await this.save())) {
            const params = { csrf_token: odoo.csrf_token, ufile: files, model: "freight.statement" };
            const uploaded = await this.upload(this.route, {
                ...params,
                id: this.props.record.resId,
            });
            await this.onUpload(uploaded || []);
        }
    }

    async onUpload(uploaded) {
        const ids = uploaded.map((file) => file.id).filter(Boolean);
        if (!ids.length) {
            return;
        }
        this.state.busy = true;
        try {
            const { record } = this.props;
            const action = await this.orm.call("freight.statement", "action_add_files", [[record.resId], ids]);
            await record.load();
            if (action) {
                await this.action.doAction(action);
            }
        } finally {
            this.state.busy = false;
        }
    }
}

export const freightStatementDrop = { component: FreightStatementDrop };
registry.category("view_widgets").add("freight_statement_drop", freightStatementDrop);
