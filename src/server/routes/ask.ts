// Questions that take more than one look-up: why, the table of flows, comparisons, what changes would do, and the way of
// a packet. All of them are answered from one state, that of now or any before it.
import { Readable } from 'node:stream';
import { askTrace } from '../../analyze/ask-trace.ts';
import { explainFlow } from '../../analyze/explain-flow.ts';
import { rowsOfGroups, selectEnd } from '../../analyze/select-end.ts';
import { changeSide } from '../../analyze/what-if/changed-side.ts';
import {
  diffDocument,
  diffSchema,
  flowsQuery,
  traceDocument,
  traceSchema,
  whatIfDocument,
  whatIfSchema,
  whyDocument,
  whySchema,
} from '../../api/ask.ts';
import { parseFlowQuestion } from '../../bind/question/flow.ts';
import { flowRows } from '../../evaluate/flow-rows.ts';
import { formatInstant } from '../../model/time.ts';
import { openFabric } from '../../overlay/open-fabric.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { makeSource } from '../../text/source.ts';
import { writeFlowsDocument } from '../../workspace/formats/flows.ts';
import { makeTraceDocument } from '../../workspace/formats/trace.ts';
import { makeWhyDocument } from '../../workspace/formats/why.ts';
import { servedWhen } from '../ask/when.ts';
import type { App, ServerContext } from '../context/context.ts';
import { rejected } from '../http/problem.ts';
import { inTurns } from '../http/turns.ts';

/** What a state has not failed. */
const NO_FAILURES = {
  hosts: new Set<string>(),
  sites: new Set<string>(),
  routers: new Set<string>(),
  tunnels: new Set<string>(),
};

export function askRoutes(app: App, context: ServerContext): void {
  const { heavy } = context;
  const about = { tags: ['questions'] };
  app.post(
    '/v1/why',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'The verdict of a flow, and which rules make it',
        body: whySchema,
        response: { 200: whyDocument },
      },
    },
    async ({ principal, body }) => {
      const served = await servedWhen(context, principal, body);
      const question = makeSource('flow', body.flow);
      const { flow, diagnostics } = parseFlowQuestion(question, served.names);
      if (flow === null)
        throw rejected('this is no question that can be asked', diagnostics, new Map([['flow', question]]));
      const { evaluator, at } = served.snapshot;
      const document = makeWhyDocument(explainFlow(evaluator, flow), formatInstant(at), served.sources);
      return { ...document, revision: served.revision };
    },
  );
  app.get(
    '/v1/flows',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'Every allowed flow, as bulkhead.flows/1',
        querystring: flowsQuery,
        produces: ['application/json'],
      },
    },
    async ({ principal, query }, reply) => {
      const { by } = query;
      const { snapshot, revision } = await servedWhen(context, principal, query);
      const from = selectEnd(snapshot, 'from', query.from ?? null);
      const to = selectEnd(snapshot, 'to', query.to ?? null);
      const problems = [...from.diagnostics, ...to.diagnostics];
      if (problems.length > 0) {
        const sources = new Map([...from.sources, ...to.sources].map((source) => [source.name, source]));
        throw rejected('this names nothing that is known', problems, sources, { code: 'unknown-endpoint' });
      }
      const all = flowRows(snapshot.evaluator, { by, from: from.nodes, to: to.nodes });
      const rows = by === 'group' ? rowsOfGroups(all, from.group, to.group) : all;
      const parts = writeFlowsDocument(rows, formatInstant(snapshot.at));
      return reply
        .header('bulkhead-revision', revision)
        .type('application/json; charset=utf-8')
        .send(Readable.from(inTurns(parts)));
    },
  );
  app.post(
    '/v1/diff',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'The flows that one state allows and another does not',
        body: diffSchema,
        response: { 200: diffDocument },
      },
    },
    async ({ principal, body }) => {
      const before = await servedWhen(context, principal, body.before);
      const after = await servedWhen(context, principal, body.after);
      const { project } = principal;
      const document = await heavy.run({
        kind: 'diff',
        before: before.whole,
        after: after.whole,
        project,
        by: body.by,
      });
      return { ...document, before: before.revision, revision: after.revision };
    },
  );
  app.post(
    '/v1/what-if',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'What changes would do, without making them',
        body: whatIfSchema,
        response: { 200: whatIfDocument },
      },
    },
    async ({ principal, body }) => {
      const served = await servedWhen(context, principal, body);
      const { changes, by } = body;
      const { project } = principal;
      const document = await heavy.run({ kind: 'what-if', before: served.whole, project, changes, by });
      return { ...document, revision: served.revision };
    },
  );
  app.post(
    '/v1/trace',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'The way of one packet through the network, and of what comes back',
        body: traceSchema,
        response: { 200: traceDocument },
      },
    },
    async ({ principal, body }) => {
      const served = await servedWhen(context, principal, body);
      const changed = changeSide(served.snapshot, body.changes, NO_FAILURES, 'changes');
      const all = new Map([...served.sources, ...changed.sources]);
      if (hasErrors(changed.diagnostics)) throw rejected('these changes cannot be made', changed.diagnostics, all);
      const { fabric, diagnostics } = openFabric(changed.snapshot.evaluator, { failures: changed.failures });
      if (hasErrors(diagnostics)) throw rejected('the network is not described soundly', diagnostics, all);
      const { ttl, size } = body;
      const options = { ...(ttl === undefined ? {} : { ttl }), ...(size === undefined ? {} : { size }) };
      const question = makeSource('flow', body.flow);
      const asked = askTrace(fabric, question, served.names, options);
      if ('diagnostics' in asked) throw rejected('this is no packet', asked.diagnostics, new Map([['flow', question]]));
      const { source, destination } = asked.walk;
      const ends = { source: source?.id ?? 'outside', destination: destination?.id ?? 'outside' };
      const document = makeTraceDocument(asked.walk, ends, formatInstant(changed.snapshot.at), all);
      return { ...document, revision: served.revision };
    },
  );
}
