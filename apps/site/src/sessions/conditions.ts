import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Conditions, Others, SessionRules } from '../api/console.ts';
import { findStanding } from '../approvals/index.ts';
import type { Reach } from '../reach/index.ts';
import { findRules } from '../session-rules/index.ts';
import { findIdleMinutes } from '../users/index.ts';
import { listOthers } from './store.ts';

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
  readonly others: Others;
}

export const findTerms = async (tx: Sql, reach: Reach, userId: number, at: Date): Promise<Terms> => {
  const policy = reach.jumpPolicyId === null ? null : await findPolicy(tx, reach.jumpPolicyId);
  const found = (await findRules(tx, reach.sessionPolicyId)) ?? (await findRules(tx, null));
  if (found === null) throw new Error('there is no default session policy');
  const rules = { ...found, idleMinutes: strictest(found.idleMinutes, await findIdleMinutes(tx, userId)) };
  const standing = policy?.approvalRequired ? await findStanding(tx, reach, userId, at) : null;
  const sessions = await listOthers(tx, reach, userId);
  return {
    rules,
    others: { rule: policy === null ? 'own' : ruleOf(reach.type, policy), sessions },
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

/** `global` is a session of one's own, as it was before there were policies. */
const ruleOf = (type: Reach['type'], policy: z.output<typeof Policy>): Others['rule'] => {
  const wanted = type === 'remote-rdp' ? policy.simultaneousRdp : policy.simultaneousJumps;
  if (wanted === 'disallow') return 'disallow';
  if (wanted !== 'join') return 'own';
  return type === 'shell-jump' ? 'join' : 'no-join';
};

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
