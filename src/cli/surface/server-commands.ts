// What the commands of the server and of what reads from it look like, as data; the others are in commands.ts.
import { type CommandSpec, option } from './spec.ts';

export type ServerCommandName = 'feed' | 'keys' | 'bundle';

export const FEED_PROFILES = ['panos', 'fortios', 'opnsense', 'checkpoint', 'plain'] as const;
export const FEED_USES = ['allow', 'deny'] as const;
export const FEED_FAMILIES = ['4', '6', 'both'] as const;

export const KEY_ACTIONS = ['new', 'rotate', 'list', 'public', 'remove'] as const;
export const BUNDLE_ACTIONS = ['verify'] as const;

export const SERVER_COMMANDS: readonly CommandSpec[] = [
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
];
