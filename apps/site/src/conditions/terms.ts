import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Conditions, EndpointId, SessionRules } from '../api/console.ts';
import { findStanding } from '../approvals/index.ts';
import { findRules } from '../session-rules/index.ts';
import { findIdleMinutes } from '../users/index.ts';

/** What a session is with, and the policies that hold for it. */
export interface Governed extends EndpointId {
  /** Null: no conditions. */
  readonly jumpPolicyId: number | null;
  /** Null: the default one. */
  readonly sessionPolicyId: number | null;
}

/** What of a Jump policy concerns a session. */
const Policy = z.object({
  simultaneousJumps: z.enum(['global', 'join', 'disallow']),
  simultaneousRdp: z.enum(['global', 'new_session', 'disallow']),
  ticketRequired: z.boolean(),
  secondFactorRequired: z.boolean(),
  approvalRequired: z.boolean(),
  approvers: z.string(),
  recordingsDisabled: z.boolean(),
});
type Policy = z.output<typeof Policy>;

/** Where there is no Jump policy. */
const unconditional: Policy = {
  ...{ simultaneousJumps: 'global', simultaneousRdp: 'global', ticketRequired: false, secondFactorRequired: false },
  ...{ approvalRequired: false, approvers: '', recordingsDisabled: false },
};

/** Everything that holds for a session of one user with one endpoint. */
export interface Terms {
  readonly conditions: Conditions;
  readonly rules: SessionRules;
  /** What others who have a session with it mean for one more. */
  readonly simultaneous: { readonly jumps: Policy['simultaneousJumps']; readonly rdp: Policy['simultaneousRdp'] };
}

export const findTerms = async (tx: Sql, governed: Governed, userId: number, at: Date): Promise<Terms> => {
  const { jumpPolicyId, sessionPolicyId } = governed;
  const policy = (jumpPolicyId === null ? null : await findPolicy(tx, jumpPolicyId)) ?? unconditional;
  const rules = await findHeldRules(tx, sessionPolicyId, userId);
  const standing = policy.approvalRequired ? await findStanding(tx, governed, userId, at) : null;
  return {
    rules,
    simultaneous: { jumps: policy.simultaneousJumps, rdp: policy.simultaneousRdp },
    conditions: {
      reasonRequired: rules.reasonRequired,
      ticketRequired: policy.ticketRequired,
      secondFactorRequired: policy.secondFactorRequired,
      approval: {
        state: policy.approvalRequired ? stateOf(standing?.state) : 'not-needed',
        approvers: policy.approvers,
        until: standing?.until ?? null,
      },
      isRecorded: !policy.recordingsDisabled,
      ...{ idleMinutes: rules.idleMinutes, limitMinutes: rules.limitMinutes },
    },
  };
};

/** Of a session policy, or else of the default one, with the idle limit of the user where that is stricter. */
export const findHeldRules = async (tx: Sql, sessionPolicyId: number | null, userId: number): Promise<SessionRules> => {
  const found = (await findRules(tx, sessionPolicyId)) ?? (await findRules(tx, null));
  if (found === null) throw new Error('there is no default session policy');
  return { ...found, idleMinutes: strictest(found.idleMinutes, await findIdleMinutes(tx, userId)) };
};

/** Of two limits that may be none. */
const strictest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

const stateOf = (state: string | undefined) =>
  state === 'approved' || state === 'waiting' || state === 'denied' ? state : 'needed';

const findPolicy = async (tx: Sql, id: number) => {
  const { rows } = await sql`
    select simultaneous_jumps as "simultaneousJumps", simultaneous_jumps_rdp as "simultaneousRdp",
      ticket_id_required as "ticketRequired",
      two_factor_challenge_required as "secondFactorRequired", approval_required as "approvalRequired",
      approval_display_name as approvers, recordings_disabled as "recordingsDisabled"
    from jump_policies where id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : Policy.parse(rows[0]);
};
