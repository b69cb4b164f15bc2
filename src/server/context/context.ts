// What every route is given: the state that answers, the store, the configuration and the clock; and who is asking.
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Grants } from '../../engine/projects/grants.ts';
import type { Instant } from '../../model/time.ts';
import type { Store } from '../../store/store.ts';
import type { ServerConfig } from '../config/config.ts';
import type { Heavy } from '../heavy/heavy.ts';
import type { State } from '../state/state.ts';
import type { Views } from '../state/views.ts';
import type { Metrics } from './metrics.ts';

export type Role = 'reader' | 'point' | 'publisher' | 'admin';

/**
 * Who may use a route. `anyone`: nobody has to say who they are. `feed`: the route judges the secret of the feed itself.
 * `bundle`: points and readers; the route judges which point. A publisher may do what a reader may, an admin everything.
 */
export type Access = 'anyone' | 'feed' | 'bundle' | Role;

/** Who is asking. */
export interface Principal {
  /** Unique and stable, for the audit log: `user:…`, `point:…`, `loopback`. */
  readonly id: string;
  readonly roles: ReadonlySet<Role>;
  /** null: the provider, who sees everything. Else the project to which all that is seen and changed belongs. */
  readonly project: string | null;
  /** The enforcement point that this is; null: none. */
  readonly point: string | null;
}

export interface ServerContext {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly state: State;
  readonly views: Views;
  readonly heavy: Heavy;
  readonly grants: Grants;
  /** Now, in milliseconds since the epoch. */
  readonly clock: () => Instant;
  readonly metrics: Metrics;
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** `provider`: it tells of the whole server, and nobody of a project may use it. */
    audience?: 'provider';
  }
  interface FastifyInstance {
    /** Who may use each route, by `METHOD /path`, as the routes say it. */
    readonly routeAccess: ReadonlyMap<string, Readonly<FastifyContextConfig>>;
  }
  interface FastifyRequest {
    /** Set before any handler of a route that is not open to anyone. */
    principal: Principal;
  }
}
