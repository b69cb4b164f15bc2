// The layout of src/ as data: which folder stands on which floor, and which packages each folder may import.
// A file imports from lower floors and its own folder only. ARCHITECTURE.md says what each folder is for.

/** The folders of src/ from the lowest floor up. `index` is src/index.ts, the library. */
export const FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['text', 'net'],
  ['model', 'syntax'],
  ['bind', 'importers'],
  ['graph'],
  ['compile'],
  ['evaluate'],
  ['engine'],
  ['exporters', 'overlay'],
  ['analyze'],
  ['workspace', 'store', 'trust', 'api'],
  ['server', 'client', 'agent', 'lab'],
  ['cli', 'console', 'index'],
];

/** From this floor up code may touch files, sockets, clocks and the environment, and import Node's own modules. */
export const FIRST_IMPURE_FLOOR = FLOORS.findIndex((folders) => folders.includes('workspace'));

/** The packages, and modules made by the build (`bulkhead:`), that each folder may import; other folders import none. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  net: ['ip-num'],
  importers: ['yaml', 'zod'],
  graph: ['graphlib'],
  workspace: ['yaml', 'zod'],
  store: ['better-sqlite3', 'kysely'],
  api: ['zod'],
  trust: ['jose'],
  server: [
    ...['fastify', 'fastify-type-provider-zod', 'zod', 'prom-client', 'jose', 'close-with-grace'],
    ...['@fastify/helmet', '@fastify/swagger', '@fastify/swagger-ui', '@fastify/under-pressure'],
  ],
  client: ['zod'],
  cli: ['commander', 'picocolors', '@hpcc-js/wasm-graphviz', 'bulkhead:code-pages'],
};
