// Reads the boxes of nodes and clusters out of an SVG that Graphviz wrote, and finds those that overlap.

export interface Rectangle {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The outline of every node and cluster, by the title that Graphviz gives it. */
export function readBoxes(svg: string): readonly Rectangle[] {
  const groups = [...svg.matchAll(/<g id="[^"]*" class="(node|cluster)">\s*<title>([^<]*)<\/title>([\s\S]*?)<\/g>/g)];
  return groups.map(([, , name = '', body = '']) => {
    const shapes = [...body.matchAll(/(?:points|d)="([^"]+)"/g)].map(([, text = '']) => readPoints(text));
    // A table draws its own cells inside its border: the outline is the hull of them all.
    return { name, ...hull(shapes.flat()) };
  });
}

function readPoints(text: string): readonly (readonly [number, number])[] {
  const numbers = (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  return Array.from({ length: numbers.length >> 1 }, (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0]);
}

function hull(points: readonly (readonly [number, number])[]): Omit<Rectangle, 'name'> {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Pairs of names of boxes that overlap without one being inside the other. */
export function findOverlaps(boxes: readonly Rectangle[]): readonly (readonly [string, string])[] {
  const overlaps: (readonly [string, string])[] = [];
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      if (!apart && !contains(a, b) && !contains(b, a)) overlaps.push([a.name, b.name]);
    }
  }
  return overlaps;
}

function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom
  );
}
