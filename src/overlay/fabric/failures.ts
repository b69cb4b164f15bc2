// What has failed once changes were made: hosts, sites, routers that fail or come back, tunnels that are cut or joined.
// Changes of anything else are the engine's (engine/changes).

import type { Change } from '../../model/change.ts';
import { type Failures, NO_FAILURES, tunnelKey } from './fabric.ts';

const PLACES = { host: 'hosts', site: 'sites', router: 'routers' } as const;

/** The changes in their order, each on what those before it left. */
export function failuresAfter(changes: readonly Change[], before: Failures = NO_FAILURES): Failures {
  const after = {
    hosts: new Set(before.hosts),
    sites: new Set(before.sites),
    routers: new Set(before.routers),
    tunnels: new Set(before.tunnels),
  };
  for (const change of changes) {
    switch (change.kind) {
      case 'fail':
        after[PLACES[change.what]].add(change.id);
        break;
      case 'restore':
        after[PLACES[change.what]].delete(change.id);
        break;
      case 'cut':
        after.tunnels.add(tunnelKey(change.from, change.to));
        break;
      case 'join':
        after.tunnels.delete(tunnelKey(change.from, change.to));
        break;
      default:
        break;
    }
  }
  return after;
}
