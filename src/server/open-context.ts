// What a server answers from, opened on a store: the state, the views of projects, and whoever does what takes long.
import { readGrants } from '../engine/projects/read-grants.ts';
import type { Instant } from '../model/time.ts';
import type { Store } from '../store/store.ts';
import { hasErrors } from '../text/diagnostic.ts';
import type { ServerConfig } from './config/config.ts';
import { ConfigurationRefused } from './configuration-refused.ts';
import type { ServerContext } from './context/context.ts';
import { makeMetrics } from './context/metrics.ts';
import { createHeavy } from './heavy/heavy.ts';
import { openState } from './state/state.ts';
import { createViews, type Views } from './state/views.ts';

export interface ContextParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly clock: () => Instant;
  /** The program of the thread for what takes long; none: it is done at once. */
  readonly thread?: URL | undefined;
  /** What projects see, instead of what is made for them. */
  readonly views?: Views | undefined;
}

/** Rejects with `ConfigurationRefused`, `Unservable` or a `StoreFailure`. */
export async function openContext(parts: ContextParts): Promise<ServerContext> {
  const { config, store, clock, thread = null } = parts;
  const { grants, diagnostics } = readGrants({
    projects: config.projects,
    privateModules: config.private.modules,
    reservedLabels: config.private.labels,
  });
  if (hasErrors(diagnostics)) throw new ConfigurationRefused(diagnostics);
  const views = parts.views ?? createViews(grants);
  const state = await openState({ store, clock, grants, views });
  const { taskSeconds, tasksWaiting } = config.limits;
  const heavy = createHeavy({ grants, views, thread, timeout: taskSeconds * 1000, waiting: tasksWaiting });
  return { config, store, state, views, heavy, grants, clock, metrics: makeMetrics() };
}
