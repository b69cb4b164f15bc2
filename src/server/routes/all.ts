// Every route, by resource. A file that is not here is not served.
import type { App, ServerContext } from '../context/context.ts';
import { askRoutes } from './ask.ts';
import { auditRoutes } from './audit.ts';
import { decisionLogRoutes } from './decision-logs.ts';
import { decisionRoutes } from './decisions.ts';
import { feedRoutes } from './feeds.ts';
import { healthRoutes } from './health.ts';
import { inventoryRoutes } from './inventory.ts';
import { pointRoutes } from './points.ts';
import { policyRoutes } from './policies.ts';
import { revisionRoutes } from './revisions.ts';

export const ROUTES: readonly ((app: App, context: ServerContext) => void)[] = [
  healthRoutes,
  pointRoutes,
  decisionRoutes,
  askRoutes,
  feedRoutes,
  auditRoutes,
  decisionLogRoutes,
  policyRoutes,
  revisionRoutes,
  inventoryRoutes,
];
