"""Pictures for mails: numbers and colours only, words stand around them."""

import io

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN, FONT = 1120, 420, 12, 38
INK, GRID, BEFORE, NOW = "#374151", "#e5e7eb", "#c9ccd3", "#714b67"
COLORS = {"red": "#dc3545", "amber": "#ffac00", "green": "#28a745", "grey": "#adb5bd"}


def _canvas(height=HEIGHT):
    image = Image.new("RGB", (WIDTH, height), "white")
    return image, ImageDraw.Draw(image), ImageFont.load_default(FONT)


def _png(image):
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_weeks(weeks):
    """Bars of turnover, the year before in grey behind.

    :param list weeks: (label, amount, amount a year before), the last one is drawn
        in full colour
    :return: PNG
    :rtype: bytes
    """
    image, draw, font = _canvas()
    bottom, top = HEIGHT - FONT - 2 * MARGIN, MARGIN
    highest = max((max(now, before) for _label, now, before in weeks), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(weeks), 1)
    draw.line((MARGIN, bottom, WIDTH - MARGIN, bottom), fill=GRID, width=3)
    for index, (label, now, before) in enumerate(weeks):
        left = MARGIN + index * step
        last = index == len(weeks) - 1
        bars = ((before, BEFORE, 0.14), (now, NOW if last else "#a58b9f", 0.48))
        for amount, color, shift in bars:
            height = max(amount, 0) / highest * (bottom - top)
            edge = left + shift * step
            draw.rectangle(
                (edge, bottom - height, edge + 0.32 * step, bottom), fill=color
            )
        if index % 4 == 0 or last:
            x = min(max(left + step / 2, 70), WIDTH - 70)
            draw.text((x, bottom + MARGIN), label, INK, font, "mt")
    return _png(image)


def draw_colors(rows):
    """A bar for each row, in parts as long as the numbers of each colour.

    :param list rows: (label, numbers by colour)
    :return: PNG
    :rtype: bytes
    """
    line, room = 90, 170
    image, draw, font = _canvas(len(rows) * line + 2 * MARGIN)
    for index, (label, counts) in enumerate(rows):
        y = MARGIN + index * line
        draw.text((MARGIN, y + line / 2), label, INK, font, "lm")
        total = sum(counts.values()) or 1
        left = room
        for color, fill in COLORS.items():
            count = counts.get(color, 0)
            right = left + count / total * (WIDTH - MARGIN - room)
            if count:
                draw.rectangle((left, y + 8, right - 2, y + line - 8), fill=fill)
                if right - left > 50:
                    ink = INK if color in ("amber", "grey") else "white"
                    middle = ((left + right) / 2, y + line / 2)
                    draw.text(middle, str(count), ink, font, "mm")
            left = right
    return _png(image)
