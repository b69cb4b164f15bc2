// The library: everything that answers, without a command line, a server or a clock. Texts become trees, trees and
// imports become layers, layers become a snapshot, a snapshot answers. docs/library.md shows it at work.
// Only `loadWorkspace` reads files; everything else is a function of its arguments.

export type { FlowChange, NameRanges } from './analyze/ci/flow-change.ts';
export { type FormedFile, findForm, findUnformed } from './analyze/ci/form.ts';
export {
  type CiReport,
  type CiStep,
  makeCheckStep,
  makeDiffStep,
  makeFormStep,
  makeReport,
  makeTestsStep,
  skipDiff,
  skipTests,
} from './analyze/ci/report.ts';
export { diffSnapshots } from './analyze/diff/diff.ts';
export type { Diff, DiffBy, DiffEnd, DiffOptions, DiffPart, DiffRow, SideDecision } from './analyze/diff/diff-row.ts';
export { findDifference, flowsDiffer } from './analyze/diff/flows-differ.ts';
export { explainFlow, type FlowExplanation } from './analyze/explain-flow.ts';
export type { Fix, LintFinding, Witness } from './analyze/lint/kit/finding.ts';
export type { LintRun } from './analyze/lint/kit/report.ts';
export { type LintInput, lintSnapshot } from './analyze/lint/lint.ts';
export { type Suppressed, suppressFindings } from './analyze/lint/suppress.ts';
export { type ProveOptions, proveExpectations } from './analyze/prove/prove-expectations.ts';
export { type CutResult, findCut } from './analyze/reach/cut/cut.ts';
export type { ReachHop } from './analyze/reach/hop.ts';
export { findShortestPath, type Path } from './analyze/reach/path.ts';
export type { ReachQuestion } from './analyze/reach/question.ts';
export { type Reach, type Reached, reach } from './analyze/reach/reach.ts';
export { makePolicyReport, type PolicyReport, type PolicyReportOptions } from './analyze/report/report.ts';
export { type ProposedTests, proposeTests } from './analyze/suggest/propose-tests.ts';
export { type SuggestOptions, suggest } from './analyze/suggest/suggest.ts';
export type { SuggestedEdit, Suggestion, Suggestions } from './analyze/suggest/suggestion.ts';
export type { LineResult, TestResult } from './analyze/test-result.ts';
export { runTests, type TestReport } from './analyze/tests/run-tests.ts';
export { type Expiry, sweepExpiring } from './analyze/what-if/expiring.ts';
export { askWhatIf, type Baseline, makeBaseline, type WhatIf } from './analyze/what-if/what-if.ts';
export { type BoundRoot, bindRoot, type InventoryPart, type RootOptions } from './bind/bind.ts';
export { type ChangeText, type ParsedChanges, parseChanges } from './bind/question/change-text.ts';
export { type Endpoint, parseEndpoint } from './bind/question/endpoint.ts';
export { type FlowQuestion, parseFlowQuestion } from './bind/question/flow.ts';
export { makeQuestionNames, type QuestionNames } from './bind/question/question-names.ts';
export { type AppliedChanges, applyChanges } from './engine/changes/apply-changes.ts';
export type { Placement } from './engine/changes/placement.ts';
export { buildGraph } from './engine/graph.ts';
export { criticalInstants } from './engine/instants.ts';
export type { FlowDelta } from './engine/live/changed-flows.ts';
export { type LiveEngine, type LiveUpdate, startLive } from './engine/live/live.ts';
export { buildSnapshot, type Snapshot } from './engine/pipeline.ts';
export { type AllowedFlows, pairFlows } from './evaluate/allowed-flows.ts';
export { type Decision, decide, type PointDecision } from './evaluate/decide.ts';
export type { Evaluator } from './evaluate/evaluator.ts';
export { type Explanation, explain, type NearMiss } from './evaluate/explain.ts';
export { type FlowRow, type FlowRowOptions, flowRows } from './evaluate/flow-rows.ts';
export type { Entity, FlowsBy } from './evaluate/flow-units.ts';
export { renderDot } from './exporters/graph/dot.ts';
export { renderMermaid } from './exporters/graph/mermaid.ts';
export { renderSvg } from './exporters/graph/svg.ts';
export { importInventory } from './importers/inventory/import-inventory.ts';
export { importKubernetes } from './importers/kubernetes/import-kubernetes.ts';
export { importNsx } from './importers/nsx/import-nsx.ts';
export type { Change } from './model/change.ts';
export type { Dialect } from './model/dialect.ts';
export type { GraphEdge, GraphNode, PolicyGraph } from './model/graph.ts';
export type { Layer } from './model/layer.ts';
export type { Group, Peer } from './model/peer.ts';
export type { Action, Direction, FinalVerdict, Policy, Rule, Tier, Verdict } from './model/policy.ts';
export type { EndpointRef, Question, ServiceQuestion } from './model/question.ts';
export type { Instant } from './model/time.ts';
export type { Interface, Labels, Workload, WorkloadKind } from './model/workload.ts';
export type { World } from './model/world.ts';
export { type Address, formatAddress, parseAddress } from './net/address.ts';
export { type AddressSet, formatAddressSet, parseAddresses } from './net/address-set.ts';
export { fromServiceRows, type ServiceRow, toServiceRows } from './net/service-rows.ts';
export { formatServices } from './net/service-text.ts';
export { containsService, type ServicePoint, type ServiceSet } from './net/services.ts';
export { flood } from './overlay/control/replication.ts';
export { type ControlTables, controlTables } from './overlay/control/tables.ts';
export type { Fabric, Failures } from './overlay/fabric/fabric.ts';
export { failuresAfter } from './overlay/fabric/failures.ts';
export { openFabric } from './overlay/open-fabric.ts';
export { type ConnectionTable, createConnections } from './overlay/packet/connections.ts';
export type { Disposition } from './overlay/packet/disposition.ts';
export { renderTraceMermaid } from './overlay/render/mermaid.ts';
export { captureWalk, renderPcap } from './overlay/render/pcap.ts';
export { renderTraceSvg } from './overlay/render/svg.ts';
export { makeTraceflow } from './overlay/render/traceflow.ts';
export type { Stage, StageName, Step } from './overlay/step/step.ts';
export { groupHops, type Hop } from './overlay/walk/hops.ts';
export { type Walk, type WalkOptions, type WalkQuestion, walk } from './overlay/walk/walk.ts';
export {
  type ParsedFile,
  type ParsedText,
  parseChangeText,
  parseFlowText,
  parsePeerText,
  parsePolicyFile,
  parseServiceText,
} from './syntax/parse.ts';
export { printChangeText, printFlowText, printPeerText, printServiceText, printTree } from './syntax/print.ts';
export type { Tree } from './syntax/tree.ts';
export { type Code, codes } from './text/codes.ts';
export { type Diagnostic, hasErrors, type Severity, sortDiagnostics } from './text/diagnostic.ts';
export { renderDiagnostics } from './text/render.ts';
export { makeSource, type Source, type Span } from './text/source.ts';
export type { ReportOptions } from './workspace/formats/ci/located.ts';
export { type ReportFormat, renderReport } from './workspace/formats/ci/render.ts';
export { makeReportDocument } from './workspace/formats/report/document.ts';
export type { ReportDocument } from './workspace/formats/report/shape.ts';
export { makeTraceDocument, type TraceDocument } from './workspace/formats/trace.ts';
export { loadWorkspace, type Workspace, type WorkspaceRequest } from './workspace/load.ts';
