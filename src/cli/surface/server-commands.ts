// What the commands of the server and of what reads from it look like, as data; the others are in commands.ts.
import { type CommandSpec, option } from './spec.ts';

export const FEED_PROFILES = ['panos', 'fortios', 'opnsense', 'checkpoint', 'plain'] as const;
export const FEED_USES = ['allow', 'deny'] as const;
export const FEED_FAMILIES = ['4', '6', 'both'] as const;

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
];
