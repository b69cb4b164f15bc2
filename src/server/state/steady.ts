// Keeps what has not changed the same object when a world is made again: by identity the live engine sees that only the
// labels of one machine differ, and works out no more than that.
import { isDeepStrictEqual } from 'node:util';
import type { Layer } from '../../model/layer.ts';
import type { Interface, Workload } from '../../model/workload.ts';
import type { World } from '../../model/world.ts';

/** The layer `after`, with whatever its files say that is equal to what `before` says taken from there. */
export function keepSteadyLayer(before: Layer, after: Layer): Layer {
  const known = before as unknown as Readonly<Record<string, unknown>>;
  const parts = Object.entries(after).map(([name, part]) => {
    return [name, name !== 'world' && isDeepStrictEqual(known[name], part) ? known[name] : part];
  });
  return Object.fromEntries(parts) as unknown as Layer;
}

/** The world `after`, with whatever of it is equal to what `before` has taken from there. */
export function keepSteady(before: World, after: World): World {
  const known = before as unknown as Readonly<Record<string, readonly object[] | undefined>>;
  const parts = Object.entries(after).map(([name, list]) => {
    const old = known[name];
    if (old === undefined) return [name, list];
    const own = list as readonly object[];
    const steady = name === 'workloads' ? steadyWorkloads(old as never, own as never) : steadyList(old, own);
    return [name, isSameList(old, steady) ? old : steady];
  });
  return Object.fromEntries(parts) as unknown as World;
}

function isSameList(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

/** Short lists, of which some are made anew each time. */
function steadyList(before: readonly object[], after: readonly object[]): readonly object[] {
  return after.map((each, index) => {
    const old = before[index];
    return old !== each && isDeepStrictEqual(old, each) ? (old as object) : each;
  });
}

function steadyWorkloads(before: readonly Workload[], after: readonly Workload[]): readonly Workload[] {
  return after.map((workload, index) => {
    const old = before[index];
    if (old === undefined || old === workload || old.id !== workload.id) return workload;
    return {
      ...workload,
      interfaces: sameFaces(old.interfaces, workload.interfaces) ? old.interfaces : workload.interfaces,
      externalIds: isDeepStrictEqual(old.externalIds, workload.externalIds) ? old.externalIds : workload.externalIds,
      ports: isDeepStrictEqual(old.ports, workload.ports) ? old.ports : workload.ports,
    };
  });
}

/** Where they are written does not count. */
function sameFaces(a: readonly Interface[], b: readonly Interface[]): boolean {
  const plain = (faces: readonly Interface[]) => faces.map((face) => ({ ...face, span: null }));
  return a.length === b.length && isDeepStrictEqual(plain(a), plain(b));
}
