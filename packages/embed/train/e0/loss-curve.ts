/** The losses of a training run as an SVG: one line each, over the steps. */

export interface CurvePoint {
  readonly step: number;
  readonly contrast: number;
  readonly teacher: number;
}

const WIDTH = 720;
const HEIGHT = 320;
const MARGIN = 48;
const LINES = [
  { key: "contrast", label: "telling partners apart (cross-entropy)", colour: "#2563eb" },
  { key: "teacher", label: "distance from the teacher (1 − cosine)", colour: "#d97706" },
] as const;

/** Each line has a scale of its own, from 0 to its highest value, which its label names. */
export function lossCurve(points: readonly CurvePoint[], title: string): string {
  const last = Math.max(1, points.at(-1)?.step ?? 1);
  const drawn = LINES.map(({ key, label, colour }, i) => {
    const most = Math.max(1e-9, ...points.map((point) => point[key]));
    const path = points.map((point) => `${x(point.step / last)},${y(point[key] / most)}`).join(" ");
    const end = points.at(-1)?.[key] ?? 0;
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path}"/>\n` +
      `<text x="${WIDTH - MARGIN}" y="${MARGIN + 18 * (i + 1)}" text-anchor="end" fill="${colour}">${label}: ${most.toFixed(3)} → ${end.toFixed(3)}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">\n` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>\n` +
    `<text x="${MARGIN}" y="${MARGIN / 2}">${title}</text>\n` +
    `<path fill="none" stroke="#9ca3af" d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}"/>\n` +
    `<text x="${WIDTH - MARGIN}" y="${HEIGHT - MARGIN / 2}" text-anchor="end">step ${last}</text>\n${drawn.join("\n")}\n</svg>\n`
  );
}

const x = (share: number): string => (MARGIN + share * (WIDTH - 2 * MARGIN)).toFixed(1);
const y = (share: number): string => (HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)).toFixed(1);
