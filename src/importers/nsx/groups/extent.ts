// Who a peer means among the machines of the dump itself. Only to compare the expression of a group with the members
// that the manager reported: which workloads a rule means is decided by the graph, over everything that is loaded.
import {
  addBit,
  type Bitset,
  bitsetOf,
  emptyBitset,
  forEachBit,
  fullBitset,
  intersectBits,
  orInto,
  subtractBits,
} from '../../../base/bitset.ts';
import { addTo } from '../../../base/multimap.ts';
import { remember } from '../../../base/remember.ts';
import type { Condition, Peer, TextTest } from '../../../model/peer.ts';
import { compileTextTest } from '../../../model/text-test.ts';
import type { Workload } from '../../../model/workload.ts';

/** A set of interfaces by number; a machine without any has one number too. */
export type Extent = Bitset;

/** Answers for the peers that expressions give; null where a part of the peer is a maybe. */
export class Extents {
  readonly #workloads: readonly Workload[];
  /** The first number of each machine, and at the end the number of numbers. */
  readonly #first: readonly number[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #bySegment = new Map<string, number[]>();
  /** Machines by folded label key, then by value. */
  readonly #byLabel = new Map<string, Map<string, number[]>>();
  readonly #tests = new Map<string, Extent>();
  readonly #groups = new Map<string, Extent | null>();

  constructor(workloads: readonly Workload[]) {
    this.#workloads = workloads;
    const first = [0];
    for (const { interfaces } of workloads) first.push((first.at(-1) as number) + Math.max(interfaces.length, 1));
    this.#first = first;
    this.#indexOf = new Map(workloads.map(({ id }, i) => [id, i]));
    for (const [i, { interfaces, labels }] of workloads.entries()) {
      for (const [j, { segment }] of interfaces.entries()) {
        if (segment !== null) addTo(this.#bySegment, segment, (first[i] as number) + j);
      }
      for (const [key, values] of labels) {
        const byValue = remember(this.#byLabel, key.toLowerCase(), () => new Map<string, number[]>());
        for (const value of values) addTo(byValue, value, i);
      }
    }
  }

  /** What a group is; before anything that refers to it is asked. */
  setGroup(id: string, extent: Extent | null): void {
    this.#groups.set(id, extent);
  }

  of(peer: Peer): Extent | null {
    switch (peer.kind) {
      case 'nothing':
        return this.#empty();
      case 'workload':
        return this.#ofWorkload(peer.workload, peer.interface);
      case 'segment':
        return bitsetOf(this.#size(), this.#bySegment.get(peer.segment) ?? []);
      case 'select':
        return peer.where === null ? null : this.#meeting(peer.where);
      case 'group':
        return this.#groups.get(peer.group) ?? null;
      case 'union':
        return this.#combine(peer.of, this.#empty(), orInto);
      case 'intersect':
        return this.#combine(peer.of, fullBitset(this.#size()), intersectBits);
      default:
        return null;
    }
  }

  /** The ids of the machines that have an interface in the extent. */
  machines(extent: Extent): ReadonlySet<string> {
    const ids = new Set<string>();
    let machine = 0;
    forEachBit(extent, (number) => {
      while ((this.#first[machine + 1] as number) <= number) machine++;
      ids.add((this.#workloads[machine] as Workload).id);
    });
    return ids;
  }

  #size(): number {
    return this.#first.at(-1) as number;
  }

  #empty(): Extent {
    return emptyBitset(this.#size());
  }

  #combine(parts: readonly Peer[], start: Extent, how: (a: Extent, b: Extent) => Extent): Extent | null {
    let all = start;
    for (const part of parts) {
      const extent = this.of(part);
      if (extent === null) return null;
      all = how(all, extent);
    }
    return all;
  }

  #ofWorkload(id: string, name: string | null): Extent {
    const extent = this.#empty();
    const machine = this.#indexOf.get(id);
    if (machine === undefined) return extent;
    if (name === null) this.#addMachine(extent, machine);
    else {
      const place = (this.#workloads[machine] as Workload).interfaces.findIndex((item) => item.name === name);
      if (place !== -1) addBit(extent, (this.#first[machine] as number) + place);
    }
    return extent;
  }

  #addMachine(extent: Extent, machine: number): void {
    const end = this.#first[machine + 1] as number;
    for (let number = this.#first[machine] as number; number < end; number++) addBit(extent, number);
  }

  #machines(found: Iterable<number>): Extent {
    const extent = this.#empty();
    for (const machine of found) this.#addMachine(extent, machine);
    return extent;
  }

  /** Who meets a condition, of the operators that expressions give. */
  #meeting(condition: Condition): Extent {
    switch (condition.op) {
      case 'and':
        return condition.of.map((part) => this.#meeting(part)).reduce(intersectBits, fullBitset(this.#size()));
      case 'or':
        return condition.of.map((part) => this.#meeting(part)).reduce(orInto, this.#empty());
      case 'not':
        return subtractBits(fullBitset(this.#size()), this.#meeting(condition.of));
      case 'has':
        return this.#machines([...(this.#byLabel.get(condition.key.toLowerCase())?.values() ?? [])].flat());
      case 'label':
        return this.#withLabel(condition.key.toLowerCase(), condition.test);
      case 'any-label':
        return [...this.#byLabel.keys()]
          .map((key) => this.#withLabel(key, condition.test))
          .reduce(orInto, this.#empty());
      case 'field':
        return this.#withField(condition.field, condition.test);
      default:
        return this.#empty();
    }
  }

  #withLabel(key: string, test: TextTest): Extent {
    return remember(this.#tests, JSON.stringify(['label', key, test]), () => {
      const passes = compileTextTest(test, false);
      const values = [...(this.#byLabel.get(key) ?? [])];
      return this.#machines(values.flatMap(([value, machines]) => (passes(value) ? machines : [])));
    });
  }

  #withField(field: string, test: TextTest): Extent {
    return remember(this.#tests, JSON.stringify(['field', field, test]), () => {
      const passes = compileTextTest(test, false);
      const fieldOf = ({ name, os, hostname }: Workload): string | null =>
        field === 'name' ? name : field === 'os' ? os : hostname;
      return this.#machines(
        this.#workloads.flatMap((workload, i) => {
          const value = fieldOf(workload);
          return value !== null && passes(value) ? [i] : [];
        }),
      );
    });
  }
}
