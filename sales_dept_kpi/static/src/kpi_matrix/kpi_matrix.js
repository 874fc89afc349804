import { Component, markRaw, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { SIGNS, verdictText } from "../verdict";

const MATRIX = "sales.kpi.matrix";
const TRENDS = { up: "↗", down: "↘", same: "→" };

/**
 * The figures of all people: those of a month, a KPI a column, or a KPI's in a year, a month a column. A cell opens the
 * documents that it is made of. It is a grid: arrow keys go from cell to cell, Enter opens.
 */
export class KpiMatrix extends Component {
    static template = "sales_dept_kpi.KpiMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.actionService = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.keepLast = new KeepLast();
        this.grid = useRef("grid");
        this.display = { controlPanel: {} };
        // What is shown, and which cell has the focus: [row, column] of the grid, its heads being 0.
        this.state = useState({
            day: false,
            kpi: false,
            focus: [1, 1],
            data: null,
            ...this.props.state,
        });
        useSetupAction({
            getLocalState: () => ({
                day: this.state.day,
                kpi: this.state.kpi,
                focus: [...this.state.focus],
            }),
        });
        onWillStart(() => this.load());
        // Back from the documents, the focus is where it was.
        useEffect(
            () => {
                if (this.props.state) {
                    this.focusCell();
                }
            },
            () => [],
        );
    }

    // === WHAT IS SHOWN === //

    async load(changes = {}) {
        const { day, kpi } = { day: this.state.day, kpi: this.state.kpi, ...changes };
        const data = await this.keepLast.add(
            kpi ? this.orm.call(MATRIX, "read_year", [day, kpi]) : this.orm.call(MATRIX, "read_month", [day]),
        );
        // Headings of teams are no rows to go to.
        let number = 0;
        for (const row of data.rows) {
            row.number = row.kind === "team" ? null : ++number;
            // Said once, not at each key.
            row.labels = row.cells.map((cell, index) => this.cellLabel(row, data.columns[index], cell));
        }
        Object.assign(this.state, { ...changes, data: markRaw(data) });
        this.state.focus = this.within(this.state.focus);
    }

    get period() {
        return this.state.data.period;
    }

    get computed() {
        return this.period.computed && deserializeDateTime(this.period.computed).toRelative();
    }

    get people() {
        return this.state.data.rows.filter((row) => row.number);
    }

    sign(cell) {
        return SIGNS[cell.verdict];
    }

    trend(cell) {
        return TRENDS[cell.trend] || "";
    }

    get labels() {
        return {
            before: this.state.kpi ? _t("Year Before") : _t("Month Before"),
            next: this.state.kpi ? _t("Next Year") : _t("Next Month"),
            column: this.state.kpi ? _t("Show the month") : _t("Show the year"),
            row: _t("Show the job card"),
        };
    }

    hint(cell) {
        return [cell.threshold, cell.next_step].filter(Boolean).join(" · ");
    }

    cellLabel(row, column, cell) {
        const parts = [`${row.name}, ${column.name}`];
        if (!cell) {
            return [...parts, _t("no figure")].join(": ");
        }
        const trends = {
            up: _t("more than the month before"),
            down: _t("less than the month before"),
            same: _t("as the month before"),
        };
        parts.push(
            [cell.text || "–", cell.threshold, verdictText(cell.verdict), trends[cell.trend], cell.next_step]
                .filter(Boolean)
                .join(", "),
        );
        return parts.join(": ");
    }

    // === GOING === //

    showMonth(day) {
        return this.load({ day, kpi: false });
    }

    showKpi(kpi) {
        return this.load({ day: this.period.date, kpi });
    }

    /** To the month before or after; of a year, to the year. */
    step(sign) {
        const day = sign < 0 ? this.period.previous : this.period.next;
        if (!this.state.kpi) {
            return this.showMonth(day);
        }
        const year = Number(this.period.date.slice(0, 4)) + sign;
        return this.load({ day: `${year}-${sign < 0 ? "12" : "01"}-01` });
    }

    get canStepOn() {
        return this.state.kpi ? this.period.months.at(-1).has_begun : Boolean(this.period.next);
    }

    openColumn(column) {
        return this.state.kpi ? this.showMonth(column.id) : this.showKpi(column.id);
    }

    async openRow(row) {
        if (row.kind === "person") {
            this.actionService.doAction(await this.orm.call("sales.dept.duty", "action_open_job_card", [row.id]));
        }
    }

    openCell(cell) {
        if (cell?.id) {
            return this.actionService.doActionButton({
                type: "object",
                name: "action_open_evidence",
                resModel: cell.model,
                resId: cell.id,
            });
        }
    }

    // === KEYS === //

    isFocus(row, column) {
        return this.state.focus[0] === row && this.state.focus[1] === column;
    }

    within([row, column]) {
        const last = [this.people.length, this.state.data.columns.length];
        return [Math.min(Math.max(row, 0), last[0]), Math.min(Math.max(column, 0), last[1])];
    }

    setFocus(row, column) {
        this.state.focus = this.within([row, column]);
    }

    focusCell() {
        const [row, column] = this.state.focus;
        this.grid.el?.querySelector(`[data-row="${row}"][data-column="${column}"]`)?.focus();
    }

    onKeydown(ev) {
        const [row, column] = this.state.focus;
        const moves = {
            ArrowUp: [row - 1, column],
            ArrowDown: [row + 1, column],
            ArrowLeft: [row, column - 1],
            ArrowRight: [row, column + 1],
            Home: [ev.ctrlKey ? 0 : row, 0],
            End: [ev.ctrlKey ? Infinity : row, Infinity],
        };
        if (ev.key in moves) {
            this.setFocus(...moves[ev.key]);
            this.focusCell();
        } else if (["Enter", " "].includes(ev.key)) {
            ev.target.click();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    // === THE MONTH === //

    async compute() {
        const result = await this.orm.call(MATRIX, "compute_month", [this.period.date]);
        if (result.params) {
            // What could not be computed, and why. It is loaded here, so nothing is done next.
            await this.actionService.doAction({ ...result, params: { ...result.params, next: undefined } });
        }
        return this.load();
    }

    lock() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Lock %(month)s", { month: this.period.name }),
            body: _t("The figures are computed once more, and do not change any more after that."),
            confirmLabel: _t("Lock the Month"),
            confirm: async () => {
                await this.orm.call("sales.kpi.month", "action_lock", [[this.period.id]]);
                return this.load();
            },
            cancel: () => {},
        });
    }

    /** What the month's own screen does too, in a dialog. */
    async openDialog(method) {
        const action = await this.orm.call("sales.kpi.month", method, [[this.period.id]]);
        return this.actionService.doAction(action, { onClose: () => this.load() });
    }
}

registry.category("actions").add("sales_kpi_matrix", KpiMatrix);
