import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WIDTH = 100;
const HEIGHT = 30;
const MARGIN = 4;

/** The months of a figure as a small line, its threshold as a dashed one. What it shows it also says. */
export class Sparkline extends Component {
    static template = "sales_dept_kpi.Sparkline";
    static props = {
        points: { type: Array },
        class: { type: String, optional: true },
    };

    get box() {
        return `0 0 ${WIDTH} ${HEIGHT}`;
    }

    get known() {
        return this.props.points.filter((point) => point.value !== null);
    }

    get label() {
        return this.props.points.map((point) => `${point.month} ${point.text || "–"}`).join(", ");
    }

    /** The lowest and the highest of what is drawn. */
    get span() {
        const values = this.known.flatMap((point) =>
            point.threshold === null ? [point.value] : [point.value, point.threshold],
        );
        return [Math.min(...values), Math.max(...values)];
    }

    x(index) {
        return MARGIN + (index * (WIDTH - 2 * MARGIN)) / Math.max(this.props.points.length - 1, 1);
    }

    y(value) {
        const [low, high] = this.span;
        const part = high > low ? (value - low) / (high - low) : 0.5;
        return HEIGHT - MARGIN - part * (HEIGHT - 2 * MARGIN);
    }

    /** Pieces of the line: a month without a value interrupts it. */
    get lines() {
        const lines = [[]];
        this.props.points.forEach((point, index) => {
            if (point.value === null) {
                lines.push([]);
            } else {
                lines.at(-1).push(`${this.x(index)},${this.y(point.value)}`);
            }
        });
        return lines.filter((line) => line.length > 1).map((line) => line.join(" "));
    }

    get dots() {
        return this.props.points
            .map((point, index) => ({ ...point, index }))
            .filter((point) => point.value !== null)
            .map((point) => ({
                ...point,
                x: this.x(point.index),
                y: this.y(point.value),
                isLast: point.index === this.props.points.length - 1,
            }));
    }

    /** Where the threshold of the latest month lies. */
    get threshold() {
        const latest = this.known.filter((point) => point.threshold !== null).at(-1);
        return latest ? this.y(latest.threshold) : null;
    }
}

export class SparklineField extends Component {
    static template = "sales_dept_kpi.SparklineField";
    static components = { Sparkline };
    static props = { ...standardFieldProps };

    get points() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("kpi_sparkline", {
    component: SparklineField,
    supportedTypes: ["json"],
});
