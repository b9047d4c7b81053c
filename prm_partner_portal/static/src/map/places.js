// Degrees to pixels, without a map behind: places lie to one another as on the globe.
const MARGIN = 40;
const GOLDEN_ANGLE = 2.39996;
const GAP = 9.6; // of the middles: circles of 6 pixels that touch, but do not cover
// Then the frame is full: what is left covers others.
const MOST_TURNS = 1000;

function getSquare({ x, y }, right = 0, down = 0) {
    return `${Math.floor(x / GAP) + right}:${Math.floor(y / GAP) + down}`;
}

function isFree(point, taken) {
    return [-1, 0, 1].every((right) =>
        [-1, 0, 1].every((down) =>
            (taken.get(getSquare(point, right, down)) || []).every(
                ({ x, y }) => Math.hypot(x - point.x, y - point.y) >= GAP
            )
        )
    );
}

function turnAround(point, turn) {
    const distance = GAP * Math.sqrt(turn);
    return {
        ...point,
        x: point.x + distance * Math.cos(turn * GOLDEN_ANGLE),
        y: point.y + distance * Math.sin(turn * GOLDEN_ANGLE),
    };
}

/** Points that would cover each other (addresses in one town) around where they lie. */
function spread(points, width, height) {
    const taken = new Map();
    const turns = new Map();
    const isInside = ({ x, y }) => x > GAP && y > GAP && x < width - GAP && y < height - GAP;
    return points.map((point) => {
        const town = getSquare(point);
        let turn = turns.get(town) || 0;
        let spot = turnAround(point, turn % MOST_TURNS);
        while (turn < MOST_TURNS && !(isInside(spot) && isFree(spot, taken))) {
            spot = turnAround(point, ++turn);
        }
        turns.set(town, turn + 1);
        if (!isInside(spot)) {
            spot = point;
        }
        const square = getSquare(spot);
        taken.set(square, [...(taken.get(square) || []), spot]);
        return spot;
    });
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
    return spread(points, width, height);
}
