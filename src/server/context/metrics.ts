// What the server counts about itself, in the exposition format of Prometheus. Every metric is registered here, so that
// the dashboard and the documentation have one place to look at.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly decisions: Counter<'verdict'>;
  readonly revision: Gauge;
  readonly storeUp: Gauge;
  readonly changes: Counter<'kind' | 'outcome'>;
  readonly feeds: Counter<'outcome'>;
  readonly bundles: Counter<'outcome'>;
  readonly following: Gauge;
  readonly points: Gauge<'state'>;
}

/** Metrics of one server: each has a registry of its own. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'bulkhead_' });
  return {
    registry,
    requests: new Histogram({
      name: 'bulkhead_http_request_seconds',
      help: 'Time to answer a request, by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    decisions: new Counter({
      name: 'bulkhead_decisions_total',
      help: 'Flows decided, by verdict',
      labelNames: ['verdict'],
      registers,
    }),
    revision: new Gauge({ name: 'bulkhead_revision', help: 'The revision that is served', registers }),
    storeUp: new Gauge({ name: 'bulkhead_store_up', help: '1 while the store answers, else 0', registers }),
    changes: new Counter({
      name: 'bulkhead_changes_total',
      help: 'Changes asked for, by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    // No feed by name: whoever reads metrics may be of another project.
    feeds: new Counter({
      name: 'bulkhead_feed_requests_total',
      help: 'Lists asked for by firewalls, by outcome; `retired-secret` is counted beside what it was served',
      labelNames: ['outcome'],
      registers,
    }),
    bundles: new Counter({
      name: 'bulkhead_bundles_total',
      help: 'Bundles asked for by points, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    following: new Gauge({
      name: 'bulkhead_points_following',
      help: 'Requests of points that wait for a change',
      registers,
    }),
    points: new Gauge({
      name: 'bulkhead_points',
      help: 'Enforcement points, by state, when they were last listed or reported',
      labelNames: ['state'],
      registers,
    }),
  };
}
