// Degrees to pixels, without a map behind: places lie to one another as on the globe.
const MARGIN = 40;
const GOLDEN_ANGLE = 2.39996;
const RADIUS = 6;

/** Points that would cover each other (addresses in one town) around the first of them. */
function spread(points) {
    const cells = new Map();
    for (const point of points) {
        const key = `${Math.round(point.x / RADIUS)}:${Math.round(point.y / RADIUS)}`;
        const cell = cells.get(key) || { x: point.x, y: point.y, count: 0 };
        const distance = RADIUS * 1.6 * Math.sqrt(cell.count);
        point.x = cell.x + distance * Math.cos(cell.count * GOLDEN_ANGLE);
        point.y = cell.y + distance * Math.sin(cell.count * GOLDEN_ANGLE);
        cell.count += 1;
        cells.set(key, cell);
    }
    return points;
}

/**
 * Equirectangular, true to scale at the middle latitude, fitted into a frame.
 *
 * @param {Object[]} places with latitude and longitude
 * @param {number} width of the frame in pixels
 * @param {number} height of the frame in pixels
 * @returns {Object[]} the places with x and y
 */
export function project(places, width, height) {
    const latitudes = places.map((place) => place.latitude);
    const longitudes = places.map((place) => place.longitude);
    const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
    const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
    const shrink = Math.cos((((north + south) / 2) * Math.PI) / 180) || 1;
    const [spanX, spanY] = [(east - west) * shrink, north - south];
    const scale = Math.min(
        (width - 2 * MARGIN) / (spanX || Number.EPSILON),
        (height - 2 * MARGIN) / (spanY || Number.EPSILON),
        20000 // a few streets are close enough
    );
    const left = (width - spanX * scale) / 2;
    const top = (height - spanY * scale) / 2;
    const points = places.map((place) => ({
        ...place,
        x: left + (place.longitude - west) * shrink * scale,
        y: top + (north - place.latitude) * scale,
    }));
    return spread(points);
}
