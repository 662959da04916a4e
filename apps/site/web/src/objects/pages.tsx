import { NotFound } from '@gatehouse/ui';
import { useParams } from '@tanstack/react-router';
import { type JumpItemType, jumpItemTypes } from '../../../src/api/jump-items.ts';
import { JumpGroupsOfPolicy, MembersOfPolicy, TeamsOfPolicy } from '../policies/PolicyLinks.tsx';
import { ScheduleForm } from '../policies/ScheduleForm.tsx';
import { SessionRulesForm } from '../policies/SessionRulesForm.tsx';
import { UsersOfJumpGroup } from '../policies/UsersOfJumpGroup.tsx';
import { IssuesOfTeam } from '../teams/IssuesOfTeam.tsx';
import { UsersOfTeam } from '../teams/UsersOfTeam.tsx';
import { ReachOfUser } from '../users/ReachOfUser.tsx';
import {
  cannedMessages,
  customFields,
  groupPolicies,
  issues,
  jumpGroups,
  jumpItemRoles,
  jumpItems,
  jumpoints,
  jumpPolicies,
  type PageKind,
  sessionPolicies,
  supportTeams,
  users,
} from './kinds.ts';
import { ObjectPage, ObjectsPage } from './ObjectPage.tsx';

export const UsersPage = () => (
  <ObjectsPage kind={users} empty="Add the people who administer this site or open sessions with it." />
);
export const UserPage = () => <ObjectPage kind={users} below={(id) => <ReachOfUser id={id} />} />;

export const GroupPoliciesPage = () => (
  <ObjectsPage kind={groupPolicies} empty="A group policy says which Jump groups its members reach, and how." />
);
export const GroupPolicyPage = () => (
  <ObjectPage
    kind={groupPolicies}
    below={(id) => (
      <>
        <MembersOfPolicy id={id} />
        <JumpGroupsOfPolicy id={id} />
        <TeamsOfPolicy id={id} />
      </>
    )}
  />
);

export const JumpGroupsPage = () => (
  <ObjectsPage kind={jumpGroups} empty="Jump items stand in Jump groups, and people reach a whole group at once." />
);
export const JumpGroupPage = () => <ObjectPage kind={jumpGroups} below={(id) => <UsersOfJumpGroup id={id} />} />;

export const JumpPoliciesPage = () => (
  <ObjectsPage kind={jumpPolicies} empty="Without one, Jump items may be used at any time." />
);
export const JumpPolicyPage = () => <ObjectPage kind={jumpPolicies} below={(id) => <ScheduleForm id={id} />} />;

export const SessionPoliciesPage = () => <ObjectsPage kind={sessionPolicies} empty="" />;
export const SessionPolicyPage = () => (
  <ObjectPage kind={sessionPolicies} below={(id) => <SessionRulesForm id={id} />} />
);
export const JumpItemRolesPage = () => <ObjectsPage kind={jumpItemRoles} empty="" />;
export const JumpointsPage = () => <ObjectsPage kind={jumpoints} empty="" />;
export const JumpointPage = () => <ObjectPage kind={jumpoints} />;
export const JumpItemRolePage = () => <ObjectPage kind={jumpItemRoles} />;

export const SupportTeamsPage = () => (
  <ObjectsPage
    kind={supportTeams}
    empty="A team has a queue of its own: customers come to it by an issue, a session key or a transfer. Add one, and then its members."
  />
);
export const SupportTeamPage = () => (
  <ObjectPage
    kind={supportTeams}
    below={(id) => (
      <>
        <UsersOfTeam id={id} />
        <IssuesOfTeam id={id} />
      </>
    )}
  />
);
export const IssuesPage = () => (
  <ObjectsPage
    kind={issues}
    empty="Customers without a session key choose between issues on the portal. Add what they ask for most, and the team that helps."
  />
);
export const IssuePage = () => <ObjectPage kind={issues} />;
export const CustomFieldsPage = () => (
  <ObjectsPage
    kind={customFields}
    empty="A field such as an asset tag stands beside the ticket in the console, and goes out with reports and events."
  />
);
export const CustomFieldPage = () => <ObjectPage kind={customFields} />;
export const CannedMessagesPage = () => (
  <ObjectsPage
    kind={cannedMessages}
    empty="Greetings, questions that are always asked, and goodbyes: write them once, and every representative has them beside the chat."
  />
);
export const CannedMessagePage = () => <ObjectPage kind={cannedMessages} />;

const itemKinds = new Map<string, PageKind>(
  Object.keys(jumpItemTypes).map((type) => [type, jumpItems(type as JumpItemType)]),
);

export function JumpItemsPage() {
  const { type = '' } = useParams({ strict: false }) as { type?: string };
  const kind = itemKinds.get(type);
  if (kind === undefined) return <NotFound />;
  return (
    <ObjectsPage key={type} kind={kind} empty="Add an endpoint, and it is reached by whoever reaches its Jump group." />
  );
}

export function JumpItemPage() {
  const { type = '' } = useParams({ strict: false }) as { type?: string };
  const kind = itemKinds.get(type);
  return kind === undefined ? <NotFound /> : <ObjectPage key={type} kind={kind} />;
}
