import type { Migration } from '@gatehouse/database';
import { serverMigrations } from '@gatehouse/server';
import { migrations as apiAccounts } from './api-accounts/index.ts';
import { migrations as approvals } from './approvals/index.ts';
import { migrations as clientScripts } from './client-scripts/index.ts';
import { migrations as customFields } from './custom-fields/index.ts';
import { migrations as ecm } from './ecm/index.ts';
import { migrations as groupPolicies } from './group-policies/index.ts';
import { migrations as hostKeys } from './host-keys/index.ts';
import { migrations as issues } from './issues/index.ts';
import { migrations as jumpClients } from './jump-clients/index.ts';
import { migrations as jumpItems } from './jump-items/index.ts';
import { migrations as jumpPolicies } from './jump-policies/index.ts';
import { migrations as mail } from './mail/index.ts';
import { migrations as notices } from './notices/index.ts';
import { migrations as options } from './options/index.ts';
import { migrations as outboundEvents } from './outbound-events/index.ts';
import { migrations as reach } from './reach/index.ts';
import { migrations as recordings } from './recordings/index.ts';
import { migrations as reporting } from './reporting/index.ts';
import { migrations as retention } from './retention/index.ts';
import { migrations as sessionRules } from './session-rules/index.ts';
import { migrations as sessions } from './sessions/index.ts';
import { migrations as support } from './support/index.ts';
import { migrations as teams } from './teams/index.ts';
import { migrations as users } from './users/index.ts';

/** The whole schema of the site; the order is that of the names. */
export const migrations: readonly Migration[] = [
  ...[serverMigrations, options, jumpPolicies, users, groupPolicies, jumpItems, apiAccounts, ecm],
  ...[mail, sessionRules, hostKeys, recordings, approvals, sessions, reach, retention],
  ...[teams, issues, customFields, support, outboundEvents, reporting, clientScripts, jumpClients, notices],
].flat();
