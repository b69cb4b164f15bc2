// Whether a mutant breaks a claim. Claims about single flows (`never`, `only`) can only break where the mutant changes one;
// claims about chains, numbers and replies are proved again.
import { remember } from '../../base/remember.ts';
import type { Expectation, Invariant } from '../../model/expectation.ts';
import type { Instant } from '../../model/time.ts';
import { ALL_SERVICES, NO_SERVICES, overlapsServices, unionServices } from '../../net/services.ts';
import type { Span } from '../../text/source.ts';
import { endsOf, neverRegions, onlyRegions } from '../prove/claims.ts';
import { prove, type Stated } from '../prove/prove.ts';
import type { Region } from '../prove/regions.ts';
import { type ChangedCell, pairIn } from './changed-cells.ts';
import { type Context, overlap } from './context.ts';
import type { Variant } from './variant.ts';

export interface Noticed {
  /** Of the test, invariant or budget. */
  readonly name: string;
  readonly span: Span;
}

interface FlowClaim extends Noticed {
  readonly layer: number;
  readonly claim: Invariant;
}

export interface ClaimChecker {
  /** The first claim about single flows that the changed cells break; null: none. */
  brokenBy(variant: Variant, cells: readonly ChangedCell[]): Noticed | null;
  /** The first of all other claims that does not hold at these moments. */
  failing(
    moments: readonly { readonly at: Instant; readonly variant: Variant | null; readonly context: Context }[],
  ): Noticed | null;
}

export function makeClaimChecker(stated: readonly Stated[]): ClaimChecker {
  const flowClaims = stated.flatMap(({ layer, expectation }): readonly FlowClaim[] =>
    expectation.kind === 'budget'
      ? []
      : expectation.claims
          .filter(isAboutFlows)
          .map((claim) => ({ layer, claim, name: expectation.name, span: claim.span })),
  );
  const others = stated.flatMap(({ layer, expectation }): readonly Stated[] => {
    if (expectation.kind === 'budget') return [{ layer, expectation }];
    const claims = expectation.claims.filter((claim) => !isAboutFlows(claim));
    const rest: Extract<Expectation, { kind: 'invariant' }> = { ...expectation, claims };
    return claims.length === 0 ? [] : [{ layer, expectation: rest }];
  });
  const regions = new Map<Context, readonly { readonly claim: FlowClaim; readonly regions: readonly Region[] }[]>();
  const regionsIn = (context: Context) =>
    remember(regions, context, () =>
      flowClaims.map((claim) => {
        const ends = endsOf(context.evaluator, claim.layer, claim.claim);
        const make = claim.claim.kind === 'never' ? neverRegions : onlyRegions;
        return { claim, regions: make(context.evaluator, claim.layer, claim.claim, ends) };
      }),
    );

  return {
    brokenBy(variant, cells) {
      for (const { claim, regions: own } of regionsIn(variant.context)) {
        for (const { from, to, possible } of own) {
          if (!overlap(variant.nodeAreas, [{ source: from.possible, destination: to.possible }])) continue;
          const letsThrough = new Map<number, boolean>();
          for (const cell of cells) {
            const isBad = remember(letsThrough, cell.after, () => {
              const { allow, unknown } = cell.after === -1 ? EVERYTHING : variant.evaluator.judge.outcome(cell.after);
              return overlapsServices(unionServices(allow, unknown), possible);
            });
            if (isBad && pairIn(variant, cell, from.possible, to.possible) !== null) return claim;
          }
        }
      }
      return null;
    },
    failing(moments) {
      if (others.length === 0) return null;
      const proofs = prove(
        others,
        moments.map(({ at, variant, context }) => {
          const { evaluator } = variant ?? context;
          return { at, snapshot: { layers: variant?.layers ?? context.layers, at, evaluator } };
        }),
      );
      for (const { expectation, claims } of proofs) {
        const broken = claims.find(({ outcome }) => outcome !== 'holds');
        if (broken !== undefined) return { name: expectation.name, span: broken.span };
      }
      return null;
    },
  };
}

const EVERYTHING = { allow: ALL_SERVICES, unknown: NO_SERVICES };

function isAboutFlows({ kind }: Invariant): boolean {
  return kind === 'never' || kind === 'only';
}
