// Whose bundle may be read: a point reads its own alone, people of the provider any. Whether there is such a point is said
// only to who may ask.
import type { Principal } from '../context/context.ts';
import { problem } from '../http/problem.ts';

export function refuseOtherPoints({ point, project, roles }: Principal, named: string): void {
  if (point === named) return;
  const isReader = project === null && (roles.has('reader') || roles.has('publisher') || roles.has('admin'));
  if (point === null && isReader) return;
  throw problem(403, 'not-this-point', 'a point asks for itself only');
}

export function noSuchPoint(named: string): Error {
  return problem(404, 'no-such-point', `there is no point \`${named.slice(0, 200)}\``, {
    help: 'points are those of the configuration, and hosts of the inventory',
  });
}
