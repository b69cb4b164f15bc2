// What the commands of the server and of what reads from it look like, as data; the others are in commands.ts.
import { type CommandSpec, option } from './spec.ts';

export type ServerCommandName = 'serve' | 'publish' | 'feed' | 'keys' | 'bundle' | 'points' | 'audit' | 'store';

export const FEED_PROFILES = ['panos', 'fortios', 'opnsense', 'checkpoint', 'plain'] as const;
export const FEED_USES = ['allow', 'deny'] as const;
export const FEED_FAMILIES = ['4', '6', 'both'] as const;

export const KEY_ACTIONS = ['new', 'rotate', 'list', 'public', 'remove'] as const;
export const POINT_STATES = ['in-sync', 'syncing', 'degraded', 'rejected', 'stale', 'silent'] as const;
export const BUNDLE_ACTIONS = ['verify'] as const;
/** Where a server is, and how one says who one is; of every command that asks one. */
const SERVER_OPTIONS = [
  option('--server <url>', 'the server (BULKHEAD_SERVER unless given; http://127.0.0.1:8440 by default)'),
  option('--token-file <path>', 'a file with the bearer token (BULKHEAD_TOKEN holds one otherwise)', 'path'),
  option('--ca <path>', 'a file with the authorities that the certificate of the server is held against', 'path'),
];

export const AUDIT_ACTIONS = ['verify'] as const;
export const STORE_ACTIONS = ['check', 'backup', 'restore'] as const;

