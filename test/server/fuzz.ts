// Asks every route of a server random questions that are made of its OpenAPI document. Whatever is sent, the answer is one
// that the document announces or a problem, nothing is a fault of the server, nothing hangs, and what is refused has
// changed nothing.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { expect } from 'vitest';
import { problemSchema } from '../../src/api/problem.ts';
import { arbitraryOf, type Schema, spoiled, type Words } from './fuzz-values.ts';
import { MACHINES, publish, SHOP, type TestServer } from './test-server.ts';

/** Longer than anything that is asked of so small a server takes on a busy machine. */
const HANGS = 20_000;

/** What the server may be unable to do, and says so. */
const UNAVAILABLE = new Set(['feed-unavailable', 'nothing-published', 'out-of-step', 'bundle-unsigned', 'no-keys']);

export const FUZZED = `auth: { loopback: [admin] }
limits: { perAddress: { perSecond: 100000, burst: 100000 } }
points: { esx-1: { workloads: [web-01] } }
projects: { shop: { tiers: [application], addresses: [10.20.0.0/16] } }
bundles: { unsigned: true, longestWaitSeconds: 1 }
feeds:
  db: { members: [db], use: allow, profiles: [plain, panos] }
`;

const ENDS = ['web-01', 'db-01', '10.0.1.1', '203.0.113.9', '2001:db8::1', 'web-01/eth0', 'nobody'];
const FLOWS = [
  'web-01 -> db-01 on tcp/5432',
  'web -> db',
  '10.0.1.1 -> 10.0.2.1 on udp/53',
  'any -> any on icmp',
  '->',
];
const CHANGES = [
  ...[
    'delete web-01',
    'set web-01 labels tier=db',
    'remove rule shop.store',
    'at 2027-01-01',
    'clone web-01 as web-02',
  ],
  ...['add to shop: allow x: db -> web', 'delete nobody', 'move web-01 to nowhere', 'fail host esx-1', 'set'],
];
const WORDS: Words = {
  '': [...ENDS, ...FLOWS, ...CHANGES, 'web', 'db', 'any', 'shop/w-1', '00:50:56:00:00:01', '*', 'true', 'tcp'],
  source: ENDS,
  destination: ENDS,
  from: [...ENDS, 'web'],
  to: [...ENDS, 'db'],
  flow: FLOWS,
  changes: CHANGES,
  addresses: ['10.0.1.7', '10.20.0.1', '2001:db8::7', '10.0.0.0/8'],
  id: ['web-01', 'db-01', 'db', 'web-09', 'shop/w-1'],
  kind: ['vm', 'workloads'],
  point: ['esx-1', 'esx-1', 'nowhere'],
  project: ['shop', 'bank'],
  file: ['db.txt', 'db.json'],
  secret: ['0123456789ab'],
  path: ['main.seg', 'more/web.seg'],
  text: [SHOP, SHOP.replace('5432', '5433'), 'policy p in nowhere { }', ''],
  revision: ['r1', 'r1', 'r2', 'r999'],
  active: ['r1'],
  at: ['2026-07-01T12:00:00Z', '2030-01-01', '1999-01-01T00:00:00Z', 'now'],
  cursor: ['1', '1.0', 'ImIi', 'eA'],
  limit: ['1', '2', '100'],
  ttlSeconds: ['60'],
  texts: ['true'],
  dryRun: ['true', 'false'],
  by: ['group', 'workload', 'owner'],
  state: ['in-sync', 'stale'],
  profile: ['plain', 'panos'],
  prefer: ['wait=1', 'modes=delta', 'modes=snapshot,delta;wait=1'],
};

/** Their answers end with the connection. */
const ENDLESS = new Set(['GET /v1/points/{point}/events']);

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly mediaType: string;
  readonly responses: ReadonlyMap<number, ValidateFunction>;
}

/** How often each status came, by route. */
export type Seen = Map<string, Map<number, number>>;

/** Opens with policies and machines, and asks every route `runs` questions. */
export async function fuzz(server: TestServer, runs: number, seed: number): Promise<Seen> {
  const seen: Seen = new Map();
  const restore = () => publish(server, { 'main.seg': SHOP }, { inventory: MACHINES });
  expect((await restore()).status).toBe(200);
  const document = (await server.ask('GET', '/openapi.json')).json as Schema;
  for (const operation of operationsOf(document)) {
    const counts = new Map<number, number>();
    seen.set(`${operation.method} ${operation.path}`, counts);
    await fc.assert(
      fc.asyncProperty(requestOf(operation, document), async (request) => {
        const before = digestOf(server);
        const reply = await withoutHanging(server.server.app.inject(request));
        counts.set(reply.statusCode, (counts.get(reply.statusCode) ?? 0) + 1);
        judge(operation, reply.statusCode, String(reply.headers['content-type'] ?? ''), reply.body);
        if (reply.statusCode >= 400) expect(digestOf(server)).toBe(before);
        else if (digestOf(server) !== before) await restore();
      }),
      { seed, numRuns: runs },
    );
  }
  return seen;
}

