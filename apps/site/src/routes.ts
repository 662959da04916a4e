import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type MailRoom, serveMail } from '@gatehouse/mail';
import type { App, Log, Server } from '@gatehouse/server';
import { apiAccounts, serveApiAccounts } from './api-accounts/index.ts';
import { serveApprovals } from './approvals/index.ts';
import { serveAudit } from './audit/index.ts';
import { serveScripts } from './client-scripts/index.ts';
import { serveCommand } from './command/index.ts';
import { serveConfiguration } from './configuration/index.ts';
import { serveConsole } from './console/index.ts';
import { customFields } from './custom-fields/index.ts';
import { serveDiscovery } from './discovery/index.ts';
import { groupPolicies, groupPolicyJumpGroups, groupPolicyMembers, securityProviders } from './group-policies/index.ts';
import { serveHostKeys } from './host-keys/index.ts';
import { supportIssues } from './issues/index.ts';
import { type JumpHub, jumpClientInstallers, jumpClients, serveJumpClients } from './jump-clients/index.ts';
import { jumpGroups, jumpGroupUsers } from './jump-groups/index.ts';
import { jumpItems, jumpoints } from './jump-items/index.ts';
import { jumpItemRoles, jumpPolicies, serveSchedules, sessionPolicies } from './jump-policies/index.ts';
import { serveOAuth } from './oauth/index.ts';
import { serveObjects } from './objects/index.ts';
import { serveOptions } from './options/index.ts';
import { type Outbound, outboundRecipients, serveOutbound } from './outbound-events/index.ts';
import { serveReach } from './reach/index.ts';
import { type Links, serveReporting } from './reporting/index.ts';
import { serveRetention } from './retention/index.ts';
import { serveSessionRules } from './session-rules/index.ts';
import { type Sessions, serveSessions } from './sessions/index.ts';
import { type StatusParts, serveStatus } from './status/index.ts';
import { cannedMessages, type Support, serveSupport } from './support/index.ts';
import { groupPolicyTeams, teams, teamUsers } from './teams/index.ts';
import { askDuties, users } from './users/index.ts';

export interface RouteParts extends StatusParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly jump: JumpHub;
  readonly log: Log;
  readonly sessions: Sessions;
  readonly support: Support;
  readonly outbound: Outbound;
  readonly links: Links;
  readonly mail: MailRoom;
}

/** Every route of the site, beside those of the server itself. */
export const serveSite = ({ app, baseUrl, sealer, proveSecondFactor }: Server, parts: RouteParts): void => {
  askDuties(app, parts);
  serveOptions(app, parts);
  serveStatus(app, parts);
  serveAudit(app, parts);
  serveKinds(app, parts.database);
  serveApiAccounts(app, parts);
  serveSchedules(app, parts);
  serveReach(app, parts);
  serveOAuth(app, parts);
  serveConfiguration(app, { ...parts, baseUrl });
  serveCommand(app, { ...parts, baseUrl });
  serveReporting(app, { ...parts, baseUrl, sealer });
  serveScripts(app, { ...parts, baseUrl, proveCode: proveSecondFactor });
  serveDiscovery(app, parts);
  serveSessionRules(app, parts);
  serveRetention(app, parts);
  serveHostKeys(app, parts);
  serveConsole(app, parts.sessions.parts);
  serveApprovals(app, { ...parts, baseUrl });
  serveJumpClients(app, { ...parts, baseUrl, sealer, proveCode: proveSecondFactor });
  serveSessions(app, parts.sessions, proveSecondFactor);
  serveSupport(app, parts.support);
  serveOutbound(app, parts.outbound);
  serveMail(app, parts.mail, { access: 'system-administrator', title: 'Gatehouse Site' });
};

const serveKinds = (app: App, database: Database): void => {
  const readOnly = { readOnly: true } as const;
  for (const one of [
    { kind: users, path: '/api/users' },
    { kind: groupPolicies, path: '/api/group-policies' },
    { kind: groupPolicyMembers, path: '/api/group-policies/:parentId/members' },
    { kind: groupPolicyJumpGroups, path: '/api/group-policies/:parentId/jump-groups' },
    { kind: securityProviders, path: '/api/security-providers', ...readOnly },
    { kind: jumpGroups, path: '/api/jump-groups' },
    { kind: jumpGroupUsers, path: '/api/jump-groups/:parentId/users' },
    ...Object.entries(jumpItems).map(([type, kind]) => ({ kind, path: `/api/jump-items/${type}` })),
    { kind: jumpoints, path: '/api/jumpoints' },
    { kind: jumpClients, path: '/api/jump-clients', isAddedElsewhere: true } as const,
    {
      ...{ kind: jumpClientInstallers, path: '/api/jump-client-installers' },
      ...({ isAddedElsewhere: true, isNeverChanged: true } as const),
    },
    { kind: jumpPolicies, path: '/api/jump-policies' },
    { kind: sessionPolicies, path: '/api/session-policies' },
    { kind: jumpItemRoles, path: '/api/jump-item-roles' },
    { kind: teams, path: '/api/teams' },
    { kind: teamUsers, path: '/api/teams/:parentId/users' },
    { kind: groupPolicyTeams, path: '/api/group-policies/:parentId/teams' },
    { kind: supportIssues, path: '/api/support-issues' },
    { kind: customFields, path: '/api/custom-fields' },
    { kind: cannedMessages, path: '/api/canned-messages' },
    { kind: outboundRecipients, path: '/api/outbound-events/recipients' },
    { kind: apiAccounts, path: '/api/api-accounts' },
  ])
    serveObjects(app, database, one);
};