export const SERVER_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    summary: 'run the server that firewalls and people ask',
    arguments: '',
    takes: 'nothing',
    options: [
      option('--config <path>', 'its configuration (everything by default unless given)', 'path'),
      option('--listen <address>', 'listen here instead: HOST:PORT, or a port; 0 takes any that is free'),
      option('--data <path>', 'keep store and keys in this folder instead', 'path'),
    ],
    formats: ['text', 'json'],
    help: [
      'It listens on this machine alone unless its configuration says otherwise. The log goes to standard error, a JSON',
      'object a line. SIGTERM or Ctrl-C ends it, with 0, after it has answered what it was asked.',
      '',
      'Examples:',
      '  bulkhead serve',
      '  bulkhead serve --config server.yaml --listen 0.0.0.0:8440',
    ].join('\n'),
  },
  {
    name: 'publish',
    summary: 'publish the policy files of a folder on a server, and show what that opens and closes',
    arguments: '[folder]',
    takes: 'paths',
    options: [
      option('--dry-run', 'judge and compare, change nothing'),
      option('--message <text>', 'why, for the log of the server'),
      option('--project <name>', 'publish for this project'),
      option('--inventory', 'send the inventories of the folder along'),
      option('--force', 'replace whatever is there, whoever changed it meanwhile'),
      ...SERVER_OPTIONS,
    ],
    formats: ['text', 'json'],
    help: [
      'All files of the folder take the place of what was published, or none. Ends with 1 if the server refuses them for',
      'what they say, with 2 if it cannot be asked.',
      '',
      'Examples:',
      '  bulkhead publish policies --dry-run',
      '  bulkhead publish policies --inventory --message "open the shop"',
    ].join('\n'),
  },
  {
    name: 'feed',
    summary: 'print the list of addresses that a firewall would be given',
    arguments: '[member...]',
    takes: 'nothing',
    options: [
      option('--in <path>', 'read this layer; may be repeated', 'path', true),
      option('--profile <name>', 'whose form and limits it has (plain unless given)', FEED_PROFILES),
      option('--use <use>', 'what the firewall does to who is listed: allow (default) or deny', FEED_USES),
      option('--family <family>', 'addresses of one IP version only: 4, 6, or both (default)', FEED_FAMILIES),
      option('--max-entries <n>', 'what the firewalls at hand take, in place of the figure of the profile'),
      option('--may-be-empty', 'an empty list is no error'),
      option('--server <url>', 'fetch the feed of this id from a server, as a firewall does'),
      option('--secret-file <path>', 'with --server: the file that has the secret of the feed', 'path'),
    ],
    formats: ['text', 'json'],
    help: [
      'Members are groups, workloads, addresses or peers of the language. Several are one list, or with `checkpoint` an',
      'object each.',
      '',
      'Examples:',
      '  bulkhead feed shop.db --profile panos',
      '  bulkhead feed shop.web shop.db --profile checkpoint -o shop.json',
      "  bulkhead feed 'workloads where quarantine == yes' --use deny --may-be-empty",
      '  bulkhead feed quarantine --server https://policy.example.org --secret-file quarantine.secret',
    ].join('\n'),
  },
  {
    name: 'keys',
    summary: 'make, rotate, list or publish the keys that bundles are signed with',
    arguments: '<action> [key]',
    takes: 'nothing',
    options: [option('--keys <folder>', 'where they are (bulkhead-data/keys unless given)', 'path')],
    formats: ['text', 'json'],
    help: [
      'new: one key that signs and the one after it. rotate: the next one signs; what the old one signed still counts.',
      'public: what verifiers need, as a JWKS. remove: a retired key by its name, so that what it signed counts no more.',
      '',
      'Examples:',
      '  bulkhead keys new',
      '  bulkhead keys rotate --keys /var/lib/bulkhead/keys',
      '  bulkhead keys public -o jwks.json',
    ].join('\n'),
  },
  {
    name: 'bundle',
    summary: 'verify the bundle of an enforcement point without asking anybody',
    arguments: '<action> [file]',
    takes: 'paths',
    options: [
      option('--keys <file>', 'the keys that are trusted (JWKS)', 'path'),
      option('--signature <file>', 'its signature (the file with .jws behind its name unless given)', 'path'),
      option('--base <file>', 'of a delta: the snapshot that it changes', 'path'),
      option('--allow-unsigned', 'take a bundle without a signature'),
    ],
    formats: ['text', 'json'],
    help: [
      'Ends with 0 only if the signature is one of these bytes by a trusted key, and the content has the digest it says.',
      '',
      'Examples:',
      '  bulkhead bundle verify esx-17.json --keys jwks.json',
      '  bulkhead bundle verify esx-17-delta.json --keys jwks.json --base esx-17.json',
    ].join('\n'),
  },
  {
    name: 'audit',
    summary: 'verify the audit log of a server without asking it',
    arguments: '<action>',
    takes: 'nothing',
    options: [
      option('--data <folder>', 'the data folder of the server (bulkhead-data unless given)', 'path'),
      option('--head <hash>', 'demand the entry with this hash: the head of the log, as somebody noted it'),
    ],
    formats: ['text', 'json'],
    help: [
      'Ends with 0 if every entry is as it was written and none is missing, with 1 otherwise. Only reads, and may run',
      'beside the server. Who can write the data folder can make a log anew: only a head that was noted elsewhere shows it.',
      '',
      'Examples:',
      '  bulkhead audit verify --data /var/lib/bulkhead',
      '  bulkhead audit verify --head 5f0c… -f json',
    ].join('\n'),
  },
  {
    name: 'store',
    summary: 'check, back up or restore what a server keeps',
    arguments: '<action> [file]',
    takes: 'paths',
    options: [option('--data <folder>', 'the data folder of the server (bulkhead-data unless given)', 'path')],
    formats: ['text', 'json'],
    help: [
      'check: reads everything. backup: writes a whole copy to a new file, also while the server runs. restore: puts such a',
      'copy in place, while no server runs; what was there is kept beside it.',
      '',
      'Examples:',
      '  bulkhead store backup /backup/monday.db --data /var/lib/bulkhead',
      '  bulkhead store restore /backup/monday.db --data /var/lib/bulkhead',
    ].join('\n'),
  },
  {
    name: 'points',
    summary: 'show the enforcement points of a server, and how each of them stands',
    arguments: '[id]',
    takes: 'nothing',
    options: [
      option('--state <state>', 'only those in this state', POINT_STATES),
      option('--expect-current', 'end with 1 unless all of them enforce what they should'),
      ...SERVER_OPTIONS,
    ],
    formats: ['text', 'json'],
    help: [
      'silent: it never reported. stale: not lately. syncing: it has something else than it should. degraded: it says so,',
      'runs from disk, or is nearly full. rejected: it refused a bundle.',
      '',
      'Examples:',
      '  bulkhead points --state stale',
      '  bulkhead points esx-17 --server https://policy.example.org --token-file token',
    ].join('\n'),
  },
];
