import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/** Posts what was chosen: an address would be too short for the numbers of many lines. */
async function downloadRegister(env, action) {
    const { model, ids } = action.params;
    await download({ url: "/sales_dept/register", data: { model, ids: ids.join(",") } });
}

registry.category("actions").add("sales_dept_register", downloadRegister);
