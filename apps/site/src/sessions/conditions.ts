import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Conditions, SessionRules } from '../api/console.ts';
import { findStanding } from '../approvals/index.ts';
import type { Reach } from '../reach/index.ts';
import { findRules } from '../session-rules/index.ts';
import { findIdleMinutes } from '../users/index.ts';

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

/** Everything that holds for a session of one user with one item. */
export interface Terms {
  readonly conditions: Conditions;
  readonly rules: SessionRules;
  /** Nobody else may have a session with the item at the same time. */
  readonly alone: boolean;
}

export const findTerms = async (tx: Sql, reach: Reach, userId: number, at: Date): Promise<Terms> => {
  const policy = reach.jumpPolicyId === null ? null : await findPolicy(tx, reach.jumpPolicyId);
  const found = (await findRules(tx, reach.sessionPolicyId)) ?? (await findRules(tx, null));
  if (found === null) throw new Error('there is no default session policy');
  const rules = { ...found, idleMinutes: strictest(found.idleMinutes, await findIdleMinutes(tx, userId)) };
  const standing = policy?.approvalRequired ? await findStanding(tx, reach, userId, at) : null;
  const simultaneous = reach.type === 'remote-rdp' ? policy?.simultaneousRdp : policy?.simultaneousJumps;
  return {
    rules,
    alone: simultaneous === 'disallow',
    conditions: {
      reasonRequired: rules.reasonRequired,
      ticketRequired: policy?.ticketRequired ?? false,
      secondFactorRequired: policy?.secondFactorRequired ?? false,
      approval: {
        state: policy?.approvalRequired ? stateOf(standing?.state) : 'not-needed',
        approvers: policy?.approvers ?? '',
        until: standing?.until ?? null,
      },
      isRecorded: !(policy?.recordingsDisabled ?? false),
      ...{ idleMinutes: rules.idleMinutes, limitMinutes: rules.limitMinutes },
    },
  };
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
