import type { Sql } from '@gatehouse/database';
import { type Act, audit, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { ApprovalInput, EndpointId } from '../api/console.ts';
import { approvalsPage, tellApprovers } from './mail.ts';
import { findStanding, insertApproval } from './store.ts';

interface Wanted extends EndpointId {
  readonly name: string;
  readonly jumpPolicyId: number | null;
}

/** Somebody who reaches an endpoint asks for an approval. @throws Problem where none is needed, or wanted any more */
export const askForApproval = async (
  { tx, by, now, baseUrl }: { readonly tx: Sql; readonly by: Act; readonly now: Date; readonly baseUrl: string },
  userId: number,
  { type, id, name, jumpPolicyId }: Wanted,
  input: z.output<typeof ApprovalInput>,
): Promise<void> => {
  const { rows } = await sql<{ required: boolean; scope: string }>`
    select approval_required as required, approval_scope as scope from jump_policies where id = ${jumpPolicyId}`.execute(
    tx,
  );
  const policy = rows[0];
  if (policy?.required !== true || jumpPolicyId === null)
    throw problems.unusable('Sessions with this endpoint need no approval.');
  const standing = await findStanding(tx, { type, id }, userId, now);
  if (standing?.state === 'approved') throw problems.conflict('It is approved already.');
  const approvalId = await insertApproval(tx, {
    ...{ userId, item: { type, id, name }, jumpPolicyId, forAnyone: policy.scope === 'anyone', ...input, at: now },
  });
  if (approvalId === null) throw problems.conflict('You asked for it already, and nobody has decided yet.');
  await audit(tx, by, { action: 'approval.ask', target: name, change: input });
  await tellApprovers(tx, { approvalId, at: now, consoleUrl: `${baseUrl}${approvalsPage}` });
};
