// Run in the web client by `WebClient.views_of_menu`: what the action of a menu shows to the person who is logged in.
//
// Each view's architecture comes as a digest: the server leaves out of it what somebody's rights do not reach, so two
// people with the same digest get the same page. Their data are read as the view reads them, since these differ.
async (menuId) => {
    const { Domain } = odoo.loader.modules.get("@web/core/domain");
    const { evaluateExpr } = odoo.loader.modules.get("@web/core/py_js/py");
    const { registry } = odoo.loader.modules.get("@web/core/registry");
    const { user } = odoo.loader.modules.get("@web/core/user");
    const { parseXML } = odoo.loader.modules.get("@web/core/utils/xml");
    const { SearchModel } = odoo.loader.modules.get("@web/search/search_model");
    const relational = odoo.loader.modules.get("@web/model/relational_model/utils");
    const { env } = odoo.__WOWL_DEBUG__.root;
    const { action: actions, menu: menus, orm, view: viewService } = env.services;

    const action = await actions.loadAction(menus.getMenu(menuId).actionID);
    if (action.type !== "ir.actions.act_window") {
        return [];
    }
    const resModel = action.res_model;
    const context =
        typeof action.context === "string" ? evaluateExpr(action.context || "{}", user.evalContext) : action.context;
    const { fields, relatedModels, views } = await viewService.loadViews(
        {
            context,
            resModel,
            views: [...action.views, [action.search_view_id?.[0] || false, "search"]],
        },
        { actionId: action.id, loadActionMenus: false, loadIrFilters: true },
    );

    // With the filters that the screen starts with.
    const search = new SearchModel(
        { ...env, config: { viewType: action.views[0][1] } },
        {
            ...env.services,
            treeProcessor: env.services.tree_processor,
        },
    );
    await search.load({
        context,
        domain: new Domain(action.domain || []).toList({ ...user.evalContext, ...context }),
        irFilters: views.search.irFilters,
        resModel,
        searchViewArch: views.search.arch,
        searchViewFields: fields,
    });
    const { domain } = search;
    const kwargs = { context: { ...user.context, ...search.context } };

    const digest = async (text) => {
        const bytes = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
        return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    };

    const specification = (type, arch) => {
        const { ArchParser } = registry.category("views").get(arch.getAttribute("js_class") || type);
        const info = new ArchParser().parse(arch, relatedModels, resModel);
        const { activeFields, fields: shown } = relational.extractFieldsFromArchInfo(
            info,
            relatedModels[resModel].fields,
        );
        return relational.getFieldsSpec(activeFields, shown, kwargs.context);
    };

    const read = async (type, arch) => {
        if (type === "form") {
            const ids = await orm.search(resModel, domain, { ...kwargs, limit: 1 });
            return ids.length
                ? orm.webRead(resModel, ids, { ...kwargs, specification: specification(type, arch) })
                : [];
        }
        const { records } = await orm.webSearchRead(resModel, domain, {
            ...kwargs,
            specification: ["list", "kanban"].includes(type) ? specification(type, arch) : {},
            limit: { list: 80, kanban: 40 }[type] || 1,
        });
        return records;
    };

    const found = [];
    for (const [, type] of action.views.filter(([, type]) => type !== "search")) {
        const { arch } = views[type];
        try {
            found.push({
                type,
                digest: await digest(arch + views.search.arch),
                has_records: (await read(type, parseXML(arch))).length > 0,
            });
        } catch (error) {
            const why = error.data?.message || error.message;
            throw new Error(`${menus.getMenu(menuId).xmlid}, ${type}: ${why}`, { cause: error });
        }
    }
    return found;
};
