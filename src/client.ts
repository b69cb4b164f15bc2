// The client of a server as a library (`bulkhead/client`): one function for each thing that can be asked, with the
// documents that come back. It has no engine and no server in it.

export type { AuditDocument } from './api/audit.ts';
export type { DecisionDocument, DecisionQuestion } from './api/decision.ts';
export type { LogEntry, LogsDocument } from './api/decision-logs.ts';
export type { PointDocument } from './api/point.ts';
export type { Publication } from './api/policies.ts';
export type { ProblemDocument } from './api/problem.ts';
export {
  type ChangeOptions,
  type Client,
  createClient,
  type EntryDocument,
  type InventoryChange,
  type InventoryChanged,
  type InventoryKind,
  type LineProblem,
  type ListedEntry,
  type ListedPoint,
  type PointStatus,
  type PoliciesDocument,
  type PublishRequest,
  type RevisionDocument,
  type WhenAsked,
} from './client/client.ts';
export { RequestRefused, ServerUnreachable } from './client/errors.ts';
export { type FeedRequest, type FetchedFeed, fetchFeed } from './client/feed.ts';
export { type Certificates, fetchOver } from './client/fetch-over.ts';
export type { Answer, ClientOptions, RequestParts, RetryOptions } from './client/send.ts';
