// Turns things that are defined by each other into an order in which each comes after what it needs, and finds what is
// defined by itself. Nothing here recurses, so that a chain of any length is ordered without using up the stack.

export interface DependencyOrder<T> {
  /** Every node, each after the nodes it depends on; those on a cycle in some order. */
  readonly order: readonly T[];
  /** One for each set of nodes that depend on each other. */
  readonly cycles: readonly Cycle<T>[];
}

export interface Cycle<T> {
  /** A shortest way from the node given first back to itself, which is not repeated at the end. */
  readonly path: readonly T[];
  /** Every node of the set, those of the path too. */
  readonly members: readonly T[];
}

/** Dependencies that are not among `nodes` are ignored. Linear in nodes and dependencies (Tarjan 1972). */
export function orderByDependency<T>(nodes: Iterable<T>, dependenciesOf: (node: T) => Iterable<T>): DependencyOrder<T> {
  const states = new Map<T, State<T>>();
  for (const node of nodes) {
    if (states.has(node)) continue;
    states.set(node, { node, place: states.size, edges: [], at: 0, index: -1, low: -1, waiting: false, part: -1 });
  }
  for (const state of states.values()) {
    for (const target of dependenciesOf(state.node)) {
      const found = states.get(target);
      if (found !== undefined) state.edges.push(found);
    }
  }
  const order: T[] = [];
  const cycles: Cycle<T>[] = [];
  let counter = 0;
  let parts = 0;
  const waiting: State<T>[] = [];
  for (const root of states.values()) {
    if (root.index >= 0) continue;
    const path = [root];
    for (let state = path.at(-1); state !== undefined; state = path.at(-1)) {
      if (state.index < 0) {
        state.index = counter++;
        state.low = state.index;
        state.waiting = true;
        waiting.push(state);
      }
      const next = state.edges[state.at];
      if (next !== undefined) {
        state.at++;
        if (next.index < 0) path.push(next);
        else if (next.waiting) state.low = Math.min(state.low, next.index);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.low = Math.min(parent.low, state.low);
      if (state.low !== state.index) continue;
      const part = takePart(waiting, state, parts++);
      for (const member of part) order.push(member.node);
      if (part.length > 1 || state.edges.includes(state)) {
        cycles.push({ path: shortestCycle(part), members: part.map((member) => member.node) });
      }
    }
  }
  return { order, cycles };
}

interface State<T> {
  readonly node: T;
  /** Position among the nodes as given. */
  readonly place: number;
  readonly edges: State<T>[];
  /** The next edge to follow. */
  at: number;
  index: number;
  low: number;
  waiting: boolean;
  /** Which set of nodes that depend on each other it belongs to. */
  part: number;
}

function takePart<T>(waiting: State<T>[], root: State<T>, part: number): State<T>[] {
  const members: State<T>[] = [];
  for (let member = waiting.pop(); member !== undefined; member = member === root ? undefined : waiting.pop()) {
    member.waiting = false;
    member.part = part;
    members.push(member);
  }
  return members;
}

/** From the member that was given first back to itself, within its part, breadth first. */
function shortestCycle<T>(part: readonly State<T>[]): T[] {
  const start = part.reduce((a, b) => (b.place < a.place ? b : a));
  const cameFrom = new Map<State<T>, State<T> | null>([[start, null]]);
  const queue = [start];
  for (const state of queue) {
    for (const next of state.edges) {
      if (next === start) {
        const cycle: T[] = [];
        for (let s: State<T> | null = state; s !== null; s = cameFrom.get(s) ?? null) cycle.push(s.node);
        return cycle.reverse();
      }
      if (next.part !== start.part || cameFrom.has(next)) continue;
      cameFrom.set(next, state);
      queue.push(next);
    }
  }
  return part.map((state) => state.node);
}
