// How much one client may ask for.
import * as z from 'zod';

const count = (least: number, usual: number, what: string) => z.int().min(least).default(usual).describe(what);

const rate = (perSecond: number, burst: number, who: string) =>
  z
    .strictObject({
      perSecond: z.number().min(0.01).default(perSecond).describe('requests a second on average'),
      burst: count(1, burst, 'requests at once'),
    })
    .describe(`how often ${who} may ask`)
    .prefault({});

export const limitsSection = z.strictObject({
  bodyBytes: count(1024, 16 * 1024 * 1024, 'the most bytes of a body'),
  decisions: count(1, 10_000, 'the most questions of one array'),
  jsonDepth: count(4, 32, 'how deep arrays and objects of a body are nested'),
  jsonItems: count(100, 100_000, 'the most items of one array or object of a body'),
  perPrincipal: rate(1000, 2000, 'one principal'),
  perAddress: rate(50, 200, 'one address that has not shown who it is'),
  taskSeconds: count(1, 120, 'seconds that judging a publish, a comparison or a what-if may take'),
  tasksWaiting: count(1, 16, 'how many of those may wait for each other'),
  connections: count(1, 10_000, 'connections at a time'),
  headSeconds: count(1, 10, 'seconds in which the head of a request has to arrive'),
  requestSeconds: count(1, 60, 'seconds in which a request has to arrive'),
});
