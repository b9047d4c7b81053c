import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";

const SCHEME = cookie.get("color_scheme");

/** Whole units; what is very large (rupiah) in millions, or no column would hold it. */
export function formatAmount(amount, currencyId) {
    const large = Math.abs(amount) >= 1e7;
    return formatMonetary(amount, { currencyId, digits: [16, large ? 1 : 0], humanReadable: large });
}

/** Turnover by month, this year beside the last; read out as a table. */
export class TurnoverChart extends Component {
    static template = "prm_partner_portal.TurnoverChart";
    static props = { months: Array, currencyId: Number };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => {
            const chart = new Chart(this.canvas.el, this.config);
            return () => chart.destroy();
        });
    }

    get hasBefore() {
        return this.props.months.some((month) => month.before);
    }

    format(amount) {
        return formatAmount(amount, this.props.currencyId);
    }

    get datasets() {
        const { months } = this.props;
        const sets = [
            {
                label: _t("These 12 months"),
                data: months.map((month) => month.now),
                backgroundColor: getColor(0, SCHEME, "odoo"),
            },
        ];
        if (this.hasBefore) {
            sets.unshift({
                label: _t("A year before"),
                data: months.map((month) => month.before),
                backgroundColor: getCustomColor(SCHEME, "#d8dadd", "#5b5e70"),
            });
        }
        return sets;
    }

    get config() {
        const text = getCustomColor(SCHEME, "#374151", "#E4E4E4");
        const grid = getCustomColor(SCHEME, "rgba(0,0,0,.08)", "rgba(255,255,255,.12)");
        return {
            type: "bar",
            data: { labels: this.props.months.map((month) => month.label), datasets: this.datasets },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: {
                        display: this.hasBefore,
                        align: "end",
                        labels: { color: text, boxWidth: 12, boxHeight: 12 },
                    },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.format(raw)}`,
                        },
                    },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color: text } },
                    y: {
                        beginAtZero: true,
                        grid: { color: grid },
                        ticks: {
                            color: text,
                            maxTicksLimit: 5,
                            callback: (amount) =>
                                formatMonetary(amount, {
                                    currencyId: this.props.currencyId,
                                    digits: [16, 0],
                                    humanReadable: true,
                                }),
                        },
                    },
                },
            },
        };
    }
}
