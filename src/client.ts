// The client of a server as a library (`bulkhead/client`): one function for each thing that can be asked, with the
// documents that come back. It has no engine and no server in it.

export {
  type Answer,
  type Client,
  type ClientOptions,
  createClient,
  type PublishRequest,
  type RequestParts,
  RequestRefused,
  ServerUnreachable,
} from './client/client.ts';
export { type FeedRequest, type FetchedFeed, fetchFeed } from './client/feed.ts';
