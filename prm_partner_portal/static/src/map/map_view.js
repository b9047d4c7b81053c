import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";
import { project } from "./places";

const COLORS = ["red", "amber", "green", "grey"];
const FIELDS = ["partner_name", "city", "territory_id", "health_color", "latitude", "longitude"];
const SIZES = { small: [340, 240], large: [1000, 640] };

/**
 * Resellers as points in the colour of their health, a frame for each territory: no
 * tiles from elsewhere, and a company that sells on two continents sees both.
 */
export class PrmMapController extends Component {
    static template = "prm_partner_portal.MapView";
    static components = { Layout, SearchBar, CogMenu };
    static props = { ...standardViewProps };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.searchBarToggler = useSearchBarToggler();
        useSetupAction({ rootRef: this.root });
        this.state = useState({ frames: [], missing: 0, large: null });
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps((props) => this.load(props.domain));
    }

    async load(domain) {
        const found = await this.keepLast.add(this.orm.searchRead(this.props.resModel, domain, FIELDS));
        const placed = found.filter((one) => one.latitude || one.longitude);
        this.state.frames = this.makeFrames(placed);
        this.state.missing = found.length - placed.length;
    }

    /** By territory, where most are at risk first. */
    makeFrames(points) {
        const frames = new Map();
        for (const point of points) {
            const [key, name] = point.territory_id || [0, _t("No territory")];
            const frame = frames.get(key) || { key, name, red: 0, places: [] };
            frame.places.push(point);
            frame.red += point.health_color === "red";
            frames.set(key, frame);
        }
        return [...frames.values()].sort(
            (a, b) => b.red - a.red || b.places.length - a.places.length
        );
    }

    get frames() {
        const { frames, large } = this.state;
        const one = frames.filter((frame) => frame.key === large);
        const [width, height] = one.length ? SIZES.large : SIZES.small;
        const hint = one.length ? _t("Show all territories") : _t("Show larger");
        return (one.length ? one : frames).map((frame) => ({
            ...frame,
            hint,
            width,
            height,
            points: project(frame.places, width, height),
        }));
    }

    get colors() {
        const labels = Object.fromEntries(this.props.fields.health_color.selection);
        return COLORS.map((color) => ({ color, label: labels[color] }));
    }

    describe({ partner_name, city, health_color }) {
        const label = this.colors.find((one) => one.color === health_color)?.label;
        return [partner_name, city, label].filter(Boolean).join(", ");
    }

    toggle({ key }) {
        this.state.large = this.state.large === key ? null : key;
    }

    open({ id }) {
        const activeIds = this.state.frames.flatMap(({ places }) => places.map((one) => one.id));
        return this.props.selectRecord(id, { activeIds });
    }

    onKeydown(ev, point) {
        if (["Enter", " "].includes(ev.key)) {
            ev.preventDefault();
            return this.open(point);
        }
    }

    get missingText() {
        return _t(
            "%s of these resellers have no coordinates. They stand on the contact; Odoo's Geolocation app fills them from the address.",
            this.state.missing
        );
    }
}

registry.category("views").add("prm_map", {
    type: "prm_map",
    display_name: _t("Map"),
    icon: "fa fa-map-marker",
    multiRecord: true,
    searchMenuTypes: ["filter", "favorite"],
    Controller: PrmMapController,
});
