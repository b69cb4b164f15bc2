// The flows that lines of a change block speak of, set beside what the changes really do: faces by joint class and by the
// lines that they are in, so that cells of the comparison are looked at once for all pairs that nothing tells apart.
import { hasBit } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { type ServiceVariant, serviceVariants } from '../../compile/named-ports.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Assertion } from '../../model/expectation.ts';
import type { Family } from '../../net/address.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../net/services.ts';
import type { Comparison } from '../diff/comparison.ts';
import type { Side } from '../diff/diff-row.ts';
import type { Face } from '../diff/faces.ts';

/** One line, in the terms of the side on which its flows are allowed: after for `opens`, before for `closes`. */
export interface Line {
  readonly assertion: Assertion;
  readonly source: TriSet;
  readonly destination: TriSet;
  readonly variants: readonly ServiceVariant[];
}

export function makeLine(evaluator: Evaluator, layer: number, assertion: Assertion): Line {
  const source = evaluator.membership.evaluate(layer, assertion.source);
  const destination = evaluator.membership.evaluate(layer, assertion.destination);
  const variants = serviceVariants(assertion.service, destination, layer, evaluator.universe);
  return { assertion, source, destination, variants };
}

/** Faces of one joint class that are in the same lines. */
export interface FaceBundle {
  readonly joint: number;
  readonly family: Family;
  /** Lines that they are in for certain, and at most. */
  readonly sure: readonly number[];
  readonly possible: readonly number[];
  /** By line: what it means at these destinations. */
  readonly services: ReadonlyMap<number, ServiceSet>;
  /** Two machines and one range outside, of those there are: indexes of faces. */
  readonly faces: readonly number[];
}

/** Of every face, or of one alone. */
export function bundleFaces(
  { sides, source, destination }: Comparison,
  role: 'source' | 'destination',
  side: Side,
  lines: readonly Line[],
  only: { readonly face: number; readonly family: Family } | null = null,
): readonly FaceBundle[] {
  const classes = role === 'source' ? source : destination;
  const found = new Map<string, FaceBundle & { readonly faces: number[] }>();
  const seen = new Map<string, Set<number>>();
  for (const family of [4, 6] as const) {
    if (only !== null && only.family !== family) continue;
    const { faces } = sides.faces;
    for (const index of only === null ? faces.keys() : [only.face]) {
      const face = faces[index] as Face;
      const pair = face.nodes[family];
      if (pair === null) continue;
      const joint = classes.ofFace[family][index] as number;
      const node = pair[side];
      const within = (certainty: 'sure' | 'possible'): readonly number[] =>
        node === -1 ? [] : lines.flatMap((line, i) => (hasBit(line[role][certainty], node) ? [i] : []));
      const [sure, possible] = [within('sure'), within('possible')];
      const meanings = role === 'source' ? [] : possible.map((i) => meaningAt(lines[i] as Line, node));
      const key = `${family} ${joint} ${sure} ${possible} ${meanings.map(({ variant }) => variant)}`;
      const bundle = remember(found, key, () => ({
        joint,
        family,
        sure,
        possible,
        services: new Map(possible.map((line, i) => [line, meanings[i]?.services ?? NO_SERVICES])),
        faces: [],
      }));
      const machines = remember(seen, key, () => new Set<number>());
      const isEnough = face.endpoint === -1 ? machines.has(-1) : machines.size - (machines.has(-1) ? 1 : 0) >= 2;
      if (isEnough || machines.has(face.endpoint)) continue;
      machines.add(face.endpoint);
      bundle.faces.push(index);
    }
  }
  return [...found.values()];
}

function meaningAt({ variants }: Line, node: number): { readonly variant: number; readonly services: ServiceSet } {
  const variant = variants.findIndex(({ destination }) => hasBit(destination.possible, node));
  return { variant, services: variants[variant]?.services ?? NO_SERVICES };
}

/** What lines that both ends are in say together. */
export function servicesOfLines(
  from: readonly number[],
  to: readonly number[],
  { services }: FaceBundle,
  lines: readonly Line[],
): ServiceSet {
  return from
    .filter((line) => to.includes(line) && lines[line]?.assertion.service.opaque === null)
    .map((line) => services.get(line) ?? NO_SERVICES)
    .reduce(unionServices, NO_SERVICES);
}

/** Two faces of the bundles that are a pair, and not one of those left out; null: there is none. */
export function pickFaces(
  faces: readonly Face[],
  from: FaceBundle,
  to: FaceBundle,
  isApart: (source: number, destination: number) => boolean,
): readonly [number, number] | null {
  for (const source of from.faces) {
    for (const destination of to.faces) {
      if (faces[source]?.endpoint !== faces[destination]?.endpoint && !isApart(source, destination)) {
        return [source, destination];
      }
    }
  }
  return null;
}
