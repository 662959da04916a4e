import { day, defineRule, evidence, fact, subject } from '../rule.ts';
import { vaultConnectors, vaultStreams } from '../vault.ts';

const changedAt = `coalesce((c.attributes->>'lastChangedAt')::timestamptz, c.created_at)`;
const frequency = `(case when jsonb_typeof(c.attributes->'changeFrequencyDays') = 'number' then (c.attributes->>'changeFrequencyDays')::int end)`;
/** A week more than its own frequency, and ninety days at most. */
const isOverdue = `${changedAt} < s.now - make_interval(days => least(coalesce(nullif(${frequency}, 0) + 7, 90), 90))`;
const isByHand = `(c.attributes->>'isManagedAutomatically') = 'false' and coalesce(c.attributes->>'isKeyManagedAutomatically', 'false') = 'false'`;

export const vaultedCredentialNotRotated = defineRule({
  id: 'vaulted-credential-not-rotated',
  catalogue: 'B02',
  title: 'Vaulted credential is not rotated',
  summary: 'Password Safe keeps a credential that it does not change by itself, or has not changed for too long.',
  why: 'Everybody who ever took it out can still use it, past every approval and recording.',
  kind: 'recommendation',
  connectors: vaultConnectors,
  severity: 'high',
  mitre: ['T1078'],
  needs: vaultStreams('vaulted-credentials'),
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c')},
      ${evidence(
        fact('Changed by Password Safe', `case when ${isByHand} then 'no' else 'yes' end`, 'credentials', 'c'),
        fact('Last changed', day(changedAt, 'never'), 'credentials', 'c'),
        fact('Every (days)', `coalesce(${frequency}::text, 'not set')`, 'credentials', 'c'),
      )}
    from credentials c cross join settings s
    where c.type = 'vault_item' and c.attributes->>'parentAccountId' is null and (${isByHand} or ${isOverdue})`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'Password Safe does not tell of some credentials whether it changes them.' as reason
    from credentials c
    where c.type = 'vault_item' and c.attributes->>'parentAccountId' is null and c.attributes->>'isManagedAutomatically' is null`,
  remediation: [
    'Switch on automatic password change for the managed account, with a frequency of at most 90 days.',
    'Test the functional account of its system: where that fails, changes fail too.',
    'Change the credential once now, because whoever took it out before still has it.',
  ],
});
