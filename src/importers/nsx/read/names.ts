// Gives each object of a kind one short name that no other has: what a person calls it where that is unique, else the
// id that the manager gave it. Names are what verdicts print and what questions are asked with.

export interface Named {
  /** What people see; null: none. */
  readonly display: string | null;
  /** What the manager calls it; null: the dump does not say. */
  readonly id: string | null;
}

/**
 * One name for each item, in order, all different and none empty. A display name that several share is taken by none of
 * them that has an id. What is left equal is numbered, in the order of the dump: `web~2`.
 */
export function uniqueNames(items: readonly Named[], unnamed: string): readonly string[] {
  const shared = new Map<string, number>();
  for (const { display } of items) if (display !== null) shared.set(display, (shared.get(display) ?? 0) + 1);
  const wished = items.map(({ display, id }) => {
    const usable = display === '' ? null : display;
    const own = usable !== null && shared.get(usable) === 1 ? usable : null;
    return own ?? (id === '' ? null : id) ?? usable ?? unnamed;
  });
  const taken = new Set<string>();
  const next = new Map<string, number>();
  const free = new Set(wished);
  return wished.map((name) => {
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
    let number = next.get(name) ?? 2;
    while (taken.has(`${name}~${number}`) || free.has(`${name}~${number}`)) number++;
    next.set(name, number + 1);
    taken.add(`${name}~${number}`);
    return `${name}~${number}`;
  });
}