const digestOf = ({ server }: TestServer): string => server.context.state.current({ project: null }).digest;

const isProblem = problemSchema.strict();

function judge({ responses }: Operation, status: number, type: string, body: string): void {
  if (status >= 400) {
    expect(type).toBe('application/problem+json; charset=utf-8');
    const problem = isProblem.parse(JSON.parse(body));
    expect(problem.status).toBe(status);
    if (status >= 500) expect([status, UNAVAILABLE.has(problem.code), body]).toEqual([503, true, body]);
    return;
  }
  const validate = responses.get(status);
  if (validate === undefined || !type.startsWith('application/json')) return;
  const isValid = validate(JSON.parse(body));
  expect([isValid, validate.errors ?? []]).toEqual([true, []]);
}

async function withoutHanging<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), HANGS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Every operation but those whose answer never ends. */
function operationsOf(document: Schema): readonly Operation[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const paths = document.paths as Record<string, Record<string, Schema>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const responses = operation.responses as Record<string, { content?: Record<string, { schema?: Schema }> }>;
      if (ENDLESS.has(`${method.toUpperCase()} ${path}`)) return [];
      const bodies = Object.entries((operation.requestBody as Schema | undefined)?.content ?? {});
      // A stream of lines has no schema in the document.
      const usual = path.endsWith('/stream') ? 'application/x-ndjson' : 'application/json';
      const [mediaType, body] = (bodies[0] ?? [usual, {}]) as [string, { schema?: Schema }];
      const validators = Object.entries(responses).flatMap(([status, { content }]) => {
        const schema = content?.['application/json']?.schema;
        if (schema === undefined) return [];
        return [[Number(status), ajv.compile({ ...schema, components: document.components })] as const];
      });
      const parameters = (operation.parameters ?? []) as readonly Parameter[];
      return [
        {
          method: method.toUpperCase(),
          path,
          parameters,
          body: body.schema,
          mediaType,
          responses: new Map(validators),
        },
      ];
    }),
  );
}

function requestOf(operation: Operation, document: Schema): fc.Arbitrary<InjectOptions> {
  const { method, path, parameters, body, mediaType } = operation;
  const given = parameters.map((parameter) =>
    fc
      .tuple(
        arbitraryOf(parameter.schema, document, WORDS, parameter.name),
        fc.nat(9),
        fc.constantFrom('web-01', '', '%', 'ä'),
      )
      .map(([value, often, other]) => ({ ...parameter, text: often === 0 ? other : String(value) })),
  );
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
  return fc
    .record({
      values: fc.tuple(...given),
      left: fc.nat(255),
      payload: hasBody ? payloadOf(body, document, mediaType) : fc.constant(undefined),
      ifMatch: fc.constantFrom<string | undefined>(undefined, '*', '*', '"x"', 'W/"x"', ''),
      key: fc.constantFrom<string | undefined>(undefined, undefined, 'a', 'b'),
      type: fc.constantFrom(
        mediaType,
        mediaType,
        mediaType,
        mediaType,
        'text/plain',
        'application/json; charset=x',
        '',
      ),
    })
    .map(({ values, left, payload, ifMatch, key, type }): InjectOptions => {
      let url = path;
      const query = new URLSearchParams();
      const headers: Record<string, string> = {};
      for (const [i, { in: place, name, text, required }] of values.entries()) {
        if (place === 'path')
          url = url.replace(
            `{${name}}`,
            encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/g, '?')).slice(0, 600) || 'x',
          );
        else if (required !== true && ((left >> (2 * (i % 4))) & 3) !== 0) continue;
        else if (place === 'query') query.append(name, text);
        else headers[name] = text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 500);
      }
      if (ifMatch !== undefined) headers['if-match'] = ifMatch;
      if (key !== undefined) headers['idempotency-key'] ??= key;
      if (payload !== undefined && type !== '') headers['content-type'] = type;
      const text = query.toString();
      return {
        method: method as 'GET',
        url: text === '' ? url : `${url}?${text}`,
        headers,
        ...(payload === undefined ? {} : { payload }),
      };
    });
}

/** What is made of the schema, and now and then a text that is no JSON, or only the beginning of one. */
function payloadOf(schema: Schema | undefined, document: Schema, mediaType: string): fc.Arbitrary<string> {
  const line = fc.constantFrom(
    '{"source":"web-01","destination":"db-01","protocol":"tcp","destinationPort":5432}',
    '{}',
    '',
    '[',
    '7',
  );
  const made =
    mediaType === 'application/x-ndjson'
      ? fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
      : spoiled(arbitraryOf(schema, document, WORDS, '', 6)).map((value) => JSON.stringify(value) ?? '');
  return fc.tuple(made, fc.nat(15)).map(([text, often]) => (often === 0 ? text.slice(0, text.length / 2) : text));
}
